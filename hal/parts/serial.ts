/** One thing after the other, in the order of the calls. */
export class Serial {
  #last: Promise<void> = Promise.resolve();

  /** Runs the task when all before it have ended, in whichever way; resolves or rejects as the task does. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task);
    this.#last = result.then(
      () => undefined,
      // Whoever asked for this task hears of its failure; the next one has nothing to do with it.
      () => undefined,
    );
    return result;
  }
}
