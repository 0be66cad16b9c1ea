/** What came to the histories since somebody looked (B05): counted anew when it may have changed, so that a status can name it at once. */
import type { Clock } from "../../hal/clock.ts";
import type { Storage } from "../../hal/storage.ts";
import { SyncError, unlessDamaged } from "../model/errors.ts";
import { LIMITS } from "../model/limits.ts";
import type { LogNote, NoteKind } from "../model/log-note.ts";
import { decodeCbor, encodeCbor } from "../protocol/cbor.ts";
import { CLIENT_HISTORY, type HistoryPlace, readNewest, SERVER_HISTORY } from "../store/history.ts";

const SEEN = "m/history-seen";
const PLACES = [CLIENT_HISTORY, SERVER_HISTORY] as const;

/**
 * The newest record of each history when somebody looked; and whether this machine has lost since what it knew of the fleet: then
 * what a join replaces may be what nobody but it had.
 */
type Seen = readonly [client: string, server: string, joinsCount?: true];
const NONE: Seen = ["", ""];

/** Notes beside which something comes to a history, or is taken from it. */
const BESIDE: readonly NoteKind[] = [
  "edit-lost",
  "edit-refused",
  "refused",
  "undone",
  "put-back",
  "scope-replaced",
  "places-alike",
  "owner-deleted",
  "owner-evicted",
  "restored",
  "took-over",
  "server-started",
  "joined",
];

/** From now on until somebody looks, what a join replaces counts. Durable when resolved. */
export async function countJoins(storage: Storage): Promise<void> {
  const [client, server] = await readSeen(storage);
  await writeSeen(storage, [client, server, true]);
}

async function readSeen(storage: Storage): Promise<Seen> {
  const bytes = await storage.get(SEEN).catch(unlessDamaged);
  return bytes === undefined ? NONE : (decodeCbor(bytes, LIMITS.entryBytesMax) as Seen);
}

const writeSeen = (storage: Storage, seen: Seen): Promise<void> => storage.write([{ key: SEEN, value: encodeCbor(seen) }]);

export class UnseenLosses {
  readonly #storage: Storage;
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly #onChange: () => void;
  #known = 0;
  #mayHaveChanged = true;
  #countedMs = 0;
  #counting: Promise<void> | undefined;

  constructor(parts: { readonly storage: Storage; readonly clock: Pick<Clock, "monotonicMs">; readonly onChange: () => void }) {
    this.#storage = parts.storage;
    this.#clock = parts.clock;
    this.#onChange = parts.onChange;
  }

  /** So much lost on this machine since somebody looked, as last counted; no more than LIMITS.historyShownMax. */
  get known(): number {
    return this.#known;
  }

  /** The record is durable a moment later: what is noted here is counted when the status is asked for the next time. */
  noted(note: LogNote | undefined): void {
    if (note !== undefined && BESIDE.includes(note.kind)) this.#mayHaveChanged = true;
  }

  /** Counts where something may have changed, and tells when it has. What cannot be read now is counted the next time. */
  look(): void {
    const isOld = this.#known > 0 && this.#clock.monotonicMs() - this.#countedMs >= LIMITS.lossesAgainMs;
    if (!(this.#mayHaveChanged || isOld) || this.#counting !== undefined) return;
    this.#mayHaveChanged = false;
    this.#countedMs = this.#clock.monotonicMs();
    this.#counting = this.#count().catch((error: unknown) => {
      this.#counting = undefined;
      this.#mayHaveChanged = true;
      if (!(error instanceof SyncError)) throw error;
    });
  }

  /** All of both histories; what a join replaced is not among them as a rule, nor what was put back. */
  async all(): Promise<number> {
    const all = await this.#all(Number.POSITIVE_INFINITY);
    if (Math.min(all, LIMITS.historyShownMax) !== this.#known) {
      this.#mayHaveChanged = true;
      this.look();
    }
    return all;
  }

  /** Somebody has looked. Durable when resolved. */
  async seen(): Promise<void> {
    await writeSeen(this.#storage, [await this.#newestKey(CLIENT_HISTORY), await this.#newestKey(SERVER_HISTORY)]);
    this.#mayHaveChanged = true;
    this.look();
    await this.#counting;
  }

  /** Resolves when nothing is read any more. */
  async close(): Promise<void> {
    await this.#counting;
  }

  async #count(): Promise<void> {
    // A restore may have undone a whole fleet's data: it is counted again and again, so only as far as it is shown.
    const known = await this.#all(LIMITS.historyShownMax);
    this.#counting = undefined;
    if (known === this.#known) return this.look();
    this.#known = known;
    this.#onChange();
    this.look();
  }

  async #all(max: number): Promise<number> {
    const seen = await readSeen(this.#storage);
    let count = 0;
    for (const place of PLACES) count += await this.#unseen(place, seen, max - count);
    return count;
  }

  async #unseen(place: HistoryPlace, seen: Seen, max: number): Promise<number> {
    const [client, server, joinsCount = false] = seen;
    const until = place === CLIENT_HISTORY ? client : server;
    let count = 0;
    for await (const { storageKey, lost } of readNewest(this.#storage, place, undefined)) {
      if (count >= max || storageKey <= until) break;
      if ((joinsCount || lost.because !== "replaced-at-join") && lost.putBackMs === undefined) count += 1;
    }
    return count;
  }

  async #newestKey(place: HistoryPlace): Promise<string> {
    for await (const { storageKey } of readNewest(this.#storage, place, undefined)) return storageKey;
    return "";
  }
}
