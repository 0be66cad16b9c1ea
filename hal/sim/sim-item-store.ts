/**
 * One of the simulated machine's item stores (sim-item-stores.ts). Each act is in one write, whatever its size, together
 * with what else was waiting for that write.
 */
import { must } from "../../src/model/assert.ts";
import { type Entry, type EntryChange, type EntryName, entryText } from "../../src/model/entry.ts";
import type { Owner, OwnerKind } from "../../src/model/owner.ts";
import type { Position } from "../../src/model/position.ts";
import type { Clock } from "../clock.ts";
import type { Unsubscribe } from "../hal.ts";
import type { AppliedChange, ItemStore, LocalEdit, NotApplied } from "../item-store.ts";
import { changeFault, isDeletion, itemsHeldIn, sealFault, shelfMax, type StoreName } from "../parts/item-rules.ts";
import { Listeners } from "../parts/listeners.ts";
import { compareKeys } from "../parts/storage-rules.ts";
import { copyOfChange } from "../parts/value-copy.ts";
import type { Storage, Write } from "../storage.ts";
import type { ActGroups } from "./act-groups.ts";
import { ItemBatch } from "./item-batch.ts";
import { KeptHoldings } from "./kept-holdings.ts";
import * as records from "./machine-records.ts";
import { madeChanges, refused } from "./made-changes.ts";
import { entriesAmong, entriesOf } from "./owner-entries.ts";
import type { SimItemKnobs } from "./sim-item-knobs.ts";
import type { Stage } from "./stage.ts";

export interface SimItemStoreParts {
  /** The printer's own database. */
  readonly storage: Storage;
  readonly clock: Clock;
  /** Seals the values of secret items at rest. */
  readonly keyStore: records.KeyStore;
}

/** What both stores share. */
export interface Shared extends SimItemStoreParts {
  readonly acts: ActGroups;
  readonly knobs: SimItemKnobs;
  state: records.KeptState;
}

export class SimItemStore implements ItemStore {
  readonly items: ReadonlySet<string>;
  readonly #name: StoreName;
  readonly #shared: Shared;
  readonly #edits = new Listeners<readonly LocalEdit[]>();
  readonly #evictions = new Listeners<readonly EntryName[]>();
  readonly #applied = new Listeners<readonly EntryName[]>();
  readonly #holdings = new KeptHoldings();
  /** Marks of the edits that are kept, rising, and by entry the newest of them. */
  #marks: number[] = [];
  readonly #newest = new Map<string, number>();
  #position: Position | undefined;
  #opened = 0;

  constructor(name: StoreName, shared: Shared) {
    this.#name = name;
    this.#shared = shared;
    this.items = itemsHeldIn(name);
  }

