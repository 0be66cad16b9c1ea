/**
 * The decisions of a simulation, numbered from 1: each person's act and each thing that goes wrong is one. Each rolls
 * dice of its own, so that leaving some of them out does not change what the others decide; that is how a failure is
 * made smaller until it can be understood.
 */
import type { Dice } from "./random.ts";

export class Decisions {
  readonly #dice: Dice;
  readonly #only: ReadonlySet<number> | undefined;
  readonly #made: number[] = [];
  #count = 0;

  /** `only`: the numbers that are not left out; undefined: none is. */
  constructor(dice: Dice, only: ReadonlySet<number> | undefined) {
    this.#dice = dice;
    this.#only = only;
  }

  /** The numbers of those that were made. */
  get made(): readonly number[] {
    return this.#made;
  }

  /** The number of the last one. */
  get count(): number {
    return this.#count;
  }

  /** The next decision, unless it is left out. */
  async next(decide: (dice: Dice) => void | Promise<void>): Promise<void> {
    this.#count += 1;
    if (this.#only !== undefined && !this.#only.has(this.#count)) return;
    this.#made.push(this.#count);
    await decide(this.#dice.fork(`decision ${this.#count}`));
  }
}
