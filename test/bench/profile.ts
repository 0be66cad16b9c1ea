/** One workload of ours with a profiler in every process; leaves the profiles, and prints what stands out. */
import { mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { bundles } from "./bench.ts";
import { compare } from "./compare.ts";
import { BadBenchOption, type BenchOptions, readOptions } from "./options.ts";
import { OURS } from "./peers/peers.ts";
import { type Cost, byFunction, cpuCosts, heapCosts } from "./profile-costs.ts";
import { withFolder } from "./work-folder.ts";

const USAGE = `usage: npm run profile -- WORKLOAD [options of the bench]
  npm run profile -- W1                       1,000 users
  npm run profile -- W2 --users 100 --edits 1000
Leaves .cpuprofile and .heapprofile files of every process in .build/profiles/WORKLOAD, and prints the most costly functions.`;

const USERS = 1_000;
const SHOWN = 25;

export async function run([workload, ...args]: readonly string[]): Promise<number> {
  if (workload === undefined || workload.startsWith("-")) {
    console.log(USAGE);
    return workload === "--help" ? 0 : 2;
  }
  try {
    const dir = resolve(".build", "profiles", workload);
    const options = readOptions([
      "--users",
      String(USERS),
      "--runs",
      "1",
      ...args,
      "--workloads",
      workload,
      "--peers",
      OURS,
      "--profile",
      dir,
    ]);
    if (options !== "help") return await profile(options, dir);
    console.log(USAGE);
    return 0;
  } catch (cause) {
    if (!(cause instanceof BadBenchOption)) throw cause;
    console.error(`profile: ${cause.message}`);
    return 2;
  }
}

async function profile(options: BenchOptions, dir: string): Promise<number> {
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  const [users = USERS] = options.users;
  const comparison = await withFolder(async (folder) => {
    const distDir = await bundles(folder, true);
    const progress = (text: string): void => console.error(`profile: ${text}`);
    return await compare(options, { users, distDir, workDir: join(folder, "fleet"), progress });
  });
  for (const name of lastLives(readdirSync(dir))) {
    const of = (kind: string): unknown => JSON.parse(readFileSync(join(dir, `${name}.${kind}`), "utf8"));
    console.log(`\n${name}, from its start to its end\n${list("ms", byFunction(cpuCosts(of("cpuprofile"))))}`);
    console.log(`  alive at the end, by who had allocated it (sampled)\n${list("kB", byFunction(heapCosts(of("heapprofile"))))}`);
  }
  console.log(`\nall profiles: ${dir}`);
  return comparison.peers.every(({ trouble }) => trouble === undefined) ? 0 : 1;
}

/** Of each machine the process that was started last: those before it prepared the workload. Two machines at most: the server, and who worked. */
export function lastLives(files: readonly string[]): readonly string[] {
  const last = new Map<string, string>();
  for (const file of [...files].sort()) {
    const [, name, machine] = /^((machine-\d+)-\d+)\.cpuprofile$/.exec(file) ?? [];
    if (name !== undefined && machine !== undefined) last.set(machine, name);
  }
  const [server, ...clients] = [...last.values()];
  return [server, clients[1] ?? clients[0]].flatMap((name) => name ?? []);
}

const list = (unit: string, costs: readonly Cost[]): string =>
  costs
    .filter(({ cost }) => cost > 0)
    .slice(0, SHOWN)
    .map(({ where, cost }) => `  ${cost.toFixed(1).padStart(10)} ${unit}  ${where}`)
    .join("\n");
