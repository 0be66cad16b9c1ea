/**
 * `npm run simulate -- --seeds 1..200`: whole fleets in virtual time, one for each seed, with everything that can go
 * wrong. `--replay SEED --verbose` shows one of them; `--machines N` and `--no-faults` make them larger or tamer.
 */
import { fuzz, type FuzzOptions, type FuzzOutcome } from "../test/fleet/fuzz.ts";

interface Arguments {
  readonly seeds: readonly [first: number, last: number];
  readonly replay: number | undefined;
  readonly machines: number | undefined;
  readonly faults: boolean;
  readonly verbose: boolean;
}

const USAGE = "npm run simulate -- [--seeds 1..200] [--replay SEED] [--machines 2-10] [--no-faults] [--verbose]";

export async function run(args: readonly string[]): Promise<number> {
  const options = parse(args);
  if (typeof options === "string") {
    console.error(`${options}\nusage: ${USAGE}`);
    return 2;
  }
  if (options.replay !== undefined) return await replay(options.replay, options);
  return await many(options);
}

function parse(args: readonly string[]): Arguments | string {
  const given = new Map<string, string>();
  for (let at = 0; at < args.length; at += 1) {
    const name = args[at] ?? "";
    if (name === "--no-faults" || name === "--verbose") given.set(name, "");
    else if (["--seeds", "--replay", "--machines"].includes(name)) given.set(name, args[(at += 1)] ?? "");
    else return `${name}: unknown`;
  }
  const seeds = /^(\d+)(?:\.\.(\d+))?$/.exec(given.get("--seeds") ?? "1..200");
  if (seeds === null) return `--seeds ${given.get("--seeds")}: must be a range such as 1..200`;
  const replayed = given.get("--replay");
  if (replayed !== undefined && !/^\d+$/.test(replayed)) return `--replay ${replayed}: must be a seed`;
  const machines = given.get("--machines");
  if (machines !== undefined && !/^([2-9]|10)$/.test(machines)) return `--machines ${machines}: must be 2-10`;
  return {
    seeds: [Number(seeds[1]), Number(seeds[2] ?? seeds[1])],
    replay: replayed === undefined ? undefined : Number(replayed),
    machines: machines === undefined ? undefined : Number(machines),
    faults: !given.has("--no-faults"),
    verbose: given.has("--verbose"),
  };
}

async function one(seed: number, options: Arguments, onLine?: (line: string) => void): Promise<FuzzOutcome> {
  const fuzzOptions: FuzzOptions = {
    seed,
    faults: options.faults,
    ...(options.machines === undefined ? {} : { machines: options.machines }),
    ...(onLine === undefined ? {} : { onLine }),
  };
  return await fuzz(fuzzOptions);
}

async function replay(seed: number, options: Arguments): Promise<number> {
  const outcome = await one(seed, options, options.verbose ? (line) => console.log(line) : undefined);
  console.log(summary(outcome));
  if (outcome.failure !== undefined) console.log(outcome.failure);
  return outcome.failure === undefined ? 0 : 1;
}

async function many(options: Arguments): Promise<number> {
  const [first, last] = options.seeds;
  let failed = 0;
  let events = 0;
  let acts = 0;
  let virtualMs = 0;
  for (let seed = first; seed <= last; seed += 1) {
    const outcome = await one(seed, options);
    events += outcome.events;
    acts += outcome.acts;
    virtualMs += outcome.virtualMs;
    if (options.verbose) console.log(summary(outcome));
    if (outcome.failure === undefined) continue;
    failed += 1;
    console.log(`seed ${seed} failed; replay it with: ${replayCommand(seed, options)}`);
    console.log(outcome.failure);
  }
  const hours = (virtualMs / 3_600_000).toFixed(1);
  console.log(
    `${last - first + 1} seeds, ${events} events, ${acts} acts, ${hours} virtual hours: ${failed === 0 ? "all hold" : `${failed} failed`}`,
  );
  return failed === 0 ? 0 : 1;
}

const summary = ({ seed, machines, acts, events, virtualMs, fingerprint, failure }: FuzzOutcome): string =>
  `seed ${seed}: ${machines} machines, ${acts} acts, ${events} events, ${Math.round(virtualMs / 1000)} s, ${fingerprint}, ${failure === undefined ? "holds" : "FAILED"}`;

function replayCommand(seed: number, { machines, faults }: Arguments): string {
  return `npm run simulate -- --replay ${seed} --verbose${machines === undefined ? "" : ` --machines ${machines}`}${faults ? "" : " --no-faults"}`;
}
