/** The reader of plain CBOR beside those that it stands for: the guard, the library, and edits read element by element. */
import test from "ava";
import { Decoder } from "cbor-x/index-no-eval";
import fc from "fast-check";
import { must } from "../../src/model/assert.ts";
import { SyncError } from "../../src/model/errors.ts";
import { LIMITS } from "../../src/model/limits.ts";
import type { Value } from "../../src/model/value.ts";
import { encodeCbor } from "../../src/protocol/cbor.ts";
import { decodeAccepted, decodeEdit, encodeAccepted, encodeEdit } from "../../src/protocol/edit.ts";
import { EditReader } from "../../src/protocol/edit-reader.ts";
import { guardCbor } from "../../src/protocol/guard.ts";
import { PlainReader } from "../../src/protocol/plain-reader.ts";
import { WORDS } from "../../src/protocol/words.ts";
import { accepted, edit, plainData } from "./arbitrary.ts";
import { bytesOf } from "./faults.ts";

const SEED = 20_261_123;
const PLAIN = { useRecords: false, mapsAsObjects: true, tagUint8Array: false, int64AsNumber: true, copyBuffers: true };
const LIBRARY = new Decoder(PLAIN);
const REFUSED = Symbol("refused");

function guarded(bytes: Uint8Array): unknown {
  try {
    guardCbor(bytes, LIMITS.messageBytesMax);
  } catch (error) {
    if (error instanceof SyncError) return REFUSED;
    throw error;
  }
  return LIBRARY.decode(new Uint8Array(bytes));
}

function read(bytes: Uint8Array): unknown {
  const reader = new PlainReader(Buffer.from(bytes));
  const value = reader.item();
  return reader.isLost || !reader.isAtEnd ? REFUSED : value;
}

const text = fc.oneof(fc.constantFrom(...WORDS, "__proto__", "\ufeffa", "Müller"), fc.string({ unit: "binary", maxLength: 40 }));
const value = plainData(
  text,
  fc.maxSafeInteger(),
  fc.integer({ min: -300, max: 70_000 }),
  fc.double(),
  fc.boolean(),
  fc.constantFrom(null, undefined),
  fc.uint8Array({ maxLength: 40 }),
);

/** One or two things that go wrong with bytes. */
const damage = fc.array(fc.tuple(fc.nat(), fc.constantFrom("byte", "out", "twice"), fc.nat(255)), { maxLength: 2 });
type Damage = readonly (readonly [where: number, how: string, byte: number])[];
const damaged = (bytes: Uint8Array, all: Damage): Uint8Array =>
  all.reduce((hurt, [where, how, byte]) => {
    const at = where % Math.max(1, hurt.length);
    if (how === "byte") return Uint8Array.from(hurt).fill(byte, at, at + 1);
    const rest = how === "out" ? hurt.subarray(at + 1) : hurt.subarray(Math.max(0, at - (byte % 12)));
    return Uint8Array.from([...hurt.subarray(0, at), ...rest]);
  }, bytes);

test("what the guard lets through is read as the library reads it, and nothing else is read", (t) => {
  fc.assert(
    fc.property(value, damage, (data, all) => {
      const bytes = damaged(encodeCbor(data), all);
      t.deepEqual(read(bytes), guarded(bytes), Buffer.from(bytes).toString("hex"));
    }),
    { seed: SEED, numRuns: 1_500 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 24 }), (bytes) => t.deepEqual(read(bytes), guarded(bytes), Buffer.from(bytes).toString("hex"))),
    { seed: SEED, numRuns: 1_500 },
  );
});

