/** One hold: it ends by a release, or by itself when it was not renewed for its time. */
import type { Clock } from "../clock.ts";
import type { Hold } from "../power.ts";

interface Parts {
  readonly clock: Clock;
  readonly reason: string;
  readonly lapsesAfterMs: number;
  /** Called once. */
  readonly onEnd: () => void;
}

export class SimHold implements Hold {
  readonly reason: string;
  readonly #parts: Parts;
  readonly #ended = new AbortController();
  #dueMs = 0;
  #watched = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.reason = parts.reason;
  }

  renew(): void {
    if (this.#ended.signal.aborted) return;
    this.#dueMs = this.#parts.clock.monotonicMs() + this.#parts.lapsesAfterMs;
    if (!this.#watched) void this.#watch();
  }

  release(): void {
    if (this.#ended.signal.aborted) return;
    this.#ended.abort();
    this.#parts.onEnd();
  }

  /** One wait at a time: a hold that is renewed every second costs the clock nothing. */
  async #watch(): Promise<void> {
    this.#watched = true;
    while (!this.#ended.signal.aborted) {
      const leftMs = this.#dueMs - this.#parts.clock.monotonicMs();
      if (leftMs <= 0) return this.release();
      await this.#parts.clock.sleep(Math.ceil(leftMs), this.#ended.signal);
    }
  }
}
