/** Where a view of the state reads its records, and how it writes them. */
import type { Storage, Write } from "../../hal/storage.ts";
import type { Value } from "../model/value.ts";
import type { HeldLists } from "./held-lists.ts";
import type { KeyRange } from "./keys.ts";
import { entryValue } from "./records.ts";

export type StateRecord = readonly [stateKey: string, record: Uint8Array];

/** An entry's value by its state key; undefined: it was deleted. */
export type StateValue = readonly [stateKey: string, value: Value | undefined];

export interface StateRecords {
  /** undefined: nobody keeps it in mind. */
  readonly held?: HeldLists;
  /** In the order of the keys asked for; undefined where there is none. */
  getMany(stateKeys: readonly string[]): Promise<(Uint8Array | undefined)[]>;
  /** In key order. */
  range(range: KeyRange): AsyncIterable<StateRecord>;
  /** The values of a range of entries, in key order. */
  values(range: KeyRange): Promise<StateValue[]>;
  /** The writes that make these records so; undefined: there is none any more. */
  writes(changed: ReadonlyMap<string, Uint8Array | undefined>): Write[];
}

/** One record of the storage each, under a prefix: the server's state. */
export class PlainRecords implements StateRecords {
  readonly #storage: Storage;
  readonly #prefix: string;

  constructor(storage: Storage, prefix: string) {
    this.#storage = storage;
    this.#prefix = prefix;
  }

  getMany(stateKeys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    return this.#storage.getMany(stateKeys.map((key) => this.#prefix + key));
  }

  async *range({ from, to }: KeyRange): AsyncIterable<StateRecord> {
    for await (const [key, record] of this.#storage.range({ from: this.#prefix + from, to: this.#prefix + to }))
      yield [key.slice(this.#prefix.length), record];
  }

  async values(range: KeyRange): Promise<StateValue[]> {
    const values: StateValue[] = [];
    for await (const [key, record] of this.range(range)) values.push([key, entryValue(record)]);
    return values;
  }

  writes(changed: ReadonlyMap<string, Uint8Array | undefined>): Write[] {
    return Array.from(changed, ([key, value]) => ({ key: this.#prefix + key, value }));
  }
}
