/** Values written as text straight from their bytes, beside the reader and JSON: the two ways never come to different values. */
import test from "ava";
import fc from "fast-check";
import { SyncError } from "../../src/model/errors.ts";
import { LIMITS } from "../../src/model/limits.ts";
import type { Value } from "../../src/model/value.ts";
import { encodeCbor } from "../../src/protocol/cbor.ts";
import { decodeValue } from "../../src/protocol/edit.ts";
import { TextWriter } from "../../src/protocol/text-writer.ts";
import { WORDS } from "../../src/protocol/words.ts";
import { fromJson, type Json, toJson } from "../../hal/parts/value-json.ts";
import { plainData } from "./arbitrary.ts";
import { bytesOf } from "./faults.ts";

const SEED = 20_261_123;

/** As a piece of something longer, which is a piece of a buffer itself. */
const sourceOf = (bytes: Uint8Array, without: readonly Uint8Array[] = []) => ({
  cbor: Uint8Array.from([0x7a, 0x7a, 0x7a, ...bytes, 0x61, 0x61]).subarray(2),
  from: 1,
  to: 1 + bytes.length,
  without,
});

/** undefined: it has no text. */
function written(bytes: Uint8Array, writer = new TextWriter(), without: readonly Uint8Array[] = []): Value | undefined {
  const text = writer.textOf(sourceOf(bytes, without));
  return text === undefined ? undefined : fromJson(JSON.parse(Buffer.from(text).toString()) as Json);
}

/** undefined: it is refused, or is no value. */
function read(bytes: Uint8Array): Value | undefined {
  try {
    return decodeValue(bytes);
  } catch (error) {
    if (error instanceof SyncError) return undefined;
    throw error;
  }
}

/** Whether JSON says it as it is. */
const isPlain = (value: Value): boolean =>
  JSON.stringify(toJson(value)) === JSON.stringify(value) && !hasBytes(value) && !hasMinusZero(value);
const hasBytes = (value: Value): boolean => value instanceof Uint8Array || (isContainer(value) && Object.values(value).some(hasBytes));
const hasMinusZero = (value: Value): boolean => Object.is(value, -0) || (isContainer(value) && Object.values(value).some(hasMinusZero));
const isContainer = (value: Value): value is readonly Value[] | { readonly [field: string]: Value } =>
  typeof value === "object" && value !== null && !(value instanceof Uint8Array);

const text = fc.oneof(
  fc.constantFrom(
    ...WORDS,
    "__proto__",
    "__other",
    "$",
    "$bytes",
    "\ufeffa",
    "Müller",
    '"\\',
    "\u0000\n\u001f\u007f",
    "\u2028",
    "名前\u{1f5a8}",
  ),
  fc.string({ unit: "binary", maxLength: 40 }),
);
const value = plainData(
  text,
  fc.maxSafeInteger(),
  fc.integer({ min: -300, max: 70_000 }),
  fc.double(),
  fc.boolean(),
  fc.constantFrom(null, undefined, 0, -1, 9, 10, 23, 24, 99, 100),
  fc.uint8Array({ maxLength: 10 }),
);
const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 2 });

test("a text is of the value that is read, and of nothing that is refused", (t) => {
  const writer = new TextWriter();
  const isSame = (bytes: Uint8Array): void => {
    const [text, expected] = [written(bytes, writer), read(bytes)];
    if (text !== undefined) t.deepEqual(text, expected, Buffer.from(bytes).toString("hex"));
  };
  fc.assert(
    fc.property(value, damage, (data, all) => {
      const bytes = encodeCbor(data);
      for (const [at, byte] of all) bytes[at % bytes.length] = byte;
      isSame(bytes);
    }),
    { seed: SEED, numRuns: 1_500 },
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 24 }), isSame), { seed: SEED, numRuns: 700 });
});

