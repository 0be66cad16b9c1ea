/**
 * What other machines edit comes to this machine's own stores at once when they have been left alone for a moment, and
 * otherwise together: each write of a printer's store costs as much as taking the edit into the copy. How long the moment is
 * depends on how long such a write takes: showing has a bounded share of a machine that is busy, and is soon on one that is
 * not. It is short where somebody stands before what has changed, and longer where nobody does (src/decisions/shown-to-somebody.md).
 * While something waits, nobody is told of a revision that the stores do not show.
 */
import type { Clock } from "../../../hal/clock.ts";
import type { Restrictions } from "../../../hal/restrictions.ts";
import type { Edit, EntryName } from "../../model/entry.ts";
import type { DeviceId, Revision } from "../../model/ids.ts";
import { LIMITS } from "../../model/limits.ts";
import type { Value } from "../../model/value.ts";
import { entryKey } from "../../store/keys.ts";
import type { Replica } from "../../store/replica.ts";
import type { Took } from "../../store/took.ts";
import type { MachineStores } from "./machine-stores.ts";
import { positionToShow } from "./own-over.ts";
import type { Shower } from "./shower.ts";
import { isDeepEqual } from "./travel.ts";

interface Parts {
  readonly replica: Replica;
  readonly stores: MachineStores;
  readonly shower: Shower;
  readonly clock: Clock;
  readonly restrictions: Restrictions;
  readonly device: DeviceId;
  /** Whether somebody at this machine may have this entry before them. */
  readonly isSeen: (name: EntryName) => boolean;
  /** Called when what waits is due. */
  readonly wake: () => void;
}

/** The stores are left alone for so many times as long as a write took: a fiftieth of the time is for showing, as every machine shows every edit. */
const REST_FOR_WRITE = 50;
/** What somebody sees takes a sixth of the time at most: one machine in ten has anybody before it. */
const REST_FOR_WRITE_SEEN = 5;

/** Until the moment at which something that waits is due. */
interface Timer {
  readonly dueMs: number;
  readonly ending: AbortController;
}

export class ShowingLater {
  readonly #parts: Parts;
  #names = new Map<string, EntryName>();
  #values = new Map<string, Value | undefined>();
  /** The revision that is shown while something waits. */
  #shown: Revision = 0;
  /** Somebody may have something of what waits before them. */
  #isSeen = false;
  /** When the stores were last written, and how long it took. */
  #written = { endMs: Number.NEGATIVE_INFINITY, tookMs: 0 };
  #timer: Timer | undefined;
  #hasEnded = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Whether the stores are behind the base. */
  get isWaiting(): boolean {
    return this.#names.size > 0;
  }

  /** Of the base, as far as it is shown; undefined before there is one. */
  get revision(): Revision | undefined {
    return this.isWaiting ? this.#shown : this.#parts.replica.position?.revision;
  }

  /** Shows what was taken, with all that waits; or lets it wait, where it may: then at once. `before`: the revision of the base before it. */
  take(took: Took, before: Revision): Promise<void> | undefined {
    if (!this.isWaiting) this.#shown = before;
    took.entries.forEach((name, key) => {
      this.#names.set(key, name);
      // What it is now that these changes touched it, and never what an earlier one had made of it.
      if (took.values.has(key)) this.#values.set(key, took.values.get(key));
      else this.#values.delete(key);
      this.#isSeen ||= this.#parts.isSeen(name);
    });
    const dueMs = this.#dueMs();
    const isDue = dueMs <= this.#parts.clock.monotonicMs();
    if (isDue || this.#names.size >= LIMITS.showingWaitingMax || !this.#mayWait(took)) return this.#show();
    if (this.isWaiting) this.#wakeAt(dueMs);
    return undefined;
  }

  /** Shows what waits. While an import or export runs nothing is applied (M24): then it goes on waiting. */
  async showWaiting(): Promise<void> {
    if (this.isWaiting && !this.#parts.restrictions.importExportRunning()) await this.#show();
  }

  /** Stores that show what the base has, though they had no part in its last changes, are told where it stands. */
  async showPosition(): Promise<void> {
    const { replica, stores } = this.#parts;
    const position = positionToShow(this.#parts);
    if (position === undefined || replica.head.unshown !== undefined || this.isWaiting || stores.oldestShown() === undefined) return;
    await stores.showPosition(position, replica.head.mark);
  }

  /** What waits is found at the next start, as after a kill. */
  end(): void {
    this.#hasEnded = true;
    this.#endTimer();
  }

  async #show(): Promise<void> {
    const { clock, shower } = this.#parts;
    const [names, values, startMs] = [[...this.#names.values()], this.#values, clock.monotonicMs()];
    await shower.show(names, values);
    this.#names = new Map();
    this.#values = new Map();
    this.#isSeen = false;
    this.#endTimer();
    const endMs = clock.monotonicMs();
    this.#written = { endMs, tookMs: endMs - startMs };
  }

  /** When the stores have been left alone for long enough. */
  #dueMs(): number {
    const { endMs, tookMs } = this.#written;
    const restMs = this.#isSeen
      ? Math.min(LIMITS.showingSeenRestMs, REST_FOR_WRITE_SEEN * tookMs)
      : Math.min(LIMITS.showingRestMs, REST_FOR_WRITE * tookMs);
    return endMs + restMs;
  }

  /** One timer at a time: of what comes, only what somebody sees is due before what waits already. */
  #wakeAt(dueMs: number): void {
    if (this.#hasEnded || (this.#timer !== undefined && this.#timer.dueMs <= dueMs)) return;
    this.#endTimer();
    this.#timer = { dueMs, ending: new AbortController() };
    void this.#wakeBy(this.#timer);
  }

  async #wakeBy({ dueMs, ending }: Timer): Promise<void> {
    const { clock, wake } = this.#parts;
    if ((await clock.sleep(Math.max(0, dueMs - clock.monotonicMs()), ending.signal)) === "aborted") return;
    this.#timer = undefined;
    wake();
  }

  #endTimer(): void {
    this.#timer?.ending.abort();
    this.#timer = undefined;
  }

  /** Plain edits of other machines may, and own ones that change nothing here. Ends, scopes and offers are acted upon at once. */
  #mayWait(took: Took): boolean {
    const { replica } = this.#parts;
    if (replica.offers.size > 0 || replica.removed.size > 0) return false;
    return took.changes.every(
      ({ edits, removals, scopes, adoption }) =>
        removals.length === 0 && scopes.length === 0 && adoption === undefined && edits.every(({ edit }) => this.#isPlain(edit, took)),
    );
  }

  /** An author sees its own edit already, unless it has come to be something else. */
  #isPlain(edit: Edit, { own, values }: Took): boolean {
    const { replica, device } = this.#parts;
    if (edit.id.device !== device) return true;
    const key = entryKey(edit);
    if (!own.has(key)) return false;
    return replica.pending.newestOn(key) !== undefined || (values.has(key) && isDeepEqual(own.get(key), values.get(key)));
  }
}
