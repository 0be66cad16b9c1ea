/**
 * I8   A machine that has nothing of its own on top shows what the server had at its position, exactly.
 * B03  What a person replaced never comes back: nobody sees time run backwards.
 */
import { isDeepStrictEqual } from "node:util";
import { itemOf } from "../../../src/model/item.ts";
import type { Position } from "../../../src/model/position.ts";
import type { Value } from "../../../src/model/value.ts";
import { decodeAccepted } from "../../../src/protocol/edit.ts";
import { withoutWithheld } from "../machine-copy.ts";
import type { Journals } from "../model/journals.ts";
import type { EntryText, Kept, StoreMirror } from "../model/store-mirror.ts";
import type { Faults } from "./faults.ts";

const REVISION_BYTES = 8;

export interface StoreCheckerParts {
  readonly journals: Journals;
  readonly faults: Faults;
  /** Which items are shared, as the machine has it. */
  readonly isShared: (machine: string, item: string) => boolean;
  /** Items of which the machine may lack entries, or show others: for limits of its own (M26, M27). */
  readonly mayLack: (machine: string, item: string) => boolean;
  /** Items whose scope changes: what was replaced may come back with the common data. */
  readonly changesScope: (item: string) => boolean;
  /** Owners whose entries are only ever set by edits: a value that was replaced there never comes back. */
  readonly plainOwners: ReadonlySet<string>;
  readonly isMember: (machine: string) => boolean;
}

export class StoreChecker {
  readonly #parts: StoreCheckerParts;
  /** By machine and entry, the values that it showed, in order. */
  readonly #shown = new Map<string, Value[]>();
  /** A journal's records are decoded once. */
  readonly #values = new WeakMap<Uint8Array, Value>();

  constructor(parts: StoreCheckerParts) {
    this.#parts = parts;
  }

  /** What the machine shows from now on is its own affair. */
  left(machine: string): void {
    for (const name of [...this.#shown.keys()]) if (name.startsWith(`${machine} `)) this.#shown.delete(name);
  }

  /** An entry of a machine is other than before. A secret is never the same text twice, so only what is open is compared. */
  changed(machine: string, entry: EntryText, now: Kept | undefined): void {
    const [owner = "", item = ""] = entry.split(" ");
    if (now === undefined || "sealed" in now || !this.#parts.plainOwners.has(owner)) return;
    if (!this.#parts.isShared(machine, item) || this.#parts.changesScope(item) || !this.#parts.isMember(machine)) return;
    const value = withoutWithheld(item, now.value);
    const name = `${machine} ${entry}`;
    const shown = this.#shown.get(name) ?? [];
    this.#shown.set(name, shown);
    const at = shown.findIndex((earlier) => isDeepStrictEqual(earlier, value));
    if (at < 0) shown.push(value);
    else if (at < shown.length - 1)
      this.#parts.faults.found("B03", `${machine} shows ${entry} = ${JSON.stringify(value)} again after ${JSON.stringify(shown.at(-1))}`);
  }

  /** How a machine that is at rest differs from the server at that position; undefined when it does not. */
  difference(machine: string, store: StoreMirror, position: Position): string | undefined {
    const branch = this.#parts.journals.find(position);
    if (branch === undefined) return "stands where no journal ever was";
    const left = new Set(store.entries.keys());
    for (const key of branch.keys()) {
      if (!key.startsWith("e/")) continue;
      const name = key.slice(2).replaceAll("\0", " ");
      const [, item = ""] = key.slice(2).split("\0");
      left.delete(name);
      if (!this.#isCompared(machine, item)) continue;
      const record = branch.at(key, position.revision);
      if (record === "unseen") continue;
      const fault = this.#entryFault(item, store.entries.get(name), record);
      if (fault !== undefined) return `${name} ${fault}`;
    }
    for (const name of left)
      if (this.#parts.isShared(machine, name.split(" ")[1] ?? "")) return `${name} is here, and the server never had it`;
    return undefined;
  }

  #isCompared(machine: string, item: string): boolean {
    return itemOf(item) !== undefined && this.#parts.isShared(machine, item) && !this.#parts.mayLack(machine, item);
  }

  #entryFault(item: string, kept: Kept | undefined, record: Uint8Array | undefined): string | undefined {
    const expected = record === undefined ? undefined : this.valueOf(record);
    if (kept === undefined || expected === undefined) {
      if (kept === undefined && expected === undefined) return undefined;
      return kept === undefined ? "is missing here" : "is here, and the server has it not";
    }
    // A secret is sealed for the machine here and for the fleet there: that both have one is all that can be seen.
    if ("sealed" in kept) return undefined;
    const value = withoutWithheld(item, kept.value);
    return isDeepStrictEqual(value, expected)
      ? undefined
      : `is ${JSON.stringify(value)} here and ${JSON.stringify(expected)} on the server`;
  }

  /** The value of an entry's record. */
  valueOf(record: Uint8Array): Value | undefined {
    const known = this.#values.get(record);
    if (known !== undefined) return known;
    const { value } = decodeAccepted(record.subarray(REVISION_BYTES));
    if (value !== undefined) this.#values.set(record, value);
    return value;
  }
}
