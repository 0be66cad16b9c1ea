/** The other side of reader.ts: our own values on their way out. What does not fit here is a bug of ours. */
import { assert } from "../model/assert.ts";

/** Hex digits (an id, a digest, a chain hash) as the bytes they stand for. */
export function unhex(digits: string): Uint8Array {
  const bytes = new Uint8Array(Buffer.from(digits, "hex"));
  assert(bytes.length * 2 === digits.length && (bytes.length === 8 || bytes.length === 16), `16 or 32 hex digits: ${digits.slice(0, 40)}`);
  return bytes;
}

/** A count, a revision or a time in whole milliseconds. */
export function count(value: number): number {
  assert(Number.isSafeInteger(value) && value >= 0, `a whole number from 0: ${value}`);
  return value;
}

/** A list that the other side takes at this length. */
export function upTo<T>(max: number, list: readonly T[]): readonly T[] {
  assert(list.length <= max, `at most ${max} elements: ${list.length}`);
  return list;
}

/**
 * Elements at the end of an array that are left out where they say nothing, because later versions added them: what is written
 * without them keeps its bytes. One that says something keeps those before it, as undefined.
 */
export const tail = (...elements: readonly unknown[]): readonly unknown[] =>
  elements.slice(0, elements.findLastIndex((element) => element !== undefined) + 1);

export function maybe<T>(value: T | undefined, encode: (value: T) => unknown): unknown {
  return value === undefined ? undefined : encode(value);
}
