/** A fault put into the product on purpose: where the tests are worth something, one of them fails for it. */
export interface Mutant {
  readonly name: string;
  /** The rules that it takes away. */
  readonly rules: readonly string[];
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  /** What is wrong with it, as a sentence about the fleet. */
  readonly why: string;
  /** A test file, by a part of its path, that is expected to notice: it is asked first. */
  readonly guard: string;
}
