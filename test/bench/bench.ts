/** The bench as a program: builds the bundles, has all peers compared for each number of users, prints what was measured. */
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { bundle } from "../../build/bundle.ts";
import type { BundleContents } from "../../build/bundling/contents.ts";
import { type BundleJob, JOBS } from "../../build/bundling/jobs.ts";
import { BenchTrouble } from "./asked-process.ts";
import { compare } from "./compare.ts";
import { manifestFacts } from "./manifest-facts.ts";
import { BadBenchOption, type BenchOptions, USAGE, readOptions } from "./options.ts";
import { PEERS, buildPeers } from "./peers/peers.ts";
import { type Comparison, type Host, dataLine, heading, tables, verdicts } from "./report.ts";
import { monotonicMs } from "./orders.ts";
import { growth } from "./growth.ts";
import { type Reached, judged } from "./targets.ts";
import { withFolder } from "./work-folder.ts";
import { writeReport } from "./write-report.ts";

/** The module and the runtime as they are shipped; only the printer around them is the bench's. */
const BENCH_JOBS: readonly BundleJob[] = JOBS.map((job) =>
  job.file === "sim-provider.mjs" ? { ...job, file: "bench-provider.mjs", entry: "test/bench/provider.ts" } : job,
);

const ENDED = 130;

export async function run(args: readonly string[]): Promise<number> {
  // Whoever ends it by a signal gets its processes ended, too.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(ENDED));
  try {
    const options = readOptions(args);
    if (options === "help") {
      console.log(USAGE);
      return 0;
    }
    return (await withFolder((folder) => measureAll(options, folder))) ? 0 : 1;
  } catch (cause) {
    if (cause instanceof BadBenchOption) {
      console.error(`bench: ${cause.message} (--help lists the options)`);
      return 2;
    }
    if (!(cause instanceof BenchTrouble)) throw cause;
    console.error(`bench: given up: ${cause.message}`);
    return 1;
  }
}

/** Resolves with whether all peers went through everything. */
async function measureAll(options: BenchOptions, folder: string): Promise<boolean> {
  const startMs = monotonicMs();
  say("building ...");
  const distDir = await bundles(folder, options.profile !== undefined);
  const host = hostOf(distDir);
  const head = heading(host, options);
  console.log(`${head}\n`);
  const comparisons: Comparison[] = [];
  const printed: string[] = [];
  for (const users of options.users) {
    const comparison = await compare(options, { users, distDir, workDir: join(folder, `users-${users}`), progress: say });
    comparisons.push(comparison);
    printed.push(`${dataLine(users, comparison.data)}\n\n${tables(comparison, host)}`);
    console.log(`${printed.at(-1)}\n`);
  }
  const largest = comparisons.reduce((most, each) => (each.users > most.users ? each : most));
  const grown = options.report ? await growth(options, largest, { distDir, workDir: join(folder, "growth"), progress: say }) : undefined;
  const reached = { peers: largest.peers, growth: grown, ...bundleSizes(distDir) };
  console.log(`what was to be reached, ${largest.users} users\n${verdicts(reached)}`);
  if (options.json !== undefined) {
    writeFileSync(
      options.json,
      `${JSON.stringify({ host, options, comparisons, growth: grown, verdicts: judged(reached) }, undefined, 2)}\n`,
    );
  }
  if (grown !== undefined) {
    const minutes = (monotonicMs() - startMs) / 60_000;
    const command = `npm run bench -- ${options.commandLine}`;
    writeReport({ command, heading: head, printed, comparison: largest, reached, growth: grown, minutes });
    say(`test/bench/REPORT.md is written, after ${minutes.toFixed(1)} minutes`);
  }
  return comparisons.every(({ peers }) => peers.every(({ trouble }) => trouble === undefined));
}

function bundleSizes(distDir: string): Pick<Reached, "bundleBytes" | "bundleGzipBytes"> {
  const contents: Readonly<Record<string, BundleContents>> = JSON.parse(readFileSync(join(distDir, "contents.json"), "utf8"));
  const { startBytes = 0, startGzipBytes = 0 } = contents["module.mjs"] ?? {};
  return { bundleBytes: startBytes, bundleGzipBytes: startGzipBytes };
}

/** `readable`: names are kept in the module, for a profile. */
export async function bundles(folder: string, readable = false): Promise<string> {
  const distDir = join(folder, "dist");
  const jobs = readable
    ? BENCH_JOBS.map((job) => ({ ...job, minify: "nothing" as const, bytesMax: 3 * job.bytesMax, start: undefined }))
    : BENCH_JOBS;
  await bundle(distDir, jobs);
  await buildPeers(distDir, PEERS);
  return distDir;
}

function hostOf(distDir: string): Host {
  const { engine, resources } = manifestFacts(distDir);
  return {
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    cores: availableParallelism(),
    flags: [...engine.nodeArguments, ...Object.entries(engine.environment).map((variable) => variable.join("="))],
    budgetMb: resources.maximumMemoryUsageKb / 1024,
  };
}

/** Progress is for the person who waits; the figures stand alone on the standard output. */
const say = (text: string): void => {
  process.stderr.write(`bench: ${text}\n`);
};
