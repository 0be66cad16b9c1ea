/** What happened, in order, until its role has time for it: listeners only put, the role takes all at once. */
export class Mailbox<E> {
  #events: E[] = [];
  #wake: (() => void) | undefined;
  #signal: AbortSignal | undefined;

  get isEmpty(): boolean {
    return this.#events.length === 0;
  }

  put(event: E): void {
    this.#events.push(event);
    this.#wake?.();
  }

  /**
   * All events so far, waiting for one if there is none; empty when the signal aborts first. A signal that lives longer than
   * this mailbox keeps it in memory.
   */
  async take(signal: AbortSignal): Promise<E[]> {
    if (this.#events.length === 0 && !signal.aborted) {
      this.#heed(signal);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
    return this.takeNow();
  }

  /** The same, waiting no longer than until `over` resolves: then there may be none. */
  async takeBefore(over: Promise<unknown>, signal: AbortSignal): Promise<E[]> {
    if (this.#events.length === 0 && !signal.aborted) {
      this.#heed(signal);
      const next = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      await Promise.race([next, over]);
      this.#wake = undefined;
    }
    return this.takeNow();
  }

  /** A listener for each wait would cost more than the rest of it. */
  #heed(signal: AbortSignal): void {
    if (this.#signal === signal) return;
    this.#signal = signal;
    signal.addEventListener("abort", () => this.#wake?.(), { once: true });
  }

  /** All events so far, maybe none. */
  takeNow(): E[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }
}
