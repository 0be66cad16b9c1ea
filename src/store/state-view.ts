/**
 * A working view of the state: records of the storage with what a change does to them laid over. What is to be decided
 * is loaded first; then decisions read and write synchronously; then `writes` goes into one durable batch.
 */
import type { Write } from "../../hal/storage.ts";
import { assert } from "../model/assert.ts";
import type { Revision } from "../model/ids.ts";
import type { Owner } from "../model/owner.ts";
import type { Value } from "../model/value.ts";
import type { KeyRange } from "./keys.ts";
import type { HeldLists } from "./held-lists.ts";
import { entryValue, type OwnerRecord, type Standing, unpackEntry, unpackOwner } from "./records.ts";
import { type StateRecord, type StateRecords, type LazyValue, valueAtHand, readLazy } from "./state-records.ts";

export class StateView {
  /** No record that this view reads was written by a later change. */
  readonly newest: Revision;
  readonly #records: StateRecords;
  readonly #loaded = new Map<string, Uint8Array | undefined>();
  readonly #changed = new Map<string, Uint8Array | undefined>();
  readonly #entries = new Map<Uint8Array, Standing>();
  readonly #owners = new Map<Uint8Array, OwnerRecord>();
  readonly #nowHeld = new Map<Owner, ReadonlySet<string>>();

  constructor(records: StateRecords, newest: Revision = Number.POSITIVE_INFINITY) {
    this.#records = records;
    this.newest = newest;
  }

  /** Makes these keys readable by `get`. */
  async load(keys: Iterable<string>): Promise<void> {
    const missing = [...new Set(keys)].filter((key) => !this.#loaded.has(key));
    if (missing.length === 0) return;
    const values = await this.#records.getMany(missing);
    missing.forEach((key, index) => {
      this.#loaded.set(key, values[index]);
    });
  }

  /** Whether `get` reads it. */
  isLoaded(key: string): boolean {
    return this.#changed.has(key) || this.#loaded.has(key);
  }

  /** A record that was loaded, as this view has changed it. */
  get(key: string): Uint8Array | undefined {
    if (this.#changed.has(key)) return this.#changed.get(key);
    assert(this.#loaded.has(key), `state record read before it was loaded: ${key}`);
    return this.#loaded.get(key);
  }

  /** An entry's record, as `get` gives it; each is read once. Throws for one that cannot be read. */
  entry(key: string): Standing | undefined {
    return once(this.#entries, this.get(key), unpackEntry);
  }

  /** An owner's record, likewise. */
  owner(key: string): OwnerRecord | undefined {
    const record = this.get(key);
    const { owners } = this.#records;
    return owners === undefined || record === undefined ? once(this.#owners, record, unpackOwner) : owners.owner(record);
  }

  /** What its records are known to hold, without a look at them. */
  get held(): HeldLists | undefined {
    return this.#records.held;
  }

  /** Something may be held no longer. */
  forgetHeld(): void {
    this.#nowHeld.clear();
    this.held?.forget();
  }

  /** In this view the owner holds these lists, whatever it did before. */
  holds(owner: Owner, lists: ReadonlySet<string>): void {
    this.#nowHeld.set(owner, lists);
  }

  /** To be called when its writes are durable. */
  written(): void {
    this.held?.note(this.#nowHeld);
  }

  set(key: string, value: Uint8Array | undefined): void {
    this.#changed.set(key, value);
  }

  /** The records of a range with this view's changes, in no particular order of changed and unchanged ones. */
  async *range({ from, to }: KeyRange): AsyncIterable<StateRecord> {
    for await (const record of this.#records.range({ from, to })) if (!this.#changed.has(record[0])) yield record;
    for (const [key, value] of [...this.#changed]) {
      if (value !== undefined && key >= from && key < to) yield [key, value];
    }
  }

  /** The entries of a range that have a value, with this view's changes, in no particular order of changed and unchanged ones. */
  async lazyValues({ from, to }: KeyRange): Promise<LazyValue[]> {
    const all = await this.#records.lazyValues({ from, to });
    if (this.#changed.size === 0) return all;
    const found = all.filter(({ stateKey }) => !this.#changed.has(stateKey));
    for (const [stateKey, record] of this.#changed) {
      const value = record === undefined || stateKey < from || stateKey >= to ? undefined : entryValue(record);
      if (value !== undefined) found.push(valueAtHand(stateKey, value));
    }
    return found;
  }

  /** The values of them, read. */
  async values(range: KeyRange): Promise<Map<string, Value>> {
    return new Map((await this.lazyValues(range)).map((value) => [value.stateKey, readLazy(value)]));
  }

  /** Loads a whole range and gives its keys, those changed here included and those removed here left out. */
  async loadRange(range: KeyRange): Promise<string[]> {
    const keys: string[] = [];
    for await (const [key, value] of this.range(range)) {
      keys.push(key);
      if (!this.#changed.has(key)) this.#loaded.set(key, value);
    }
    return keys;
  }

  writes(): Write[] {
    return this.#records.writes(this.#changed);
  }
}

function once<T>(read: Map<Uint8Array, T>, record: Uint8Array | undefined, unpack: (record: Uint8Array) => T): T | undefined {
  if (record === undefined) return undefined;
  const unpacked = read.get(record) ?? unpack(record);
  read.set(record, unpacked);
  return unpacked;
}
