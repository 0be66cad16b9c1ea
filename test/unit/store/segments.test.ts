import { deflateRawSync } from "node:zlib";
import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import type { Storage, Write } from "../../../hal/storage.ts";
import { SyncError } from "../../../src/model/errors.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import type { Owner } from "../../../src/model/owner.ts";
import type { Value } from "../../../src/model/value.ts";
import { encodeAccepted } from "../../../src/protocol/edit.ts";
import { packRecords } from "../../../src/protocol/block.ts";
import { packPart } from "../../../src/protocol/part.ts";
import { withChecksum } from "../../../src/store/checksummed.ts";
import { generationPrefix } from "../../../src/store/generations.ts";
import { ALL_ENTRIES, ALL_STATE, compareStateKeys, entriesOfOwner } from "../../../src/store/keys.ts";
import { LayeredRecords } from "../../../src/store/layered-records.ts";
import { entryValue, packEntry } from "../../../src/store/records.ts";
import { openSegment, Segment } from "../../../src/store/segment.ts";
import { SegmentCache } from "../../../src/store/segment-cache.ts";
import { type Packed, Segments } from "../../../src/store/segments.ts";
import { readLazy } from "../../../src/store/state-records.ts";
import { StateView } from "../../../src/store/state-view.ts";
import { type Dice, seededDice } from "../../fleet/random.ts";
import { accepted } from "../../wire/samples.ts";

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const entry = (name: string): string => `e/user:${name}\0item\0`;

type Records = (readonly [string, Uint8Array])[];

/** Segments of these records, so many of them in each; they come two by two, and one of them is opened already. */
async function stored(storage: Storage, records: Records, each: number): Promise<Segments> {
  const segments = await Segments.open(storage, 1);
  const parts: Packed[] = [];
  for (let at = 0; at < records.length; at += each) {
    const part = records.slice(at, at + each);
    const last = part.at(-1)?.[0] ?? "";
    const packed = packPart(part, at % 2 === 0 ? "columns" : "rows");
    parts.push(parts.length % 2 === 0 ? { packed, last } : { packed, last, segment: Segment.read(packed) });
  }
  for (let at = 0; at < parts.length; at += 2) {
    const two = parts.slice(at, at + 2);
    await storage.write(segments.additions(two));
    segments.added(two);
  }
  return segments;
}

/** Names whose order by UTF-8 is not the one of JavaScript are among them. */
const NAMES = [..."abcdefghijklmnopqrstuvwxyz", "é", "ﬀ", "\u{1f600}", "zz", "a\u0001"];

const sortedRecords = (names: readonly string[], text: string): Records =>
  names.map((name) => [entry(name), bytes(`${text} ${name}`)] as const).sort(([a], [b]) => compareStateKeys(a, b));

async function all(records: LayeredRecords): Promise<[string, string][]> {
  const found: [string, string][] = [];
  for await (const [key, value] of records.range(ALL_STATE)) found.push([key, Buffer.from(value).toString()]);
  return found;
}

const expected = (model: ReadonlyMap<string, string>): [string, string][] => [...model].sort(([a], [b]) => compareStateKeys(a, b));

/** Some records change and some go, as in one change. */
function changeSome(dice: Dice, model: Map<string, string>): Map<string, Uint8Array | undefined> {
  const changed = new Map<string, Uint8Array | undefined>();
  for (let count = dice.between(1, 4); count > 0; count -= 1) {
    const key = entry(dice.pick([...NAMES, "new", "\u{1f601}"]));
    if (dice.chance(0.5)) {
      model.delete(key);
      changed.set(key, undefined);
    } else {
      const text = `changed ${dice.below(1_000)}`;
      model.set(key, text);
      changed.set(key, bytes(text));
    }
  }
  return changed;
}

