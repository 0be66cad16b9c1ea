import test from "ava";
import { fuzz } from "./fuzz.ts";

const SEEDS = 60;
const IN_ONE_TEST = 10;

for (let first = 1; first <= SEEDS; first += IN_ONE_TEST) {
  const last = first + IN_ONE_TEST - 1;
  test(`seeds ${first} to ${last}: no rule is broken, and after everything is healed all machines are equal`, async (t) => {
    for (let seed = first; seed <= last; seed += 1) {
      const { failure } = await fuzz({ seed });
      t.is(failure, undefined, `seed ${seed}; replay it with: npm run simulate -- --replay ${seed} --verbose`);
    }
  });
}

test("without faults everything holds as well, with ten machines", async (t) => {
  const { failure, machines } = await fuzz({ seed: "tame", machines: 10, faults: false });
  t.is(failure, undefined);
  t.is(machines, 10);
});

test("a seed repeats bit for bit", async (t) => {
  const [once, again] = [await fuzz({ seed: 7 }), await fuzz({ seed: 7 })];
  t.deepEqual(again, once);
  t.not((await fuzz({ seed: 8 })).fingerprint, once.fingerprint);
});
