/** A client's base: records as they changed since its snapshot, over the segments that the snapshot came in. */
import type { Storage, Write } from "../../hal/storage.ts";
import type { HeldLists } from "./held-lists.ts";
import { ALL_ENTRIES, compareStateKeys, type KeyRange } from "./keys.ts";
import type { Segments } from "./segments.ts";
import { entryValue } from "./records.ts";
import { type StateRecord, type StateRecords, type LazyValue, valueAtHand } from "./state-records.ts";
import { StoredPacker, unpackStored } from "./terse-record.ts";

export class LayeredRecords implements StateRecords {
  readonly #storage: Storage;
  readonly #segments: Segments;
  /** Of who reads in order: between these keys nothing lies over the segments. */
  #bare: KeyRange | undefined;

  /** `inOrder`: all that is read is told, range after range, while nothing is written. */
  constructor(storage: Storage, segments: Segments, { inOrder = false } = {}) {
    this.#storage = storage;
    this.#segments = segments;
    this.#bare = inOrder ? { from: "", to: "" } : undefined;
  }

  get held(): HeldLists {
    return this.#segments.held;
  }

  async getMany(stateKeys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    // First what lies over the segments: a segment that is written anew meanwhile hides nothing that was read before.
    const over = await this.#stored(stateKeys);
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

  async lazyValues(range: KeyRange): Promise<LazyValue[]> {
    // First what lies over the segments, as in getMany.
    const over = await this.#overOf(range);
    const below = await this.#segments.lazyValues(range);
    if (over.size === 0) return below;
    const found = below.filter(({ stateKey }) => !over.has(stateKey));
    for (const [stateKey, record] of over) {
      const value = record.length > 0 ? entryValue(record) : undefined;
      if (value !== undefined) found.push(valueAtHand(stateKey, value));
    }
    return found.sort((a, b) => compareStateKeys(a.stateKey, b.stateKey));
  }

  writes(changed: ReadonlyMap<string, Uint8Array | undefined>): Write[] {
    // `forEach`, which leaves no garbage for each of them, as going through by an iterator does.
    let bytes = 0;
    changed.forEach((record) => {
      bytes += record?.length ?? 0;
    });
    const packer = new StoredPacker(bytes);
    const writes: Write[] = [];
    changed.forEach((record, key) => {
      if (record === undefined) writes.push(...this.#segments.deletion(key));
      else writes.push({ key: this.#segments.prefix + key, value: packer.pack(key, record) });
    });
    return writes;
  }

  async #overOf(range: KeyRange): Promise<Map<string, Uint8Array>> {
    const over = new Map<string, Uint8Array>();
    if (this.#isBare(range)) return over;
    // Whoever reads owner after owner looks on to what comes next: over a new base nothing lies anywhere, and is looked for once.
    const end = this.#bare === undefined ? range.to : ALL_ENTRIES.to;
    let next = end;
    for await (const [key, record] of this.#over({ from: range.from, to: end })) {
      next = key;
      if (compareStateKeys(key, range.to) >= 0) break;
      over.set(key, record);
    }
    if (this.#bare !== undefined) this.#bare = { from: range.to, to: next };
    return over;
  }

  #isBare({ from, to }: KeyRange): boolean {
    return this.#bare !== undefined && compareStateKeys(this.#bare.from, from) <= 0 && compareStateKeys(to, this.#bare.to) <= 0;
  }

  async *#over({ from, to }: KeyRange): AsyncGenerator<StateRecord> {
    const { prefix, isDamaged } = this.#segments;
    const range = { from: prefix + from, to: prefix + to };
    let isUnpacking = false;
    try {
      for await (const [key, stored] of isDamaged ? this.#readable(range) : this.#storage.range(range)) {
        isUnpacking = true;
        const stateKey = key.slice(prefix.length);
        const record = unpackStored(stateKey, stored);
        isUnpacking = false;
        yield [stateKey, record];
      }
    } catch (error) {
      // What was stored so is not fetched anew: it would be stored so again.
      if (!isUnpacking) this.#segments.passesOver(error);
      throw error;
    }
  }

  async #stored(stateKeys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    const keys = stateKeys.map((key) => this.#segments.prefix + key);
    try {
      return await this.#storage.getMany(keys);
    } catch (error) {
      if (!this.#segments.passesOver(error)) throw error;
      return await Promise.all(keys.map((key) => this.#unlessDamaged(key)));
    }
  }

  /** Of a base that is known to be damaged: what can be read. */
  async *#readable(range: KeyRange): AsyncIterable<StateRecord> {
    for await (const [key] of this.#storage.range({ ...range, keysOnly: true })) {
      const stored = await this.#unlessDamaged(key);
      if (stored !== undefined) yield [key, stored];
    }
  }

  async #unlessDamaged(key: string): Promise<Uint8Array | undefined> {
    try {
      return await this.#storage.get(key);
    } catch (error) {
      if (!this.#segments.passesOver(error)) throw error;
      return undefined;
    }
  }
}

/** A record without bytes hides one of a segment. */
const shown = (record: Uint8Array): Uint8Array | undefined => (record.length === 0 ? undefined : record);
