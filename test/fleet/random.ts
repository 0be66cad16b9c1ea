/** Seeded chance for simulations: one seed, one history. Nothing here is fit for secrets. */
import { createHash } from "node:crypto";
import type { Random } from "../../src/model/random.ts";

/** xoshiro128** over a hash of the seed's text. */
export class Dice {
  readonly #seed: number | string;
  readonly #state = new Uint32Array(4);
  /** As the module wants its chance. */
  readonly bytes: Random;

  constructor(seed: number | string) {
    this.#seed = seed;
    const start = createHash("sha256").update(`fleet ${seed}`).digest();
    for (let i = 0; i < 4; i += 1) this.#state[i] = start.readUInt32LE(4 * i);
    this.bytes = (count) => {
      const bytes = new Uint8Array(count);
      for (let i = 0; i < count; i += 1) bytes[i] = this.#next() >>> 24;
      return bytes;
    };
  }

  /** From 0 up to, but without, 1. */
  fraction(): number {
    return this.#next() / 2 ** 32;
  }

  /** A whole number from 0 up to, but without, `end`. */
  below(end: number): number {
    return Math.floor(this.fraction() * end);
  }

  /** A whole number from `low` to `high`, ends included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.fraction() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  pick<T>(from: readonly T[]): T {
    if (from.length === 0) throw new Error("nothing to pick from");
    return from[this.below(from.length)] as T;
  }

  shuffled<T>(from: readonly T[]): T[] {
    const rest = [...from];
    const list: T[] = [];
    while (rest.length > 0) list.push(...rest.splice(this.below(rest.length), 1));
    return list;
  }

  /** Dice of their own for one part: what it rolls does not move what others roll. */
  fork(name: string): Dice {
    return new Dice(`${this.#seed}/${name}`);
  }

  #next(): number {
    const state = this.#state;
    const { 0: a = 0, 1: b = 0, 2: c = 0, 3: d = 0 } = state;
    const third = c ^ a;
    const fourth = d ^ b;
    state[0] = a ^ fourth;
    state[1] = b ^ third;
    state[2] = third ^ (b << 9);
    state[3] = rotated(fourth, 11);
    return Math.imul(rotated(Math.imul(b, 5), 7), 9) >>> 0;
  }
}

const rotated = (value: number, bits: number): number => ((value << bits) | (value >>> (32 - bits))) >>> 0;

export const seededDice = (seed: number | string): Dice => new Dice(seed);
