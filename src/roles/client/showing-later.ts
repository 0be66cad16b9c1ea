/**
 * What other machines edit comes to this machine's own stores at once when they have been left alone for a moment, and
 * otherwise together: each write of a printer's store costs as much as taking the edit into the copy. How long the moment is
 * depends on how long such a write takes: showing has a bounded share of a machine that is busy, and is soon on one that is
 * not. While something waits, nobody is told of a revision that the stores do not show.
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
import type { Shower } from "./shower.ts";
import { isDeepEqual } from "./travel.ts";

interface Parts {
  readonly replica: Replica;
  readonly shower: Shower;
  readonly clock: Clock;
  readonly restrictions: Restrictions;
  readonly device: DeviceId;
  /** Called when what waits is due. */
  readonly wake: () => void;
}

/** The stores are left alone for so many times as long as a write took: a fiftieth of the time is for showing, as every machine shows every edit. */
const REST_FOR_WRITE = 50;

export class ShowingLater {
  readonly #parts: Parts;
  readonly #ending = new AbortController();
  #names = new Map<string, EntryName>();
  #values = new Map<string, Value | undefined>();
  /** The revision that is shown while something waits. */
  #shown: Revision = 0;
  /** Until then the stores are left alone. */
  #restUntilMs = Number.NEGATIVE_INFINITY;
  #isTimed = false;

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

  /** Shows what was taken, with all that waits; or lets it wait, where it may. `before`: the revision of the base before it. */
  async take(took: Took, before: Revision): Promise<void> {
    if (!this.isWaiting) this.#shown = before;
    for (const name of took.entries) {
      const key = entryKey(name);
      this.#names.set(key, name);
      // What it is now that these changes touched it, and never what an earlier one had made of it.
      if (took.values.has(key)) this.#values.set(key, took.values.get(key));
      else this.#values.delete(key);
    }
    const restMs = this.#restUntilMs - this.#parts.clock.monotonicMs();
    if (restMs <= 0 || this.#names.size >= LIMITS.showingWaitingMax || !this.#mayWait(took)) return await this.#show();
    if (this.#isTimed || !this.isWaiting) return;
    this.#isTimed = true;
    void this.#wakeIn(restMs);
  }

  /** Shows what waits. While an import or export runs nothing is applied (M24): then it goes on waiting. */
  async showWaiting(): Promise<void> {
    if (this.isWaiting && !this.#parts.restrictions.importExportRunning()) await this.#show();
  }

  /** What waits is found at the next start, as after a kill. */
  end(): void {
    this.#ending.abort();
  }

  async #show(): Promise<void> {
    const { clock, shower } = this.#parts;
    const [names, values, startMs] = [[...this.#names.values()], this.#values, clock.monotonicMs()];
    await shower.show(names, values);
    this.#names = new Map();
    this.#values = new Map();
    const endMs = clock.monotonicMs();
    this.#restUntilMs = endMs + Math.min(LIMITS.showingRestMs, REST_FOR_WRITE * (endMs - startMs));
  }

  async #wakeIn(ms: number): Promise<void> {
    if ((await this.#parts.clock.sleep(ms, this.#ending.signal)) === "aborted") return;
    this.#isTimed = false;
    this.#parts.wake();
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
