import { deflateRawSync } from "node:zlib";
import test from "ava";
import fc from "fast-check";
import { must } from "../../src/model/assert.ts";
import { LIMITS } from "../../src/model/limits.ts";
import type { Accepted } from "../../src/model/entry.ts";
import { runId } from "../../src/model/ids.ts";
import type { Owner } from "../../src/model/owner.ts";
import { ColumnPart } from "../../src/protocol/column-part.ts";
import { ColumnReader, ColumnWriter } from "../../src/protocol/column.ts";
import { encodeAccepted } from "../../src/protocol/edit.ts";
import { entryNames, isEntryKey, mayBeDeletion, takeApart } from "../../src/protocol/entry-frame.ts";
import { openPart, packFitting, packPart, unpackPart } from "../../src/protocol/part.ts";
import { type PartRecord, toColumns } from "../../src/protocol/part-columns.ts";
import { compareStateKeys, entryKey } from "../../src/store/keys.ts";
import { packEntry } from "../../src/store/records.ts";
import { seededDice } from "../fleet/random.ts";
import { accepted } from "./arbitrary.ts";
import { fault } from "./faults.ts";
import { accepted as sample } from "./samples.ts";

const SEED = 20_261_122;

const recordOf = (edit: Accepted, revision: number): PartRecord => [entryKey(edit), packEntry(revision, encodeAccepted(edit))];
const entry = fc.tuple(accepted, fc.nat(2 ** 31)).map(([edit, revision]) => recordOf(edit, revision));
/** Not laid out as entries are, under keys of entries or of anything else; or an entry that is cut off. */
const odd = fc.oneof(
  fc.tuple(fc.string({ minLength: 1, maxLength: 20 }), fc.uint8Array({ maxLength: 60 })),
  fc.tuple(fc.constantFrom("e/user:a\0b\0c", "e/user:a\0b", "o/user:a"), fc.uint8Array({ maxLength: 60 })),
  fc.tuple(entry, fc.nat(300)).map(([[key, record], length]): PartRecord => [key, record.subarray(0, length)]),
  fc.tuple(entry, entry).map(([[key], [, record]]): PartRecord => [key, record]),
  fc.tuple(entry, fc.nat(), fc.nat(255)).map(([[key, record], at, byte]): PartRecord => {
    const changed = Uint8Array.from(record);
    changed[at % record.length] = byte;
    return [key, changed];
  }),
);
const records = fc.array(fc.oneof({ weight: 3, arbitrary: entry }, odd), { maxLength: 8 });
const plain = (given: readonly PartRecord[]): PartRecord[] => given.map(([key, value]) => [key, Uint8Array.from(value)]);
const unpacked = (columns: Uint8Array): PartRecord[] => plain(unpackPart(deflateRawSync(columns)));

test("P25 of a record that has a value it is said for nearly all that it does, and of a deletion never", (t) => {
  const property = fc.property(accepted, fc.nat(2 ** 31), (edit, revision) => {
    const [, record] = recordOf(edit, revision);
    return mayBeDeletion(record) || edit.value !== undefined;
  });
  fc.assert(property, { seed: SEED });
  const [[, deletion], [, kept]] = [recordOf({ ...sample, value: undefined }, 7), recordOf({ ...sample, value: "x" }, 7)];
  t.deepEqual([deletion, kept].map(mayBeDeletion), [true, false]);
  t.true(mayBeDeletion(kept.subarray(0, -1)), "what cannot be told is looked at");
});

test("whatever records are packed in columns, each byte of them comes out again", (t) => {
  const property = fc.property(records, (given) => {
    t.deepEqual(plain(unpackPart(packPart(given, "columns"))), plain(given));
  });
  fc.assert(property, { seed: SEED, numRuns: 700 });
});

test("an entry is taken apart whatever it says, so that its names and its author are told once", (t) => {
  const isLikely = ({ id, seen }: Accepted) => Math.max(id.sequence, seen) < 2 ** 50;
  const likely = fc.tuple(accepted.filter(isLikely), fc.nat(2 ** 31)).map(([edit, revision]) => recordOf(edit, revision));
  const property = fc.property(likely, ([key, record]) => takeApart(Buffer.from(key), record) !== undefined);
  fc.assert(property, { seed: SEED, numRuns: 700 });
  t.pass();
});

