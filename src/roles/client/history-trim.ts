/** A printer runs for months: what it keeps of its history is bounded all the same. */
import type { Storage } from "../../../hal/storage.ts";
import type { Config } from "../../model/config.ts";
import { daysMs } from "../../model/day.ts";
import { CLIENT_HISTORY, trimHistory } from "../../store/history.ts";
import { type FleetTimeParts, knownFleetTime } from "./fleet-time.ts";

const EVERY_MS = daysMs(1);

interface HistoryTrimParts extends FleetTimeParts {
  readonly storage: Storage;
  readonly config: Pick<Config, "historyDays">;
}

export class HistoryTrim {
  readonly #parts: HistoryTrimParts;
  /** Monotonic time of the last one; undefined: none since it is known what time it is. */
  #trimmedMs: number | undefined;

  constructor(parts: HistoryTrimParts) {
    this.#parts = parts;
  }

  /** Once the machine knows what time it is in the fleet, and every day after that. */
  async ifDue(): Promise<void> {
    const { storage, clock, config } = this.#parts;
    const nowMs = clock.monotonicMs();
    const now = knownFleetTime(this.#parts);
    if (now === undefined || nowMs - (this.#trimmedMs ?? Number.NEGATIVE_INFINITY) <= EVERY_MS) return;
    this.#trimmedMs = nowMs;
    await trimHistory(storage, CLIENT_HISTORY, now - daysMs(config.historyDays));
  }
}