  async open(): Promise<void> {
    const { storage } = this.#shared;
    const position = await storage.get(records.positionKey(this.#name));
    this.#position = position === undefined ? undefined : records.decodePosition(position);
    this.#opened += 1;
    this.#marks = [];
    for (const known of [this.#holdings, this.#newest]) known.clear();
    const prefix = records.ownerPrefix(this.#name);
    for await (const [key, bytes] of storage.range(records.keysUnder(prefix))) {
      // The provider itself wrote the owner there.
      this.#holdings.set(key.slice(prefix.length) as Owner, records.textOf(bytes));
    }
    for await (const [key, bytes] of storage.range(records.keysUnder(records.editPrefix(this.#name)))) {
      this.#remember(records.decodeEditName(bytes), records.markOf(key));
    }
  }

  async owners(): Promise<readonly Owner[]> {
    return this.#holdings.owners().sort(compareKeys);
  }

  async read(owner: Owner, among?: ReadonlySet<string>): Promise<readonly Entry[]> {
    const parts = { ...this.#shared, store: this.#name, owner };
    const items = among === undefined ? undefined : [...among].filter((item) => this.items.has(item));
    const isBundled = () => (this.#holdings.get(owner)?.bundles.length ?? 0) > 0;
    return await this.#shared.acts.reading(() => (items === undefined ? entriesOf(parts) : entriesAmong(parts, items, isBundled())));
  }

  async edit(changes: readonly EntryChange[], by: string): Promise<readonly number[]> {
    const copy = madeChanges(this.#name, changes);
    if (changes.length === 0) return [];
    const { acts, clock } = this.#shared;
    // Of this moment: what is being applied while the edit waits for its turn is not what its author has before them.
    const made = { seen: this.#position, madeAtMs: clock.monotonicMs(), boot: clock.boot, by };
    return await acts.run(copy.length, (stage) => this.#prepareEdit(stage, copy, made));
  }

  async #prepareEdit(
    stage: Stage,
    changes: readonly AppliedChange[],
    made: Omit<LocalEdit, keyof EntryChange | "mark">,
  ): Promise<() => readonly number[]> {
    const batch = this.#batch(stage);
    await batch.put(changes);
    const evicted = await this.#makeRoom(batch);
    const first = stage.state.mark + 1;
    const edits = changes.map(({ owner, item, key, value }, at): LocalEdit => ({ owner, item, key, value, ...made, mark: first + at }));
    const kept: Write[] = [];
    for (let index = 0; index < edits.length; index += 1) {
      const edit = must(edits[index], "an edit of the act");
      const bytes = records.encodeEdit(this.#shared.keyStore, edit, changes[index]?.text);
      kept.push({ key: records.editKey(this.#name, edit.mark), value: bytes instanceof Promise ? await bytes : bytes });
    }
    const takeOver = this.#stage(stage, batch, kept, stage.state.mark + edits.length);
    const staged = stage.store(this.#name);
    for (const edit of edits) {
      staged.marks.push(edit.mark);
      staged.newest.set(entryText(edit), edit.mark);
    }
    return () => {
      takeOver();
      for (const edit of edits) this.#remember(edit, edit.mark);
      this.#edits.tell(edits);
      if (evicted.length > 0) this.#evictions.tell(evicted);
      return edits.map(({ mark }) => mark);
    };
  }

  /** A person meets the limits of the lists; only the timeline makes room by itself, for the eleventh the oldest goes. */
  async #makeRoom(batch: ItemBatch): Promise<EntryName[]> {
    const evicted: EntryName[] = [];
    for (const full of batch.overfull(shelfMax)) {
      if (full.shelf !== "timeline") throw refused(full.name, `the list is full, it takes ${shelfMax(full.shelf)} entries`);
      evicted.push(...(await batch.dropOldest(full)));
    }
    return evicted;
  }

  onEdit(listener: (edits: readonly LocalEdit[]) => void): Unsubscribe {
    return this.#edits.add(listener);
  }

  mark(): number {
    return this.#shared.state.mark;
  }

  async editsSince(mark: number): Promise<readonly LocalEdit[]> {
    const { storage, keyStore } = this.#shared;
    const edits: LocalEdit[] = [];
    const { to } = records.keysUnder(records.editPrefix(this.#name));
    for await (const [key, bytes] of storage.range({ from: records.editKey(this.#name, mark + 1), to })) {
      const edit = await records.ifOpened(records.decodeEdit(keyStore, { key, bytes }));
      if (edit !== undefined) edits.push(edit);
    }
    return edits;
  }

  forgetEdits(mark: number): Promise<void> {
    return this.#shared.acts.run(0, async (stage) => {
      const isForgotten = (kept: number): boolean => kept <= mark;
      const staged = stage.store(this.#name);
      const forgotten = [...this.#marks, ...staged.marks].filter(isForgotten);
      const gone = forgotten.map((kept) => ({ key: records.editKey(this.#name, kept), value: undefined }));
      stage.add(gone, stage.state);
      staged.forgotten = Math.max(staged.forgotten, mark);
      return () => {
        this.#marks = this.#marks.filter((kept) => !isForgotten(kept));
        for (const [entry, newest] of this.#newest) if (isForgotten(newest)) this.#newest.delete(entry);
      };
    });
  }

  apply(changes: readonly AppliedChange[], position: Position | undefined, knownMark: number): Promise<readonly NotApplied[]> {
    const copy = changes.map(copyOfChange);
    const opened = this.#opened;
    // What was lost since this was called it does not show.
    const shown = () => (opened === this.#opened ? position : undefined);
    return this.#shared.acts.run(copy.length, (stage) => this.#prepareApply(stage, { changes: copy, position: shown(), knownMark }));
  }

  async #prepareApply(
    stage: Stage,
    { changes, position, knownMark }: { changes: readonly AppliedChange[]; position: Position | undefined; knownMark: number },
  ): Promise<() => readonly NotApplied[]> {
    const staged = stage.store(this.#name);
    const seen = Math.max(knownMark, staged.forgotten);
    const hasEdits = staged.newest.size + this.#newest.size > 0;
    const newestMark = (entry: string) => staged.newest.get(entry) ?? this.#newest.get(entry) ?? 0;
    const unsupported = (change: AppliedChange) => (isDeletion(change) ? undefined : this.#shared.knobs.unsupported(change));
    const [kinds, notApplied] = [new Map<Owner, OwnerKind | undefined>(), [] as NotApplied[]];
    const fitting = changes.filter((change) => {
      const reason = changeFault(this.#name, change, kinds) ?? unsupported(change) ?? sealFault(change);
      if (reason !== undefined) notApplied.push({ owner: change.owner, item: change.item, key: change.key, reason });
      return reason === undefined && (!hasEdits || newestMark(entryText(change)) <= seen);
    });
    const batch = this.#batch(stage);
    await batch.put(fitting);
    const evicted: EntryName[] = [];
    const capacityOf = (shelf: string): number => this.#shared.knobs.capacity.get(shelf) ?? Number.POSITIVE_INFINITY;
    for (const full of batch.overfull(capacityOf)) evicted.push(...(await batch.dropOldest(full)));
    const moved = position === undefined ? [] : [{ key: records.positionKey(this.#name), value: records.toBytes(position) }];
    const takeOver = this.#stage(stage, batch, moved, stage.state.mark);
    return () => {
      takeOver();
      if (position !== undefined) this.#position = position;
      if (evicted.length > 0) this.#evictions.tell(evicted);
      this.#applied.tell(fitting);
      return notApplied;
    };
  }

  appliedPosition(): Position | undefined {
    return this.#position;
  }

  onEvicted(listener: (entries: readonly EntryName[]) => void): Unsubscribe {
    return this.#evictions.add(listener);
  }

  /** For whoever watches the simulation: what has come from other machines and is in the store now. */
  onApplied(listener: (entries: readonly EntryName[]) => void): Unsubscribe {
    return this.#applied.add(listener);
  }

  #batch(stage: Stage): ItemBatch {
    const { storage, keyStore } = this.#shared;
    const [store, staged, { order }] = [this.#name, stage.store(this.#name), stage.state];
    return new ItemBatch({ store, storage, keyStore, holdings: this.#holdings, staged, order });
  }

  /** Gives what takes it over into memory once it is durable. */
  #stage(stage: Stage, batch: ItemBatch, more: readonly Write[], mark: number): () => void {
    const state = { mark, order: batch.order };
    stage.add([...batch.writes(), ...more], state);
    batch.stage();
    return () => {
      this.#shared.state = state;
      batch.written();
    };
  }

  #remember(name: EntryName, mark: number): void {
    this.#marks.push(mark);
    this.#newest.set(entryText(name), mark);
  }
}
