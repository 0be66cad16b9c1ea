/** A change of the simulated machine's store while it is put together: what to write, and how full the shelves get. */
import { must } from "../../src/model/assert.ts";
import type { EntryName } from "../../src/model/entry.ts";
import type { Owner } from "../../src/model/owner.ts";
import { isDeletion, shelfOf, type StoreName } from "../parts/item-rules.ts";
import type { AppliedChange } from "../item-store.ts";
import type { Storage, Write } from "../storage.ts";
import { BatchBundles, type StagedBundles } from "./batch-bundles.ts";
import { BUNDLED_MIN, type Bundled, nameIn } from "./entry-bundles.ts";
import * as records from "./machine-records.ts";

/** So many entries are looked up together: their bundles, of some kilobytes each, are in memory at a time. */
const LOADED_AT_ONCE = 64;

/** What each owner has. */
export type Holdings = Map<Owner, records.Held>;

interface Parts {
  readonly store: StoreName;
  readonly storage: Storage;
  readonly keyStore: records.KeyStore;
  readonly holdings: Holdings;
  /** What acts before this one come to that are not durable yet: it stands before what is in `storage` and `holdings`. */
  readonly staged: Staged;
  /** The newest order number so far. */
  readonly order: number;
}

interface Staged extends StagedBundles {
  readonly places: Map<string, records.Place | undefined>;
  readonly holdings: Holdings;
}

