/**
 * Brings what is visible in the replica to the machine's stores: entry by entry as changes arrive, owner by owner after
 * a switch or a crash. What a join replaces goes to the history first.
 */
import type { Clock } from "../../../hal/clock.ts";
import type { NotApplied } from "../../../hal/item-store.ts";
import type { Storage } from "../../../hal/storage.ts";
import type { Users } from "../../../hal/users.ts";
import { type Entry, type EntryChange, type EntryName, entryText } from "../../model/entry.ts";
import { SyncError } from "../../model/errors.ts";
import type { LostBecause } from "../../model/lost.ts";
import { COMMON, type Owner } from "../../model/owner.ts";
import type { Value } from "../../model/value.ts";
import { CLIENT_HISTORY, keepLost } from "../../store/history.ts";
import { entryKey, entryOfKey } from "../../store/keys.ts";
import type { Replica } from "../../store/replica.ts";
import type { CommunicationLog } from "../communication-log.ts";
import { loggedInAt } from "./introduction.ts";
import type { MachineStores } from "./machine-stores.ts";
import type { Travel } from "./travel.ts";
import { itemOf } from "../../model/item.ts";

export interface ShowerParts {
  readonly replica: Replica;
  readonly stores: MachineStores;
  readonly travel: Travel;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly log: CommunicationLog;
  readonly users: Users;
  /** Told which entries the machine shows anew. */
  readonly onShown: (entries: readonly EntryName[]) => void;
}

/** Entries of several owners go into one write of the machine's store. */
const BATCH_ENTRIES = 1_000;

export class Shower {
  readonly #parts: ShowerParts;

  constructor(parts: ShowerParts) {
    this.#parts = parts;
  }

  /** Shows these entries as they are visible now, at the base's position. */
  async show(names: readonly EntryName[]): Promise<void> {
    const { replica, stores, travel } = this.#parts;
    const shared = names.filter(({ item }) => travel.isShared(item) && itemOf(item) !== undefined);
    if (shared.length === 0) return await this.#allShown();
    const values = await replica.visible(shared);
    const locals = await this.#locals(shared);
    const changes = shared.flatMap((name, index) => {
      const value = values[index];
      const local = locals.get(entryKey(name));
      return replica.offers.cover({ ...name, value: local ?? value }) ? [] : this.#incoming(name, value, local);
    });
    this.#report(await stores.apply(changes, replica.position, replica.head.mark));
    await this.#allShown();
    this.#parts.onShown(changes);
  }