test("numbers of every length come out again, rising and falling", (t) => {
  const numbers = [0, 23, 24, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, LIMITS.journalTimeMax, 1];
  const given = numbers.map((number) =>
    recordOf({ ...sample, id: { ...sample.id, sequence: number }, seen: number, stamp: Math.min(number, LIMITS.journalTimeMax) }, number),
  );
  t.deepEqual(plain(unpackPart(packPart(given, "columns"))), plain(given));
  for (const [key, record] of given) t.truthy(takeApart(Buffer.from(key), record));
});

test("texts of every length come out again, whoever made the edit", (t) => {
  const owners = [6, 23, 24, 255, 256].map((length) => `user:${"x".repeat(length - 5)}` as Owner);
  const makers = (owner: Owner) => [owner, "", "bob", `${owner.slice(0, -1)}y`, "y".repeat(300), "\u20ac".repeat(100)];
  const given = owners.flatMap((owner) => makers(owner).map((by) => recordOf({ ...sample, owner, by }, 7)));
  for (const [key, record] of given) t.truthy(takeApart(Buffer.from(key), record));
  for (const form of ["rows", "columns"] as const) t.deepEqual(plain(unpackPart(packPart(given, form))), plain(given));
  t.true(given.filter(([key, record]) => takeApart(Buffer.from(key), record)?.byOwner).length >= owners.length);
});

test("what a part says of its size is no less than what it keeps in memory", (t) => {
  const given = Array.from({ length: 100 }, (_, at) => recordOf({ ...sample, key: `${at}` }, at));
  const bytes = given.reduce((sum, [key, record]) => sum + key.length + record.length, 0);
  t.true(openPart(packPart(given, "rows")).size >= bytes);
  const [few, all] = [openPart(packPart(given.slice(0, 1), "columns")).size, openPart(packPart(given, "columns")).size];
  const values = given.reduce((sum, [key, record]) => sum + key.length + must(valueBytesOf(key, record), "a value"), 0);
  t.true(all >= values && all > 50 * few);
});

function valueBytesOf(key: string, record: Uint8Array): number | undefined {
  const pieces = takeApart(Buffer.from(key), record);
  return pieces && pieces.whyAt - pieces.valueAt;
}

test("P29 a record without bytes is known as one in either form", (t) => {
  for (const form of ["rows", "columns"] as const) {
    const part = openPart(
      packPart(
        [
          ["a", Uint8Array.of(1)],
          ["b", new Uint8Array(0)],
          ["c", Uint8Array.of(2)],
        ],
        form,
      ),
    );
    t.deepEqual(
      [0, 1, 2].map((at) => part.isEmpty(at)),
      [false, true, false],
      form,
    );
  }
});

/** The largest that a column tells at once: half of what a number may be. */
const HALF = Math.floor(Number.MAX_SAFE_INTEGER / 2);

test("numbers of an entry that come to more than 2^53, or to less than 0, are refused; those that just do not are read", (t) => {
  /** Three entries: revision, sequence, seen and stamp of each, as the columns tell them (part-columns.ts). */
  const columns = (...numbers: readonly (readonly number[])[]): Uint8Array => {
    const column = new ColumnWriter();
    const keys = ["c", "d", "e"].map((key) => `e/user:a\0b\0${key}`).map((key) => Buffer.from(key));
    for (const key of keys) for (const number of [0, key.length]) column.number(number);
    column.bytes(Buffer.concat(keys));
    for (const valueLength of [0, 0, 0]) column.number(valueLength);
    for (const each of numbers) for (const number of each) column.signed(number);
    return columnsOf(3, 26, [1], column.written());
  };
  const none = [0, 0, 0];
  const rows: readonly (readonly [what: string, isRead: boolean, columns: Uint8Array])[] = [
    ["all of them 0", true, columns(none, none, none, none)],
    ["the largest of each", true, columns([HALF, HALF, 1], [HALF, HALF, 1], none, [HALF, HALF, 1])],
    ["a revision beyond", false, columns([HALF, HALF, 2], none, none, none)],
    ["a sequence beyond", false, columns(none, [HALF, HALF, 2], none, none)],
    ["seen beyond", false, columns([HALF, HALF, 1], none, [0, 0, -1], none)],
    ["a stamp beyond", false, columns(none, none, none, [HALF, HALF, 2])],
    ["a revision below 0", false, columns([1, -2, 0], none, none, none)],
    ["a sequence below 0", false, columns(none, [1, -2, 0], none, none)],
    ["seen below 0", false, columns([1, 0, 0], none, [2, 0, 0], none)],
    ["a stamp below 0", false, columns(none, none, none, [1, -2, 0])],
  ];
  for (const [what, isRead, bytes] of rows) {
    if (isRead) t.notThrows(() => new ColumnPart(bytes), what);
    else t.is(fault(t, () => new ColumnPart(bytes), what).code, "message-malformed", what);
  }
});

