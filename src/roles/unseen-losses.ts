/** What came to the histories since somebody looked (B05): counted anew when it may have changed, so that a status can name it at once. */
import type { Clock } from "../../hal/clock.ts";
import type { Storage } from "../../hal/storage.ts";
import { SyncError } from "../model/errors.ts";
import { LIMITS } from "../model/limits.ts";
import type { LogNote, NoteKind } from "../model/log-note.ts";
import { decodeCbor, encodeCbor } from "../protocol/cbor.ts";
import { CLIENT_HISTORY, type HistoryPlace, readNewest, SERVER_HISTORY } from "../store/history.ts";

/** The newest record of each history when somebody looked. */
const SEEN = "m/history-seen";
const PLACES = [CLIENT_HISTORY, SERVER_HISTORY] as const;

/** Notes beside which something comes to a history, or is taken from it. */
const BESIDE: readonly NoteKind[] = ["edit-lost", "edit-refused", "refused", "undone", "put-back", "owner-deleted", "joined"];

export class UnseenLosses {
  readonly #storage: Storage;
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly #onChange: () => void;
  #own = 0;
  #mayHaveChanged = true;
  #countedMs = 0;
  #counting: Promise<void> | undefined;

  constructor(parts: { readonly storage: Storage; readonly clock: Pick<Clock, "monotonicMs">; readonly onChange: () => void }) {
    this.#storage = parts.storage;
    this.#clock = parts.clock;
    this.#onChange = parts.onChange;
  }

  /** So many edits of this machine lost since somebody looked, as last counted. */
  get own(): number {
    return this.#own;
  }

  /** The record is durable a moment later: what is noted here is counted when the status is asked for the next time. */
  noted(note: LogNote | undefined): void {
    if (note !== undefined && BESIDE.includes(note.kind)) this.#mayHaveChanged = true;
  }

  /** Counts where something may have changed, and tells when it has. What cannot be read now is counted the next time. */
  look(): void {
    const isOld = this.#own > 0 && this.#clock.monotonicMs() - this.#countedMs >= LIMITS.lossesAgainMs;
    if (!(this.#mayHaveChanged || isOld) || this.#counting !== undefined) return;
    this.#mayHaveChanged = false;
    this.#countedMs = this.#clock.monotonicMs();
    this.#counting = this.#count().catch((error: unknown) => {
      this.#counting = undefined;
      this.#mayHaveChanged = true;
      if (!(error instanceof SyncError)) throw error;
    });
  }

  /** All of both histories; what a join replaced is not among them, nor what was put back. */
  async all(): Promise<number> {
    let count = 0;
    for (const place of PLACES) count += await this.#unseen(place);
    return count;
  }

  /** Somebody has looked. Durable when resolved. */
  async seen(): Promise<void> {
    const newest = await Promise.all(PLACES.map(async (place) => (await this.#newestKey(place)) ?? ""));
    await this.#storage.write([{ key: SEEN, value: encodeCbor(newest) }]);
    this.#mayHaveChanged = true;
    this.look();
    await this.#counting;
  }

  /** Resolves when nothing is read any more. */
  async close(): Promise<void> {
    await this.#counting;
  }

  async #count(): Promise<void> {
    const own = await this.#unseen(CLIENT_HISTORY);
    this.#counting = undefined;
    if (own === this.#own) return this.look();
    this.#own = own;
    this.#onChange();
    this.look();
  }

  async #unseen(place: HistoryPlace): Promise<number> {
    const bytes = await this.#storage.get(SEEN);
    const seen = bytes === undefined ? [] : (decodeCbor(bytes, LIMITS.entryBytesMax) as string[]);
    let count = 0;
    for await (const { storageKey, lost } of readNewest(this.#storage, place, undefined)) {
      if (storageKey <= (seen[PLACES.indexOf(place)] ?? "")) break;
      if (lost.because !== "replaced-at-join" && lost.putBackMs === undefined) count += 1;
    }
    return count;
  }

  async #newestKey(place: HistoryPlace): Promise<string | undefined> {
    for await (const { storageKey } of readNewest(this.#storage, place, undefined)) return storageKey;
    return undefined;
  }
}
