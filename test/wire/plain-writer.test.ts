/** The writer of plain CBOR beside the library that it stands for: the same bytes, whatever is written. */
import test from "ava";
import { Encoder } from "cbor-x/index-no-eval";
import fc from "fast-check";
import { encodeCbor } from "../../src/protocol/cbor.ts";
import { PlainWriter } from "../../src/protocol/plain-writer.ts";
import { plainData } from "./arbitrary.ts";
import { fault } from "./faults.ts";

const SEED = 20_261_123;
const LIBRARY = new Encoder({ useRecords: false, tagUint8Array: false, variableMapSize: true });
const WRITER = new PlainWriter();

/** Hexadecimal, as both write it. */
const ours = (value: unknown): string => Buffer.from(WRITER.encode(value)).toString("hex");
const theirs = (value: unknown): string => Buffer.from(LIBRARY.encode(value)).toString("hex");

test("numbers of every size and kind, at each end of each form", (t) => {
  const ends = [0, 23, 24, 255, 256, 65_535, 65_536, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, 2 ** 53];
  const numbers = ends.flatMap((end) => [end - 1, end, end + 1, -end - 1, -end, -end + 1, end + 0.5, -end - 0.25]);
  for (const number of [...numbers, -0, 1e300, 5e-324, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
    t.is(ours(number), theirs(number), `${number}`);
});

test("text, bytes, lists and fields of every length at each end of each form", (t) => {
  for (const length of [0, 1, 23, 24, 31, 32, 39, 40, 63, 64, 84, 85, 86, 127, 128, 255, 256, 21_845, 65_535, 65_536, 200_000]) {
    for (const letter of ["a", "\u007f", "\u0080", "\u00fc", "\u20ac", "\u{1f5a8}"]) {
      const text = letter.repeat(length / letter.length);
      t.is(ours([text, "tail"]), theirs([text, "tail"]), `${length} of ${letter}`);
      t.is(ours(`${"a".repeat(length)}${letter}`), theirs(`${"a".repeat(length)}${letter}`), `${length} and ${letter}`);
    }
    t.is(ours([new Uint8Array(length).fill(7)]), theirs([new Uint8Array(length).fill(7)]));
    t.is(ours(Buffer.alloc(length, 7)), theirs(Buffer.alloc(length, 7)), "a Buffer is bytes too");
    if (length > 70_000) continue;
    t.is(ours(Array.from({ length }, (_, at) => at)), theirs(Array.from({ length }, (_, at) => at)));
    const fields = Object.fromEntries(Array.from({ length: Math.min(length, 300) }, (_, at) => [`f${at}`, at]));
    t.is(ours(fields), theirs(fields));
  }
});

test("whatever plain data there is: the bytes are the library's", (t) => {
  const others = [fc.boolean(), fc.constant(null), fc.constant(undefined), fc.double(), fc.integer(), fc.maxSafeInteger(), fc.uint8Array()];
  const text = fc.string({ unit: "binary", maxLength: 80 });
  fc.assert(
    fc.property(plainData(text, ...others), (value) => t.is(ours(value), theirs(value))),
    { seed: SEED, numRuns: 2_000 },
  );
});

test("objects without a prototype are fields like others; a list with holes has nothing there", (t) => {
  const bare: Record<string, unknown> = Object.assign(Object.create(null), { a: 1, b: undefined });
  t.is(ours(bare), ours({ a: 1, b: undefined }));
  t.is(ours(new Array(2)), ours([undefined, undefined]));
});

test("what would come back as something else is not written, and what comes after it is", (t) => {
  class Named {
    readonly name = "x";
  }
  const others = [
    new Date(0),
    new Map([[1, 2]]),
    new Set([1]),
    new Named(),
    new Uint16Array(2),
    new ArrayBuffer(2),
    1n,
    /x/,
    new Error("x"),
  ];
  for (const value of others) {
    t.is(fault(t, () => encodeCbor(["before", { value }])).code, "message-malformed");
    t.is(Buffer.from(encodeCbor([1])).toString("hex"), "8101");
  }
});