test("a record that writes a number in another way than ours stays as it is", (t) => {
  const [key, record] = recordOf({ ...sample, id: { ...sample.id, sequence: 5 } }, 1_000);
  const at = record.indexOf(5, 35);
  const otherwise = [
    [0x18, 5],
    [0x19, 0, 5],
    [0x1a, 0, 0, 0, 5],
    [0xfb, 0x40, 0x14, 0, 0, 0, 0, 0, 0],
  ].map((five): PartRecord => [key, Uint8Array.from([...record.subarray(0, at), ...five, ...record.subarray(at + 1)])]);
  t.deepEqual(plain(unpackPart(packPart(otherwise, "columns"))), otherwise);
});

test("a thousand entries of one machine take hardly more than their values and what is new in their keys", (t) => {
  const given = Array.from({ length: 1_000 }, (_, at) => recordOf({ ...sample, key: String(at).padStart(4, "0") }, 1_000 + at));
  const valueBytes = ([key, record]: PartRecord) => {
    const { valueAt, whyAt } = must(takeApart(Buffer.from(key), record), "taken apart");
    return whyAt - valueAt;
  };
  const values = given.reduce((sum, record) => sum + valueBytes(record), 0);
  const size = toColumns(given.toSorted(([a], [b]) => compareStateKeys(a, b))).length;
  t.true(size < values + 1_000 * 13, `${size} for ${values}`);
});

test("damaged columns give what they hold or a refusal, within the bounds of a part", (t) => {
  const property = fc.property(records, fc.nat(), fc.nat(255), fc.nat(2), (given, where, byte, how) => {
    const columns = toColumns(given);
    const at = where % columns.length;
    const damaged =
      how === 0
        ? columns.with(at, byte)
        : how === 1
          ? columns.subarray(0, at)
          : Uint8Array.from([...columns.subarray(0, at), byte, ...columns.subarray(at)]);
    try {
      const size = unpackPart(deflateRawSync(damaged)).reduce((sum, [, value]) => sum + value.length, 0);
      t.true(size <= LIMITS.partInflatedBytesMax);
    } catch (error) {
      t.true(["message-malformed", "message-too-large"].includes(String(Reflect.get(Object(error), "code"))), String(error));
    }
  });
  fc.assert(property, { seed: SEED, numRuns: 1_200 });
});

/** Columns of as many records as there are numbers for each; one frame of so many bytes. */
function columnsOf(count: number, frameBytes: number, each: readonly number[], tail: Uint8Array): Uint8Array {
  const column = new ColumnWriter();
  for (const number of [1, count, 1, frameBytes]) column.number(number);
  column.bytes(new Uint8Array(frameBytes));
  for (const number of [0, 0, 0]) column.number(number);
  for (let at = 0; at < count; at += 1) column.number(each[0] ?? 0);
  column.bytes(tail);
  return column.written();
}

test("columns that would come to more than a part may are refused before anything of it is made", (t) => {
  // Each key repeats the one before it, and each record a long frame.
  const count = 20_000;
  const lengths = new ColumnWriter();
  const key = Buffer.from(`e/user:a\0item\0${"k".repeat(900)}`);
  for (let at = 0; at < count; at += 1) {
    lengths.number(at === 0 ? 0 : key.length);
    lengths.number(at === 0 ? key.length : 0);
  }
  const tail = Buffer.concat([lengths.written(), key, new Uint8Array(5 * count)]);
  t.is(fault(t, () => unpacked(columnsOf(count, 26, [1], tail))).code, "message-malformed");
  // Short keys, but a frame of a kilobyte for each of them.
  const short = Buffer.from("e/user:a\0item\0");
  const shortLengths = new ColumnWriter();
  for (let at = 0; at < count; at += 1) {
    shortLengths.number(at === 0 ? 0 : short.length);
    shortLengths.number(at === 0 ? short.length : 0);
  }
  const frames = Buffer.concat([shortLengths.written(), short, new Uint8Array(5 * count)]);
  t.is(fault(t, () => unpacked(columnsOf(count, 1_000, [1], frames))).code, "message-malformed");
  t.is(
    fault(t, () => unpacked(columnsOf(LIMITS.recordsMax + 1, 26, [0], new Uint8Array(4 * LIMITS.recordsMax)))).code,
    "message-malformed",
  );
  const twice = columnsOf(1, 1_025, [0], Uint8Array.of(0, 1, 65, 0));
  t.is(fault(t, () => unpacked(twice)).code, "message-malformed");
});