export class ItemBatch {
  readonly #parts: Parts;
  /** By storage key: where the entry stands after what was put so far, if it stands by itself or in no new bundle. */
  readonly #places = new Map<string, records.Place | undefined>();
  readonly #writes = new Map<string, Write>();
  readonly #bundles: BatchBundles;
  /** Of owners that this batch changes. */
  readonly #shelves = new Map<Owner, Map<string, number>>();
  /** Shelves that grew, by owner, each with an entry on it. */
  readonly #grown = new Map<Owner, Map<string, EntryName>>();
  #bundleWrites: readonly Write[] | undefined;
  #heldAfter: ReadonlyMap<Owner, records.Held> | undefined;
  order: number;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.order = parts.order;
    this.#bundles = new BatchBundles({ ...parts, held: (owner) => this.#heldBefore(owner) });
  }

  /** Takes changes over, later ones of an entry win. They must fit the store. */
  async put(changes: readonly AppliedChange[]): Promise<void> {
    this.#bundles.beginFor(this.#newOwners(changes));
    for (let at = 0; at < changes.length; at += LOADED_AT_ONCE) {
      const some = changes.slice(at, at + LOADED_AT_ONCE);
      if (some.some(({ owner }) => this.#bundles.newOf(owner) === undefined)) await this.#load(some);
      for (const change of some) {
        if (isDeletion(change)) this.#remove(change);
        else {
          const set = this.#set(change);
          if (set !== undefined) await set;
        }
      }
      this.#bundles.forget();
    }
  }

  /** Shelves of these changes that grew and hold more than `maxOf` allows. */
  overfull(maxOf: (shelf: string) => number): { readonly name: EntryName; readonly shelf: string; readonly over: number }[] {
    const full: { name: EntryName; shelf: string; over: number }[] = [];
    for (const [owner, shelves] of this.#grown)
      for (const [shelf, name] of shelves) {
        const over = (this.#shelvesOf(owner).get(shelf) ?? 0) - maxOf(shelf);
        if (over > 0) full.push({ name, shelf, over });
      }
    return full;
  }

  /** Drops the oldest entries of a shelf, and names them. */
  async dropOldest({ name, shelf, over }: { name: EntryName; shelf: string; over: number }): Promise<EntryName[]> {
    const { store, storage, staged } = this.#parts;
    const prefix = records.itemPrefix(store, name);
    const bundles = this.#bundles.unreadOf(name.owner);
    const found = await storage.getMany(bundles);
    for (const [index, at] of bundles.entries()) this.#bundles.readAs(at, found[index]);
    const places = this.#bundles.placesOf(name);
    for await (const [key, bytes] of storage.range(records.keysUnder(prefix))) places.set(key, records.decodePlace(bytes));
    for (const known of [staged.places, this.#places]) for (const [key, place] of known) if (key.startsWith(prefix)) places.set(key, place);
    const oldest = [...places]
      .flatMap(([key, place]) => (place?.shelf === shelf ? [{ key: key.slice(prefix.length), order: place.order }] : []))
      .sort((a, b) => a.order - b.order)
      .slice(0, over)
      .map(({ key }) => ({ owner: name.owner, item: name.item, key }));
    await this.#load(oldest);
    for (const entry of oldest) this.#remove(entry);
    return oldest;
  }

  /** What is to be written; `written` takes it over once it is. */
  writes(): Write[] {
    const owners = [...this.#held()].map(([owner, held]) => ({
      key: `${records.ownerPrefix(this.#parts.store)}${owner}`,
      value: held.shelves.size === 0 ? undefined : records.encodeHeld(held),
    }));
    return [...this.#writes.values(), ...this.#ofBundles(), ...owners];
  }

  /** From now on acts stand on this one. */
  stage(): void {
    const { places, holdings } = this.#parts.staged;
    for (const [key, place] of this.#places) places.set(key, place);
    this.#bundles.stage(this.#ofBundles());
    for (const [owner, held] of this.#held()) holdings.set(owner, held);
  }

  /** It is durable. */
  written(): void {
    for (const [owner, held] of this.#held()) {
      if (held.shelves.size === 0) this.#parts.holdings.delete(owner);
      else this.#parts.holdings.set(owner, held);
    }
  }

  #ofBundles(): readonly Write[] {
    this.#bundleWrites ??= this.#bundles.writes();
    return this.#bundleWrites;
  }

  /** Of the owners that it changes, once all is put. */
  #held(): ReadonlyMap<Owner, records.Held> {
    this.#heldAfter ??= new Map([...this.#shelves].map(([owner, shelves]) => [owner, { shelves, bundles: this.#bundles.firstsOf(owner) }]));
    return this.#heldAfter;
  }

  #heldBefore(owner: Owner): records.Held {
    const { holdings, staged } = this.#parts;
    return staged.holdings.get(owner) ?? holdings.get(owner) ?? records.NOTHING_HELD;
  }

  /** Owners without any entry that get enough of them now to be kept together. */
  #newOwners(changes: readonly AppliedChange[]): Owner[] {
    const counts = new Map<Owner, number>();
    for (const change of changes) if (!isDeletion(change)) counts.set(change.owner, (counts.get(change.owner) ?? 0) + 1);
    return [...counts].flatMap(([owner, count]) => (count >= BUNDLED_MIN && this.#shelvesOf(owner).size === 0 ? [owner] : []));
  }

  /** Finds out where entries stand, and what they have to be taken out of. */
  async #load(names: readonly EntryName[]): Promise<void> {
    const { staged, storage, store } = this.#parts;
    const missing = new Map<string, EntryName>();
    const bundled: EntryName[] = [];
    for (const name of names) {
      if (this.#bundles.newOf(name.owner) !== undefined) continue;
      const key = records.entryKey(store, name);
      if (!this.#places.has(key)) {
        if (staged.places.has(key)) this.#places.set(key, staged.places.get(key));
        // Who has nothing has none of it.
        else if (this.#heldBefore(name.owner).shelves.size === 0) this.#places.set(key, undefined);
        else missing.set(key, name);
      }
      if (missing.has(key) || this.#places.get(key)?.isBundled === true) bundled.push(name);
    }
    const bundles = this.#bundles.unread(bundled);
    if (missing.size + bundles.length === 0) return;
    const found = await storage.getMany([...missing.keys(), ...bundles]);
    for (const [index, at] of bundles.entries()) this.#bundles.readAs(at, found[missing.size + index]);
    for (const [index, [key, name]] of [...missing].entries()) {
      const bytes = found[index];
      this.#places.set(key, bytes === undefined ? this.#bundles.placeOf(name) : records.decodePlace(bytes));
    }
  }

  #remove(name: EntryName): void {
    const key = records.entryKey(this.#parts.store, name);
    const fresh = this.#bundles.newOf(name.owner);
    const place = fresh === undefined ? this.#places.get(key) : fresh.get(nameIn(name));
    if (place === undefined) return;
    this.#count(name.owner, place.shelf, -1);
    this.#bundles.remove(name);
    if (fresh !== undefined) return;
    this.#places.set(key, undefined);
    if (place.isBundled !== true) this.#writes.set(key, { key, value: undefined });
  }

  /** At once, or when a secret is sealed; others wait for it then. */
  #set(entry: AppliedChange): undefined | Promise<void> {
    this.order += 1;
    const { order } = this;
    const kept = records.keptOf(this.#parts.keyStore, entry);
    if (kept instanceof Promise) return kept.then((sealed) => this.#place(entry, { order, shelf: shelfOf(entry), kept: sealed }));
    return this.#place(entry, { order, shelf: shelfOf(entry), kept });
  }

  #place(entry: EntryName, set: Bundled): undefined {
    const fresh = this.#bundles.newOf(entry.owner);
    if (fresh !== undefined) {
      const name = nameIn(entry);
      this.#move(entry, fresh.get(name), set.shelf);
      this.#bundles.put(entry.owner, name, set);
      return;
    }
    const key = records.entryKey(this.#parts.store, entry);
    const { order, shelf } = set;
    this.#move(entry, this.#places.get(key), shelf);
    this.#places.set(key, { order, shelf });
    this.#writes.set(key, { key, value: records.encodeEntry(set.kept, set) });
  }

  /** From one shelf to another. */
  #move(name: EntryName, before: records.Place | undefined, shelf: string): void {
    if (before?.shelf === shelf) return;
    if (before !== undefined) this.#count(name.owner, before.shelf, -1);
    this.#count(name.owner, shelf, +1);
    const grown = this.#grown.get(name.owner);
    if (grown === undefined) this.#grown.set(name.owner, new Map([[shelf, name]]));
    else if (!grown.has(shelf)) grown.set(shelf, name);
  }

  #shelvesOf(owner: Owner): ReadonlyMap<string, number> {
    return this.#shelves.get(owner) ?? this.#heldBefore(owner).shelves;
  }

  #count(owner: Owner, shelf: string, by: 1 | -1): void {
    let shelves = this.#shelves.get(owner);
    if (shelves === undefined) {
      shelves = new Map(this.#heldBefore(owner).shelves);
      this.#shelves.set(owner, shelves);
    }
    const count = (shelves.get(shelf) ?? 0) + by;
    must(count < 0 ? undefined : count, "a shelf holds no fewer than nothing");
    if (count === 0) shelves.delete(shelf);
    else shelves.set(shelf, count);
  }
}
