/** Ten hosts, each in a network namespace of its own on one bridge; cables go silent for a while, and nobody says goodbye. */
import { createSocket } from "node:dgram";
import { ntpAnswer } from "../../hal/sim/desk/ntp-server.ts";
import { TortureFleet } from "./fleet.ts";
import { rounds } from "./rounds.ts";
import { runs, sh } from "./shell.ts";
import { pause, type Story, type StoryFigures, type StoryTools } from "./story.ts";

const HOSTS = 10;
const NETWORK = "10.77.61";
const SILENT_MS_MAX = 30_000;

class Bridge {
  readonly #name = `css${process.pid % 10_000}`;

  /** The namespace of a host, which has the address of its number. */
  namespaceOf(number: number): string {
    return `${this.#name}h${number}`;
  }

  build(): void {
    sh("ip", ["link", "add", this.#name, "type", "bridge"]);
    sh("ip", ["addr", "add", `${NETWORK}.254/24`, "dev", this.#name]);
    sh("ip", ["link", "set", this.#name, "up"]);
    for (let number = 1; number <= HOSTS; number += 1) {
      const [host, cable] = [this.namespaceOf(number), this.#cableOf(number)];
      sh("ip", ["netns", "add", host]);
      sh("ip", ["link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", host]);
      sh("ip", ["link", "set", cable, "master", this.#name, "up"]);
      sh("ip", ["-n", host, "addr", "add", `${NETWORK}.${number}/24`, "dev", "eth0"]);
      sh("ip", ["-n", host, "link", "set", "eth0", "up"]);
      sh("ip", ["-n", host, "link", "set", "lo", "up"]);
    }
  }

  /** The cable stays plugged in at the host: it hears nothing of it, only nobody answers. */
  cut(number: number): void {
    sh("ip", ["link", "set", this.#cableOf(number), "nomaster"]);
  }

  mend(number: number): void {
    sh("ip", ["link", "set", this.#cableOf(number), "master", this.#name]);
  }

  remove(): void {
    for (let number = 1; number <= HOSTS; number += 1) runs("ip", ["netns", "del", this.namespaceOf(number)]);
    runs("ip", ["link", "del", this.#name]);
  }

  #cableOf(number: number): string {
    return `${this.#name}v${number}`;
  }
}

async function run(tools: StoryTools): Promise<StoryFigures> {
  const bridge = new Bridge();
  const ntp = createSocket("udp4");
  bridge.build();
  await new Promise<void>((resolve) => ntp.bind(0, `${NETWORK}.254`, resolve));
  ntp.on("message", (packet, from) => {
    const answer = ntpAnswer(packet, Date.now());
    if (answer !== undefined) ntp.send(answer, from.port, from.address);
  });
  const fleet = new TortureFleet({
    tools,
    machines: HOSTS,
    addressOf: (number) => `${NETWORK}.${number}`,
    sntp: `${NETWORK}.254:${ntp.address().port}`,
    special: (number) => ({ startedBy: ["ip", "netns", "exec", bridge.namespaceOf(number)] }),
  });
  let away: readonly number[] = [];
  const happen = async (): Promise<undefined> => {
    away = fleet.machines.filter(() => tools.chance() < 0.3).map(({ number }) => number);
    for (const number of away) bridge.cut(number);
    await pause(Math.min(tools.budgetMs / 3, 2_000 + tools.chance() * SILENT_MS_MAX));
  };
  const mend = (): void => {
    for (const number of away) bridge.mend(number);
  };
  try {
    return await rounds({ fleet, tools, everyMs: 60, happen, mend });
  } finally {
    await fleet.end();
    ntp.close();
    bridge.remove();
  }
}

export const cutCables: Story = { name: "silent cables", needs: ["namespaces"], run };
