/**
 * I7   B03, P9: what somebody set on a machine is what it shows, until something newer than what they had seen takes its
 *      place: it never shows again what stood before them when they changed it.
 * P6   An edit does not say that its author had seen more than the machine showed when it was made.
 */
import { isDeepStrictEqual } from "node:util";
import type { Edit } from "../../../src/model/entry.ts";
import type { Position } from "../../../src/model/position.ts";
import type { Value } from "../../../src/model/value.ts";
import { withoutWithheld } from "../machine-copy.ts";
import type { Journals } from "../model/journals.ts";
import type { EntryText, Kept } from "../model/store-mirror.ts";
import type { Faults } from "./faults.ts";

export interface OwnEditCheckerParts {
  readonly journals: Journals;
  readonly faults: Faults;
  /** Whether what the machine shows of the item is settled by the journal alone. */
  readonly isWatched: (machine: string, item: string) => boolean;
  /** The value of an entry's record. */
  readonly valueOf: (record: Uint8Array) => Value | undefined;
}

interface Own {
  readonly value: Value;
  readonly seen: Position;
}

export class OwnEditChecker {
  readonly #parts: OwnEditCheckerParts;
  readonly #own = new Map<string, Own>();

  constructor(parts: OwnEditCheckerParts) {
    this.#parts = parts;
  }

  /** What the machine shows from now on is another matter. */
  left(machine: string): void {
    for (const name of [...this.#own.keys()]) if (name.startsWith(`${machine} `)) this.#own.delete(name);
  }

  /** A person or an import changed the entry, while the machine showed that position. */
  edited(machine: string, entry: EntryText, now: Kept | undefined, seen: Position | undefined): void {
    const name = `${machine} ${entry}`;
    this.#own.delete(name);
    const [, item = ""] = entry.split(" ");
    if (now === undefined || "sealed" in now || seen === undefined || !this.#parts.isWatched(machine, item)) return;
    this.#own.set(name, { value: withoutWithheld(item, now.value), seen });
  }

  /** The module has recorded an edit. */
  recorded(machine: string, edit: Edit): void {
    const { owner, item, key, value, seen } = edit;
    const own = this.#own.get(`${machine} ${owner} ${item} ${key}`);
    if (own === undefined || value === undefined || !isDeepStrictEqual(own.value, value) || seen <= own.seen.revision) return;
    this.#parts.faults.found(
      "P6",
      `edit ${edit.id.sequence} of ${machine} (${owner} ${item} ${JSON.stringify(key)}) says that revision ${seen} was seen, and revision ${own.seen.revision} was shown`,
    );
  }

  /** The module changed the entry. */
  applied(machine: string, entry: EntryText, now: Kept | undefined): void {
    const name = `${machine} ${entry}`;
    const own = this.#own.get(name);
    const [owner = "", item = "", ...key] = entry.split(" ");
    if (own === undefined) return;
    if (now === undefined || "sealed" in now || !this.#parts.isWatched(machine, item)) return void this.#own.delete(name);
    const value = withoutWithheld(item, now.value);
    if (isDeepStrictEqual(value, own.value)) return;
    this.#own.delete(name);
    const since = this.#lastRevision(`e/${owner}\0${item}\0${key.join(" ")}`, value, own.seen);
    if (since === undefined || since > own.seen.revision) return;
    this.#parts.faults.found(
      "I7",
      `${machine} shows ${entry} = ${JSON.stringify(value)} of revision ${since} again, in place of its own ${JSON.stringify(own.value)}, whose author had seen revision ${own.seen.revision}`,
    );
  }

  /** The last revision that wrote this value to the entry; undefined: none did, or it is not known. */
  #lastRevision(key: string, value: Value, seen: Position): number | undefined {
    const branch = this.#parts.journals.find(seen);
    let last: number | undefined;
    for (const { revision, bytes } of branch?.between(key, 0, Number.POSITIVE_INFINITY) ?? []) {
      if (bytes === "unseen") return undefined;
      if (bytes !== undefined && isDeepStrictEqual(this.#parts.valueOf(bytes), value)) last = revision;
    }
    return last;
  }
}
