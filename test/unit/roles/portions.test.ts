/** What is too much at once comes in portions that keep an owner's entries together. */
import test from "ava";
import { LIMITS } from "../../../src/model/limits.ts";
import type { Owner } from "../../../src/model/owner.ts";
import { onlyPortionOf, portionsOf } from "../../../src/roles/portions.ts";

const entries = (owner: string, many: number) => Array.from({ length: many }, () => ({ owner: owner as Owner }));

async function sizesOf(...owners: (readonly { readonly owner: Owner }[])[]): Promise<number[]> {
  const sizes: number[] = [];
  for await (const portion of portionsOf(owners.flat())) sizes.push(portion.length);
  return sizes;
}

test("M34 a portion ends between two owners, and amid one only where that one has too much", async (t) => {
  const { actPortion, actPortionMax } = LIMITS;
  t.deepEqual(await sizesOf(), []);
  t.deepEqual(await sizesOf(entries("user:a", actPortion), entries("user:b", 1)), [actPortion, 1]);
  t.deepEqual(await sizesOf(entries("user:a", actPortion - 1), entries("user:b", 7), entries("user:c", 1)), [actPortion + 6, 1]);
  t.deepEqual(await sizesOf(entries("user:a", actPortionMax + 2)), [actPortionMax, 2]);
});

test("M34 what is no more than a portion is had at once", async (t) => {
  const few = entries("user:a", 3);
  t.deepEqual(await onlyPortionOf(few), few);
  t.deepEqual(await onlyPortionOf([]), []);
  t.is(await onlyPortionOf(entries("user:a", LIMITS.actPortionMax + 1)), undefined);
});
