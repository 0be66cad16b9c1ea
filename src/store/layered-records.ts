/** A client's base: records as they changed since its snapshot, over the segments that the snapshot came in. */
import type { Storage, Write } from "../../hal/storage.ts";
import type { HeldLists } from "./held-lists.ts";
import { compareStateKeys, type KeyRange } from "./keys.ts";
import type { Segments } from "./segments.ts";
import { entryValue } from "./records.ts";
import type { StateRecord, StateRecords, StateValue } from "./state-records.ts";
import { packStored, unpackStored } from "./terse-record.ts";

export class LayeredRecords implements StateRecords {
  readonly #storage: Storage;
  readonly #segments: Segments;

  constructor(storage: Storage, segments: Segments) {
    this.#storage = storage;
    this.#segments = segments;
  }

  get held(): HeldLists {
    return this.#segments.held;
  }

  async getMany(stateKeys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    // First what lies over the segments: a segment that is written anew meanwhile hides nothing that was read before.
    const over = await this.#storage.getMany(stateKeys.map((key) => this.#segments.prefix + key));
    const records = stateKeys.map((key, index) => {
      const stored = over[index];
      return stored === undefined ? undefined : shown(unpackStored(key, stored));
    });
    const below = stateKeys.flatMap((key, index) => (over[index] === undefined ? [{ key, index }] : []));
    // In key order each segment is read once, however many of its records are asked for.
    for (const { key, index } of below.sort((a, b) => compareStateKeys(a.key, b.key))) {
      // A view of the segment would keep all of it in memory for as long as somebody holds this one record.
      records[index] = (await this.#segments.holding(key))?.get(key)?.slice();
    }
    return records;
  }

  async *range(range: KeyRange): AsyncIterable<StateRecord> {
    const over = this.#over(range);
    try {
      let next = await over.next();
      for await (const below of this.#segments.range(range)) {
        let order = next.done === true ? 1 : compareStateKeys(next.value[0], below[0]);
        while (next.done !== true && order < 0) {
          if (next.value[1].length > 0) yield next.value;
          next = await over.next();
          order = next.done === true ? 1 : compareStateKeys(next.value[0], below[0]);
        }
        if (order > 0) yield below;
      }
      for (; next.done !== true; next = await over.next()) if (next.value[1].length > 0) yield next.value;
    } finally {
      await over.return(undefined);
    }
  }

  async values(range: KeyRange): Promise<StateValue[]> {
    // First what lies over the segments, as in getMany.
    const over = new Map<string, Uint8Array>();
    for await (const [key, record] of this.#over(range)) over.set(key, record);
    const below = await this.#segments.values(range);
    if (over.size === 0) return below;
    const values = below.filter(([key]) => !over.has(key));
    for (const [key, record] of over) if (record.length > 0) values.push([key, entryValue(record)]);
    return values.sort(([a], [b]) => compareStateKeys(a, b));
  }

  writes(changed: Iterable<readonly [stateKey: string, record: Uint8Array | undefined]>): Write[] {
    return [...changed].flatMap(([key, value]) =>
      value === undefined ? this.#segments.deletion(key) : [{ key: this.#segments.prefix + key, value: packStored(key, value) }],
    );
  }

  async *#over({ from, to }: KeyRange): AsyncGenerator<StateRecord> {
    const { prefix } = this.#segments;
    for await (const [key, stored] of this.#storage.range({ from: prefix + from, to: prefix + to })) {
      const stateKey = key.slice(prefix.length);
      yield [stateKey, unpackStored(stateKey, stored)];
    }
  }
}

/** A record without bytes hides one of a segment. */
const shown = (record: Uint8Array): Uint8Array | undefined => (record.length === 0 ? undefined : record);
