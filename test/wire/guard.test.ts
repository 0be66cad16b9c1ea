import test from "ava";
import { LIMITS } from "../../src/model/limits.ts";
import { decodeCbor, encodeCbor } from "../../src/protocol/cbor.ts";
import { guardCbor } from "../../src/protocol/guard.ts";
import { bytesOf, fault } from "./faults.ts";

const MAX = LIMITS.messageBytesMax;

/** What is wrong, the bytes, a word of the refusal. */
const REFUSED: readonly (readonly [what: string, hex: string, says: RegExp])[] = [
  ["nothing at all", "", /end is missing/],
  ["a tag: a date", "c1 00", /a tag/],
  ["a tag: a regular expression", "d8 1b 82 61 61 60", /a tag/],
  ["a tag: a bignum", "c2 49 010000000000000000", /a tag/],
  ["a tag: a record definition of cbor-x", "d9 dfff 83 19 e000 81 61 61 01", /a tag/],
  ["a tag: a shared value", "d8 1c 80", /a tag/],
  ["a tag inside an array", "82 01 c1 00", /a tag/],
  ["an array without a length", "9f 01 ff", /indefinite/],
  ["a map without a length", "bf 61 61 01 ff", /indefinite/],
  ["text without a length", "7f 61 61 ff", /indefinite/],
  ["bytes without a length", "5f 41 01 ff", /indefinite/],
  ["a break alone", "ff", /simple/],
  ["a reserved head", "1c", /reserved/],
  ["a reserved length of text", "7e", /reserved/],
  ["a key that comes twice", "a2 61 61 01 61 61 02", /twice/],
  ["a key that comes twice, once with a longer head", "a2 61 61 01 78 01 61 02", /twice/],
  ["a key that is a number", "a1 01 02", /not text/],
  ["a key that is bytes", "a1 41 61 02", /not text/],
  ["a key that is an array", "a1 80 02", /not text/],
  ["the key __proto__", "a1 69 5f5f70726f746f5f5f a0", /__proto__/],
  ["text cut in the middle of a character", "62 c3 61", /UTF-8/],
  ["half a character (a lone surrogate)", "63 eda080", /UTF-8/],
  ["text in an overlong form", "62 c080", /UTF-8/],
  ["a character beyond Unicode", "64 f4908080", /UTF-8/],
  ["a key that is not UTF-8", "a1 61 ff 01", /UTF-8/],
  ["text with a byte-order mark in front", "64 efbbbf 61", /byte-order/],
  ["an integer of 2^53", "1b 0020000000000000", /2\^53/],
  ["an integer of 2^64-1", "1b ffffffffffffffff", /2\^53/],
  ["an integer of -2^53", "3b 001fffffffffffff", /2\^53/],
  ["NaN", "fb 7ff8000000000000", /finite/],
  ["infinity", "fb 7ff0000000000000", /finite/],
  ["minus infinity", "fb fff0000000000000", /finite/],
  ["a float of two bytes", "f9 3c00", /short float/],
  ["a float of four bytes", "fa 3f800000", /short float/],
  ["a simple value we do not know", "e0", /simple/],
  ["a simple value in two bytes", "f8 20", /simple/],
  ["false in two bytes", "f8 14", /simple/],
  ["text that goes on after the end", "65 61 61", /end is missing/],
  ["bytes that go on after the end", "5b ffffffffffffffff", /end is missing/],
  ["an array that goes on after the end", "82 01", /end is missing/],
  ["an array of four thousand million", "9a ffffffff", /end is missing/],
  ["a map that goes on after the end", "a1 61 61", /end is missing/],
  ["a head cut short", "19 01", /end is missing/],
  ["a double cut short", "fb 00", /end is missing/],
  ["bytes after the end", "01 02", /after the end/],
  ["nine arrays in each other", "81".repeat(9) + "01", /deeper than 8/],
  ["nine maps in each other", "a1 61 61".repeat(9) + "01", /deeper than 8/],
  ["nine empty arrays in each other", "81".repeat(8) + "80", /deeper than 8/],
];

