/** Where a view of the state reads its records, and how it writes them. */
import type { Storage, Write } from "../../hal/storage.ts";
import { must } from "../model/assert.ts";
import type { Value } from "../model/value.ts";
import { decodeValue } from "../protocol/edit.ts";
import type { HeldLists } from "./held-lists.ts";
import type { KeyRange } from "./keys.ts";
import type { OwnerMemory } from "./owner-memory.ts";
import { entryValue } from "./records.ts";

export type StateRecord = readonly [stateKey: string, record: Uint8Array];

/**
 * The value of an entry, by its state key. Where it stands by itself as CBOR it is not read before somebody asks for it (`readLazy`):
 * a join passes over most of them. Otherwise it is there as `value`.
 */
export interface LazyValue {
  readonly stateKey: string;
  /** The bytes in which it stands, `from` one place `to` another. */
  readonly cbor: Uint8Array | undefined;
  readonly from: number;
  readonly to: number;
  readonly value: Value | undefined;
}

export const valueAtHand = (stateKey: string, value: Value | undefined): LazyValue => ({
  stateKey,
  cbor: undefined,
  from: 0,
  to: 0,
  value,
});

export interface StateRecords {
  /** undefined: nobody keeps it in mind. */
  readonly held?: HeldLists;
  /** undefined: each view reads those of owners for itself. */
  readonly owners?: OwnerMemory | undefined;
  /** In the order of the keys asked for; undefined where there is none. */
  getMany(stateKeys: readonly string[]): Promise<(Uint8Array | undefined)[]>;
  /** In key order. */
  range(range: KeyRange): AsyncIterable<StateRecord>;
  /** The entries of a range that have a value, in key order. */
  lazyValues(range: KeyRange): Promise<LazyValue[]>;
  /** The writes that make these records so; undefined: there is none any more. */
  writes(changed: ReadonlyMap<string, Uint8Array | undefined>): Write[];
}

/** The value of an entry, guarded and checked: throws for one that cannot be read. */
export const readLazy = ({ cbor, from, to, value }: LazyValue): Value =>
  must(cbor === undefined ? value : decodeValue(cbor.subarray(from, to)), "an entry has a value");

/** One record of the storage each, under a prefix: the server's state. */
export class PlainRecords implements StateRecords {
  readonly #storage: Storage;
  readonly #prefix: string;
  readonly owners: OwnerMemory | undefined;

  /** `owners`: for the one view at a time whose changes are written. */
  constructor(storage: Storage, prefix: string, owners?: OwnerMemory) {
    this.#storage = storage;
    this.#prefix = prefix;
    this.owners = owners;
  }

  async getMany(stateKeys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    const { owners } = this;
    if (owners === undefined) return await this.#read(stateKeys);
    const records = stateKeys.map((key) => owners.get(key));
    const missing = stateKeys.filter((_, at) => records[at] === undefined);
    if (missing.length === 0) return records;
    const read = await this.#read(missing);
    for (const [at, key] of missing.entries()) owners.note(key, read[at]);
    let next = 0;
    return records.map((record) => record ?? read[next++]);
  }

  #read(stateKeys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    return this.#storage.getMany(stateKeys.map((key) => this.#prefix + key));
  }

  async *range({ from, to }: KeyRange): AsyncIterable<StateRecord> {
    for await (const [key, record] of this.#storage.range({ from: this.#prefix + from, to: this.#prefix + to }))
      yield [key.slice(this.#prefix.length), record];
  }

  async lazyValues(range: KeyRange): Promise<LazyValue[]> {
    const found: LazyValue[] = [];
    for await (const [stateKey, record] of this.range(range)) {
      const value = entryValue(record);
      if (value !== undefined) found.push(valueAtHand(stateKey, value));
    }
    return found;
  }

  writes(changed: ReadonlyMap<string, Uint8Array | undefined>): Write[] {
    return Array.from(changed, ([key, value]) => {
      this.owners?.forget(key);
      return { key: this.#prefix + key, value };
    });
  }
}
