/** Mutants of how a client keeps what its snapshots bring: P29, and what is deleted in it: M15, P25. */
import type { Mutant } from "./mutant.ts";

const SEGMENT = "src/store/segment.ts";
const SEGMENTS = "src/store/segments.ts";
const GUARD = "unit/store/segments";
const DAMAGED = "scenario/damaged-copy";

export const SEGMENTED: readonly Mutant[] = [
  {
    name: "segments-shine-through",
    rules: ["M15", "P29"],
    file: SEGMENTS,
    find: "{ key, value: GONE },",
    replace: "{ key, value: undefined },",
    why: "what was deleted is seen again in the segment below",
    guard: GUARD,
  },
  {
    name: "deleted-data-stays-on-the-disk",
    rules: ["M15", "P25"],
    file: "src/roles/client/client.ts",
    find: "await replica.tidy();",
    replace: "",
    why: "a machine that got a user in a snapshot has the user's data on its disk for ever",
    guard: "crash/deleting",
  },
  {
    name: "rewriting-is-forgotten",
    rules: ["M15", "P25"],
    file: SEGMENTS,
    find: "segments.#toRewrite.add(Number(key.slice(-NUMBER_CHARACTERS)));",
    replace: "void key;",
    why: "a machine that dies before it has rewritten a segment keeps what was deleted in it",
    guard: "crash/deleting",
  },
  {
    name: "old-segments-are-read",
    rules: ["M15"],
    file: SEGMENTS,
    find: "await this.#cache.aside(() => write(batch));",
    replace: "await write(batch);",
    why: "who reads while a segment is rewritten finds what was deleted",
    guard: GUARD,
  },
  {
    name: "parts-in-any-order",
    rules: ["P29"],
    file: SEGMENT,
    find: "if (Buffer.compare(before, key) >= 0) throw",
    replace: "if (Buffer.compare(before, key) > 1) throw",
    why: "records of a part that is not in key order are there and are not found",
    guard: GUARD,
  },
  {
    name: "parts-that-replay-cannot-pass",
    rules: ["P29"],
    file: "src/store/apply-change.ts",
    find: "revision <= newest;",
    replace: "revision < 0 * newest;",
    why: "changes that are replayed over newer parts put older values back",
    guard: "unit/store/apply-change",
  },
  {
    name: "damage-is-found-for-ever",
    rules: ["P29"],
    file: "src/roles/noting-damage.ts",
    find: "await replica.noteDamage();",
    replace: "",
    why: "a client function with a damaged segment starts again and again, and synchronises nothing",
    guard: DAMAGED,
  },
  {
    name: "damaged-is-taken-for-deleted",
    rules: ["P29"],
    file: "src/roles/client/recover.ts",
    find: "position === undefined || replica.isDamaged",
    replace: "position === undefined",
    why: "a machine that starts with a damaged copy takes what is missing there for gone",
    guard: DAMAGED,
  },
  {
    name: "edits-over-a-damaged-copy",
    rules: ["P25", "P29"],
    file: "src/roles/client/recorder.ts",
    find: 'if (replica.isDamaged) return "put-off";',
    replace: "",
    why: "an edit counts as one of an unknown entry because the entry cannot be read",
    guard: DAMAGED,
  },
  {
    name: "old-ends-are-new-again",
    rules: ["M15", "P29"],
    file: "src/roles/client/arriving-removals.ts",
    find: "before.get(owner) ?? unknown",
    replace: "before.get(owner)",
    why: "data of its own leave a machine for an end that was long ago",
    guard: DAMAGED,
  },
  {
    name: "what-cannot-be-read-is-here-alone",
    rules: ["B04", "P29"],
    file: "src/roles/standing.ts",
    find: "copy?.replica.isDamaged === true",
    replace: "copy?.replica.isDamaged === undefined",
    why: "of an entry that a damaged part of the copy has a machine says that it is on this machine alone",
    guard: DAMAGED,
  },
];
