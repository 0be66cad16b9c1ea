/** A printer runs for months: what it keeps of its history is bounded all the same. */
import type { Storage } from "../../../hal/storage.ts";
import { CLIENT_HISTORY, trimHistory } from "../../store/history.ts";
import { type FleetTimeParts, knownFleetTime } from "./fleet-time.ts";

const EVERY_MS = 24 * 3600 * 1000;

export class HistoryTrim {
  readonly #parts: FleetTimeParts & { readonly storage: Storage };
  /** Monotonic time of the last one; undefined: none since it is known what time it is. */
  #trimmedMs: number | undefined;

  constructor(parts: FleetTimeParts & { readonly storage: Storage }) {
    this.#parts = parts;
  }

  /** Once the machine knows what time it is in the fleet, and every day after that. */
  async ifDue(): Promise<void> {
    const { storage, clock } = this.#parts;
    const nowMs = clock.monotonicMs();
    const now = knownFleetTime(this.#parts);
    if (now === undefined || nowMs - (this.#trimmedMs ?? Number.NEGATIVE_INFINITY) <= EVERY_MS) return;
    this.#trimmedMs = nowMs;
    await trimHistory(storage, CLIENT_HISTORY, now);
  }
}
