/** Mutants of what a server gives to those who come in, and of what it takes from them: B01, P7, P18, P29. */
import type { Mutant } from "./mutant.ts";

const SNAPSHOT_PARTS = "src/roles/server/snapshot-parts.ts";
const COMMITTER = "src/roles/server/committer.ts";

export const WELCOMING: readonly Mutant[] = [
  {
    name: "resumes-over-a-change-of-scope",
    rules: ["P29", "M19"],
    file: "src/roles/server/reception.ts",
    find: "partial.start.revision >= scopes.changed;",
    replace: "partial.start.revision >= 0;",
    why: "a snapshot goes on from parts that are from before a change of scope",
    guard: "unit/roles/serving",
  },
  {
    name: "parts-older-than-their-transfer",
    rules: ["P29"],
    file: SNAPSHOT_PARTS,
    find: "cached !== undefined && cached.revision >= start",
    replace: "cached !== undefined",
    why: "a part is given that is older than the start of its snapshot",
    guard: "unit/roles/serving",
  },
  {
    name: "parts-are-never-cleared",
    rules: ["P29"],
    file: SNAPSHOT_PARTS,
    find: "    this.#parts.clear();\n    this.#bytes = 0;",
    replace: "    this.#bytes = 0;",
    why: "parts of every snapshot fill the server machine's memory",
    guard: "unit/roles/serving",
  },
  {
    name: "leases-end-a-beat-late",
    rules: ["B07"],
    file: "src/roles/server/sessions.ts",
    find: "if (lapsesAtMs <= nowMs) this.close",
    replace: "if (lapsesAtMs < nowMs) this.close",
    why: "a session is not over when its lease is",
    guard: "unit/roles/serving",
  },
  {
    name: "looks-change-things",
    rules: ["B01"],
    file: "src/roles/server/server.ts",
    find: "if (session.isLook) return false;",
    replace: "",
    why: "a machine that only looks pushes and offers",
    guard: "scenario/odd-words",
  },
  {
    name: "puts-back-what-is-not-shared",
    rules: ["B02", "M20"],
    file: "src/roles/server/put-back.ts",
    find: 'if (!parts.scopes.isShared(item)) return { word: "device-specific" };',
    replace: "",
    why: "device-specific data is put back into the journal",
    guard: "unit/roles/serving",
  },
  {
    name: "offer-pieces-are-mixed",
    rules: ["P18", "P28"],
    file: "src/roles/server/session.ts",
    find: "${join} ${offerName({ holding, item })}",
    replace: '${join} ${offerName({ holding, item: item === undefined ? item : "" })}',
    why: "pieces of two items of an owner become one offer",
    guard: "unit/roles/serving",
  },
  {
    name: "decides-each-copy-of-a-push",
    rules: ["P7"],
    file: COMMITTER,
    find: 'if (this.#work.some((work) => work.kind === "push" && work.session === session)) return;',
    replace: "",
    why: "whoever says a push a thousand times has it decided a thousand times",
    guard: "unit/roles/committer",
  },
  {
    name: "decides-an-answered-push-again",
    rules: ["P7"],
    file: COMMITTER,
    find: "push.number <= before.number",
    replace: "push.number < before.number",
    why: "a push that comes again costs a write",
    guard: "unit/roles/committer",
  },
];
