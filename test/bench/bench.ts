/** The bench as a program: builds the bundles, measures one fleet for each number of users, prints what it measured. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { bundle } from "../../build/bundle.ts";
import { type BundleJob, JOBS } from "../../build/bundling/jobs.ts";
import { BenchTrouble } from "./bench-machine.ts";
import { type DataSetFacts, factsOf } from "./data-set.ts";
import { Fleet } from "./fleet.ts";
import { manifestFacts } from "./manifest-facts.ts";
import { BadBenchOption, type BenchOptions, USAGE, readOptions } from "./options.ts";
import { type Host, dataLine, heading, tables } from "./report.ts";
import { type Cell, coldJoin, edits, joinTogether, verify } from "./workloads.ts";

/** A run each. */
export interface FleetFigures {
  readonly users: number;
  readonly data: DataSetFacts;
  readonly coldJoin: readonly Cell[];
  readonly together: readonly Cell[];
  readonly edits: readonly Cell[];
  /** Warnings and errors that the machines logged, by code: lost connections, crashed functions, limits. */
  readonly warnings: Readonly<Record<string, number>>;
}

/** The module and the runtime as they are shipped; only the printer around them is the bench's. */
const BENCH_JOBS: readonly BundleJob[] = JOBS.map((job) =>
  job.file === "sim-provider.mjs" ? { ...job, file: "bench-provider.mjs", entry: "test/bench/provider.ts" } : job,
);

const JOIN_LIMIT_MS = 300_000;
const SETTLE_MS = 2_000;

export async function run(args: readonly string[]): Promise<number> {
  try {
    const options = readOptions(args);
    if (options === "help") {
      console.log(USAGE);
      return 0;
    }
    await withFolder((folder) => measureAll(options, folder));
    return 0;
  } catch (cause) {
    if (cause instanceof BadBenchOption) {
      console.error(`bench: ${cause.message} (--help lists the options)`);
      return 2;
    }
    if (!(cause instanceof BenchTrouble)) throw cause;
    console.error(`bench: given up, and nothing of this fleet counts: ${cause.message}`);
    return 1;
  }
}

/** A folder on the disk of the repository: /tmp may be memory, where a synced write costs nothing. */
async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const parent = resolve(".build");
  mkdirSync(parent, { recursive: true });
  for (const name of readdirSync(parent)) if (isLeftover(name)) rmSync(join(parent, name), { recursive: true, force: true });
  const folder = join(parent, `bench-${process.pid}`);
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The folder of a bench that was killed: its machines have ended with it. */
function isLeftover(name: string): boolean {
  const pid = Number(/^bench-(\d+)$/.exec(name)?.[1] ?? Number.NaN);
  if (Number.isNaN(pid)) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (cause) {
    return cause instanceof Error && "code" in cause && cause.code === "ESRCH";
  }
}

async function measureAll(options: BenchOptions, folder: string): Promise<void> {
  say("building ...");
  const distDir = await bundles(folder, options.profile !== undefined);
  const host = hostOf(distDir);
  console.log(`${heading(host, options)}\n`);
  const fleets: FleetFigures[] = [];
  for (const users of options.users) {
    const figures = await measureFleet(options, { users, distDir, workDir: join(folder, `users-${users}`), progress: say });
    fleets.push(figures);
    console.log(`${dataLine(users, figures.data)}\n\n${tables(figures, host)}\n`);
    if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify({ host, options, fleets }, undefined, 2)}\n`);
  }
}

/** `readable`: names are kept in the module, for a profile. */
export async function bundles(folder: string, readable = false): Promise<string> {
  const distDir = join(folder, "dist");
  const jobs = readable ? BENCH_JOBS.map((job) => ({ ...job, minify: false, bytesMax: 2 * job.bytesMax })) : BENCH_JOBS;
  await bundle(distDir, jobs);
  return distDir;
}

function hostOf(distDir: string): Host {
  const { engine, resources } = manifestFacts(distDir);
  return {
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    cores: availableParallelism(),
    flags: engine.nodeArguments,
    budgetMb: resources.maximumMemoryUsageKb / 1024,
  };
}

export interface FleetOptions {
  readonly users: number;
  readonly distDir: string;
  readonly workDir: string;
  readonly progress: (text: string) => void;
  readonly settleMs?: number;
}

export async function measureFleet(
  { runs, clients, edits: count, perSecond, seed, profile }: BenchOptions,
  { users, distDir, workDir, progress, settleMs = SETTLE_MS }: FleetOptions,
): Promise<FleetFigures> {
  const data = { users, seed };
  const facts = factsOf(data);
  const profileDir = profile === undefined ? undefined : resolve(profile);
  const fleet = await Fleet.open({ distDir, workDir, clients, joinLimitMs: JOIN_LIMIT_MS, profileDir, settleMs });
  const cells: { coldJoin: Cell[]; together: Cell[]; edits: Cell[] } = { coldJoin: [], together: [], edits: [] };
  try {
    progress(`${users} users: loading ${facts.entries} entries through the first client ...`);
    await fleet.load(data, facts);
    for (let index = 1; index <= runs; index += 1) {
      progress(`${users} users: one empty client joins, ${index} of ${runs} ...`);
      cells.coldJoin.push(await coldJoin(fleet));
    }
    for (let index = 1; index <= runs; index += 1) {
      progress(`${users} users: ${clients} empty clients join at once, ${index} of ${runs} ...`);
      cells.together.push(await joinTogether(fleet));
    }
    await verify(fleet, facts.entries);
    for (let index = 0; index < runs; index += 1) {
      progress(`${users} users: ${count} edits, ${index + 1} of ${runs} ...`);
      cells.edits.push(await edits(fleet, { data, first: index * count, count, perSecond }));
    }
    await verify(fleet, facts.entries);
    return { users, data: facts, ...cells, warnings: fleet.warnings };
  } finally {
    await fleet.close();
    rmSync(workDir, { recursive: true, force: true });
  }
}

/** Progress is for the person who waits; the figures stand alone on the standard output. */
const say = (text: string): void => {
  process.stderr.write(`bench: ${text}\n`);
};
