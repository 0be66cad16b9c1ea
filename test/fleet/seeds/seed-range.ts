/** Tests for a range of seeds, a few seeds each: AVA runs files in threads, so each of two processors has a file of its own, whose code is made quick once. */
import type { TestFn } from "ava";
import { fuzz } from "../fuzz.ts";

const IN_ONE_TEST = 5;

/** `first` to `last`, both included. */
export function seedRange(test: TestFn, first: number, last: number): void {
  for (let from = first; from <= last; from += IN_ONE_TEST) {
    const to = Math.min(last, from + IN_ONE_TEST - 1);
    test.serial(`seeds ${from} to ${to}: no rule is broken, and after everything is healed all machines are equal`, async (t) => {
      for (let seed = from; seed <= to; seed += 1) {
        const { failure } = await fuzz({ seed });
        t.is(failure, undefined, `seed ${seed}; replay it with: npm run simulate -- --replay ${seed} --verbose`);
      }
    });
  }
}
