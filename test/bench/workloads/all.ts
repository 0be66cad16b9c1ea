/** The workloads by name, in the order in which a fleet goes through them. */
import { must } from "../../../src/model/assert.ts";
import { onSlowFlash, overLink } from "./conditioned.ts";
import type { Workload } from "./course.ts";
import { burst, edits } from "./edits.ts";
import { coldJoin, joinTogether } from "./joins.ts";
import { overload } from "./overload.ts";
import { keyToScreen } from "./panel.ts";
import { restart, returning } from "./returns.ts";
import { soak } from "./soak.ts";
import { written } from "./storage.ts";
import { storesApartMissing } from "../surroundings/memory-folder.ts";

const IN_FLIGHT = 64;
/** W3: one entry in so many is changed. */
const CHANGED = 100;

const BASIC: readonly Workload[] = [
  {
    name: "W1",
    title: "one empty client joins",
    begins: "server alone",
    leaves: "nobody",
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

const basic = (name: string): Workload =>
  must(
    BASIC.find((each) => each.name === name),
    "it is in the list above",
  );

const W4: Workload = {
  name: "W4",
  who: "floor",
  title: "memory over many edits of all clients",
  begins: "everybody",
  leaves: "everybody",
  run: soak,
};
const P1: Workload = {
  name: "P1",
  title: "the panel answers keys",
  begins: "everybody",
  leaves: "everybody",
  who: "ours",
  run: keyToScreen,
};
const O1: Workload = {
  name: "O1",
  who: "floor",
  title: "a joiner, a slow reader, a burst and an import at once, while one client goes on making edits",
  begins: "everybody",
  leaves: "nobody",
  run: overload,
};
const F1: Workload = {
  name: "F1",
  who: "floor",
  title: "bytes written to the disk, the printer's own store apart",
  begins: "server alone",
  leaves: "nobody",
  fleet: "stores apart",
  missing: storesApartMissing,
  run: written,
};

const OFFICE = { bitsPerSecond: 100e6, delayMs: 2 };
const FAR = { bitsPerSecond: 10e6, delayMs: 20 };

export const WORKLOADS: readonly Workload[] = [
  ...BASIC,
  W4,
  P1,
  O1,
  { ...onSlowFlash(basic("W1")), who: "floor" },
  onSlowFlash(basic("W2")),
  { ...overLink(basic("W1"), "100", OFFICE), who: "floor" },
  { ...overLink(basic("W2"), "100", OFFICE), who: "floor" },
  { ...overLink(basic("W1"), "10", FAR), who: "floor" },
  { ...overLink(basic("W2"), "10", FAR), who: "floor" },
  F1,
];

export const workloadNamed = (name: string): Workload =>
  must(
    WORKLOADS.find((each) => each.name === name),
    "the options name workloads that there are",
  );
