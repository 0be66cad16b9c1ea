/** The server machine's whole disk loses its power while its clients push: what was acknowledged to them is there afterwards. */
import { join } from "node:path";
import { NtpServer } from "../../hal/sim/desk/ntp-server.ts";
import { TortureFleet } from "./fleet.ts";
import { LoopDisk } from "./loop-disk.ts";
import { People } from "./people.ts";
import { pause, seconds, type Story, type StoryFigures, type StoryTools } from "./story.ts";

const DISK_MB = 160;

async function run(tools: StoryTools): Promise<StoryFigures> {
  const ntp = new NtpServer({ wallMs: () => Date.now() });
  const sntp = `127.0.0.1:${await ntp.start()}`;
  const disk = LoopDisk.make(tools.workDir, DISK_MB);
  const fleet = new TortureFleet({
    tools,
    machines: 3,
    addressOf: (number) => `127.0.202.${number}`,
    sntp,
    special: (number) => (number === 1 ? { dataDir: join(disk.path, "machine") } : {}),
  });
  const figures = { cycles: 0, acknowledged: 0, lost: 0, unopenable: 0, recoverySeconds: 0, faults: [] as string[] };
  try {
    await fleet.begin();
    const people = new People();
    const endMs = performance.now() + tools.budgetMs;
    while (performance.now() < endMs) {
      figures.cycles += 1;
      let isOver = false;
      // On the server machine itself nobody works: what its own people were promised is the business of the other story.
      const work = fleet.machines.slice(1).map((machine) => people.work(machine, 10, () => isOver));
      await pause(300 + tools.chance() * 1_500);
      const promised = await Promise.all(
        fleet.machines.slice(1).map(async (machine) => (await machine.call("acknowledged", undefined)).acknowledged),
      );
      disk.cutPower();
      await fleet.server.kill();
      isOver = true;
      await Promise.all(work);
      disk.unmount();
      disk.mount();
      const recoveringMs = performance.now();
      await fleet.server.start();
      await fleet.settled();
      figures.recoverySeconds = Math.max(figures.recoverySeconds, seconds(recoveringMs));
      figures.acknowledged += promised.reduce((sum, number) => sum + number, 0);
      const { lost, faults } = await fleet.faults(people);
      figures.lost += lost.length;
      figures.faults.push(...faults, ...lost.slice(0, 5));
      if (figures.lost > 0 || faults.length > 0) break;
    }
    return { ...figures, acknowledged: people.acknowledged };
  } finally {
    await fleet.end();
    disk.remove();
    ntp.close();
  }
}

export const powerCutFleet: Story = { name: "power cut, server", needs: ["loop-disk"], run };
