/** The command line of the bench. */
import { parseArgs } from "node:util";

export interface BenchOptions {
  readonly users: readonly number[];
  readonly runs: number;
  readonly clients: number;
  readonly edits: number;
  readonly perSecond: number;
  readonly seed: number;
  /** Where the figures are written, as JSON; undefined: nowhere. */
  readonly json: string | undefined;
  /** A folder where each process leaves a CPU profile when it ends; undefined: none is made, and nothing is slowed down by it. */
  readonly profile: string | undefined;
}

export const USAGE = `usage: npm run bench -- [options]
  --users 100,1000    numbers of users, one fleet after the other (100,1000)
  --runs N            how often each cell is measured (3)
  --clients N         client machines beside the server machine, 2 to 9 (9)
  --edits N           edits a run (500)
  --rate N            edits a second (50)
  --seed N            of the data set (1)
  --json FILE         writes all figures there as well
  --profile DIR       every process leaves a CPU profile there; names stay readable, and all times are longer`;

/** Bad options; the message is one line that says which, and what would be right. */
export class BadBenchOption extends Error {}

/** Throws BadBenchOption. "help" when that is what was asked for. */
export function readOptions(args: readonly string[]): BenchOptions | "help" {
  const values = parsed(args);
  if (values.help) return "help";
  return {
    users: values.users.split(",").map((text) => whole(text, "--users", 1, 1_000)),
    runs: whole(values.runs, "--runs", 1, 1_000),
    clients: whole(values.clients, "--clients", 2, 9),
    edits: whole(values.edits, "--edits", 1, 100_000),
    perSecond: whole(values.rate, "--rate", 1, 10_000),
    seed: whole(values.seed, "--seed", 0, 1_000_000),
    json: values.json,
    profile: values.profile,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        users: { type: "string", default: "100,1000" },
        runs: { type: "string", default: "3" },
        clients: { type: "string", default: "9" },
        edits: { type: "string", default: "500" },
        rate: { type: "string", default: "50" },
        seed: { type: "string", default: "1" },
        json: { type: "string" },
        profile: { type: "string" },
        help: { type: "boolean", short: "h", default: false },
      },
    }).values;
  } catch (cause) {
    const [first = "the options cannot be read"] = (cause instanceof Error ? cause.message : String(cause)).split(/\.\s|\n/);
    throw new BadBenchOption(first, { cause });
  }
}

function whole(text: string, option: string, min: number, max: number): number {
  const value = /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) throw new BadBenchOption(`${option} ${text}: must be a whole number from ${min} to ${max}`);
  return value;
}
