/**
 * Something that is told again and again as it changes: the first change at once, those that follow soon after together.
 * So a key is answered without delay, and a burst costs one telling per window.
 */
export class Soon {
  readonly #act: () => void;
  readonly #windowMs: number;
  #actedAtMs = Number.NEGATIVE_INFINITY;
  /** When the timer is due. */
  #dueMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor({ act, windowMs }: { readonly act: () => void; readonly windowMs: number }) {
    this.#act = act;
    this.#windowMs = windowMs;
  }

  /** Something has changed; `act` follows, never within this call, and no sooner than `windowMs` after it was done last. */
  changed(windowMs = this.#windowMs): void {
    const dueMs = Math.max(performance.now(), this.#actedAtMs + windowMs);
    if (this.#timer !== undefined && this.#dueMs <= dueMs) return;
    clearTimeout(this.#timer);
    this.#dueMs = dueMs;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#actedAtMs = performance.now();
      this.#act();
    }, dueMs - performance.now());
  }

  /** What has not been told yet is not told any more; a later change is. */
  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
