/** The machine's two stores as one: each item goes to the store that keeps it. */
import type { Unsubscribe } from "../../../hal/hal.ts";
import type { AppliedChange, ItemStore, LocalEdit, NotApplied } from "../../../hal/item-store.ts";
import type { Entry, EntryChange, EntryName } from "../../model/entry.ts";
import type { Owner } from "../../model/owner.ts";
import { type Position, samePosition } from "../../model/position.ts";
import { hasOwnOver, withOwnOver } from "./own-over.ts";

export class MachineStores {
  readonly #stores: readonly ItemStore[];
  /** Edits above these marks are not forgotten. */
  readonly #kept = new Set<{ readonly mark: number }>();

  constructor(stores: readonly ItemStore[]) {
    this.#stores = stores;
  }

  mark(): number {
    let newest = 0;
    for (const store of this.#stores) newest = Math.max(newest, store.mark());
    return newest;
  }

  /** Edits of all stores after a mark, in the order they were made. */
  async editsSince(mark: number): Promise<LocalEdit[]> {
    const edits = await Promise.all(this.#stores.map((store) => store.editsSince(mark)));
    return edits.flat().sort((a, b) => a.mark - b.mark);
  }

  async forgetEdits(mark: number): Promise<void> {
    const upTo = Math.min(mark, ...[...this.#kept].map((kept) => kept.mark));
    for (const store of this.#stores) await store.forgetEdits(upTo);
  }

  /** Whoever has to know what was edited after a mark, until the end that is given back is called. */
  keepEdits(mark: number): () => void {
    const kept = { mark };
    this.#kept.add(kept);
    return () => this.#kept.delete(kept);
  }

  /** How many stores have a part in these changes. */
  spanOf(changes: readonly EntryName[]): number {
    return this.#stores.filter((store) => changes.some(({ item }) => store.items.has(item))).length;
  }

  async owners(): Promise<Set<Owner>> {
    const owners = await Promise.all(this.#stores.map((store) => store.owners()));
    return new Set(owners.flat());
  }

  async read(owner: Owner): Promise<Entry[]> {
    const entries = await Promise.all(this.#stores.map((store) => store.read(owner)));
    return entries.flat();
  }

  /** Entries of an owner among which are all that it has of these items: only the stores that keep any of them are asked. */
  async readAmong(owner: Owner, items: ReadonlySet<string>): Promise<Entry[]> {
    const asked = this.#stores.filter((store) => [...items].some((item) => store.items.has(item)));
    const entries = await Promise.all(asked.map((store) => store.read(owner, items)));
    return entries.flat();
  }

  /**
   * Writes what belongs to each store. A store without a part in it keeps its older position, unless `isOfAll`: nothing that it
   * shows has changed between the two, so that what an edit has seen is the same.
   */
  async apply(
    changes: readonly AppliedChange[],
    position: Position | undefined,
    knownMark: number,
    isOfAll = false,
  ): Promise<NotApplied[]> {
    const isTold = (store: ItemStore) => isOfAll && position !== undefined && !samePosition(store.appliedPosition(), position);
    // All of them at once: stores that share a database may share a write.
    const notApplied = this.#stores.map(async (store) => {
      const own = changes.filter(({ item }) => store.items.has(item));
      return own.length > 0 || isTold(store) ? await store.apply(own, position, knownMark) : [];
    });
    return (await Promise.all(notApplied)).flat();
  }

  /** Whether a store shows another position. */
  areElsewhere(position: Position): boolean {
    return this.#stores.some((store) => !samePosition(store.appliedPosition(), position));
  }

  /** Brings the positions that `apply` left behind up to date. */
  async showPosition(position: Position, knownMark: number): Promise<void> {
    for (const store of this.#stores) {
      if (!samePosition(store.appliedPosition(), position)) await store.apply([], position, knownMark);
    }
  }

  /** Whether a store shows own edits that it does not know as such. */
  get haveOwnOver(): boolean {
    return this.#stores.some((store) => hasOwnOver(store.appliedPosition()));
  }

  /** Notes in each store that has shown anything that it is about to. */
  async noteOwnOver(knownMark: number): Promise<void> {
    for (const store of this.#stores) {
      const shown = store.appliedPosition();
      if (shown !== undefined) await store.apply([], withOwnOver(shown), knownMark);
    }
  }

  /** Whether every store shows a state of this journal at or before the position. */
  show(position: Position): boolean {
    return this.#stores.every((store) => {
      const shown = store.appliedPosition();
      return (
        shown !== undefined && shown.fleet === position.fleet && shown.epoch.id === position.epoch.id && shown.revision <= position.revision
      );
    });
  }

  /** The oldest position that a store shows, undefined when one shows none. */
  oldestShown(): Position | undefined {
    const shown = this.#stores.map((store) => store.appliedPosition());
    return shown.reduce((oldest, position) =>
      oldest === undefined || position === undefined ? undefined : position.revision < oldest.revision ? position : oldest,
    );
  }

  /** Each store takes its part whole or not at all; throws a SyncError for what does not fit, before the stores after it. */
  async edit(changes: readonly EntryChange[], by: string): Promise<void> {
    for (const store of this.#stores) {
      const own = changes.filter(({ item }) => store.items.has(item));
      if (own.length > 0) await store.edit(own, by);
    }
  }

  /** Whether this machine knows the item at all (M26). */
  keeps(item: string): boolean {
    return this.#stores.some((store) => store.items.has(item));
  }

  /** Told what a store drops for limits of its own: no edit, and no deletion (M27). */
  onEvicted(listener: (entries: readonly EntryName[]) => void): Unsubscribe {
    const ends = this.#stores.map((store) => store.onEvicted(listener));
    return () => {
      for (const end of ends) end();
    };
  }

  /** Told of edits when they are durable in their store. */
  onEdit(listener: (edits: readonly LocalEdit[]) => void): Unsubscribe {
    const ends = this.#stores.map((store) => store.onEdit(listener));
    return () => {
      for (const end of ends) end();
    };
  }
}
