/**
 * Brings what is visible in the replica to the machine's stores: entry by entry as changes arrive, owner by owner after
 * a switch or a crash. What a join replaces goes to the history first.
 */
import type { Clock } from "../../../hal/clock.ts";
import type { Storage } from "../../../hal/storage.ts";
import type { Users } from "../../../hal/users.ts";
import type { Entry, EntryName } from "../../model/entry.ts";
import { SyncError } from "../../model/errors.ts";
import type { LostBecause } from "../../model/lost.ts";
import { COMMON, type Owner } from "../../model/owner.ts";
import type { Value } from "../../model/value.ts";
import { entryKey, entryOfKey } from "../../store/keys.ts";
import type { NotAppliedList } from "../../store/not-applied.ts";
import type { Replica } from "../../store/replica.ts";
import type { Took } from "../../store/took.ts";
import type { CommunicationLog } from "../communication-log.ts";
import { Applier, roomFor, type Take } from "./applier.ts";
import { loggedInAt } from "./introduction.ts";
import { positionToShow } from "./own-over.ts";
import { keepGone } from "./keep-gone.ts";
import { localValues } from "./local-values.ts";
import type { MachineStores } from "./machine-stores.ts";
import type { Travel } from "./travel.ts";

export interface ShowerParts {
  readonly replica: Replica;
  readonly stores: MachineStores;
  readonly travel: Travel;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly notApplied: NotAppliedList;
  readonly log: CommunicationLog;
  readonly users: Users;
  /** Told which entries the machine shows anew. */
  readonly onShown: (entries: readonly EntryName[]) => void;
}

/**
 * Entries of several owners go into one write of the machine's store: enough to spare syncs and what a database does for each
 * write, few enough for a printer's memory, and that an edit of a person waits for one of them only.
 */
const BATCH_ENTRIES = 1_000;

export class Shower {
  readonly #parts: ShowerParts;
  readonly #applier: Applier;
  #progress: { readonly done: number; readonly of: number } | undefined;

  constructor(parts: ShowerParts) {
    this.#parts = parts;
    this.#applier = new Applier(parts);
  }

  /** While all owners are compared: how many of them are done. */
  get progress(): { readonly done: number; readonly of: number } | undefined {
    return this.#progress;
  }

  /** A store has dropped these for limits of its own. */
  async dropped(entries: readonly EntryName[]): Promise<void> {
    await this.#applier.dropped(entries);
  }

