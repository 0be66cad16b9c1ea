/** A printer runs for months: what it keeps of its history is bounded all the same. */
import type { Clock } from "../../../hal/clock.ts";
import type { Storage } from "../../../hal/storage.ts";
import { CLIENT_HISTORY, trimHistory } from "../../store/history.ts";

const EVERY_MS = 24 * 3600 * 1000;

export class HistoryTrim {
  readonly #storage: Storage;
  readonly #clock: Clock;
  /** Monotonic time of the last one; the module trims when it starts. */
  #trimmedMs: number;

  constructor(parts: { readonly storage: Storage; readonly clock: Clock }) {
    this.#storage = parts.storage;
    this.#clock = parts.clock;
    this.#trimmedMs = parts.clock.monotonicMs();
  }

  async ifDue(): Promise<void> {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#trimmedMs <= EVERY_MS) return;
    this.#trimmedMs = nowMs;
    await trimHistory(this.#storage, CLIENT_HISTORY, this.#clock.wallMs());
  }
}
