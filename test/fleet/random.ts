/** Seeded chance for the simulation: one seed, one history. Nothing here is fit for secrets. */
import { createHash } from "node:crypto";
import type { Random } from "../../src/model/random.ts";

export interface Dice {
  /** As the module wants its chance. */
  readonly bytes: Random;
  /** From 0 up to, but without, 1. */
  fraction(): number;
  /** A whole number from `low` to `high`, ends included. */
  between(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  shuffled<T>(from: readonly T[]): T[];
  /** Dice of their own for one part: what it rolls does not move what others roll. */
  fork(name: string): Dice;
}

/** xoshiro128** over a hash of the seed's text. */
export function seededDice(seed: number | string): Dice {
  const start = createHash("sha256").update(`fleet ${seed}`).digest();
  const state = new Uint32Array(4);
  for (let i = 0; i < 4; i += 1) state[i] = start.readUInt32LE(4 * i);
  const at = (index: number): number => state[index] ?? 0;
  const rotated = (value: number, bits: number): number => ((value << bits) | (value >>> (32 - bits))) >>> 0;

  const next = (): number => {
    const result = Math.imul(rotated(Math.imul(at(1), 5), 7), 9) >>> 0;
    const shifted = at(1) << 9;
    state[2] = at(2) ^ at(0);
    state[3] = at(3) ^ at(1);
    state[1] = at(1) ^ at(2);
    state[0] = at(0) ^ at(3);
    state[2] = at(2) ^ shifted;
    state[3] = rotated(at(3), 11);
    return result;
  };

  const dice: Dice = {
    bytes: (count) => {
      const bytes = new Uint8Array(count);
      for (let i = 0; i < count; i += 1) bytes[i] = next() >>> 24;
      return bytes;
    },
    fraction: () => next() / 2 ** 32,
    between: (low, high) => low + Math.floor((next() / 2 ** 32) * (high - low + 1)),
    chance: (probability) => next() / 2 ** 32 < probability,
    pick: (from) => {
      const chosen = from[dice.between(0, from.length - 1)];
      if (chosen === undefined) throw new Error("nothing to pick from");
      return chosen;
    },
    shuffled: (from) => {
      const list = [...from];
      for (let i = list.length - 1; i > 0; i -= 1) {
        const j = dice.between(0, i);
        const held = list[i];
        const other = list[j];
        if (held !== undefined && other !== undefined) [list[i], list[j]] = [other, held];
      }
      return list;
    },
    fork: (name) => seededDice(`${seed}/${name}`),
  };
  return dice;
}
