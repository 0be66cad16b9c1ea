/**
 * What other machines edit comes to this machine's own stores at once when they have been left alone for a moment, and
 * otherwise together: each write of a printer's store costs as much as taking the edit into the copy. How long the moment is
 * depends on how long such a write takes: showing has a bounded share of a machine that is busy, and is soon on one that is
 * not. It is short where somebody stands before what has changed, and longer where nobody does (src/decisions/shown-to-somebody.md).
 * The stores are written beside the client's loop: what is shown and the position that it is of are fixed at one moment, and what
 * is taken while that is written waits for the next one (src/decisions/shown-beside.md).
 * While something waits, nobody is told of a revision that the stores do not show.
 */
import type { Clock } from "../../../hal/clock.ts";
import type { Restrictions } from "../../../hal/restrictions.ts";
import type { EntryName } from "../../model/entry.ts";
import type { DeviceId, Revision, RunId } from "../../model/ids.ts";
import { LIMITS } from "../../model/limits.ts";
import type { Value } from "../../model/value.ts";
import { entryKey } from "../../store/keys.ts";
import type { NotAppliedList } from "../../store/not-applied.ts";
import type { Replica } from "../../store/replica.ts";
import type { Took } from "../../store/took.ts";
import { DueTimer } from "./due-timer.ts";
import type { MachineStores } from "./machine-stores.ts";
import { ownBack } from "./own-back.ts";
import { positionToShow } from "./own-over.ts";
import type { Moment, Shower } from "./shower.ts";

interface Parts {
  readonly replica: Replica;
  readonly stores: MachineStores;
  readonly shower: Shower;
  readonly clock: Clock;
  readonly restrictions: Restrictions;
  readonly notApplied: Pick<NotAppliedList, "size">;
  readonly device: DeviceId;
  readonly run: RunId;
  /** Whether somebody at this machine may have this entry before them. */
  readonly isSeen: (name: EntryName) => boolean;
  /** Called when what waits is due, or could not be shown. */
  readonly wake: () => void;
  /** Called when the stores show more of the base. */
  readonly onFurther: () => void;
}

/** The stores are left alone for so many times as long as a write took: a fiftieth of the time is for showing, as every machine shows every edit. */
const REST_FOR_WRITE = 50;
/** What somebody sees takes a sixth of the time at most: one machine in ten has anybody before it. */
const REST_FOR_WRITE_SEEN = 5;

