/** What an administrator asks of a running server: done between two turns of its loop, or answered when it ends. */
import type { Refusal } from "../../model/refusal.ts";

export class Requests {
  readonly #put: (perform: () => Promise<void>) => void;
  /** Those that nobody has begun with. */
  readonly #waiting = new Set<() => void>();
  #hasEnded = false;

  constructor(put: (perform: () => Promise<void>) => void) {
    this.#put = put;
  }

  /** Rejects as `perform` does; "server-not-running" when the server ends before it came to it. */
  run(perform: () => Promise<Refusal | "done">): Promise<Refusal | "done"> {
    return new Promise((resolve, reject) => {
      const notRunning = () => resolve({ word: "server-not-running" });
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
