/** The workloads by name, in the order in which a fleet goes through them. */
import { must } from "../../../src/model/assert.ts";
import { BenchTrouble } from "../asked-process.ts";
import type { DataSetFacts, DataSetOptions } from "../data-set.ts";
import type { Subject } from "../subject.ts";
import type { Cell } from "./cell.ts";
import { burst, edits } from "./edits.ts";
import { coldJoin, joinTogether } from "./joins.ts";
import { restart, returning } from "./returns.ts";

export interface Sizes {
  readonly data: DataSetOptions;
  readonly facts: DataSetFacts;
  /** Of W2. */
  readonly edits: number;
  readonly perSecond: number;
  /** Of W2max, by each client. */
  readonly burst: number;
}

/** A fleet that has its data, and what was done to it so far. */
export interface Course {
  readonly subject: Subject;
  readonly sizes: Sizes;
  /** Numbers for so many edits that no other edit of this fleet has. */
  readonly numbers: (count: number) => number;
}

export interface Workload {
  readonly name: string;
  readonly title: string;
  /** Whom it finds up to date when it begins. */
  readonly begins: "server alone" | "everybody";
  readonly leaves: "some" | "everybody";
  readonly run: (course: Course) => Promise<Cell>;
}

const IN_FLIGHT = 64;
/** W3: one entry in so many is changed. */
const CHANGED = 100;

export const WORKLOADS: readonly Workload[] = [
  {
    name: "W1",
    title: "one empty client joins",
    begins: "server alone",
    leaves: "some",
    run: ({ subject }) => coldJoin(subject),
  },
  {
    name: "W1x9",
    title: "all empty clients join at once",
    begins: "server alone",
    leaves: "everybody",
    run: ({ subject }) => joinTogether(subject),
  },
  {
    name: "W2",
    title: "edits of one client, at a steady rate",
    begins: "everybody",
    leaves: "everybody",
    run: ({ subject, sizes: { data, edits: count, perSecond }, numbers }) =>
      edits(subject, { data, first: numbers(count), count, perSecond }),
  },
  {
    name: "W2max",
    title: `all clients make edits at once, ${IN_FLIGHT} in flight each`,
    begins: "everybody",
    leaves: "everybody",
    run: ({ subject, sizes: { data, burst: count }, numbers }) =>
      burst(subject, { data, first: numbers(count * subject.clients.length), count, inFlight: IN_FLIGHT }),
  },
  {
    name: "W3",
    title: "a client returns, one entry in a hundred has changed",
    begins: "everybody",
    leaves: "everybody",
    run: ({ subject, sizes: { data, facts }, numbers }) => {
      const count = Math.max(1, Math.round(facts.entries / CHANGED));
      return returning(subject, { data, first: numbers(count), count, inFlight: IN_FLIGHT });
    },
  },
  {
    name: "W5",
    title: "a client restarts, nothing has changed",
    begins: "everybody",
    leaves: "everybody",
    run: ({ subject }) => restart(subject),
  },
];

export const workloadNamed = (name: string): Workload =>
  must(
    WORKLOADS.find((each) => each.name === name),
    "the options name workloads that there are",
  );

/** Whether all machines hold the same data, and all of it; a benchmark of a fleet that lost something is worth nothing. */
export async function verify({ clients }: Subject, entries: number): Promise<void> {
  const digests = await Promise.all(clients.map((client) => client.ask("digest", undefined)));
  const wrong = digests.findIndex((each) => each.entries !== entries || each.digest !== digests[0]?.digest);
  if (wrong < 0) return;
  const all = digests.map((each, index) => `machine ${index + 2} has ${each.entries} entries (${each.digest.slice(0, 8)})`);
  throw new BenchTrouble(`the machines do not have the same ${entries} entries: ${all.join(", ")}`);
}
