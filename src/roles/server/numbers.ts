/** One-touch numbers, 1-200: each is one button, so that no two entries have the same. */
import { commonList, ONE_TOUCH_LIST } from "../../model/entry.ts";
import { LIMITS } from "../../model/limits.ts";
import type { Fields, Value } from "../../model/value.ts";

/** The one-touch number of an address, undefined for one of another list or without a number. */
export const oneTouchNumberOf = (value: Fields): number | undefined =>
  commonList(value) === ONE_TOUCH_LIST ? positive(value.indxid) : undefined;

/** The number itself when no other address has it, else the next free one (from 1 again after 200); itself when all are taken. */
export function freeOneTouchNumber(wanted: number, others: readonly Fields[]): number {
  const taken = new Set(others.flatMap((value) => oneTouchNumberOf(value) ?? []));
  for (let step = 0; step <= taken.size; step += 1) {
    const number = ((wanted - 1 + step) % LIMITS.oneTouchMax) + 1;
    if (!taken.has(number)) return number;
  }
  return wanted;
}

function positive(value: Value | undefined): number | undefined {
  const number = typeof value === "string" && /^\d{1,7}$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isInteger(number) && number > 0 ? number : undefined;
}