  /** Shows these entries as they are visible now, at the base's position. `known`: what the base is known to have of them. */
  async show(names: readonly EntryName[], known?: Took["values"]): Promise<void> {
    const { replica, travel } = this.#parts;
    // All of it is shown when the copy is whole again.
    if (replica.isDamaged) return;
    const shared = names.filter(({ item }) => !travel.isDeviceSpecific(item));
    if (shared.length === 0) return await this.#allShown();
    const values = await replica.visible(shared, known);
    const locals = await localValues(shared, this.#parts);
    const takes = shared.flatMap((name, index) => {
      const value = values[index];
      const local = locals.get(entryKey(name));
      if (replica.offers.cover({ ...name, value: local ?? value })) return [];
      return [travel.isApart(name.item) ? this.#applier.keepApart(name, value) : this.#applier.take(name, value, local)];
    });
    const room = roomFor(takes, this.#parts.notApplied);
    await this.#applier.apply(takes, positionToShow(this.#parts));
    await this.#allShown();
    if (room.length > 0) await this.show(room);
  }

  /** Shows own edits that are recorded otherwise than they were made; nothing else becomes newer by it. */
  async showOwn(edited: readonly EntryName[]): Promise<void> {
    // What cannot travel was not recorded: it stays on this machine as it is.
    const names = edited.filter((name) => this.#parts.replica.pending.newestOn(entryKey(name)) !== undefined);
    const values = await this.#parts.replica.visible(names);
    const locals = await localValues(names, this.#parts);
    await this.#applier.apply(names.map((name, index) => this.#applier.take(name, values[index], locals.get(entryKey(name)))));
  }

  async #allShown(): Promise<void> {
    const { replica } = this.#parts;
    if (replica.head.unshown !== undefined) await replica.write([], { unshown: undefined });
  }

  /**
   * Compares every owner with the base and writes what differs. `keep` says what happens to data that goes: it is kept
   * in the history as this. `between` runs after each batch: edits of people do not wait for a long comparison.
   */
  async showAll(keep: LostBecause | undefined, between: () => Promise<void>): Promise<void> {
    const { replica, stores } = this.#parts;
    const here = await stores.owners();
    const owners = new Set([...here, ...(await replica.owners()).keys()]);
    try {
      await this.#showOwners(this.#inOrder(owners), { here, keep, between });
    } finally {
      this.#progress = undefined;
    }
    await this.#applier.forgetGone();
    const position = positionToShow(this.#parts);
    if (position !== undefined) await stores.showPosition(position, replica.head.mark);
    await this.#allShown();
  }

  async #showOwners(
    owners: readonly Owner[],
    { here, keep, between }: { here: ReadonlySet<Owner>; keep: LostBecause | undefined; between: () => Promise<void> },
  ): Promise<void> {
    let batch: Take[] = [];
    this.#progress = { done: 0, of: owners.length };
    for (const [index, owner] of owners.entries()) {
      const locals = here.has(owner) ? await this.#parts.stores.read(owner) : [];
      batch.push(...(await this.#differences(owner, locals, keep)));
      if (batch.length < BATCH_ENTRIES) continue;
      await this.#applier.apply(batch);
      batch = [];
      this.#progress = { done: index + 1, of: owners.length };
      await between();
    }
    await this.#applier.apply(batch);
  }

  /** Shows one owner whole: after another machine had supplied it, or it was refused. */
  async showOwner(owner: Owner, keep: LostBecause | undefined): Promise<void> {
    if (this.#parts.replica.isDamaged) return;
    await this.#applier.apply(await this.#differences(owner, await this.#parts.stores.read(owner), keep));
  }

  /**
   * Shows these values in place of these entries of an owner, whatever their scope; what goes by it is kept in the history
   * as `keep`. Edits with a mark above `knownMark` stay.
   */
  async carryOver(
    locals: readonly Entry[],
    values: ReadonlyMap<string, Value>,
    keep: LostBecause | undefined,
    knownMark = this.#parts.replica.head.mark,
  ): Promise<void> {
    await this.#applier.apply(await this.#compare(locals, values, keep), undefined, knownMark);
  }

  /** Takes these entries off the machine, and keeps nothing of them. Edits with a mark above `knownMark` stay. */
  async remove(names: readonly EntryName[], knownMark: number): Promise<void> {
    await this.#applier.apply(
      names.map((name) => this.#applier.take(name, undefined, undefined)),
      undefined,
      knownMark,
    );
  }

  /** Whoever stands before the machine sees their own data first, then what is common; the rest by name. */
  #inOrder(owners: ReadonlySet<Owner>): Owner[] {
    const first = [...loggedInAt(this.#parts.users), COMMON].filter((owner) => owners.has(owner));
    return [...new Set([...first, ...[...owners].sort()])];
  }

  async #differences(owner: Owner, locals: readonly Entry[], keep: LostBecause | undefined): Promise<Take[]> {
    const { replica, travel } = this.#parts;
    const visible = await replica.visibleOf(owner);
    // Data that is still to be offered is the machine's own.
    const isOwn = (local: Entry) => !travel.isShared(local.item) || replica.offers.cover(local);
    for (const local of locals) {
      const value = visible.get(entryKey(local));
      // What the fleet has of what is kept apart here is listed, unless it is the same.
      const isOther = travel.isApart(local.item) && value !== undefined && !this.#isSame(local, value, local.value);
      if (isOwn(local) && !isOther) visible.delete(entryKey(local));
    }
    for (const key of visible.keys()) if (travel.isDeviceSpecific(entryOfKey(key).item)) visible.delete(key);
    return await this.#compare(
      locals.filter((local) => !isOwn(local)),
      visible,
      keep,
    );
  }

  /** What shows these values in place of these entries; what goes by it is in the history before anything is done. */
  async #compare(locals: readonly Entry[], values: ReadonlyMap<string, Value>, keep: LostBecause | undefined): Promise<Take[]> {
    const { notApplied, travel } = this.#parts;
    const takes: Take[] = [];
    const lost: Entry[] = [];
    const rest = new Map(values);
    for (const local of locals) {
      const key = entryKey(local);
      const value = rest.get(key);
      rest.delete(key);
      const isSame = value !== undefined && this.#isSame(local, value, local.value);
      if (isSame && notApplied.reasonOf(key) !== undefined) takes.push({ name: local });
      if (isSame || !travel.canLeave(local)) continue;
      lost.push(local);
      takes.push(this.#applier.take(local, value, local.value));
    }
    // What this machine dropped for want of room would only drive out something else.
    for (const [key, value] of rest) {
      const name = entryOfKey(key);
      if (travel.isApart(name.item)) takes.push(this.#applier.keepApart(name, value));
      else if (notApplied.reasonOf(key)?.because !== "evicted") takes.push(this.#applier.take(name, value, undefined));
    }
    if (keep !== undefined) await keepGone(lost, keep, this.#parts);
    return takes;
  }

  #isSame(name: EntryName, visible: Value, local: Value): boolean {
    try {
      return this.#parts.travel.isSame(name, visible, local);
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      return false;
    }
  }
}
