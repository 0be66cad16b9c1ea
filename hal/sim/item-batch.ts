/** A change of the simulated machine's store while it is put together: what to write, and how full the shelves get. */
import { must } from "../../src/model/assert.ts";
import type { Entry, EntryChange, EntryName } from "../../src/model/entry.ts";
import type { Owner } from "../../src/model/owner.ts";
import { shelfOf, type StoreName } from "../parts/item-rules.ts";
import type { Storage, Write } from "../storage.ts";
import {
  type KeyStore,
  decodeEntryPlace,
  encodeCounts,
  encodeEntry,
  entryKey,
  itemPrefix,
  keysUnder,
  ownerPrefix,
} from "./machine-records.ts";

/** Entries on each shelf, by owner. */
export type Counts = Map<Owner, ReadonlyMap<string, number>>;

export interface Place {
  readonly order: number;
  readonly shelf: string;
}

interface Parts {
  readonly store: StoreName;
  readonly storage: Storage;
  readonly keyStore: KeyStore;
  readonly counts: Counts;
  /** What acts before this one come to that are not durable yet: it stands before what is in `storage` and `counts`. */
  readonly staged: Staged;
  /** The newest order number so far. */
  readonly order: number;
}

interface Staged {
  readonly places: Map<string, Place | undefined>;
  readonly counts: Counts;
}

export class ItemBatch {
  readonly #parts: Parts;
  /** By storage key: where the entry stands after what was put so far. */
  readonly #places = new Map<string, Place | undefined>();
  readonly #writes = new Map<string, Write>();
  readonly #counts: Counts = new Map();
  /** Shelves that grew, each with an entry on it. */
  readonly #grown = new Map<string, { readonly name: EntryName; readonly shelf: string }>();
  order: number;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.order = parts.order;
  }

  /** Takes changes over, later ones of an entry win. They must fit the store. */
  async put(changes: readonly EntryChange[]): Promise<void> {
    await this.#load(changes);
    for (const { value, ...name } of changes) {
      if (value === undefined) this.#remove(name);
      else {
        const set = this.#set({ ...name, value });
        if (set !== undefined) await set;
      }
    }
  }

  /** Shelves of these changes that grew and hold more than `maxOf` allows. */
  overfull(maxOf: (shelf: string) => number): { readonly name: EntryName; readonly shelf: string; readonly over: number }[] {
    return [...this.#grown.values()].flatMap(({ name, shelf }) => {
      const over = (this.#countsOf(name.owner).get(shelf) ?? 0) - maxOf(shelf);
      return over > 0 ? [{ name, shelf, over }] : [];
    });
  }

  /** Drops the oldest entries of a shelf, and names them. */
  async dropOldest({ name, shelf, over }: { name: EntryName; shelf: string; over: number }): Promise<EntryName[]> {
    const prefix = itemPrefix(this.#parts.store, name);
    const places = new Map<string, Place | undefined>();
    for await (const [key, bytes] of this.#parts.storage.range(keysUnder(prefix))) places.set(key, decodeEntryPlace(bytes));
    for (const known of [this.#parts.staged.places, this.#places])
      for (const [key, place] of known) if (key.startsWith(prefix)) places.set(key, place);
    const oldest = [...places]
      .flatMap(([key, place]) => (place?.shelf === shelf ? [{ key: key.slice(prefix.length), order: place.order }] : []))
      .sort((a, b) => a.order - b.order)
      .slice(0, over)
      .map(({ key }) => ({ owner: name.owner, item: name.item, key }));
    await this.#load(oldest);
    for (const entry of oldest) this.#remove(entry);
    return oldest;
  }

  /** What is to be written; `counts` takes it over once it is. */
  writes(): Write[] {
    const counts = [...this.#counts].map(([owner, shelves]) => ({
      key: `${ownerPrefix(this.#parts.store)}${owner}`,
      value: shelves.size === 0 ? undefined : encodeCounts(shelves),
    }));
    return [...this.#writes.values(), ...counts];
  }

  /** From now on acts stand on this one. */
  stage(): void {
    const { places, counts } = this.#parts.staged;
    for (const [key, place] of this.#places) places.set(key, place);
    for (const [owner, shelves] of this.#counts) counts.set(owner, shelves);
  }

  /** It is durable. */
  written(): void {
    for (const [owner, shelves] of this.#counts) {
      if (shelves.size === 0) this.#parts.counts.delete(owner);
      else this.#parts.counts.set(owner, shelves);
    }
  }

  async #load(names: readonly EntryName[]): Promise<void> {
    const { places } = this.#parts.staged;
    const keys: string[] = [];
    for (const key of new Set(names.map((name) => entryKey(this.#parts.store, name)))) {
      if (this.#places.has(key)) continue;
      if (places.has(key)) this.#places.set(key, places.get(key));
      else keys.push(key);
    }
    if (keys.length === 0) return;
    const found = await this.#parts.storage.getMany(keys);
    for (const [index, key] of keys.entries()) {
      const bytes = found[index];
      this.#places.set(key, bytes === undefined ? undefined : decodeEntryPlace(bytes));
    }
  }

  #remove(name: EntryName): void {
    const key = entryKey(this.#parts.store, name);
    const place = this.#places.get(key);
    if (place === undefined) return;
    this.#count(name.owner, place.shelf, -1);
    this.#places.set(key, undefined);
    this.#writes.set(key, { key, value: undefined });
  }

  /** At once, or when a secret is sealed; others wait for it then. */
  #set(entry: Entry): undefined | Promise<void> {
    this.order += 1;
    const place = { order: this.order, shelf: shelfOf(entry.item, entry.value) };
    const value = encodeEntry(this.#parts.keyStore, entry, place);
    if (value instanceof Uint8Array) return this.#put(entry, place, value);
    return value.then((sealed) => this.#put(entry, place, sealed));
  }

  #put(entry: Entry, place: Place, value: Uint8Array): undefined {
    const key = entryKey(this.#parts.store, entry);
    const before = this.#places.get(key);
    if (before?.shelf !== place.shelf) {
      if (before !== undefined) this.#count(entry.owner, before.shelf, -1);
      this.#count(entry.owner, place.shelf, +1);
      this.#grown.set(`${entry.owner}\0${place.shelf}`, { name: entry, shelf: place.shelf });
    }
    this.#places.set(key, place);
    this.#writes.set(key, { key, value });
  }

  #countsOf(owner: Owner): ReadonlyMap<string, number> {
    const { counts, staged } = this.#parts;
    return this.#counts.get(owner) ?? staged.counts.get(owner) ?? counts.get(owner) ?? new Map();
  }

  #count(owner: Owner, shelf: string, by: 1 | -1): void {
    const shelves = new Map(this.#countsOf(owner));
    const count = (shelves.get(shelf) ?? 0) + by;
    must(count < 0 ? undefined : count, "a shelf holds no fewer than nothing");
    if (count === 0) shelves.delete(shelf);
    else shelves.set(shelf, count);
    this.#counts.set(owner, shelves);
  }
}
