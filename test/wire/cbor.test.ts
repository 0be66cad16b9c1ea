import test from "ava";
import { decodeCbor, encodeCbor } from "../../src/protocol/cbor.ts";
import { bytesOf, fault } from "./faults.ts";

test("byte strings are copies: the message they came in can be forgotten or written over", (t) => {
  const message = encodeCbor([Uint8Array.of(1, 2, 3)]);
  const [given] = decodeCbor(message, 100) as [Uint8Array];
  message.fill(0xff);
  t.deepEqual(given, Uint8Array.of(1, 2, 3));
  t.is(given.buffer.byteLength, 3);
  t.is(Object.getPrototypeOf(given), Uint8Array.prototype);
});

test("encoded bytes are the caller's own, not a view of what the next message is written into", (t) => {
  const first = encodeCbor({ a: 1 });
  t.is(first.buffer.byteLength, first.length);
  const before = [...first];
  for (let round = 0; round < 3_000; round += 1) encodeCbor({ filler: "x".repeat(round) });
  t.deepEqual([...first], before);
});

test("nothing is remembered between messages: what was said before changes neither bytes nor values", (t) => {
  const fresh = [...encodeCbor({ name: "a", owner: "b" })];
  for (let round = 0; round < 50; round += 1)
    encodeCbor([
      { name: round, owner: "c", extra: {} },
      { owner: 1, name: 2 },
    ]);
  t.deepEqual([...encodeCbor({ name: "a", owner: "b" })], fresh);
  // A definition of a record, and then a message that would use it: neither is let through.
  const definition = bytesOf("d9 dfff 83 19 e000 82 6161 6162 01 02");
  const use = bytesOf("d9 e000 82 03 04");
  for (const bytes of [definition, use, definition]) t.is(fault(t, () => decodeCbor(bytes, 100)).code, "message-malformed");
  t.deepEqual(decodeCbor(bytesOf("a1 6161 03"), 100), { a: 3 });
});

test("the message that is read is left as it was", (t) => {
  const message = encodeCbor({ a: 1 });
  decodeCbor(message, 100);
  t.deepEqual(Object.keys(message), Object.keys(new Uint8Array(message.length)));
});

test("a message in the middle of a larger buffer is read from its own bytes only", (t) => {
  const around = Buffer.concat([bytesOf("ff ff"), encodeCbor(["x", Uint8Array.of(7)]), bytesOf("ff")]);
  t.deepEqual(decodeCbor(around.subarray(2, -1), 100), ["x", Uint8Array.of(7)]);
});

test("what is not plain data is not encoded: functions, symbols, cycles", (t) => {
  const cycle: unknown[] = [];
  cycle.push(cycle);
  for (const value of [() => 1, { f: Symbol("s") }, cycle]) t.is(fault(t, () => encodeCbor(value)).code, "message-malformed");
  t.deepEqual(decodeCbor(encodeCbor([1]), 10), [1]);
});

test("text of every length comes back: short, long, plain and not", (t) => {
  for (const letter of ["a", "\u00fc", "\u20ac", "\u{1f5a8}"]) {
    for (let length = 0; length < 300; length += 1) {
      const text = letter.repeat(length);
      t.deepEqual(decodeCbor(encodeCbor([text, "tail"]), 5_000), [text, "tail"]);
    }
  }
});
