/** The simulation itself; its 500 seeds are in seeds/. */
import test from "ava";
import { fuzz } from "./fuzz.ts";

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
