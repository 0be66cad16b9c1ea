/** Mutants of the scopes of sharing, and of what a removal takes with it. */
import type { Mutant } from "./mutant.ts";

const APPLY = "src/store/apply-change.ts";
const CROSSING = "src/roles/client/crossing.ts";
const QUEUE = "src/roles/server/edit-queue.ts";
const GUARD = "scenario/sharing";

export const SCOPES: readonly Mutant[] = [
  {
    name: "scopes-while-operating",
    rules: ["M18"],
    file: "src/roles/server/orders.ts",
    find: "if (machines.length > 0) return",
    replace: "if (machines.length > 99) return",
    why: "the scope changes under machines that operate",
    guard: GUARD,
  },
  {
    name: "common-data-is-not-kept",
    rules: ["P24", "M19"],
    file: APPLY,
    find: `const isRenewal = ({ scope }: ScopeChange): boolean => scope === "shared";`,
    replace: `const isRenewal = ({ scope }: ScopeChange): boolean => scope !== undefined;`,
    why: "a machine that was away at the change to device-specific finds no common data any more",
    guard: GUARD,
  },
  {
    name: "old-common-data-comes-back",
    rules: ["M19", "P24"],
    file: APPLY,
    find: "return removeEntries(view, removable.ofItems.get(item) ?? [], revision);",
    replace: "return [];",
    why: "what was common before the item was device-specific stands again",
    guard: GUARD,
  },
  {
    name: "device-specific-edits-are-taken",
    rules: ["M20", "P27"],
    file: "src/roles/server/decide.ts",
    find: `if (!shared) return refused({ word: "device-specific" });`,
    replace: "",
    why: "the own client's edit of an item that has just become device-specific gets into the journal",
    guard: GUARD,
  },
  {
    name: "pending-edits-travel-later",
    rules: ["P27"],
    file: CROSSING,
    find: "batch.push(this.#parts.replica.pending.remove(edit.id.sequence));",
    replace: "",
    why: "edits that were pending when their item became device-specific are sent",
    guard: GUARD,
  },
  {
    name: "refused-edits-uncover",
    rules: ["P27"],
    file: "src/store/replica.ts",
    find: `answer.outcome !== "device-specific" && answer.revision <= revision`,
    replace: "answer.revision <= revision",
    why: "an edit that was refused because its item became device-specific goes from its own machine",
    guard: GUARD,
  },
  {
    name: "nothing-is-supplied-again",
    rules: ["P28", "M19"],
    file: CROSSING,
    find: `return isOpen && to.scope === "shared" && own.length > 0 ? "to-offer" : "carried";`,
    replace: `return "carried";`,
    why: "after an item is shared again each machine shows what it had",
    guard: GUARD,
  },
  {
    name: "the-last-supplies",
    rules: ["P28", "M19"],
    file: QUEUE,
    find: "record?.holdings[item === undefined ? listOf(holding, first) : itemHolding(item)];",
    replace: "item === undefined ? record?.holdings[listOf(holding, first)] : undefined;",
    why: "whoever comes later supplies an item over again",
    guard: GUARD,
  },
  {
    name: "own-data-vanish",
    rules: ["P28", "B02"],
    file: CROSSING,
    find: `await shower.carryOver(own, common, "replaced-at-scope-change");`,
    replace: "await shower.carryOver(own, common, undefined);",
    why: "own data that the common data replaces go without a trace",
    guard: GUARD,
  },
  {
    name: "snapshots-from-before-the-scope",
    rules: ["P29"],
    file: "src/roles/server/reception.ts",
    find: "snapshotParts.startFor(Math.max(own, scopes.changed))",
    replace: "snapshotParts.startFor(own)",
    why: "a snapshot starts before a change of scope",
    guard: GUARD,
  },
  {
    name: "own-data-survive-their-owner",
    rules: ["M15", "P26"],
    file: CROSSING,
    find: "    await this.#removeOwn();\n",
    replace: "",
    why: "device-specific data of an owner who was deleted stay where they are",
    guard: GUARD,
  },
  {
    name: "in-force-before-it-is-shown",
    rules: ["M19"],
    file: CROSSING,
    find: "const wanted = isFirst || itemOf(item) === undefined ? [] : await this.#carryOver(way, owners);",
    replace:
      "await replica.write([replica.scopes.set(item, { ...to, offer })], {});\n      const wanted = isFirst || itemOf(item) === undefined ? [] : await this.#carryOver(way, owners);",
    why: "a kill in the midst of following a change of scope leaves it half done",
    guard: "crash/sharing",
  },
];