test("whatever JSON says as it is has a text, but for what would be long to look through", (t) => {
  let [plain, others] = [0, 0];
  const isWritten = (data: unknown): void => {
    const bytes = encodeCbor(data);
    const expected = read(bytes);
    if (expected !== undefined && isPlain(expected) && !JSON.stringify(expected).includes('"__')) {
      plain += 1;
      t.deepEqual(written(bytes), expected);
    } else others += 1;
  };
  fc.assert(fc.property(value, isWritten), { seed: SEED, numRuns: 1_000 });
  t.true(plain > 500 && others > 100, `${plain} and ${others}`);
});

test("values at the bounds have the text that they have, or none", (t) => {
  const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
  t.deepEqual(written(encodeCbor(nested(6))), nested(6) as Value);
  t.is(written(encodeCbor(nested(7))), undefined, "nested too deep");
  const within = (levels: number): unknown => (levels === 0 ? 1 : { a: within(levels - 1) });
  t.deepEqual(written(encodeCbor(within(6))), within(6) as Value);
  t.is(written(encodeCbor(within(7))), undefined, "nested too deep");
  const many = new Array(LIMITS.cborItemsMax - 1).fill(1);
  t.deepEqual(written(encodeCbor(many)), many);
  t.is(written(encodeCbor([...many, 1])), undefined, "too many items");
  const fields = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`f${at}`, at]));
  t.deepEqual(written(encodeCbor(fields(32))), fields(32));
  t.is(written(encodeCbor(fields(33))), undefined);
  const large = "\u0001".repeat(LIMITS.entryBytesMax - 3);
  t.is(written(encodeCbor(large)), large, "six bytes for one");
  t.is(written(encodeCbor(`${large}x`)), undefined);
  for (const hex of [
    ...[
      "a2616101616102",
      `${"a16161".repeat(5)}a2616101616102`,
      "a1016101",
      "a1416101",
      "a18001",
      "a1816101",
      "a3616101616da1617801616102",
      `7c${"00".repeat(16)}`,
      `9c${"00".repeat(16)}`,
      `bc${"00".repeat(16)}`,
      `1c${"00".repeat(16)}`,
      "a3616101616202616103",
      "a161",
      "a1015fff",
      "0000",
      "f7",
      "81f7",
      "c000",
      "f97c00",
      "fb7ff0000000000000",
      "fb8000000000000000",
    ],
    ...[
      "9affffffff",
      "baffffffff",
      "9bffffffffffffffff",
      "7affffffff",
      "61",
      "61ff",
      "62c3",
      "63efbbbf",
      "1bffffffffffffffff",
      "6261",
      "fb00",
    ],
  ])
    t.is(written(bytesOf(hex)), undefined, hex);
});

test("texts lie one after the other and none is written over, also where one is not to be had between them", (t) => {
  const writer = new TextWriter();
  const values = Array.from({ length: 2_000 }, (_, at) => ({ name: `Müller ${at}`, text: "x".repeat(at % 300) }));
  const texts = values.map((each) => {
    t.is(writer.textOf(sourceOf(encodeCbor({ text: "x".repeat(300), none: undefined }))), undefined);
    return writer.textOf(sourceOf(encodeCbor(each)));
  });
  t.deepEqual(
    texts.map((each) => JSON.parse(Buffer.from(each ?? []).toString()) as unknown),
    values,
  );
  t.true(new Set(texts.map((each) => each?.buffer)).size < 12);
});

test("a value with one of the fields that are not to be in it has no text; with a field of that name further in it has", (t) => {
  const without = [Buffer.from("pwd"), Buffer.from("geheim")];
  const withoutFields = (data: unknown) => written(encodeCbor(data), new TextWriter(), without);
  for (const data of [{ pwd: "" }, { cn: "x", pwd: null }, { geheim: 1 }]) t.is(withoutFields(data), undefined);
  for (const data of [{ cn: "pwd" }, { cn: { pwd: 1 } }, { pw: 1, pwd1: 2 }, ["pwd"], "pwd"]) t.deepEqual(withoutFields(data), data);
});
