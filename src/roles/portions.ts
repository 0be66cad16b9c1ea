/** What is too much to be held at once, in portions that are small enough. */
import { LIMITS } from "../model/limits.ts";
import type { Owner } from "../model/owner.ts";

/**
 * What follows one another of one owner stays together, as far as a portion goes: a list that is full takes what is moved out of it and
 * into it in one edit, and in two perhaps not. Each portion has something in it.
 */
export async function* portionsOf<T extends { readonly owner: Owner }>(all: Iterable<T> | AsyncIterable<T>): AsyncIterable<readonly T[]> {
  let portion: T[] = [];
  for await (const one of all) {
    const isOfLast = portion.at(-1)?.owner === one.owner;
    if (portion.length >= LIMITS.actPortionMax || (portion.length >= LIMITS.actPortion && !isOfLast)) {
      yield portion;
      portion = [];
    }
    portion.push(one);
  }
  if (portion.length > 0) yield portion;
}

/** All of it, where that is no more than a portion. */
export async function onlyPortionOf<T extends { readonly owner: Owner }>(all: Iterable<T>): Promise<readonly T[] | undefined> {
  let only: readonly T[] | undefined;
  for await (const portion of portionsOf(all)) {
    if (only !== undefined) return undefined;
    only = portion;
  }
  return only ?? [];
}