for (const [what, hex, says] of REFUSED) {
  test(`refused before it is parsed: ${what}`, (t) => {
    const error = fault(t, () => guardCbor(bytesOf(hex), MAX));
    t.is(error.code, "message-malformed");
    t.regex(error.message, says);
  });
}

const TAKEN: readonly (readonly [what: string, hex: string, value: unknown])[] = [
  ["eight arrays in each other", "81".repeat(8) + "01", [[[[[[[[1]]]]]]]]],
  ["the largest integer", "1b 001fffffffffffff", Number.MAX_SAFE_INTEGER],
  ["the smallest integer", "3b 001ffffffffffffe", Number.MIN_SAFE_INTEGER],
  ["a number in a longer head than it needs", "1b 0000000000000001", 1],
  ["a double", "fb 3ff8000000000000", 1.5],
  ["false, true, null, undefined", "84 f4 f5 f6 f7", [false, true, null, undefined]],
  ["empty things", "84 60 40 80 a0", ["", new Uint8Array(), [], {}]],
  ["a long text with a length of eight bytes", `7b 0000000000000050 ${"61".repeat(80)}`, "a".repeat(80)],
  ["text of all four lengths of UTF-8", "6a 61 c3a9 e282ac f09f96a8", "a\u00e9\u20ac\u{1f5a8}"],
  ["the same key in two maps", "82 a1 61 61 01 a1 61 61 02", [{ a: 1 }, { a: 2 }]],
  ["names that objects have by nature", "a2 6b 636f6e7374727563746f72 01 68 746f537472696e67 02", { constructor: 1, toString: 2 }],
];

for (const [what, hex, value] of TAKEN) {
  test(`taken: ${what}`, (t) => t.deepEqual(decodeCbor(bytesOf(hex), MAX), value));
}

test("more bytes than are taken are refused unseen", (t) => {
  t.is(fault(t, () => guardCbor(new Uint8Array(11), 10)).code, "message-too-large");
  t.notThrows(() => guardCbor(encodeCbor(new Uint8Array(8)), 9));
});

test("items are counted wherever they are: two arrays that fit each by itself may not fit together", (t) => {
  const half = LIMITS.cborItemsMax / 2 + 10;
  const head = (count: number) => [0x99, count >> 8, count & 255];
  const zeros = (count: number) => new Array<number>(count).fill(0);
  const nested = Uint8Array.from([...head(half), ...head(half), ...zeros(half), ...zeros(half - 1)]);
  t.regex(fault(t, () => guardCbor(nested, nested.length)).message, /more than 4096 items/);
});

test("items are counted with their keys and their containers, up to the limit and not beyond", (t) => {
  const array = (length: number): Uint8Array => encodeCbor(new Array(length).fill(0));
  t.notThrows(() => guardCbor(array(LIMITS.cborItemsMax - 1), MAX));
  t.regex(fault(t, () => guardCbor(array(LIMITS.cborItemsMax), MAX)).message, /more than 4096 items/);
  const map = (size: number): Uint8Array => encodeCbor(Object.fromEntries(Array.from({ length: size }, (_, index) => [`k${index}`, 0])));
  t.notThrows(() => guardCbor(map(2_047), MAX));
  t.regex(fault(t, () => guardCbor(map(2_048), MAX)).message, /more than 4096 items/);
});

test("a megabyte of empty maps is given up at the item limit: no more of it is looked at", (t) => {
  const bomb = new Uint8Array(1024 * 1024).fill(0xa0);
  bomb.set([0x9a, 0x00, 0x0f, 0xff, 0xfb]);
  t.is(fault(t, () => guardCbor(bomb, MAX)).code, "message-too-large");
  t.regex(fault(t, () => guardCbor(bomb, bomb.length)).message, /near byte 5: more than 4096 items/);
  // Behind many small arrays instead of one large one.
  const nested = new Uint8Array(1024 * 1024).fill(0xa0);
  for (let at = 5; at < nested.length; at += 17) nested[at] = 0x90;
  nested.set([0x99, 0x0f, 0xff]);
  const { message } = fault(t, () => guardCbor(nested, nested.length));
  t.regex(message, /more than 4096 items/);
  t.true(Number(/near byte (\d+)/.exec(message)?.[1]) < 5_000);
});