test("an entry's frame with a key that has no names, and bytes after the end, are refused", (t) => {
  const tail = (key: string) => Uint8Array.from([0, key.length, ...Buffer.from(key), 0, 0, 0, 0, 0]);
  t.is(fault(t, () => unpacked(columnsOf(1, 26, [1], tail("o/user:a")))).code, "message-malformed");
  t.is(unpacked(columnsOf(1, 26, [1], tail("e/user:a\0b\0c"))).length, 1);
  t.is(fault(t, () => unpacked(columnsOf(1, 26, [1], Uint8Array.from([...tail("e/user:a\0b\0c"), 0])))).code, "message-malformed");
  t.is(fault(t, () => unpacked(columnsOf(1, 26, [2], tail("e/user:a\0b\0c")))).code, "message-malformed", "a frame that is not there");
});

test("a key has names by itself, and none that stand in the keys around it", (t) => {
  const keys = [
    "e/user:a\0b\0c",
    "",
    "e/",
    "e/user:a\0b",
    "o/a\0b\0c",
    "ea\0b\0c",
    "x/\0\0",
    "e/\0\0",
    "e",
    "e/user:a\0b\0",
    "e/user:a",
  ].map((key) => Buffer.from(key));
  const all = Buffer.concat(keys);
  let from = 0;
  for (const key of keys) {
    t.is(isEntryKey(all, from, from + key.length), entryNames(key) !== undefined, key.toString());
    from += key.length;
  }
  const named = keys.filter((each) => entryNames(each) !== undefined).map(String);
  t.deepEqual(named, ["e/user:a\0b\0c", "e/\0\0", "e/user:a\0b\0"]);
});

test("what does not fit a message is not packed", (t) => {
  const dice = seededDice(SEED);
  const noise = Uint8Array.from({ length: LIMITS.partBytesMax + 1_000 }, () => dice.below(256));
  const given: PartRecord[] = [0, 1].map((half) => [`o/${half}`, noise.subarray(half * 98_000, (half + 1) * 98_000 + 1_000)]);
  for (const form of ["rows", "columns"] as const) {
    t.is(packFitting(given, form), undefined, form);
    t.is(openPart(packPart(given.slice(0, 1), form)).records, 1);
  }
});

/** What would come to NaN, and NaN is above no bound. */
const NOUGHTS = [...new Array<number>(160).fill(0x80), 0];
/** The lengths of two values, 2^32 and 2, and then two bytes. */
const HUGE = [0x80, 0x80, 0x80, 0x80, 0x10, 2, 7, 7];

