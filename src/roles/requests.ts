/** What an administrator asks of a running role: done between two turns of its loop, or answered when it ends. */
import type { Refusal } from "../model/refusal.ts";

export class Requests {
  readonly #put: (perform: () => Promise<void>) => void;
  readonly #notRunning: Refusal;
  /** Those that nobody has begun with. */
  readonly #waiting = new Set<() => void>();
  #ended: Refusal | undefined;

  constructor(notRunning: Refusal, put: (perform: () => Promise<void>) => void) {
    this.#notRunning = notRunning;
    this.#put = put;
  }

  /** Rejects as `perform` does; the refusal when the role ends before it came to it. */
  run<T = "done">(perform: () => Promise<T | Refusal>): Promise<T | Refusal> {
    return new Promise((resolve, reject) => {
      const refuse = () => resolve(this.#ended ?? this.#notRunning);
      if (this.#ended !== undefined) return refuse();
      this.#waiting.add(refuse);
      this.#put(async () => {
        if (this.#waiting.delete(refuse)) await perform().then(resolve, reject);
      });
    });
  }

  /** Nothing is begun with any more; whoever waits, or comes later, is answered this. */
  end(refusal: Refusal = this.#notRunning): void {
    this.#ended ??= refusal;
    for (const refuse of this.#waiting) refuse();
    this.#waiting.clear();
  }
}
