import test from "ava";
import { decodeCbor, encodeCbor } from "../../src/protocol/cbor.ts";
import { guardCbor } from "../../src/protocol/guard.ts";
import { fault } from "./faults.ts";

/** A map of these keys, in this order: the encoder has one of its own. */
const mapOf = (names: readonly string[]): Uint8Array =>
  Uint8Array.from([0xb9, 0, names.length, ...names.flatMap((name) => [...encodeCbor(name), 1])]);

/** A map of so many keys, the last of which is the one at `twice` once more. */
const repeating = (keys: readonly string[], twice: number): Uint8Array => mapOf([...keys, keys[twice] ?? ""]);

test("a key that comes twice is found wherever it stands, among few keys and among many", (t) => {
  for (const count of [1, 2, 15, 16, 17, 40]) {
    const keys = Array.from({ length: count }, (_, at) => `${"k".repeat(at % 3)}${at}`);
    t.is(Object.keys(decodeCbor(encodeCbor(Object.fromEntries(keys.map((key) => [key, 1]))), 10_000) as object).length, count);
    for (const twice of [0, Math.floor(count / 2), count - 1]) {
      const error = fault(t, () => decodeCbor(repeating(keys, twice), 10_000));
      t.regex(error.message, /a key that comes twice/, `${twice} of ${count}`);
    }
  }
});

test("__proto__ is no key, keys of its length and beginning are", (t) => {
  for (const key of ["__proto_1", "__proto", "__proto___", "x_proto__"])
    t.deepEqual(decodeCbor(encodeCbor({ [key]: 1 }), 100), { [key]: 1 });
  const named = Uint8Array.from([0xa1, ...encodeCbor("__proto__"), 1]);
  t.regex(fault(t, () => decodeCbor(named, 100)).message, /the key __proto__/);
});

test("a key that begins another one is another, and so is one that differs in a single bit, among few keys and among many", (t) => {
  for (const more of [0, 30]) {
    // The last two differ in the highest bit of each byte.
    const keys = [...Array.from({ length: more }, (_, at) => `m${at}`), "ab", "a", "C)", "\u00e9".normalize("NFC"), "\u00c3\u00a9"];
    const map = Object.fromEntries(keys.map((key) => [key, 1]));
    for (const order of [keys, [...keys].reverse()]) {
      t.deepEqual(decodeCbor(mapOf(order), 10_000), map);
      t.notThrows(() => guardCbor(mapOf(order), 10_000), "whoever says what is wrong finds nothing");
    }
  }
});
