/** One write is under way while the next one is prepared. */
export class OneWrite {
  #underWay: Promise<void> | undefined;

  /** Resolves when the one before has ended and this one has begun; rejects as the one before did, and does not begin then. */
  async begin(write: () => Promise<void>): Promise<void> {
    await this.ended();
    this.#underWay = write();
    // It is told to whoever waits for its end.
    this.#underWay.catch(() => undefined);
  }

  /** Resolves or rejects as the last one does. */
  async ended(): Promise<void> {
    const underWay = this.#underWay;
    this.#underWay = undefined;
    await underWay;
  }
}
