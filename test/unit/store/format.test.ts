import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import type { Storage, Write } from "../../../hal/storage.ts";
import { SyncError } from "../../../src/model/errors.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { type FormatPart, type FormatStep, openFormat, type StoredRecord } from "../../../src/store/format.ts";

const NEWEST = 4;
const MARKS: StoredRecord[] = ["f", "m/format"].map((key) => [key, Uint8Array.of(NEWEST)]);
const numbered = (n: number): string => String(n).padStart(6, "0");

/** A storage whose power goes after so many writes. Gives what brings it back. */
function failing(storage: MemoryStorage, after: number): () => void {
  let left = after;
  const write = storage.write.bind(storage);
  storage.write = async (batch) => {
    left -= 1;
    if (left < 0) throw new Error("the power is gone");
    await write(batch);
  };
  return () => void (left = Number.POSITIVE_INFINITY);
}

/** A step that marks each record of its ranges, and tells which it was given. */
function marking(to: number, prefixes: readonly string[], given: (string | number)[][]): FormatStep {
  const part = (prefix: string): FormatPart => ({
    range: { from: prefix, to: `${prefix}~` },
    turn(records: readonly StoredRecord[]): Write[] {
      given.push([prefix, records.length]);
      return records.map(([key, value]) => ({ key, value: Uint8Array.of(...value.subarray(0, 1), to) }));
    },
  });
  return { to, parts: prefixes.map(part) };
}

async function stored(format: number, prefixes: readonly string[], records: number, bytes = 1): Promise<MemoryStorage> {
  const storage = new MemoryStorage();
  await storage.write([{ key: "f", value: Uint8Array.of(format) }]);
  for (const prefix of prefixes)
    await storage.write(Array.from({ length: records }, (_, n) => ({ key: `${prefix}${numbered(n)}`, value: new Uint8Array(bytes) })));
  return storage;
}

const everything = async (storage: Storage): Promise<StoredRecord[]> => {
  const records: StoredRecord[] = [];
  for await (const record of storage.range({ from: "", to: "\u{10ffff}" })) records.push(record);
  return records;
};

test("a new storage has the newest format; one of the first is brought up to it", async (t) => {
  const storage = new MemoryStorage();
  t.is(await openFormat(storage), "new");
  t.deepEqual(await everything(storage), MARKS);
  t.is(await openFormat(storage), "known");
  const first = await stored(1, [], 0);
  t.is(await openFormat(first), "known");
  t.deepEqual(await everything(first), MARKS, "and nothing is left of the way");
  const before = await stored(NEWEST, [], 0);
  t.is(await openFormat(before), "known");
  t.deepEqual(await everything(before), MARKS, "one from before there were two places has both now");
});

for (const mark of [[], [0], [NEWEST + 1], [255], [NEWEST, 0]]) {
  test(`a storage with the mark [${mark}] is of no format that this module reads, and stays as it is`, async (t) => {
    const storage = new MemoryStorage();
    await storage.write([{ key: "f", value: Uint8Array.from(mark) }]);
    await t.throwsAsync(openFormat(storage), { code: "storage-format" });
    t.deepEqual(await everything(storage), [["f", Uint8Array.from(mark)]]);
  });
}

test("a step goes through each of its parts in batches: so many records, and so many bytes", async (t) => {
  const given: (string | number)[][] = [];
  const records = LIMITS.migrationRecords + 1;
  const storage = await stored(1, ["a/", "b/"], records);
  await openFormat(storage, [marking(2, ["a/", "b/"], given)]);
  t.deepEqual(given, [
    ["a/", LIMITS.migrationRecords],
    ["a/", 1],
    ["b/", LIMITS.migrationRecords],
    ["b/", 1],
  ]);
  const marked = (await everything(storage)).filter(([key]) => key !== "f" && key !== "m/format");
  t.is(marked.length, 2 * records);
  t.true(marked.every(([, value]) => value.length === 2 && value[1] === 2));
  const large: (string | number)[][] = [];
  await openFormat(await stored(1, ["a/"], 3, LIMITS.migrationBytes / 2), [marking(2, ["a/"], large)]);
  t.deepEqual(large, [
    ["a/", 2],
    ["a/", 1],
  ]);
});

