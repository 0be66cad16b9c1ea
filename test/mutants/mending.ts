/** Mutants of what a machine puts together anew when one of its small records is damaged: B05, M33; and of who is searched for again. */
import type { Mutant } from "./mutant.ts";

const REPLICA = "src/store/mend-replica.ts";
const HEADS = "scenario/damaged-heads";
const SERVER = "scenario/damaged-server";

export const MENDING: readonly Mutant[] = [
  {
    name: "a-block-that-cannot-be-read-is-repaired",
    rules: ["B05"],
    file: "hal/parts/level-storage.ts",
    find: 'if (error instanceof SyncError || levelFault(error) !== "damaged") throw error;',
    replace: "throw error;",
    why: "LevelDB leaves the block out, and what stood under its keys before is read as if it were the newest",
    guard: "contract/level-storage",
  },
  {
    name: "damage-that-was-met-is-closed-in-peace",
    rules: ["B05"],
    file: "hal/parts/level-handle.ts",
    find: "if (!this.#lost && !this.#damaged) await",
    replace: "if (!this.#lost) await",
    why: "a block that cannot be read stays, and what is in it fails at each start anew",
    guard: "contract/level-storage",
  },
  {
    name: "an-edit-that-cannot-be-read-is-given-up",
    rules: ["B03", "B05"],
    file: REPLICA,
    find: "areMarks ? Math.min(recorded, firstLost - 1) : 0;",
    replace: "recorded;",
    why: "an edit whose record is damaged is lost, though the machine's own stores still have it",
    guard: "unit/store/mending",
  },
  {
    name: "a-base-without-its-head-is-trusted",
    rules: ["P29", "B05"],
    file: REPLICA,
    find: "[damageNote(generationPrefix(head.generation))] : [];",
    replace: "[] : [];",
    why: "a base whose position is lost counts as that of an older one",
    guard: HEADS,
  },
  {
    name: "a-damaged-mark-is-the-first-formats",
    rules: ["B05"],
    file: "src/store/format.ts",
    find: "const readable = [first, again].find((mark) => mark instanceof Uint8Array);",
    replace: "const readable = first instanceof Uint8Array ? first : undefined;",
    why: "a storage of the newest format is converted once more, and one of a newer format is written to",
    guard: "unit/store/format",
  },
  {
    name: "a-damaged-record-stops-the-server",
    rules: ["B05", "M02"],
    file: "src/roles/make-server.ts",
    find: "if (given.metDamage) await mendServer(given);",
    replace: "",
    why: "one damaged record of a machine's place stops the whole fleet",
    guard: SERVER,
  },
  {
    name: "a-damaged-state-outlives-the-restore",
    rules: ["M33"],
    file: "src/store/installation.ts",
    find: "of undamaged(storage, {",
    replace: "of storage.range({",
    why: "a server whose state is damaged stands still also after a backup was restored on it",
    guard: SERVER,
  },
  {
    name: "a-damaged-head-refuses-the-backup",
    rules: ["M33"],
    file: "src/store/installation.ts",
    find: "await readOrDamaged(storage, JOURNAL_META)",
    replace: "await storage.get(JOURNAL_META)",
    why: "what the panel advises, a backup, cannot be restored",
    guard: SERVER,
  },
  {
    name: "an-unmet-server-is-not-sought",
    rules: ["M09"],
    file: "src/roles/first-contact.ts",
    find: "await seekUnmet(parts, client, signal);",
    replace: "",
    why: "a machine waits for good at the address that its server machine had before the two ever met",
    guard: "scenario/searching",
  },
];
