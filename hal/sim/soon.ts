/**
 * Something that is told again and again as it changes: the first change at once, those that follow soon after together.
 * So a key is answered without delay, and a burst costs one telling per window.
 */
export class Soon {
  readonly #act: () => void;
  readonly #windowMs: number;
  #actedAtMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor({ act, windowMs }: { readonly act: () => void; readonly windowMs: number }) {
    this.#act = act;
    this.#windowMs = windowMs;
  }

  /** Something has changed; `act` follows, never within this call. */
  changed(): void {
    const waitMs = Math.max(0, this.#actedAtMs + this.#windowMs - performance.now());
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#actedAtMs = performance.now();
      this.#act();
    }, waitMs);
  }

  /** What has not been told yet is not told any more; a later change is. */
  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
