/** What an administrator asks of a running role: done between two turns of its loop, or answered when it ends. */
import type { Refusal } from "../model/refusal.ts";

export class Requests {
  readonly #put: (perform: () => Promise<void>) => void;
  readonly #notRunning: Refusal;
  /** Those that nobody has begun with. */
  readonly #waiting = new Set<() => void>();
  #hasEnded = false;

  constructor(notRunning: Refusal, put: (perform: () => Promise<void>) => void) {
    this.#notRunning = notRunning;
    this.#put = put;
  }

  /** Rejects as `perform` does; the refusal when the role ends before it came to it. */
  run<T = "done">(perform: () => Promise<T | Refusal>): Promise<T | Refusal> {
    return new Promise((resolve, reject) => {
      const notRunning = () => resolve(this.#notRunning);
      if (this.#hasEnded) return notRunning();
      this.#waiting.add(notRunning);
      this.#put(() => {
        this.#waiting.delete(notRunning);
        return perform().then(resolve, reject);
      });
    });
  }

  end(): void {
    this.#hasEnded = true;
    for (const notRunning of this.#waiting) notRunning();
  }
}
