import { PassThrough } from "node:stream";
import { once } from "node:events";
import test from "ava";
import { Gate } from "../../../src/link/gate.ts";

const stream = (): PassThrough => new PassThrough();

test("B08 of one address as many are inside as may be, and in all as many as may be; who leaves makes room", async (t) => {
  const gate = new Gate({ max: 3, perAddressMax: 2, whenFull: "refuse" });
  const inside = [stream(), stream(), stream()];
  t.deepEqual(
    inside.map((one, index) => gate.enter(one, index === 2 ? "b" : "a")),
    ["in", "in", "in"],
  );
  for (const address of ["a", "b", "c"]) {
    const late = stream();
    t.is(gate.enter(late, address), "full", address);
    t.true(late.destroyed);
    t.false(gate.has(late));
  }
  t.is(gate.count, 3);
  const [first, second, third] = inside;
  if (first === undefined || second === undefined || third === undefined) throw new Error("three are inside");
  first.destroy();
  await once(first, "close");
  t.is(gate.count, 2);
  t.is(gate.enter(stream(), "a"), "in", "who has closed is inside no more");
  gate.leave(third);
  t.is(gate.enter(stream(), "c"), "in");
});

test("B08 where the one that is there longest gives way, it is the one of the same address, or of all", (t) => {
  const gate = new Gate({ max: 3, perAddressMax: 2, whenFull: "replace-oldest" });
  const [other, a1, a2, a3, c] = [stream(), stream(), stream(), stream(), stream()];
  for (const [one, address] of [
    [other, "b"],
    [a1, "a"],
    [a2, "a"],
    [a3, "a"],
  ] as const)
    t.is(gate.enter(one, address), "in");
  t.deepEqual(
    [other, a1, a2, a3].map((one) => [gate.has(one), one.destroyed]),
    [
      [true, false],
      [false, true],
      [true, false],
      [true, false],
    ],
  );
  t.is(gate.enter(c, "c"), "in");
  t.deepEqual([gate.has(other), other.destroyed, gate.has(a2), gate.count], [false, true, true, 3]);
});
