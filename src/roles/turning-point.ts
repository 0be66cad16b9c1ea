/** A moment that some wait for, and that comes again and again. */
export class TurningPoint {
  readonly #waiting = new Set<() => void>();

  /** Whether anybody waits for it. */
  get isAwaited(): boolean {
    return this.#waiting.size > 0;
  }

  /** Resolves when it comes the next time. */
  next(): Promise<void> {
    return new Promise((resolve) => this.#waiting.add(resolve));
  }

  /** It has come. */
  tell(): void {
    for (const go of this.#waiting) go();
    this.#waiting.clear();
  }
}
