/**
 * The power of a disk is cut while LevelDB acknowledges batches on it. What was acknowledged before the cut was ordered
 * must be there when the disk has power again, whole batches only. With a library that swallows every sync the same
 * harness must find losses: else it would see nothing.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import { openLevelStorage } from "../../hal/parts/level-storage.ts";
import { SyncError } from "../../src/model/errors.ts";
import { EATMYDATA } from "./abilities.ts";
import { LoopDisk } from "./loop-disk.ts";
import { pause, seconds, type Story, type StoryFigures, type StoryTools } from "./story.ts";

const DISK_MB = 96;
const WRITE_MS_MAX = 700;

interface Written {
  /** Acknowledged, with the time at which the line was read. */
  readonly acknowledged: readonly { readonly number: number; readonly atMs: number }[];
}

const cutting =
  (environment: Readonly<Record<string, string>>, cyclesMax: number) =>
  async (tools: StoryTools): Promise<StoryFigures> => {
    const writer = await compiledWriter(tools.workDir);
    const figures = { cycles: 0, acknowledged: 0, lost: 0, unopenable: 0, recoverySeconds: 0, faults: [] as string[] };
    const endMs = performance.now() + tools.budgetMs;
    while (performance.now() < endMs && figures.cycles < cyclesMax) {
      figures.cycles += 1;
      const disk = LoopDisk.make(tools.workDir, DISK_MB);
      try {
        // A quarter of the cuts come in the first moments of a database.
        const writeMs = tools.chance() < 0.25 ? tools.chance() * 40 : tools.chance() * WRITE_MS_MAX;
        const { cutAtMs, written } = await writeUntilCut(writer, disk, writeMs, environment);
        disk.mount();
        const recoveringMs = performance.now();
        const promised = written.acknowledged.filter(({ atMs }) => atMs < cutAtMs).map(({ number }) => number);
        figures.acknowledged += promised.length;
        const found = await readBack(join(disk.path, "db"));
        figures.recoverySeconds = Math.max(figures.recoverySeconds, seconds(recoveringMs));
        if (found === "unopenable") figures.unopenable += 1;
        const has = (number: number): boolean => found !== "unopenable" && found.whole.has(number);
        figures.lost += promised.filter((number) => !has(number)).length;
        if (found !== "unopenable" && found.half > 0) figures.faults.push(`${found.half} half batches`);
      } finally {
        disk.remove();
      }
    }
    return figures;
  };

async function writeUntilCut(
  writer: string,
  disk: LoopDisk,
  writeMs: number,
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly cutAtMs: number; readonly written: Written }> {
  const acknowledged: { number: number; atMs: number }[] = [];
  const child = spawn(process.execPath, [writer, join(disk.path, "db"), "1"], {
    stdio: ["ignore", "pipe", "ignore"],
    env: { ...process.env, ...environment },
  });
  createInterface({ input: child.stdout }).on("line", (line) => acknowledged.push({ number: Number(line), atMs: performance.now() }));
  // A database that is being made has nothing to lose: now and then the cut comes into that, else after the first words.
  if (writeMs > 40) await Promise.race([once(child.stdout, "data"), pause(5_000)]);
  await pause(writeMs);
  const cutAtMs = performance.now();
  disk.cutPower();
  await pause(30);
  await ended(child);
  disk.unmount();
  return { cutAtMs, written: { acknowledged } };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, "close");
  child.kill("SIGKILL");
  await closed;
}

/** Batches that are there whole, and how many are there in part. A storage may need one opening to be repaired or begun anew. */
async function readBack(dir: string): Promise<"unopenable" | { readonly whole: ReadonlySet<number>; readonly half: number }> {
  try {
    const storage = await openLevelStorage({ dir });
    const parts = new Map<number, number>();
    for await (const [key] of storage.range({ from: "a/", to: "c" })) {
      const number = Number(key.slice(2));
      parts.set(number, (parts.get(number) ?? 0) + 1);
    }
    await storage.close();
    const whole = new Set([...parts].flatMap(([number, count]) => (count === 2 ? [number] : [])));
    return { whole, half: parts.size - whole.size };
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    return "unopenable";
  }
}

async function compiledWriter(workDir: string): Promise<string> {
  const outfile = join(process.cwd(), ".build", `torture-${process.pid}`, "level-writer.mjs");
  await build({
    entryPoints: ["test/contract/level-writer.ts"],
    outfile,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    logLevel: "warning",
  });
  return workDir === "" ? "" : outfile;
}

export const powerCuts: Story = { name: "power cut, storage", needs: ["loop-disk"], run: cutting({}, 500) };
export const noSyncControl: Story = {
  name: "power cut, no sync",
  needs: ["loop-disk", "eatmydata"],
  negativeControl: true,
  run: cutting({ LD_PRELOAD: EATMYDATA }, 10),
};
