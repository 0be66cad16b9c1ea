/** The command line of the bench. */
import { parseArgs } from "node:util";
import { OURS, PEERS } from "./peers/peers.ts";
import { WORKLOADS } from "./workloads/all.ts";

const WORKLOAD_NAMES: readonly string[] = WORKLOADS.map(({ name }) => name);
const PEER_NAMES: readonly string[] = [OURS, ...PEERS.map(({ name }) => name)];

export interface BenchOptions {
  readonly users: readonly number[];
  readonly runs: number;
  readonly clients: number;
  readonly edits: number;
  readonly perSecond: number;
  /** Of W2max: edits of each client. */
  readonly burst: number;
  /** Of W4: edits of all clients together, at least. */
  readonly soak: number;
  /** Names, in the order in which a fleet goes through them. */
  readonly workloads: readonly string[];
  /** Names; the first is ours unless it was left out. */
  readonly peers: readonly string[];
  readonly seed: number;
  /** Whether a report is written into the repository, with how the cost grows. */
  readonly report: boolean;
  /** As it was given. */
  readonly commandLine: string;
  /** Where the figures are written, as JSON; undefined: nowhere. */
  readonly json: string | undefined;
  /** A folder where each process leaves a CPU profile when it ends; undefined: none is made, and nothing is slowed down by it. */
  readonly profile: string | undefined;
}

export const USAGE = `usage: npm run bench -- [options]
  --users 100,1000    numbers of users, one fleet after the other (100,1000)
  --runs N            how often each cell is measured (3)
  --clients N         client machines beside the server machine, 2 to 9 (9)
  --workloads A,B     some of ${WORKLOAD_NAMES.join(", ")} (all of them)
  --peers A,B         some of ${PEER_NAMES.join(", ")} (all of them)
  --edits N           edits of W2, a run (500)
  --rate N            edits of W2, a second (50)
  --burst N           edits of W2max, a run and client (300)
  --soak N            edits of W4, a run, all clients together (5000)
  --seed N            of the data set (1)
  --report            measures how the cost grows as well, and writes test/bench/REPORT.md
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
    burst: whole(values.burst, "--burst", 1, 10_000),
    soak: whole(values.soak, "--soak", 1, 1_000_000),
    workloads: some(values.workloads, "--workloads", WORKLOAD_NAMES),
    peers: some(values.peers, "--peers", PEER_NAMES),
    seed: whole(values.seed, "--seed", 0, 1_000_000),
    report: values.report,
    commandLine: args.join(" "),
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
        burst: { type: "string", default: "300" },
        soak: { type: "string", default: "5000" },
        workloads: { type: "string", default: WORKLOAD_NAMES.join(",") },
        peers: { type: "string", default: PEER_NAMES.join(",") },
        seed: { type: "string", default: "1" },
        report: { type: "boolean", default: false },
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

/** Those of the names that are asked for, in the order of `of`. */
function some(text: string, option: string, of: readonly string[]): readonly string[] {
  const asked = text.split(",");
  const unknown = asked.find((name) => !of.includes(name));
  if (unknown !== undefined) throw new BadBenchOption(`${option} ${unknown}: there are ${of.join(", ")}`);
  return of.filter((name) => asked.includes(name));
}
