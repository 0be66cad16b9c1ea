/** A machine's disk fills up, and is emptied again: what it took stays, what it could not take it said so, and it goes on by itself. */
import { rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { NtpServer } from "../../hal/sim/desk/ntp-server.ts";
import { TortureFleet } from "./fleet.ts";
import { rounds } from "./rounds.ts";
import { runs, sh } from "./shell.ts";
import { pause, type Story, type StoryFigures, type StoryTools } from "./story.ts";

const DISK = "48m";
const FULL_MS = 4_000;

async function run(tools: StoryTools): Promise<StoryFigures> {
  const ntp = new NtpServer({ wallMs: () => Date.now() });
  const sntp = `127.0.0.1:${await ntp.start()}`;
  const small = join(tools.workDir, "small");
  sh("mkdir", ["-p", small]);
  sh("mount", ["-t", "tmpfs", "-o", `size=${DISK}`, "none", small]);
  const ballast = join(small, "ballast");
  // In turn the server machine and a client machine have the small disk.
  const victim = tools.chance() < 0.5 ? 1 : 2;
  const fleet = new TortureFleet({
    tools,
    machines: 3,
    addressOf: (number) => `127.0.203.${number}`,
    sntp,
    special: (number) => (number === victim ? { dataDir: join(small, "machine") } : {}),
  });
  const happen = async (): Promise<number> => {
    await pause(500);
    fill(small, ballast);
    await pause(FULL_MS);
    rmSync(ballast, { force: true });
    const emptiedMs = performance.now();
    await pause(1_000);
    return emptiedMs;
  };
  try {
    return await rounds({ fleet, tools, everyMs: 10, happen });
  } finally {
    await fleet.end();
    runs("umount", [small]);
    ntp.close();
  }
}

/** Leaves not a page. */
function fill(folder: string, ballast: string): void {
  const { bavail, bsize } = statfsSync(folder);
  try {
    writeFileSync(ballast, Buffer.alloc(bavail * bsize));
  } catch (error) {
    // It was fuller than it said: that is what was wanted.
    if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
  }
}

export const fullDisk: Story = { name: "disk full", needs: ["tmpfs"], run };