test("P29 values of entries are those in their records, in key order, whatever lies in segments and over them", async (t) => {
  const record = (name: string, value: Value | undefined): Uint8Array =>
    packEntry(7, encodeAccepted({ ...accepted, owner: `user:${name}` as Owner, item: "item", key: "", value }));
  const storage = new MemoryStorage();
  const names = NAMES.filter((name) => !name.includes("\u0001"));
  const there = names.map((name): [string, Uint8Array] => [entry(name), record(name, name === "c" ? undefined : { first: name })]);
  const segments = await stored(
    storage,
    there.sort(([a], [b]) => compareStateKeys(a, b)),
    5,
  );
  const records = new LayeredRecords(storage, segments);
  const expected = async () => {
    const values: [string, Value][] = [];
    for await (const [key, bytes] of records.range(ALL_ENTRIES)) {
      const value = entryValue(bytes);
      if (value !== undefined) values.push([key, value]);
    }
    return values;
  };
  const told = async (of: LayeredRecords, range = ALL_ENTRIES) =>
    (await of.lazyValues(range)).map((entry) => [entry.stateKey, readLazy(entry)]);
  t.is((await expected()).length, names.length - 1, "one was deleted");
  t.deepEqual(await told(records), await expected());
  const changed = [
    [entry("a"), record("a", "second")],
    [entry("b"), undefined],
    [entry("d"), record("d", undefined)],
    [entry("new"), record("new", { second: 1 })],
  ] as const;
  await storage.write(records.writes(new Map(changed)));
  t.is((await expected()).length, names.length - 2);
  t.deepEqual(await told(records), await expected());
  t.deepEqual([...(await new StateView(records).values(ALL_ENTRIES)).keys()].includes(entry("d")), false, "what was deleted has none");
  const inOrder = new LayeredRecords(storage, segments, { inOrder: true });
  for (const name of ["c", ...names, "new", "a", "\u{1f601}"]
    .sort((one, other) => compareStateKeys(entry(one), entry(other)))
    .concat("b", "c")) {
    const range = entriesOfOwner(`user:${name}` as Owner);
    t.deepEqual(await told(inOrder, range), await told(records, range), name);
  }
});

test("who reads owner after owner of a new base looks once for what lies over it", async (t) => {
  const storage = new MemoryStorage();
  const segments = await stored(storage, sortedRecords(NAMES, "first"), 5);
  let looks = 0;
  const range = storage.range.bind(storage);
  storage.range = (options) => {
    looks += 1;
    return range(options);
  };
  const records = new LayeredRecords(storage, segments, { inOrder: true });
  for (const name of ["none", "none too", "nothing"]) t.deepEqual(await records.lazyValues(entriesOfOwner(`user:${name}` as Owner)), []);
  t.is(looks, 1);
});

test("P29 whatever changes over segments, is deleted, written anew and opened again, what is read is what a plain copy has", async (t) => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const dice = seededDice(seed);
    const storage = new MemoryStorage();
    const first = sortedRecords(
      NAMES.filter(() => dice.chance(0.7)),
      "first",
    );
    const model = new Map(first.map(([key, value]) => [key, Buffer.from(value).toString()]));
    let segments = await stored(storage, first, dice.between(1, 7));
    for (let step = 0; step < 40; step += 1) {
      const records = new LayeredRecords(storage, segments);
      const act = dice.below(4);
      if (act === 0) await segments.rewriteOne((batch) => storage.write(batch));
      else if (act === 1) segments = await Segments.open(storage, 1);
      else await storage.write(records.writes(changeSome(dice, model)));
      const now = new LayeredRecords(storage, segments);
      t.deepEqual(await all(now), expected(model), `seed ${seed}, step ${step}`);
      const keys = [...NAMES, "new"].map(entry);
      const found = await now.getMany(keys);
      t.deepEqual(
        found.map((value) => value && Buffer.from(value).toString()),
        keys.map((key) => model.get(key)),
        `seed ${seed}, step ${step}`,
      );
    }
  }
});

test("a range begins and ends where it says, over segments and what lies over them", async (t) => {
  const storage = new MemoryStorage();
  const segments = await stored(storage, sortedRecords([..."bdfhj"], "below"), 2);
  const records = new LayeredRecords(storage, segments);
  await storage.write(records.writes(new Map([..."acegi"].map((name) => [entry(name), bytes("over")]))));
  const names = async (from: string, to: string): Promise<string> => {
    let found = "";
    for await (const [key] of records.range({ from: entry(from), to: entry(to) })) found += key.slice("e/user:".length)[0];
    return found;
  };
  t.is(await names("a", "z"), "abcdefghij");
  t.is(await names("c", "g"), "cdef");
  t.is(await names("b", "b"), "");
  t.is(await names("d", "e"), "d");
  t.is(await names("k", "z"), "");
});

