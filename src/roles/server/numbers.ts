/** One-touch numbers, 1-200: each is one button, so that no two entries have the same. */
import { commonList, ONE_TOUCH_LIST } from "../../model/entry.ts";
import { LIMITS } from "../../model/limits.ts";
import type { Fields, Value } from "../../model/value.ts";

/** The one-touch number of an address, undefined for one of another list or without a number. */
export const oneTouchNumberOf = (value: Fields): number | undefined =>
  commonList(value) === ONE_TOUCH_LIST ? positive(value.indxid) : undefined;

/** The number itself when no other address has it, else the next free one (from 1 again after 200); itself when all are taken. */
export const freeOneTouchNumber = (wanted: number, others: readonly Fields[]): number =>
  nextFree(wanted, LIMITS.oneTouchMax, taken(others, oneTouchNumberOf));

function taken(others: readonly Fields[], numberOf: (value: Fields) => number | undefined): ReadonlySet<number> {
  return new Set(others.flatMap((value) => numberOf(value) ?? []));
}

function nextFree(wanted: number, max: number, used: ReadonlySet<number>): number {
  for (let step = 0; step <= used.size; step += 1) {
    const number = ((wanted - 1 + step) % max) + 1;
    if (!used.has(number)) return number;
  }
  return wanted;
}

function positive(value: Value | undefined): number | undefined {
  const number = typeof value === "string" && /^\d{1,7}$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isInteger(number) && number > 0 ? number : undefined;
}
