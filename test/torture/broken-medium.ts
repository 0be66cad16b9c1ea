/**
 * The medium of a machine fails for a while: what is synced comes back with EIO, as from a disk that loses blocks. What the
 * machine could not sync it did not say to be saved, and it goes on by itself when the medium works again.
 */
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { NtpServer } from "../../hal/sim/desk/ntp-server.ts";
import { FIU } from "./abilities.ts";
import { TortureFleet } from "./fleet.ts";
import { rounds } from "./rounds.ts";
import { pause, type Story, type StoryFigures, type StoryTools } from "./story.ts";

const EIO = 5;
const SYNCS = ["posix/io/sync/fsync", "posix/io/sync/fdatasync"];
const BROKEN_MS = 3_000;

async function run(tools: StoryTools): Promise<StoryFigures> {
  const ntp = new NtpServer({ wallMs: () => Date.now() });
  const sntp = `127.0.0.1:${await ntp.start()}`;
  const pipes = join(tools.workDir, "fiu");
  // In turn the server machine and a client machine have the bad medium.
  const victim = tools.chance() < 0.5 ? 1 : 2;
  const fleet = new TortureFleet({
    tools,
    machines: 3,
    addressOf: (number) => `127.0.205.${number}`,
    sntp,
    special: (number) => (number === victim ? { environment: { LD_PRELOAD: FIU.join(" "), FIU_CTRL_FIFO: pipes } } : {}),
  });
  let failures = 0;
  const happen = async (): Promise<number> => {
    await pause(500);
    failures += tell(pipes, (name) => `enable name=${name},failinfo=${EIO}`);
    await pause(BROKEN_MS);
    tell(pipes, (name) => `disable name=${name}`);
    const mendedMs = performance.now();
    await pause(1_000);
    return mendedMs;
  };
  try {
    const figures = await rounds({ fleet, tools, everyMs: 10, happen });
    return failures > 0 ? figures : { ...figures, faults: [...figures.faults, "nobody could be told to fail"] };
  } finally {
    await fleet.end();
    ntp.close();
  }
}

/** Tells the processes that listen on these pipes; gives how many did as they were told. */
function tell(pipes: string, command: (name: string) => string): number {
  const folder = join(pipes, "..");
  const pids = readdirSync(folder).flatMap((name) => /^fiu-(\d+)\.in$/.exec(name)?.[1] ?? []);
  const alive = pids.filter((pid) => isAlive(Number(pid)));
  for (const pid of alive) for (const name of SYNCS) execFileSync("fiu-ctrl", ["-c", command(name), "-f", pipes, pid], { timeout: 5_000 });
  return alive.length;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

export const brokenMedium: Story = { name: "medium fails", needs: ["fiu"], run };
