/** Wakes whoever waits for something, when it is due. One timer at a time: of what comes, only what is due sooner sets it anew. */
import type { Clock } from "../../../hal/clock.ts";

export class DueTimer {
  readonly #clock: Pick<Clock, "sleep" | "monotonicMs">;
  readonly #wake: () => void;
  #set: { readonly dueMs: number; readonly ending: AbortController } | undefined;
  #hasEnded = false;

  constructor(clock: Pick<Clock, "sleep" | "monotonicMs">, wake: () => void) {
    this.#clock = clock;
    this.#wake = wake;
  }

  wakeAt(dueMs: number): void {
    if (this.#hasEnded || (this.#set !== undefined && this.#set.dueMs <= dueMs)) return;
    this.clear();
    const set = { dueMs, ending: new AbortController() };
    this.#set = set;
    void this.#run(set);
  }

  /** Nobody is woken for what was due. */
  clear(): void {
    this.#set?.ending.abort();
    this.#set = undefined;
  }

  /** Nor for what comes. */
  end(): void {
    this.#hasEnded = true;
    this.clear();
  }

  async #run({ dueMs, ending }: { readonly dueMs: number; readonly ending: AbortController }): Promise<void> {
    if ((await this.#clock.sleep(Math.max(0, dueMs - this.#clock.monotonicMs()), ending.signal)) === "aborted") return;
    this.#set = undefined;
    this.#wake();
  }
}