  async #allShown(): Promise<void> {
    const { replica } = this.#parts;
    if (replica.head.unshown !== undefined) await replica.write([], { unshown: undefined });
  }

  /** Local values are needed only where part of them stays, or where they tell which list is on offer. */
  async #locals(names: readonly EntryName[]): Promise<Map<string, Value>> {
    const isOffering = this.#parts.replica.offers.size > 0;
    const isNeeded = ({ owner, item }: EntryName) => (itemOf(item)?.withheldFields.length ?? 0) > 0 || (isOffering && owner === COMMON);
    const owners = new Set(names.filter(isNeeded).map(({ owner }) => owner));
    const locals = new Map<string, Value>();
    for (const owner of owners) for (const entry of await this.#parts.stores.read(owner)) locals.set(entryKey(entry), entry.value);
    return locals;
  }

  #incoming(name: EntryName, value: Value | undefined, local: Value | undefined): EntryChange[] {
    const { owner, item, key } = name;
    if (value === undefined) return [{ owner, item, key, value: undefined }];
    try {
      return [{ owner, item, key, value: this.#parts.travel.incoming(name, value, local) }];
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      this.#parts.log.write("Error", error.code, error.message);
      return [];
    }
  }

  /**
   * Compares every owner with the base and writes what differs. `keep` says what happens to data that goes: it is kept
   * in the history as this. `between` runs after each batch: edits of people do not wait for a long comparison.
   */
  async showAll(keep: LostBecause | undefined, between: () => Promise<void>): Promise<void> {
    const { replica, stores } = this.#parts;
    const here = await stores.owners();
    const owners = new Set([...here, ...(await replica.owners()).keys()]);
    let batch: EntryChange[] = [];
    for (const owner of this.#inOrder(owners)) {
      const locals = here.has(owner) ? await stores.read(owner) : [];
      batch.push(...(await this.#differences(owner, locals, keep)));
      if (batch.length < BATCH_ENTRIES) continue;
      await this.#apply(batch);
      batch = [];
      await between();
    }
    await this.#apply(batch);
    const { position } = replica;
    if (position !== undefined) await stores.showPosition(position, replica.head.mark);
    await this.#allShown();
  }

  /** Shows one owner whole: after another machine had supplied it, or it was refused. */
  async showOwner(owner: Owner, keep: LostBecause | undefined): Promise<void> {
    await this.#apply(await this.#differences(owner, await this.#parts.stores.read(owner), keep));
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
    await this.#apply(await this.#compare(locals, values, keep), knownMark);
  }

  /** Whoever stands before the machine sees their own data first, then what is common; the rest by name. */
  #inOrder(owners: ReadonlySet<Owner>): Owner[] {
    const first = [...loggedInAt(this.#parts.users), COMMON].filter((owner) => owners.has(owner));
    return [...new Set([...first, ...[...owners].sort()])];
  }

  async #apply(changes: readonly EntryChange[], knownMark = this.#parts.replica.head.mark): Promise<void> {
    if (changes.length === 0) return;
    const { stores } = this.#parts;
    this.#report(await stores.apply(changes, undefined, knownMark));
    this.#parts.onShown(changes);
  }

  async #differences(owner: Owner, locals: readonly Entry[], keep: LostBecause | undefined): Promise<EntryChange[]> {
    const { replica, travel } = this.#parts;
    const visible = await replica.visibleOf(owner);
    // Data that is still to be offered is the machine's own.
    const isOwn = (local: Entry) => !travel.isShared(local.item) || replica.offers.cover(local);
    for (const local of locals) if (isOwn(local)) visible.delete(entryKey(local));
    for (const key of visible.keys()) if (!travel.isShared(entryOfKey(key).item)) visible.delete(key);
    return await this.#compare(
      locals.filter((local) => !isOwn(local)),
      visible,
      keep,
    );
  }

  /** What shows these values in place of these entries; what goes by it is in the history before anything is done. */
  async #compare(locals: readonly Entry[], values: ReadonlyMap<string, Value>, keep: LostBecause | undefined): Promise<EntryChange[]> {
    const changes: EntryChange[] = [];
    const lost: Entry[] = [];
    const rest = new Map(values);
    for (const local of locals) {
      const value = rest.get(entryKey(local));
      rest.delete(entryKey(local));
      if (value !== undefined && this.#isSame(local, value, local.value)) continue;
      if (!this.#parts.travel.canLeave(local)) continue;
      lost.push(local);
      changes.push(...this.#incoming(local, value, local.value));
    }
    for (const [key, value] of rest) {
      const name = entryOfKey(key);
      if (itemOf(name.item) !== undefined) changes.push(...this.#incoming(name, value, undefined));
    }
    if (keep !== undefined) await this.#keep(lost, keep);
    return changes;
  }

  #isSame(name: EntryName, visible: Value, local: Value): boolean {
    try {
      return this.#parts.travel.isSame(name, visible, local);
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      return false;
    }
  }

  async #keep(lost: readonly EntryChange[], because: LostBecause): Promise<void> {
    if (lost.length === 0) return;
    const { travel, clock, storage, replica } = this.#parts;
    // When it was made nobody knows, but it was before any change that the base does not show yet.
    const made = { because, stamp: 0, notAfter: replica.head.at, wallMs: clock.wallMs() };
    await storage.write(lost.map((entry) => keepLost(CLIENT_HISTORY, { ...entry, value: travel.outgoing(entry), ...made }, 0)));
  }

  #report(notApplied: readonly NotApplied[]): void {
    for (const entry of notApplied)
      this.#parts.log.write("Warning", "limit-exceeded", `${entryText(entry)} was not applied on this machine: ${entry.reason}`);
  }
}
