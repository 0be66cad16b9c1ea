/** Faults in what leaves while it is recorded, and in whose name it is recorded after a kill. */
import type { Mutant } from "./mutant.ts";

const NAMES = "src/roles/client/edit-names.ts";
const RECORDER = "src/roles/client/recorder.ts";

export const LEAVING: readonly Mutant[] = [
  {
    name: "names-die-with-their-run",
    rules: ["P6", "B03"],
    file: NAMES,
    find: "return before.after < mark && mark <= before.last ? before.run : this.#parts.run;",
    replace: "return this.#parts.run;",
    why: "what left before it was recorded is another edit after a kill, and is said to have lost to what was made of it",
    guard: "scenario/leaving",
  },
  {
    name: "another-power-on-has-the-same-names",
    rules: ["P6"],
    file: NAMES,
    find: "boot !== before.boot || ",
    replace: "",
    why: "an edit made over an older image has the name of another one, and is taken for decided",
    guard: "unit/roles/edit-names",
  },
  {
    name: "numbers-beside-marks-have-the-same-names",
    rules: ["P6"],
    file: NAMES,
    find: " || sequence !== mark) return this.#parts.run;",
    replace: ") return this.#parts.run;",
    why: "where a store began anew an edit has the name of another one, and is taken for decided",
    guard: "unit/roles/edit-names",
  },
  {
    name: "an-image-goes-on-in-an-old-name",
    rules: ["P6"],
    file: NAMES,
    find: "shown.revision > position.revision",
    replace: "false",
    why: "an older image of the copy gives names of which others were decided since",
    guard: "unit/roles/edit-names",
  },
  {
    name: "leaves-before-its-run-is-known",
    rules: ["P6"],
    file: NAMES,
    find: "if (replica.head.ahead?.run !== run) return false;",
    replace: "",
    why: "what left in the name of a run that is in no record has another name after a kill",
    guard: "unit/roles/edit-names",
  },
  {
    name: "leaves-with-a-gap",
    rules: ["P6"],
    file: NAMES,
    find: " && id.sequence === edits[index]?.mark",
    replace: " && index >= 0",
    why: "an edit that did not travel is taken for decided with the later one that did",
    guard: "unit/roles/edit-names",
  },
  {
    name: "what-was-read-leaves-early",
    rules: ["P6"],
    file: RECORDER,
    find: "if (wereHeard && this.#names.mayLeave(edits, pending)) leave?.();",
    replace: "if (this.#names.mayLeave(edits, pending)) leave?.();",
    why: "what was made before this run was listening leaves in its name",
    guard: "unit/roles/recorder",
  },
  {
    name: "nothing-leaves-early",
    rules: ["B05"],
    file: RECORDER,
    find: "const recorded = replica.record(pending, Math.max(mark, replica.head.mark), wereHeard ? this.#names.told : undefined);",
    replace: "const recorded = replica.record(pending, Math.max(mark, replica.head.mark));",
    why: "the server waits for a write of the author's that it has no need of",
    guard: "scenario/latency",
  },
];
