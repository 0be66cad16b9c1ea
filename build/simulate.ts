/**
 * `npm run simulate -- --seeds 1..10000`: whole fleets in virtual time, one for each seed, with everything that can go
 * wrong, on all cores. A failure is told with its seed, its last lines and the command that replays it, made as small as
 * a minute allows. `--replay SEED --verbose` shows one seed; `--machines N`, `--steps N`, `--no-faults` and `--only` change it.
 */
import { fuzz, type FuzzOutcome } from "../test/fleet/fuzz.ts";
import { type Arguments, parse, replayCommand, USAGE } from "./simulation/arguments.ts";
import { Pool } from "./simulation/pool.ts";
import { summary, Totals } from "./simulation/report.ts";
import { shrink } from "./simulation/shrink.ts";
import { optionsOf } from "./simulation/worker.ts";
import { tellUsage } from "./usage.ts";

/** So many failures are told in full and made smaller; of the others only the seed. */
const TOLD_MAX = 3;
const SHRINK_MS_MAX = 60_000;
const PROGRESS_MS = 10_000;

export async function run(args: readonly string[]): Promise<number> {
  const options = parse(args);
  if (typeof options === "string") {
    return tellUsage(args, USAGE, options);
  }
  if (options.replay !== undefined) return await replay(options.replay, options);
  return await many(options);
}

async function replay(seed: number, options: Arguments): Promise<number> {
  const outcome = await fuzz({
    ...optionsOf({ ...options, seed }),
    ...(options.verbose ? { onLine: (line: string) => console.log(line) } : {}),
  });
  console.log(summary(outcome));
  if (outcome.failure !== undefined) console.log(outcome.failure);
  return outcome.failure === undefined ? 0 : 1;
}

async function many(options: Arguments): Promise<number> {
  const [first, last] = options.seeds;
  const pool = await Pool.start(Math.max(1, Math.min(options.workers, last - first + 1)));
  const totals = new Totals();
  const startMs = Date.now();
  const progress = setInterval(() => console.error(`... ${totals.line(Date.now() - startMs)}`), PROGRESS_MS);
  try {
    await seedBySeed(pool, options, (outcome) => {
      totals.add(outcome);
      if (options.verbose) console.log(summary(outcome));
      if (outcome.fault !== undefined) tell(outcome, options, totals.failed.length);
    });
    const line = totals.line(Date.now() - startMs);
    clearInterval(progress);
    for (const outcome of totals.failed.slice(0, TOLD_MAX)) await smaller(pool, outcome, options);
    console.log(["what happened:", ...totals.coverage()].join("\n"));
    console.log(line);
  } finally {
    clearInterval(progress);
    await pool.end();
  }
  return totals.failed.length === 0 ? 0 : 1;
}

/** As many at once as there are threads, and never more seeds waiting than that. */
async function seedBySeed(pool: Pool, options: Arguments, onOutcome: (outcome: FuzzOutcome) => void): Promise<void> {
  let [next] = options.seeds;
  const one = async (): Promise<void> => {
    for (;;) {
      const seed = next;
      next += 1;
      if (seed > options.seeds[1]) return;
      onOutcome(await pool.run({ ...options, seed }));
    }
  };
  await Promise.all(Array.from({ length: pool.size }, one));
}

function tell(outcome: FuzzOutcome, options: Arguments, number: number): void {
  const { seed, step, fault, failure } = outcome;
  console.log(`seed ${seed} failed at decision ${step}: ${fault?.split("\n")[0]}\n  replay: ${replayCommand(Number(seed), options)}`);
  if (number <= TOLD_MAX) console.log(failure);
}

async function smaller(pool: Pool, { seed, fault, made }: FuzzOutcome, options: Arguments): Promise<void> {
  if (fault === undefined || made.length === 0) return;
  const job = { ...options, seed: Number(seed) };
  const { only, runs } = await shrink(pool, job, { fault, made }, { deadlineMs: Date.now() + SHRINK_MS_MAX, nowMs: () => Date.now() });
  console.log(
    `seed ${seed}: ${only.length} of ${made.length} decisions are enough (${runs} runs)\n  replay: ${replayCommand(Number(seed), options, only)}`,
  );
}
