/** A change of the simulated machine's store while it is put together: what to write, and how full the shelves get. */
import { must } from "../../src/model/assert.ts";
import type { EntryName } from "../../src/model/entry.ts";
import type { Owner } from "../../src/model/owner.ts";
import { isDeletion, shelfOf, type StoreName } from "../parts/item-rules.ts";
import type { AppliedChange } from "../item-store.ts";
import type { Storage, Write } from "../storage.ts";
import { BatchBundles, type StagedBundles } from "./batch-bundles.ts";
import { BUNDLED_MIN, type Bundled, nameIn } from "./entry-bundles.ts";
import type { KeptHoldings } from "./kept-holdings.ts";
import * as records from "./machine-records.ts";
import { ShelfCounts } from "./shelf-counts.ts";

/** So many entries are looked up together: their bundles, of some kilobytes each, are in memory at a time. */
const LOADED_AT_ONCE = 64;

/** What each of some owners has. */
export type Holdings = Map<Owner, records.Held>;

interface Parts {
  readonly store: StoreName;
  readonly storage: Storage;
  readonly keyStore: records.KeyStore;
  readonly holdings: KeptHoldings;
  /** What acts before this one come to that are not durable yet: it stands before what is in `storage` and `holdings`. */
  readonly staged: Staged;
  /** The newest order number so far. */
  readonly order: number;
}

interface Staged extends StagedBundles {
  readonly places: Map<string, records.Place | undefined>;
  readonly holdings: Holdings;
}

/** An entry of which it is not known where it stands. */
interface Sought {
  readonly name: EntryName;
  readonly key: string;
  /** The storage key of the one bundle that it may be in. */
  readonly at: string | undefined;
}