test("the bounds of the guard are those of the reader, to the item and to the level", (t) => {
  const array = (length: number): Uint8Array => encodeCbor(new Array(length).fill(0));
  const map = (size: number): Uint8Array => encodeCbor(Object.fromEntries(Array.from({ length: size }, (_, at) => [`k${at}`, 0])));
  const nested = (levels: number): Uint8Array => Uint8Array.from([...new Array<number>(levels - 1).fill(0x81), 0x80]);
  for (const [fits, doesNot] of [
    [array(LIMITS.cborItemsMax - 1), array(LIMITS.cborItemsMax)],
    [map(2_047), map(2_048)],
    [nested(LIMITS.cborDepthMax), nested(LIMITS.cborDepthMax + 1)],
  ] as const) {
    t.deepEqual(read(fits), guarded(fits));
    t.not(read(fits), REFUSED);
    t.deepEqual([read(doesNot), guarded(doesNot)], [REFUSED, REFUSED]);
  }
  // What is announced and does not come takes no memory.
  for (const hex of ["9affffffff", "baffffffff", "9bffffffffffffffff", "7affffffff", "5bffffffffffffffff"])
    t.is(read(bytesOf(hex)), REFUSED, hex);
});

/** The same edit with one element more, which only the reading element by element knows to pass over. */
const longer = (bytes: Uint8Array): Uint8Array => Uint8Array.from([(bytes[0] ?? 0) + 1, ...bytes.subarray(1), 0xf7]);

function outcome<T>(decode: (bytes: Uint8Array) => T, bytes: Uint8Array): unknown {
  try {
    return decode(bytes);
  } catch (error) {
    if (error instanceof SyncError) return error.code;
    throw error;
  }
}

test("an edit is the same in one pass and element by element, and what is refused is refused by both", (t) => {
  for (const [source, decode] of [
    [accepted.map(encodeAccepted), decodeAccepted],
    [edit.map(({ fresh: _, ...rest }) => encodeEdit(rest)), decodeEdit],
  ] as const) {
    fc.assert(
      fc.property(source, damage, (given, all) => {
        const bytes = damaged(given, all);
        if (bytes[0] === 0x8c) t.deepEqual(outcome<unknown>(decode, bytes), outcome<unknown>(decode, longer(bytes)));
      }),
      { seed: SEED, numRuns: 1_000 },
    );
  }
});

test("what only a few bytes in a million would show is refused by both: a field that comes twice, an undefined in a value, one level too many, a rest", (t) => {
  for (const hex of ["a2616101616102", "a261610161610200", "a1615fff", "0000", "a26b636f6e7374727563746f72016b636f6e7374727563746f7202"])
    t.deepEqual([read(bytesOf(hex)), guarded(bytesOf(hex))], [REFUSED, REFUSED], hex);
  const [given] = fc.sample(accepted, { seed: SEED, numRuns: 1 });
  const elements = LIBRARY.decode(encodeAccepted(must(given, "one"))) as readonly unknown[];
  const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
  const withValue = (value: unknown): Uint8Array => encodeCbor(elements.with(10, value));
  t.deepEqual(decodeAccepted(withValue(nested(6))).value, nested(6) as Value);
  const refused = [withValue([undefined]), withValue({ a: undefined }), withValue(nested(7)), Uint8Array.from([...withValue("x"), 0])];
  for (const bytes of refused) {
    t.is(new EditReader(bytes).accepted(), undefined);
    t.is(outcome(decodeAccepted, bytes), "message-malformed");
    t.is(outcome(decodeAccepted, longer(bytes)), "message-malformed");
  }
});

test("edits as they are always written are read in one pass, those of several machines in one run of bytes", (t) => {
  fc.assert(
    fc.property(fc.array(accepted, { minLength: 1, maxLength: 4 }), (edits) => {
      // The second of two in a row has the names of the first.
      const doubled = edits.flatMap((one) => [one, { ...one, id: { ...one.id, sequence: one.id.sequence + 1 } }]);
      const encoded = doubled.map(encodeAccepted).filter(({ length }) => length <= LIMITS.entryBytesMax);
      const run = Buffer.concat(encoded);
      const reader = new EditReader(run);
      let at = 0;
      for (const bytes of encoded) {
        t.deepEqual(reader.accepted(at, at + bytes.length), decodeAccepted(longer(bytes)));
        at += bytes.length;
      }
    }),
    { seed: SEED, numRuns: 300 },
  );
});