test("M15 P25 what was deleted or replaced is in no segment any more once it is written anew, and nothing hides it then", async (t) => {
  const storage = new MemoryStorage();
  const segments = await stored(storage, sortedRecords([..."abcdef"], "secret"), 3);
  const records = new LayeredRecords(storage, segments);
  await storage.write(
    records.writes(
      new Map<string, Uint8Array | undefined>([
        [entry("b"), undefined],
        [entry("c"), bytes("replaced")],
        [entry("e"), undefined],
      ]),
    ),
  );
  const afterARestart = await Segments.open(storage, 1);
  for (let turn = 0; turn < 3; turn += 1) await afterARestart.rewriteOne((batch) => storage.write(batch));
  const left: string[] = [];
  for await (const [key, value] of storage.range({ from: generationPrefix(1), to: "d" })) {
    const inGeneration = key.slice(generationPrefix(1).length);
    if (inGeneration.startsWith("z/")) for (const [of] of openSegment(value).range("", ALL_STATE.to)) left.push(of);
    else if (!inGeneration.startsWith("y/")) left.push(`over ${inGeneration}`);
  }
  t.deepEqual(left.sort(), [`over ${entry("c")}`, entry("a"), entry("d"), entry("f")].sort());
});

test("who reads while a segment is written anew finds neither a deleted record nor a gap", async (t) => {
  const storage = new MemoryStorage();
  const segments = await stored(storage, sortedRecords([..."abc"], "x"), 3);
  const records = new LayeredRecords(storage, segments);
  await storage.write(records.writes(new Map([[entry("b"), undefined]])));
  await records.getMany([entry("a")]);
  let isOver = false;
  const reading = (async () => {
    while (!isOver) {
      const [a, b] = await records.getMany([entry("a"), entry("b")]);
      t.truthy(a);
      t.is(b, undefined);
      t.is((await all(records)).length, 2);
    }
  })();
  await segments.rewriteOne(async (batch) => {
    for (let turn = 0; turn < 20; turn += 1) await undefined;
    await storage.write(batch);
    // What is written is there for all, and whoever wrote does not know it yet.
    for (let turn = 0; turn < 20; turn += 1) await undefined;
  });
  isOver = true;
  await reading;
  t.deepEqual(await records.getMany([entry("b")]), [undefined]);
});

test("a rewriting that fails changes nothing, and is done with the next beat", async (t) => {
  const storage = new MemoryStorage();
  const segments = await stored(storage, sortedRecords([..."abc"], "x"), 3);
  const records = new LayeredRecords(storage, segments);
  await storage.write(records.writes(new Map([[entry("b"), undefined]])));
  await t.throwsAsync(segments.rewriteOne(() => Promise.reject(new SyncError("hal-full", "no space"))));
  t.is((await all(records)).length, 2);
  let written: readonly Write[] = [];
  await segments.rewriteOne(async (batch) => {
    written = batch;
    await storage.write(batch);
  });
  t.is(written.length, 3, "the segment, what hid, and the note");
  t.is((await all(records)).length, 2);
});

const FINE: Records = [
  [entry("a"), bytes("a")],
  [entry("b"), bytes("b")],
];

const REFUSED: readonly (readonly [what: string, records: Records, after: string, last: string])[] = [
  ["keys out of their order", [...FINE].reverse(), "", entry("a")],
  ["a key that comes twice", [...FINE, ...FINE.slice(1)], "", entry("b")],
  ["a key that is there already", FINE, entry("a"), entry("b")],
  ["another last key than it says", FINE, "", entry("c")],
  ["a record without bytes", [[entry("a"), new Uint8Array(0)]], "", entry("a")],
  ["a key beyond the state", [["z/0000000000000000", bytes("a")]], "", "z/0000000000000000"],
  ["an owner that cannot be read", [["o/user:a", bytes("a")]], "", "o/user:a"],
  ["a key that is too long", [[`e/${"x".repeat(LIMITS.storageKeyCharactersMax)}`, bytes("a")]], "", "e/"],
];

for (const [what, records, after, last] of REFUSED) {
  test(`P29 a part with ${what} is refused before anything of it is stored`, (t) => {
    const error = t.throws(() => Segment.read(packPart(records)).check(after, last), { instanceOf: SyncError });
    t.is(error?.code, "message-malformed");
  });
}

test("P29 a part that is right is taken, an empty one too", (t) => {
  t.notThrows(() => Segment.read(packPart(FINE)).check("", entry("b")));
  t.notThrows(() => Segment.read(packPart([])).check(entry("b"), entry("b")));
});

test("P29 a part with a key that is no text, or longer than a storage takes, is refused", (t) => {
  const part = (...keys: readonly Uint8Array[]) => deflateRawSync(packRecords(keys.flatMap((key) => [key, bytes("1")])));
  const malformed = { instanceOf: SyncError, code: "message-malformed" } as const;
  const fine = bytes(entry("z"));
  t.throws(() => Segment.read(part(Buffer.from("652f61ff", "hex"), fine)).check("", entry("z")), malformed);
  const long = "e/".padEnd(LIMITS.storageKeyCharactersMax, "x");
  t.throws(() => Segment.read(part(bytes(long))).check("", long), malformed);
  t.notThrows(() => Segment.read(part(bytes("e/a"), fine)).check("", entry("z")));
});