test("columns that cannot have been written are refused: never is a byte made up, or one of another record shown", (t) => {
  const [key] = Buffer.from("k");
  const columns = (numbers: readonly number[], bytes: readonly number[] = []) => {
    const column = new ColumnWriter();
    for (const number of [1, ...numbers]) column.number(number);
    column.bytes(Uint8Array.from(bytes));
    return column.written();
  };
  const rows: readonly (readonly [what: string, columns: Uint8Array])[] = [
    ["more of the key before than it has", columns([1, 0, 0, 3, 1], [key ?? 0, 0])],
    ["a value that is longer than what is left", columns([1, 0, 0, 0, 1], [key ?? 0, 5, 7, 7])],
    ["more frames than bytes", columns([0, 2 ** 40], [0, 0, 0, 0])],
    ["more records than bytes", columns([2 ** 40, 0], [0, 0, 0, 0])],
    [
      "more records than a part has",
      columns(
        [LIMITS.recordsMax + 1, 0],
        Array.from({ length: 4 * LIMITS.recordsMax + 4 }, () => 0),
      ),
    ],
    ["a number without an end", Uint8Array.from([1, ...new Array<number>(12).fill(255)])],
    ["more noughts in front of a number than it can have digits", columns([1, 0, 0, 0, 1], [key ?? 0, ...NOUGHTS])],
    [
      "a value of four gigabytes, and one that ends where numbers begin again",
      columns([2, 0, 0, 0, 0, 1, 0, 1], [key ?? 0, key ?? 0, ...HUGE]),
    ],
  ];
  for (const [what, bytes] of rows) t.is(fault(t, () => new ColumnPart(bytes), what).code, "message-malformed", what);
  const whole = new ColumnPart(columns([1, 0, 0, 0, 1], [key ?? 0, 2, 7, 7]));
  t.deepEqual([whole.records, whole.isEmpty(0), whole.valueFrom(0), [...whole.record(0)]], [1, false, -1, [7, 7]]);
  t.true(new ColumnPart(columns([1, 0, 0, 0, 1], [key ?? 0, 0])).isEmpty(0));
});

test("an entry's record that is laid out in any other way stands whole: no piece of it is taken for its value", (t) => {
  const long = `user:${"x".repeat(19)}` as Owner;
  const [key, record] = recordOf({ ...sample, owner: long, by: "bob", value: "v" }, 7);
  const { madeAt } = must(takeApart(Buffer.from(key), record), "taken apart");
  const ownerAt = Buffer.from(record).indexOf(long);
  const rows: readonly (readonly [what: string, at: number, byte: number])[] = [
    ["a machine of another length", 9, 0x4f],
    ["a run of another length", 26, 0x47],
    ["an owner whose length is another one", ownerAt - 1, 25],
    ["something that is no flag", madeAt, 0x00],
    ["bytes where a text says who made it", madeAt + 1, 0x43],
    ["a text without an end", madeAt + 1, 0x7f],
  ];
  for (const [what, at, byte] of rows) {
    const other = Uint8Array.from(record).with(at, byte);
    t.is(takeApart(Buffer.from(key), other), undefined, what);
    t.deepEqual(plain(unpackPart(packPart([[key, other]], "columns"))), [[key, other]], what);
  }
});

test("a column has room for all that is written, whatever room it began with", (t) => {
  for (let room = 0; room <= 24; room += 1) {
    for (let length = 0; length <= 24; length += 1) {
      const column = new ColumnWriter(room);
      const bytes = Uint8Array.from({ length }, (_, at) => at + 1);
      column.bytes(bytes);
      column.number(Number.MAX_SAFE_INTEGER);
      const reader = new ColumnReader(column.written());
      t.deepEqual([Uint8Array.from(reader.bytes(length)), reader.number(), reader.left], [bytes, Number.MAX_SAFE_INTEGER, 0]);
    }
  }
});

test("a frame is told once, also where two machines take turns", (t) => {
  const ids = [sample.id, { ...sample.id, sequence: 1_000, run: runId("c3".repeat(8)) }];
  const given = Array.from({ length: 500 }, (_, at) => {
    const id = must(ids[at % 2], "one of two");
    return recordOf({ ...sample, key: String(at).padStart(3, "0"), id: { ...id, sequence: id.sequence + at } }, 1_000 + at);
  });
  const [two, one] = [toColumns(given), toColumns(given.filter((_, at) => at % 2 === 0))].map(({ length }) => length);
  t.true(must(two, "both") < 2 * must(one, "one of them") + 1_500, `${two} for ${one}`);
});

test("a revision below 0 is none", (t) => {
  const made = (revision: number) => toColumns([recordOf({ ...sample, seen: revision }, revision)]);
  const [five, six] = [made(5), made(6)];
  const at = five.findIndex((byte, index) => byte !== six[index]);
  t.is(unpacked(five).length, 1);
  t.is(fault(t, () => unpacked(five.with(at, 1))).code, "message-malformed");
});

test("entries that differ in why they stand alone come out as they are", (t) => {
  const given = (["first", "seen", "first", "later"] as const).map((why, index) => recordOf({ ...sample, key: `${index}`, why }, 7));
  t.deepEqual(plain(unpackPart(packPart(given, "columns"))), plain(given));
});