export class ItemBatch {
  readonly #parts: Parts;
  /** By storage key: where the entry stands after what was put so far, if it stands by itself or in no new bundle. */
  readonly #places = new Map<string, records.Place | undefined>();
  readonly #writes = new Map<string, Write>();
  readonly #bundles: BatchBundles;
  readonly #shelves: ShelfCounts;
  #bundleWrites: readonly Write[] | undefined;
  /** As the owners that were asked for stood before it. */
  readonly #before: Holdings = new Map();
  #heldAfter: ReadonlyMap<Owner, records.Held> | undefined;
  #textsAfter: ReadonlyMap<Owner, string | undefined> | undefined;
  order: number;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.order = parts.order;
    this.#shelves = new ShelfCounts((owner) => this.#heldBefore(owner).shelves);
    this.#bundles = new BatchBundles({ ...parts, held: (owner) => this.#heldBefore(owner) });
  }

  /** Takes changes over, later ones of an entry win. They must fit the store. */
  async put(changes: readonly AppliedChange[]): Promise<void> {
    if (changes.length >= BUNDLED_MIN) this.#bundles.beginFor(this.#newOwners(changes));
    for (let from = 0; from < changes.length; from += LOADED_AT_ONCE) {
      const some = changes.slice(from, from + LOADED_AT_ONCE);
      const keys = this.#keysOf(some);
      const loading = this.#load(some, keys);
      if (loading !== undefined) await loading;
      // Loops are counted, here and elsewhere on this path: iterators would leave garbage for each entry of each edit.
      for (let index = 0; index < some.length; index += 1) {
        const change = must(some[index], "a change");
        const key = must(keys[index], "its key");
        const set = isDeletion(change) ? this.#remove(change, key) : this.#set(change, key);
        if (set !== undefined) await set;
      }
      this.#bundles.forget();
    }
  }

  /** Shelves that grew by it, and hold more than `maxOf` allows. */
  overfull(maxOf: (shelf: string) => number): ReturnType<ShelfCounts["overfull"]> {
    return this.#shelves.overfull(maxOf);
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
    const keys = this.#keysOf(oldest);
    await this.#load(oldest, keys);
    for (const [index, entry] of oldest.entries()) this.#remove(entry, must(keys[index], "its key"));
    return oldest;
  }

  /** What is to be written; `written` takes it over once it is. */
  writes(): Write[] {
    const owners = [...this.#texts()].map(([owner, text]) => ({
      key: `${records.ownerPrefix(this.#parts.store)}${owner}`,
      value: text === undefined ? undefined : Buffer.from(text),
    }));
    return [...this.#writes.values(), ...this.#ofBundles(), ...owners];
  }

  /** From now on acts stand on this one. */
  stage(): void {
    const { places, holdings } = this.#parts.staged;
    this.#places.forEach((place, key) => {
      places.set(key, place);
    });
    this.#bundles.stage(this.#ofBundles());
    for (const [owner, held] of this.#held()) holdings.set(owner, held);
  }

  /** It is durable. */
  written(): void {
    for (const [owner, text] of this.#texts()) this.#parts.holdings.set(owner, text);
  }

  #ofBundles(): readonly Write[] {
    this.#bundleWrites ??= this.#bundles.writes();
    return this.#bundleWrites;
  }

  /** Of the owners that it changes, once all is put. */
  #held(): ReadonlyMap<Owner, records.Held> {
    this.#heldAfter ??= new Map(
      [...this.#shelves.changed].map(([owner, shelves]) => [owner, { shelves, bundles: this.#bundles.firstsOf(owner) }]),
    );
    return this.#heldAfter;
  }

  /** The same as it is written; undefined for those that have nothing any more. */
  #texts(): ReadonlyMap<Owner, string | undefined> {
    this.#textsAfter ??= new Map(
      [...this.#held()].map(([owner, held]) => [owner, held.shelves.size === 0 ? undefined : records.textOfHeld(held)]),
    );
    return this.#textsAfter;
  }

  #heldBefore(owner: Owner): records.Held {
    const { holdings, staged } = this.#parts;
    const held = this.#before.get(owner) ?? staged.holdings.get(owner) ?? holdings.get(owner) ?? records.NOTHING_HELD;
    this.#before.set(owner, held);
    return held;
  }

  /** Owners without any entry that get enough of them now to be kept together. */
  #newOwners(changes: readonly AppliedChange[]): Owner[] {
    const counts = new Map<Owner, number>();
    for (let index = 0; index < changes.length; index += 1) {
      const change = must(changes[index], "a change");
      if (!isDeletion(change)) counts.set(change.owner, (counts.get(change.owner) ?? 0) + 1);
    }
    return [...counts].flatMap(([owner, count]) => (count >= BUNDLED_MIN && this.#shelves.of(owner).size === 0 ? [owner] : []));
  }

  /** Their storage keys; "" for those of a new owner, who get no records of their own. */
  #keysOf(names: readonly EntryName[]): string[] {
    return names.map((name) => (this.#bundles.newOf(name.owner) === undefined ? records.entryKey(this.#parts.store, name) : ""));
  }

  /** Finds out where entries stand, and what they have to be taken out of; a promise where something has to be read. `keys`: theirs. */
  #load(names: readonly EntryName[], keys: readonly string[]): undefined | Promise<void> {
    const sought: Sought[] = [];
    const bundles = new Set<string>();
    for (let index = 0; index < names.length; index += 1) {
      const name = must(names[index], "a name");
      const key = must(keys[index], "its key");
      if (this.#bundles.newOf(name.owner) !== undefined) continue;
      const isPlaced = this.#isPlaced(name, key);
      if (isPlaced && this.#places.get(key)?.isBundled !== true) continue;
      const at = this.#bundles.bundleOf(name);
      if (!isPlaced) sought.push({ name, key, at });
      if (at !== undefined && !this.#bundles.isKnown(at)) bundles.add(at);
    }
    return sought.length + bundles.size === 0 ? undefined : this.#read(sought, [...bundles]);
  }

  /** Whether it is known where an entry stands. */
  #isPlaced(name: EntryName, key: string): boolean {
    const { staged } = this.#parts;
    if (this.#places.has(key)) return true;
    if (staged.places.has(key)) this.#places.set(key, staged.places.get(key));
    // Who has nothing has none of it.
    else if (this.#heldBefore(name.owner).shelves.size === 0) this.#places.set(key, undefined);
    else return false;
    return true;
  }

  async #read(sought: readonly Sought[], bundles: readonly string[]): Promise<void> {
    const found = await this.#parts.storage.getMany([...sought.map(({ key }) => key), ...bundles]);
    for (let index = 0; index < bundles.length; index += 1)
      this.#bundles.readAs(must(bundles[index], "a bundle's key"), found[sought.length + index]);
    for (let index = 0; index < sought.length; index += 1) {
      const { name, key, at } = must(sought[index], "an entry that is sought");
      const bytes = found[index];
      this.#places.set(key, bytes === undefined ? this.#bundles.placeOf(name, at) : records.decodePlace(bytes));
    }
  }

  #remove(name: EntryName, key: string): undefined {
    const fresh = this.#bundles.newOf(name.owner);
    const place = fresh === undefined ? this.#places.get(key) : fresh.get(nameIn(name));
    if (place === undefined) return;
    this.#shelves.remove(name.owner, place.shelf);
    this.#bundles.remove(name);
    if (fresh !== undefined) return;
    this.#places.set(key, undefined);
    if (place.isBundled !== true) this.#writes.set(key, { key, value: undefined });
  }

  /** At once, or when a secret is sealed; others wait for it then. */
  #set(entry: AppliedChange, key: string): undefined | Promise<void> {
    this.order += 1;
    const { order } = this;
    const kept = records.keptOf(this.#parts.keyStore, entry);
    if (kept instanceof Promise) return kept.then((sealed) => this.#place(entry, key, { order, shelf: shelfOf(entry), kept: sealed }));
    return this.#place(entry, key, { order, shelf: shelfOf(entry), kept });
  }

  #place(entry: EntryName, key: string, set: Bundled): undefined {
    const fresh = this.#bundles.newOf(entry.owner);
    if (fresh !== undefined) {
      const name = nameIn(entry);
      this.#shelves.move(entry, fresh.get(name), set.shelf);
      this.#bundles.put(entry.owner, name, set);
      return;
    }
    const { order, shelf } = set;
    this.#shelves.move(entry, this.#places.get(key), shelf);
    this.#places.set(key, { order, shelf });
    this.#writes.set(key, { key, value: records.encodeEntry(set.kept, set) });
  }
}