test("a segment that is not as it was stored is no data: not with a flipped bit, not cut, not missing", (t) => {
  const sealed = withChecksum(packPart(FINE));
  t.is(openSegment(sealed).records, 2);
  for (let at = 0; at < sealed.length; at += 1) {
    const flipped = Uint8Array.from(sealed, (byte, index) => (index === at ? byte ^ 4 : byte));
    t.is(t.throws(() => openSegment(flipped), { instanceOf: SyncError })?.code, "storage-damaged", `byte ${at}`);
    t.is(t.throws(() => openSegment(sealed.subarray(0, at)), { instanceOf: SyncError })?.code, "storage-damaged", `${at} bytes`);
  }
  t.is(t.throws(() => openSegment(undefined), { instanceOf: SyncError })?.code, "storage-damaged");
});

/** A cache with room for two segments of three; `loads`: those that were read for it. */
function cacheOfLarge() {
  const cache = new SegmentCache();
  const large = Segment.read(packPart([[entry("a"), new Uint8Array(LIMITS.segmentCacheBytesMax / 3)]]));
  const loads: number[] = [];
  const read = (number: number): Promise<Segment> =>
    cache.get(number, async () => {
      loads.push(number);
      await undefined;
      return large;
    });
  return { cache, loads, read };
}

test("segments are kept up to their bound, those read last, and read again when they are not", async (t) => {
  const { loads, read } = cacheOfLarge();
  for (const number of [1, 2, 1, 3, 1, 2]) await read(number);
  t.deepEqual(loads, [1, 2, 3, 2], "2 was read longest ago when 3 came");
});

test("whoever asks for a segment that is being read waits for it; none is handed to who asks after it was written anew", async (t) => {
  const cache = new SegmentCache();
  const fine = Segment.read(packPart(FINE));
  let loads = 0;
  const read = (): Promise<Segment> =>
    cache.get(1, async () => {
      loads += 1;
      await undefined;
      return fine;
    });
  await Promise.all(Array.from({ length: 100 }, read));
  t.is(loads, 1);
  await cache.aside(async () => undefined);
  const before = read();
  await cache.aside(async () => undefined);
  await Promise.all([before, read()]);
  t.is(loads, 3);
});

test("what is read while segments are written anew is kept by nobody and handed to nobody else; afterwards as much is kept as before", async (t) => {
  const { cache, loads, read } = cacheOfLarge();
  for (const number of [1, 2]) await read(number);
  let amid: Promise<unknown> = Promise.resolve();
  await cache.aside(async () => {
    amid = Promise.all([read(1), read(1)]);
  });
  await Promise.all([amid, read(1)]);
  t.deepEqual(loads.splice(0), [1, 2, 1, 1, 1]);
  for (const number of [2, 1, 2]) await read(number);
  t.deepEqual(loads, [2], "two of them fit, as before");
});

test("a record of a segment that is read by its key keeps nothing else of the segment in memory", async (t) => {
  const storage = new MemoryStorage();
  const records = new LayeredRecords(storage, await stored(storage, sortedRecords([..."abc"], "x"), 3));
  const [, found] = await records.getMany([entry("c"), entry("a"), entry("none")]);
  t.is(Buffer.from(found ?? []).toString(), "x a");
  t.is(found?.buffer.byteLength, found?.length);
});

test("a base of before, without segments, is read as it is", async (t) => {
  const storage = new MemoryStorage();
  const prefix = generationPrefix(1);
  await storage.write(FINE.map(([key, value]) => ({ key: prefix + key, value })));
  const records = new LayeredRecords(storage, await Segments.open(storage, 1));
  t.is((await all(records)).length, 2);
  await storage.write(records.writes(new Map([[entry("a"), undefined]])));
  t.deepEqual(
    (await all(records)).map(([key]) => key),
    [entry("b")],
  );
  const stored = [];
  for await (const [key] of storage.range({ from: prefix, to: "d" })) stored.push(key);
  t.deepEqual(stored, [prefix + entry("b")], "nothing is there to be hidden");
  t.deepEqual(await records.getMany([entry("b"), `${ALL_ENTRIES.from}none`]), [bytes("b"), undefined]);
});
