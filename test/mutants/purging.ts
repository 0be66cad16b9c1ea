/** Mutants of what is remembered of deletions that are long past: P25. */
import type { Mutant } from "./mutant.ts";

const DECIDE = "src/roles/server/decide.ts";
const APPLY = "src/store/apply-change.ts";
const GUARD = "scenario/purging";

export const PURGING: readonly Mutant[] = [
  {
    name: "the-purged-come-back",
    rules: ["P25", "B03"],
    file: DECIDE,
    find: "if (standing === undefined && isPurged(",
    replace: "if (standing !== undefined && isPurged(",
    why: "an edit from before a deletion that is forgotten brings the entry back",
    guard: GUARD,
  },
  {
    name: "purging-beats-later-edits",
    rules: ["P25"],
    file: DECIDE,
    find: "purged !== undefined && stamp <= purged.at && seen",
    replace: "purged !== undefined && seen",
    why: "an edit made after a deletion that is forgotten loses to it",
    guard: GUARD,
  },
  {
    name: "purging-beats-knowledge",
    rules: ["P25"],
    file: DECIDE,
    find: " && seen < purged.revision",
    replace: "",
    why: "who had seen the deletion, and sets the entry again, loses",
    guard: "unit/roles/decide",
  },
  {
    name: "drawn-keys-are-old",
    rules: ["P25"],
    file: DECIDE,
    find: "fresh !== true && purged",
    replace: "purged",
    why: "a new entry loses to deletions of others that it has nothing to do with",
    guard: GUARD,
  },
  {
    name: "purging-leaves-no-mark",
    rules: ["P25"],
    file: APPLY,
    find: "revision: Math.max(purged.revision, upTo), at: Math.max(purged.at, stamp)",
    replace: "revision: purged.revision + 0 * upTo, at: purged.at + 0 * stamp",
    why: "an owner does not remember what was purged of it",
    guard: GUARD,
  },
];
