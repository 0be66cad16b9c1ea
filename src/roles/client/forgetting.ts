/**
 * The machine's stores forget the edits that are recorded, in bundles, beside everything else: each is a write of theirs that waits for
 * the act under way, an import of thousands, say, and what the fleet edits meanwhile need not wait for it.
 */

/** Marks are forgotten by the stores in bundles: each bundle is a write. */
const FORGET_BUNDLE = 256;

export class Forgetting {
  readonly #forget: (mark: number) => Promise<void>;
  #forgotten = 0;
  #isUnderWay = false;
  #last: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(forget: (mark: number) => Promise<void>) {
    this.#forget = forget;
  }

  /**
   * Begins to forget up to a mark that is recorded, where that is worth a write and none is under way. Throws what the last one
   * failed of.
   */
  upTo(mark: number): void {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure.error;
    if (this.#isUnderWay || mark - this.#forgotten < FORGET_BUNDLE) return;
    this.#forgotten = mark;
    this.#isUnderWay = true;
    this.#last = this.#run(mark);
  }

  /** Resolves when none is under way. */
  async ended(): Promise<void> {
    await this.#last;
  }

  async #run(mark: number): Promise<void> {
    try {
      await this.#forget(mark);
    } catch (error) {
      this.#failure = { error };
    } finally {
      this.#isUnderWay = false;
    }
  }
}
