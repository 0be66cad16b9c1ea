/** The bundles of a change of the simulated machine's store (item-batch.ts): those it begins, and those it takes something out of. */
import { must } from "../../src/model/assert.ts";
import type { EntryName } from "../../src/model/entry.ts";
import type { Owner } from "../../src/model/owner.ts";
import type { StoreName } from "../parts/item-rules.ts";
import type { Write } from "../storage.ts";
import {
  type Bundle,
  type Bundled,
  bundleOf,
  bundlesOf,
  decodeBundle,
  encodeBundle,
  type MadeBundle,
  nameIn,
  placeIn,
  placesIn,
} from "./entry-bundles.ts";
import { bundlePrefix, entriesPrefix, type Held, type Place } from "./machine-records.ts";

export interface StagedBundles {
  /** By storage key, as acts before this one leave them; undefined: it is gone. */
  readonly bundles: Map<string, Uint8Array | undefined>;
}

interface Parts {
  readonly store: StoreName;
  readonly staged: StagedBundles;
  /** What the owner had before this batch. */
  readonly held: (owner: Owner) => Held;
}

export class BatchBundles {
  readonly #parts: Parts;
  /** Entries of owners who had none. */
  readonly #new = new Map<Owner, Bundle>();
  /** What those come to, as far as it was asked for. */
  readonly #made = new Map<Owner, readonly MadeBundle[]>();
  /** By storage key: as they were read. */
  readonly #read = new Map<string, Uint8Array>();
  /** By storage key: those that something is taken out of. */
  readonly #changed = new Map<string, Bundle>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** What these owners get is kept together. */
  beginFor(owners: readonly Owner[]): void {
    for (const owner of owners) this.#new.set(owner, new Map());
  }

  /** What a new owner gets in this batch; undefined for any other. */
  newOf(owner: Owner): ReadonlyMap<string, Bundled> | undefined {
    return this.#new.get(owner);
  }

  /** `name`: as `nameIn` has it. */
  put(owner: Owner, name: string, entry: Bundled): void {
    this.#new.get(owner)?.set(name, entry);
    if (this.#made.size > 0) this.#made.delete(owner);
  }

  /** The storage key of the one bundle that an entry may be in. */
  bundleOf(name: EntryName): string | undefined {
    const { bundles } = this.#parts.held(name.owner);
    const first = bundles.length === 0 ? undefined : bundleOf(bundles, nameIn(name));
    return first === undefined ? undefined : bundlePrefix(this.#parts.store, name.owner) + first;
  }

  /** Whether a bundle need not be read, and given to `readAs`, before entries in it can be looked up or removed. */
  isKnown(at: string): boolean {
    return this.#read.has(at) || this.#changed.has(at) || this.#parts.staged.bundles.has(at);
  }

  /** The storage keys of those bundles of an owner that are not. */
  unreadOf(owner: Owner): string[] {
    return this.#keysOf(owner).filter((at) => !this.isKnown(at));
  }

  readAs(at: string, bytes: Uint8Array | undefined): void {
    if (bytes !== undefined) this.#read.set(at, bytes);
  }

  /** What was read is not needed any more: bundles are large, for the few entries in each that change. */
  forget(): void {
    this.#read.clear();
  }

  /** Where an entry stands, if that is in a bundle. `at`: as `bundleOf` has it. */
  placeOf(name: EntryName, at: string | undefined): Place | undefined {
    const place = at === undefined ? undefined : this.#placeAt(at, nameIn(name));
    return place === undefined ? undefined : bundled(place);
  }

  /** Where the entries of an owner's item stand that are in bundles, by storage key. */
  placesOf({ owner, item }: EntryName): Map<string, Place | undefined> {
    const prefix = entriesPrefix(this.#parts.store, owner);
    const places = new Map<string, Place | undefined>();
    for (const bundle of [...this.#keysOf(owner).map((at) => this.#placesAt(at)), this.#new.get(owner)])
      for (const [name, place] of bundle ?? []) if (name.startsWith(`${item}\0`)) places.set(prefix + name, bundled(place));
    return places;
  }

  /** Takes an entry out of the bundle that it is in, if it is in any. */
  remove(name: EntryName): void {
    this.#new.get(name.owner)?.delete(nameIn(name));
    this.#made.delete(name.owner);
    const at = this.bundleOf(name);
    if (at === undefined || this.#placeAt(at, nameIn(name)) === undefined) return;
    const bundle = this.#changed.get(at) ?? decodeBundle(must(this.#bytesAt(at), "a bundle is read first"));
    bundle.delete(nameIn(name));
    this.#changed.set(at, bundle);
  }

  /** The names of the owner's bundles after this batch. */
  firstsOf(owner: Owner): string[] {
    const prefix = bundlePrefix(this.#parts.store, owner);
    const left = this.#parts.held(owner).bundles.filter((first) => this.#changed.get(prefix + first)?.size !== 0);
    return [...left, ...this.#newOf(owner).map(({ first }) => first)];
  }

  writes(): Write[] {
    const changed = [...this.#changed].map(([key, bundle]) => ({
      key,
      value: bundle.size === 0 ? undefined : encodeBundle([...bundle.keys()], bundle),
    }));
    return [...changed, ...this.#allNew().map(([key, { bytes }]) => ({ key, value: bytes }))];
  }

  /** `writes`: its own. */
  stage(writes: readonly Write[]): void {
    for (const { key, value } of writes) this.#parts.staged.bundles.set(key, value);
  }

  /** With their storage keys. */
  #allNew(): (readonly [at: string, made: MadeBundle])[] {
    return [...this.#new.keys()].flatMap((owner) => {
      const prefix = bundlePrefix(this.#parts.store, owner);
      return this.#newOf(owner).map((made) => [prefix + made.first, made] as const);
    });
  }

  #newOf(owner: Owner): readonly MadeBundle[] {
    const made = this.#made.get(owner) ?? bundlesOf(this.#new.get(owner) ?? new Map());
    this.#made.set(owner, made);
    return made;
  }

  #keysOf(owner: Owner): string[] {
    const prefix = bundlePrefix(this.#parts.store, owner);
    return this.#parts.held(owner).bundles.map((first) => prefix + first);
  }

  /** As acts before this one leave it. */
  #bytesAt(at: string): Uint8Array | undefined {
    const { bundles } = this.#parts.staged;
    return bundles.has(at) ? bundles.get(at) : this.#read.get(at);
  }

  #placesAt(at: string): ReadonlyMap<string, Place> | undefined {
    const bytes = this.#bytesAt(at);
    return this.#changed.get(at) ?? (bytes === undefined ? undefined : placesIn(bytes));
  }

  #placeAt(at: string, name: string): Place | undefined {
    const changed = this.#changed.get(at);
    if (changed !== undefined) return changed.get(name);
    const bytes = this.#bytesAt(at);
    return bytes === undefined ? undefined : placeIn(bytes, name);
  }
}

const bundled = ({ order, shelf }: Place): Place => ({ order, shelf, isBundled: true });
