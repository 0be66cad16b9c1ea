/**
 * Changes of a large list that come in a row from other machines: the first is seen at once, those after it together,
 * once in a while. Reading 1,800 addresses for each of fifty changes would leave a printer no time for its user.
 */
import type { Clock } from "../../hal/clock.ts";
import { LIMITS } from "../model/limits.ts";

interface Parts {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Does what a change calls for; it is not called again while it works. */
  readonly perform: () => Promise<void>;
}

export class Gathered {
  readonly #parts: Parts;
  #due = false;
  #working = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Something has changed. Resolves when nothing is due any more; rejects as `perform` does. */
  async changed(): Promise<void> {
    this.#due = true;
    if (this.#working) return;
    this.#working = true;
    try {
      await this.#work();
    } finally {
      this.#working = false;
    }
  }

  async #work(): Promise<void> {
    const { clock, signal, perform } = this.#parts;
    while (this.#due) {
      this.#due = false;
      await perform();
      if ((await clock.sleep(LIMITS.panelGatherMs, signal)) === "aborted") return;
    }
  }
}
