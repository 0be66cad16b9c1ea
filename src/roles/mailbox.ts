/** What happened, in order, until its role has time for it: listeners only put, the role takes all at once. */
export class Mailbox<E> {
  #events: E[] = [];
  #wake: (() => void) | undefined;

  put(event: E): void {
    this.#events.push(event);
    this.#wake?.();
  }

  /** All events so far, waiting for one if there is none; empty when the signal aborts first. */
  async take(signal: AbortSignal): Promise<E[]> {
    if (this.#events.length === 0 && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const wake = () => {
          signal.removeEventListener("abort", wake);
          this.#wake = undefined;
          resolve();
        };
        this.#wake = wake;
        signal.addEventListener("abort", wake);
      });
    }
    return this.takeNow();
  }

  /** All events so far, maybe none. */
  takeNow(): E[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }
}
