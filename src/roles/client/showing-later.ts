/**
 * What other machines edit comes to this machine's own stores at once when they have been left alone for a moment, and
 * otherwise a few times a second, together: each write of a printer's store costs as much as taking the edit into the copy.
 * While something waits, nobody is told of a revision that the stores do not show.
 */
import type { Clock } from "../../../hal/clock.ts";
import type { Restrictions } from "../../../hal/restrictions.ts";
import type { EntryName } from "../../model/entry.ts";
import type { DeviceId, Revision } from "../../model/ids.ts";
import type { Value } from "../../model/value.ts";
import type { Change } from "../../protocol/change.ts";
import { entryKey } from "../../store/keys.ts";
import type { Replica } from "../../store/replica.ts";
import type { Took } from "../../store/took.ts";
import type { Shower } from "./shower.ts";

interface Parts {
  readonly replica: Replica;
  readonly shower: Shower;
  readonly clock: Clock;
  readonly restrictions: Restrictions;
  readonly device: DeviceId;
  /** Called when what waits is due. */
  readonly wake: () => void;
}

/** Ten writes a second are ten percent of those that the fleet's edits would come to; nobody sees a tenth of a second on another machine. */
const TOGETHER_MS = 100;
/** As many as are written in one batch of a store, and no more memory than that. */
const WAITING_MAX = 500;

export class ShowingLater {
  readonly #parts: Parts;
  readonly #ending = new AbortController();
  #names = new Map<string, EntryName>();
  #values = new Map<string, Value | undefined>();
  /** The revision that is shown while something waits. */
  #shown: Revision = 0;
  #lastMs = Number.NEGATIVE_INFINITY;
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
    const restMs = this.#lastMs + TOGETHER_MS - this.#parts.clock.monotonicMs();
    if (restMs <= 0 || this.#names.size >= WAITING_MAX || !this.#mayWait(took.changes)) return await this.#show();
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
    const [names, values] = [[...this.#names.values()], this.#values];
    await this.#parts.shower.show(names, values);
    this.#names = new Map();
    this.#values = new Map();
    this.#lastMs = this.#parts.clock.monotonicMs();
  }

  async #wakeIn(ms: number): Promise<void> {
    if ((await this.#parts.clock.sleep(ms, this.#ending.signal)) === "aborted") return;
    this.#isTimed = false;
    this.#parts.wake();
  }

  /** Plain edits of other machines may. An author sees its own as they came to be, and ends, scopes and offers are acted upon at once. */
  #mayWait(changes: readonly Change[]): boolean {
    const { replica, device } = this.#parts;
    if (replica.offers.size > 0 || replica.removed.size > 0) return false;
    return changes.every(
      ({ edits, removals, scopes, adoption }) =>
        removals.length === 0 && scopes.length === 0 && adoption === undefined && edits.every(({ edit }) => edit.id.device !== device),
    );
  }
}