export class ShowingLater {
  readonly #parts: Parts;
  #names = new Map<string, EntryName>();
  #values = new Map<string, Value | undefined>();
  /** The base went on by what the stores show already: they are told. */
  #isFurther = false;
  /** The revision that is shown while something waits. */
  #shown: Revision = 0;
  /** Somebody may have something of what waits before them. */
  #isSeen = false;
  /** Its author has something else before them. */
  #isUrgent = false;
  /** What is being written; resolves when it has ended, however it has. */
  #underWay: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;
  /** When the stores were last written, and how long it took. */
  #written = { endMs: Number.NEGATIVE_INFINITY, tookMs: 0 };
  readonly #timer: DueTimer;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#timer = new DueTimer(parts.clock, parts.wake);
  }

  /** Whether the stores are behind the base. */
  get isWaiting(): boolean {
    return this.#isBehind || this.#underWay !== undefined;
  }

  /** Of the base, as far as it is shown; undefined before there is one. */
  get revision(): Revision | undefined {
    return this.isWaiting ? this.#shown : this.#parts.replica.position?.revision;
  }

  /**
   * Begins to show what was taken, with all that waits, or lets it wait. A promise where that has to be waited for: what is acted upon at
   * once is shown by then, and more does not wait than is written at once. `before`: the revision of the base before it.
   */
  take(took: Took, before: Revision): Promise<void> | undefined {
    if (!this.isWaiting) this.#shown = before;
    const { asShown, isOther } = ownBack(took, this.#parts);
    this.#isUrgent ||= isOther;
    this.#isFurther ||= asShown.size > 0;
    took.entries.forEach((name, key) => {
      if (asShown.has(key) && !this.#names.has(key)) return;
      this.#names.set(key, name);
      // What it is now that these changes touched it, and never what an earlier one had made of it.
      if (took.values.has(key)) this.#values.set(key, took.values.get(key));
      else this.#values.delete(key);
      this.#isSeen ||= this.#parts.isSeen(name);
    });
    if (!this.#mayGoBeside(took)) return this.#showAtOnce();
    const isFull = this.#names.size >= LIMITS.showingWaitingMax;
    if (this.#underWay !== undefined) return isFull ? this.#beginNext() : undefined;
    const dueMs = this.#dueMs();
    if (!this.#isBehind) return undefined;
    if (isFull || dueMs <= this.#parts.clock.monotonicMs()) return this.#begin();
    this.#timer.wakeAt(dueMs);
    return undefined;
  }

  /** Shows what waits. While an import or export runs nothing is applied (M24): then it goes on waiting. */
  async showWaiting(): Promise<void> {
    await this.#settled();
    if (this.#mayShow) await this.#show();
  }

  /** Shows these entries and what waits. */
  async showWith(names: readonly EntryName[]): Promise<void> {
    if (!this.isWaiting) this.#shown = this.#parts.replica.position?.revision ?? 0;
    this.#putBack(names);
    await this.#showAtOnce();
  }

  /** Begins to show what waits, where nothing is being written; throws what the last write failed of. */
  async showSoon(): Promise<void> {
    this.#throwFailure();
    if (this.#underWay === undefined && this.#mayShow) await this.#begin();
  }

  /** Stores that show what the base has, though they had no part in its last changes, are told where it stands. */
  showPosition(): void {
    const { replica, stores } = this.#parts;
    const position = positionToShow(this.#parts);
    if (position === undefined || replica.head.unshown !== undefined || this.isWaiting || stores.oldestShown() === undefined) return;
    if (!stores.areElsewhere(position)) return;
    this.#shown = position.revision;
    this.#isFurther = true;
    this.#timer.wakeAt(this.#dueMs());
  }

  /** What waits is found at the next start, as after a kill. */
  end(): void {
    this.#timer.end();
  }

  /** Resolves when nothing is being written. */
  async ended(): Promise<void> {
    await this.#underWay;
  }

  get #isBehind(): boolean {
    return this.#names.size > 0 || this.#isFurther;
  }

  get #mayShow(): boolean {
    return this.#isBehind && !this.#parts.restrictions.importExportRunning();
  }

  /** When nothing is being written any more, all that waits is shown before anything else happens. */
  async #showAtOnce(): Promise<void> {
    await this.#settled();
    await this.#show();
  }

  async #show(): Promise<void> {
    const startMs = this.#parts.clock.monotonicMs();
    await this.#parts.shower.show([...this.#names.values()], this.#values, this.#isFurther);
    this.#clear();
    this.#noteWritten(startMs);
  }

  async #beginNext(): Promise<void> {
    await this.#settled();
    await this.#begin();
  }

  async #settled(): Promise<void> {
    await this.#underWay;
    this.#throwFailure();
  }

  #throwFailure(): void {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure.error;
  }

  /** What is shown is fixed in the client's loop, and written beside it. */
  async #begin(): Promise<void> {
    const { shower } = this.#parts;
    const moment = await shower.moment([...this.#names.values()], this.#values, this.#isFurther);
    this.#clear();
    // All of it is shown when the copy is whole again.
    if (moment === undefined) return;
    this.#underWay = this.#until(shower.showBeside(moment), moment);
  }

  /** They wait, to be read anew where nothing newer is known of them. */
  #putBack(names: readonly EntryName[]): void {
    for (const name of names) this.#names.set(entryKey(name), name);
  }

  #clear(): void {
    this.#names = new Map();
    this.#values = new Map();
    this.#isSeen = false;
    this.#isUrgent = false;
    this.#isFurther = false;
    this.#timer.clear();
  }

  /** When it is written, the stores show its position. */
  async #until(writing: Promise<readonly EntryName[]>, { names, position }: Pick<Moment, "names" | "position">): Promise<void> {
    const { clock, wake, onFurther } = this.#parts;
    const startMs = clock.monotonicMs();
    try {
      this.#putBack(await writing);
      this.#shown = position?.revision ?? this.#shown;
    } catch (error) {
      this.#putBack(names);
      this.#isFurther = true;
      this.#failure = { error };
    }
    this.#noteWritten(startMs);
    this.#underWay = undefined;
    if (this.#failure !== undefined) wake();
    else if (this.isWaiting) this.#timer.wakeAt(this.#dueMs());
    onFurther();
  }

  #noteWritten(startMs: number): void {
    const endMs = this.#parts.clock.monotonicMs();
    this.#written = { endMs, tookMs: endMs - startMs };
  }

  /** When the stores have been left alone for long enough. */
  #dueMs(): number {
    if (this.#isUrgent) return Number.NEGATIVE_INFINITY;
    const { endMs, tookMs } = this.#written;
    const restMs = this.#isSeen
      ? Math.min(LIMITS.showingSeenRestMs, REST_FOR_WRITE_SEEN * tookMs)
      : Math.min(LIMITS.showingRestMs, REST_FOR_WRITE * tookMs);
    return endMs + restMs;
  }

  /** Edits may. Ends, scopes and offers are acted upon at once. */
  #mayGoBeside({ changes }: Took): boolean {
    const { replica } = this.#parts;
    if (replica.offers.size > 0 || replica.removed.size > 0 || replica.head.unshown !== undefined) return false;
    return changes.every(({ removals, scopes, adoption }) => removals.length === 0 && scopes.length === 0 && adoption === undefined);
  }
}
