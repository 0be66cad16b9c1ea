/**
 * Brings what is visible in the replica to the machine's stores: entry by entry as changes arrive, owner by owner after
 * a switch or a crash. What a join replaces goes to the history first.
 */
import type { Clock } from "../../../hal/clock.ts";
import type { Storage } from "../../../hal/storage.ts";
import type { Users } from "../../../hal/users.ts";
import type { Entry, EntryName } from "../../model/entry.ts";
import type { LostBecause } from "../../model/lost.ts";
import { COMMON, type Owner } from "../../model/owner.ts";
import type { Position } from "../../model/position.ts";
import type { Value } from "../../model/value.ts";
import { entryKey } from "../../store/keys.ts";
import type { NotAppliedList } from "../../store/not-applied.ts";
import type { Replica } from "../../store/replica.ts";
import type { Took } from "../../store/took.ts";
import type { CommunicationLog } from "../communication-log.ts";
import { Applier, roomFor, type Take } from "./applier.ts";
import { Comparison } from "./comparison.ts";
import { loggedInAt } from "./introduction.ts";
import { OneWrite } from "./one-write.ts";
import { positionToShow } from "./own-over.ts";
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

/** What some entries are to be shown as, all of it of one moment, so that the copy may go on while it is written. */
export interface Moment {
  readonly names: readonly EntryName[];
  /** In the order of the names. */
  readonly values: readonly (Value | undefined)[];
  readonly position: Position | undefined;
  /** Edits with a mark above it were made after it. */
  readonly mark: number;
  /** Stores that have no part in it show it as well. */
  readonly isOfAll: boolean;
}

/**
 * Entries of several owners go into one write of the machine's store: enough to spare syncs and what a database does for each
 * write, few enough for a printer's memory, and that an edit of a person waits for one of them only.
 */
const BATCH_ENTRIES = 1_000;

export class Shower {
  readonly #parts: ShowerParts;
  readonly #applier: Applier;
  readonly #comparison: Comparison;
  #progress: { readonly done: number; readonly of: number } | undefined;
  /** What is shown while the copy goes on; resolves when it has ended, however it has. */
  #beside: Promise<void> | undefined;

  constructor(parts: ShowerParts) {
    this.#parts = parts;
    this.#applier = new Applier(parts);
    this.#comparison = new Comparison({ ...parts, applier: this.#applier });
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
  async show(names: readonly EntryName[], known?: Took["values"], isOfAll = false): Promise<void> {
    await this.#beside;
    const moment = await this.moment(names, known, isOfAll);
    // All of it is shown when the copy is whole again.
    if (moment === undefined) return;
    const room = await this.#write(moment);
    await this.#allShown();
    if (room.length > 0) await this.show(room);
  }

  /** What these entries are to be shown as, and the position that they are of; undefined while nobody can tell. */
  async moment(names: readonly EntryName[], known?: Took["values"], isOfAll = false): Promise<Moment | undefined> {
    const { replica, travel } = this.#parts;
    if (replica.isDamaged) return undefined;
    const shared = names.filter(({ item }) => !travel.isDeviceSpecific(item));
    const values = await replica.visible(shared, known);
    return { names: shared, values, position: positionToShow(this.#parts), mark: replica.head.mark, isOfAll };
  }

  /**
   * Shows what entries were at one moment, while the copy may go on; whatever else is to be shown waits for the end of it. Gives
   * entries for which there is room now.
   */
  async showBeside(moment: Moment): Promise<readonly EntryName[]> {
    await this.#beside;
    // Those that are made meanwhile are recorded meanwhile, and the store must know which they are, or it would show what was before them.
    const end = this.#parts.stores.keepEdits(moment.mark);
    try {
      const writing = this.#write(moment);
      this.#beside = writing.then(nothing, nothing);
      return await writing;
    } finally {
      end();
    }
  }

  async #write({ names, values, position, mark, isOfAll }: Moment): Promise<readonly EntryName[]> {
    const { replica, travel, stores, notApplied } = this.#parts;
    const locals = await localValues(names, this.#parts);
    const isOffering = replica.offers.size > 0;
    const takes: Take[] = [];
    names.forEach((name, index) => {
      const value = values[index];
      const local = locals.size === 0 ? undefined : locals.get(entryKey(name));
      if (isOffering && replica.offers.cover({ ...name, value: local ?? value })) return;
      takes.push(travel.isApart(name.item) ? this.#applier.keepApart(name, value) : this.#applier.take(name, value, local));
    });
    const room = roomFor(takes, notApplied);
    // A store that has lost what it showed shows nothing as a whole until all of it is shown anew.
    const shown = stores.oldestShown() === undefined ? undefined : position;
    await this.#applier.apply(takes, shown, mark, isOfAll);
    return room;
  }

  /** Shows own edits that are recorded otherwise than they were made; nothing else becomes newer by it. */
  async showOwn(edited: readonly EntryName[]): Promise<void> {
    // What cannot travel was not recorded: it stays on this machine as it is.
    const names = edited.filter((name) => this.#parts.replica.pending.newestOn(entryKey(name)) !== undefined);
    if (names.length > 0) await this.#beside;
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
    await this.#beside;
    const here = await stores.owners();
    // Stores that were lost have nothing of an owner whom nobody has heard of yet.
    const waiting = Array.from(replica.pending.all(), ({ edit }) => edit.owner);
    const owners = new Set([...here, ...(await replica.owners()).keys(), ...waiting]);
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
    const base = this.#parts.replica.baseView(false, true);
    const comparison = new Comparison({ ...this.#parts, applier: this.#applier }, base);
    const writing = new OneWrite();
    let batch: Take[] = [];
    const write = async (): Promise<void> => {
      const takes = batch;
      batch = [];
      await writing.begin(() => this.#applier.apply(takes));
    };
    this.#progress = { done: 0, of: owners.length };
    try {
      for (const [index, owner] of owners.entries()) {
        const locals = here.has(owner) ? await this.#parts.stores.read(owner) : [];
        for (const take of await comparison.owner(owner, locals, keep)) batch.push(take);
        if (batch.length < BATCH_ENTRIES) continue;
        await write();
        this.#progress = { done: index + 1, of: owners.length };
        // Before the next are compared, not after it: what is recorded by then is what they are compared with.
        await between();
      }
      await write();
    } finally {
      await writing.ended();
    }
  }

  /** Shows one owner whole: after another machine had supplied it, or it was refused. */
  async showOwner(owner: Owner, keep: LostBecause | undefined): Promise<void> {
    if (this.#parts.replica.isDamaged) return;
    await this.#beside;
    await this.#applier.apply(await this.#comparison.owner(owner, await this.#parts.stores.read(owner), keep));
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
    await this.#applier.apply(await this.#comparison.entries(locals, values, keep), undefined, knownMark);
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
}

const nothing = (): void => undefined;
