/** Where checkers put down what they find; the first counts, what follows may follow from it. */
export class Faults {
  #first: string | undefined;

  /** The first thing that was wrong, in a sentence that begins with the rule or the invariant. */
  get first(): string | undefined {
    return this.#first;
  }

  found(rule: string, what: string): void {
    this.#first ??= `${rule}: ${what}`;
  }
}