test("a step that was cut off goes on behind what it had done, in the part where it was, and the steps after it follow", async (t) => {
  const given: (string | number)[][] = [];
  const steps = [marking(2, ["a/", "b/", "c/"], given), marking(3, ["b/"], given)];
  const storage = await stored(1, ["a/", "b/", "c/"], LIMITS.migrationRecords + 1);
  const powerIsBack = failing(storage, 4);
  await t.throwsAsync(openFormat(storage, steps));
  t.deepEqual((await storage.get("f"))?.[0], 2, "an older module leaves it alone");
  t.deepEqual(given.splice(0), [
    ["a/", LIMITS.migrationRecords],
    ["a/", 1],
    ["b/", LIMITS.migrationRecords],
    ["b/", 1],
  ]);
  powerIsBack();
  t.is(await openFormat(storage, steps), "known");
  t.deepEqual(given, [
    ["b/", 1],
    ["c/", LIMITS.migrationRecords],
    ["c/", 1],
    ["b/", LIMITS.migrationRecords],
    ["b/", 1],
  ]);
  t.is(await storage.get("f/under-way"), undefined);
});

test("of steps that are done nothing is done again, where a later one was cut off", async (t) => {
  const given: (string | number)[][] = [];
  const steps = [2, 3, 4].map((to) => marking(to, ["a/"], given));
  const storage = await stored(1, ["a/"], LIMITS.migrationRecords + 1);
  // Four writes for a step of two batches: its beginning, each of them, its end.
  const powerIsBack = failing(storage, 4 + 2);
  await t.throwsAsync(openFormat(storage, steps));
  given.splice(0);
  powerIsBack();
  await openFormat(storage, steps);
  t.deepEqual(given, [
    ["a/", 1],
    ["a/", LIMITS.migrationRecords],
    ["a/", 1],
  ]);
});

/** A storage of which some records cannot be read until they are written anew. */
function rotten(storage: MemoryStorage, keys: readonly string[]): Storage {
  const damaged = new Set(keys);
  const get = storage.get.bind(storage);
  const write = storage.write.bind(storage);
  storage.get = async (key) => {
    if (damaged.has(key)) throw new SyncError("storage-damaged", key);
    return await get(key);
  };
  storage.write = async (batch) => {
    await write(batch);
    for (const { key } of batch) damaged.delete(key);
  };
  return storage;
}

for (const [marks, damaged, given] of [
  [{ f: 1, "m/format": 1 }, ["f"], 1],
  [{ f: 1, "m/format": 1 }, ["m/format"], 1],
  [{ f: 1, "m/format": 1 }, ["f", "m/format"], 0],
  [{ f: 1 }, ["f"], 1],
  [{ f: 2, "m/format": 2 }, ["f"], 0],
  [{ "m/format": 1 }, [], 1],
] as const) {
  test(`marks ${JSON.stringify(marks)} of which [${damaged}] cannot be read: mended, and ${given} batches of a step`, async (t) => {
    const storage = new MemoryStorage();
    await storage.write([
      ...Object.entries(marks).map(([key, mark]) => ({ key, value: Uint8Array.of(mark) })),
      { key: "a/", value: Uint8Array.of(7) },
    ]);
    const all: (string | number)[][] = [];
    t.is(await openFormat(rotten(storage, damaged), [marking(2, ["a/"], all)]), damaged.length > 0 ? "mended" : "known");
    t.is(all.length, given);
    t.deepEqual([await storage.get("f"), await storage.get("m/format")], [Uint8Array.of(2), Uint8Array.of(2)]);
    t.is(await openFormat(storage, [marking(2, ["a/"], all)]), "known");
    t.is(all.length, given);
  });
}

test("a mark of a newer format in its second place is heeded where the first is damaged, and nothing is changed", async (t) => {
  const storage = new MemoryStorage();
  await storage.write(["f", "m/format"].map((key) => ({ key, value: Uint8Array.of(NEWEST + 1) })));
  await t.throwsAsync(openFormat(rotten(storage, ["f"])), { code: "storage-format" });
  t.deepEqual(await storage.get("m/format"), Uint8Array.of(NEWEST + 1));
});
