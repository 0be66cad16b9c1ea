/** Plugs pulled at random on every machine of a fleet, the server machine too, while people work on all of them. */
import { NtpServer } from "../../hal/sim/desk/ntp-server.ts";
import { TortureFleet } from "./fleet.ts";
import type { TortureMachine } from "./machine.ts";
import { People } from "./people.ts";
import { pause, seconds, type Story, type StoryFigures, type StoryTools } from "./story.ts";

const MACHINES = 4;

async function run(tools: StoryTools): Promise<StoryFigures> {
  const ntp = new NtpServer({ wallMs: () => Date.now() });
  const fleet = new TortureFleet({
    tools,
    machines: MACHINES,
    addressOf: (number) => `127.0.201.${number}`,
    sntp: `127.0.0.1:${await ntp.start()}`,
  });
  try {
    await fleet.begin();
    const people = new People();
    let [cycles, isOver] = [0, false];
    const work = fleet.machines.map((machine) => people.work(machine, 15, () => isOver));
    const endMs = performance.now() + tools.budgetMs;
    while (performance.now() < endMs) {
      await pause(200 + tools.chance() * 1_500);
      const victims = fleet.machines.filter(() => tools.chance() < 1 / MACHINES);
      await Promise.all(victims.map((machine) => powerCycle(machine, tools.chance() * 1_000)));
      cycles += victims.length;
    }
    isOver = true;
    await Promise.all(work);
    const healedMs = performance.now();
    await fleet.settled();
    const recoverySeconds = seconds(healedMs);
    const { lost, faults } = await fleet.faults(people);
    return {
      cycles,
      acknowledged: people.acknowledged,
      lost: lost.length,
      unopenable: 0,
      recoverySeconds,
      faults: [...faults, ...lost.slice(0, 5)],
    };
  } finally {
    await fleet.end();
    ntp.close();
  }
}

async function powerCycle(machine: TortureMachine, offMs: number): Promise<void> {
  await machine.kill();
  await pause(offMs);
  await machine.start();
}

export const kills: Story = { name: "plugs pulled", needs: [], run };
