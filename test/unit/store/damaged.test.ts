/** Records that a storage cannot read any more: everything else is read, in order, and what a copy has lost is known. */
import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import type { RangeOptions } from "../../../hal/storage.ts";
import { SyncError } from "../../../src/model/errors.ts";
import { packPart } from "../../../src/protocol/part.ts";
import { dropDamaged, undamaged } from "../../../src/store/damaged.ts";
import { ALL_STATE, entryKey } from "../../../src/store/keys.ts";
import { LayeredRecords } from "../../../src/store/layered-records.ts";
import { Replica } from "../../../src/store/replica.ts";
import { Segments } from "../../../src/store/segments.ts";
import { DEVICE, editOf, replicaOf } from "../roles/own-copy.ts";

/** Values of the rotten keys cannot be read; `code` says how that is told. */
class RottingStorage extends MemoryStorage {
  readonly rotten = new Set<string>();
  code: "storage-damaged" | "hal-unavailable" = "storage-damaged";

  override async get(key: string): Promise<Uint8Array | undefined> {
    this.#look(key);
    return await super.get(key);
  }

  override async getMany(keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    for (const key of keys) this.#look(key);
    return await super.getMany(keys);
  }

  override async *range(options: RangeOptions) {
    for await (const record of super.range(options)) {
      if (options.keysOnly !== true) this.#look(record[0]);
      yield record;
    }
  }

  #look(key: string): void {
    if (this.rotten.has(key)) throw new SyncError(this.code, "the checksum is wrong");
  }
}

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const ALL = { from: "a", to: "z" };

async function rotting(rotten: readonly string[]): Promise<RottingStorage> {
  const storage = new RottingStorage();
  await storage.write(["a", "b", "c", "d", "e"].map((key) => ({ key, value: bytes(`of ${key}`) })));
  for (const key of rotten) storage.rotten.add(key);
  return storage;
}

test("B05 a range is read without its damaged records, whichever they are, each of the others once, in either order", async (t) => {
  for (const rotten of ["", "a", "b", "e", "ab", "de", "ace", "abcde"]) {
    const storage = await rotting([...rotten]);
    for (const reverse of [false, true]) {
      const keys: string[] = [];
      for await (const [key, value] of undamaged(storage, { ...ALL, reverse })) {
        t.deepEqual(value, bytes(`of ${key}`));
        keys.push(key);
      }
      const left = [..."abcde"].filter((key) => !rotten.includes(key));
      t.deepEqual(keys, reverse ? left.reverse() : left, `${rotten} ${reverse}`);
    }
  }
});

test("B05 a medium that fails is not damage: it is told, and nothing is deleted for it", async (t) => {
  const storage = await rotting(["b"]);
  storage.code = "hal-unavailable";
  const read = async (): Promise<void> => {
    for await (const _ of undamaged(storage, ALL));
  };
  await t.throwsAsync(read, { code: "hal-unavailable" });
  await t.throwsAsync(dropDamaged(storage, ALL), { code: "hal-unavailable" });
  storage.rotten.clear();
  t.is((await storage.getMany([..."abcde"])).filter((value) => value !== undefined).length, 5);
});

test("B05 damaged records are deleted, and no others", async (t) => {
  const storage = await rotting(["b", "e"]);
  await dropDamaged(storage, ALL);
  storage.rotten.clear();
  t.deepEqual(
    (await storage.getMany([..."abcde"])).map((value) => value !== undefined),
    [true, false, true, true, false],
  );
});

const entry = (name: string): string => `e/user:${name}\0item\0`;

/** A copy of which a and b lie in a segment, and b, c, d over it. */
async function copy(rotten: readonly string[], isKnown: boolean) {
  const storage = new RottingStorage();
  const first = await Segments.open(storage, 1);
  const packed = { packed: packPart([entry("a"), entry("b")].map((key) => [key, bytes("below")])), last: entry("b") };
  await storage.write(first.additions([packed]));
  first.added([packed]);
  const over = [entry("b"), entry("c"), entry("d")].map((key) => [key, bytes("over")] as const);
  await storage.write(new LayeredRecords(storage, first).writes(new Map(over)));
  if (isKnown) await storage.write([first.damage()]);
  const segments = await Segments.open(storage, 1);
  for (const name of rotten) storage.rotten.add(segments.prefix + entry(name));
  const records = new LayeredRecords(storage, segments);
  const namesOf = async (): Promise<string> => {
    let names = "";
    for await (const [key, value] of records.range(ALL_STATE)) names += `${key.charAt(7)}${value.length === 4 ? "+" : ""}`;
    return names;
  };
  return { storage, segments, records, namesOf };
}

test("P29 damage of a copy that was not known is told by whoever meets it, and known from then on", async (t) => {
  for (const rotten of ["b", "c", "d"]) {
    const ranged = await copy([rotten], false);
    t.false(ranged.segments.hasFoundDamage);
    await t.throwsAsync(ranged.namesOf, { code: "storage-damaged" });
    t.true(ranged.segments.hasFoundDamage, rotten);
    const looked = await copy([rotten], false);
    await t.throwsAsync(looked.records.getMany(["a", rotten].map(entry)), { code: "storage-damaged" });
    t.true(looked.segments.hasFoundDamage, rotten);
    t.false(looked.segments.isDamaged, "what is read next is not passed over before it is written down");
  }
});

test("P29 of a copy that is known to be damaged everything else is read, as it is", async (t) => {
  t.is(await (await copy([], true)).namesOf(), "ab+c+d+");
  t.is(await (await copy(["c"], true)).namesOf(), "ab+d+");
  t.is(await (await copy(["b", "d"], true)).namesOf(), "abc+", "what lies below is read again");
  const { records, segments } = await copy(["c"], true);
  const found = await records.getMany(["a", "b", "c", "d"].map(entry));
  t.deepEqual(
    found.map((value) => (value === undefined ? undefined : Buffer.from(value).toString())),
    ["below", "over", undefined, "over"],
  );
  t.true(segments.isDamaged);
  t.false(segments.hasFoundDamage, "it was known");
});

test("P29 a medium that fails is no damage of a copy, known or not", async (t) => {
  for (const isKnown of [false, true]) {
    const { storage, segments, records, namesOf } = await copy(["c"], isKnown);
    storage.code = "hal-unavailable";
    await t.throwsAsync(namesOf, { code: "hal-unavailable" });
    await t.throwsAsync(records.getMany([entry("c")]), { code: "hal-unavailable" });
    t.false(segments.hasFoundDamage);
  }
});

test("P29 a copy that is known to be damaged is fetched anew as a whole: none of its segments is written anew", async (t) => {
  for (const isKnown of [false, true]) {
    const { storage, segments } = await copy([], isKnown);
    await storage.write(segments.deletion(entry("a")));
    let writes = 0;
    await segments.rewriteOne(async (batch) => {
      writes += 1;
      await storage.write(batch);
    });
    t.is(writes, isKnown ? 0 : 1);
  }
});

test("P29 B05 a copy in which damage was met takes nothing more until it is noted; then it is damaged for every later start, and to be shown anew", async (t) => {
  const storage = new RottingStorage();
  const entries = [1, 2].map((key) => ({ revision: 5, edit: { ...editOf(key, { key: `${key}` }), why: "first" } as const }));
  await replicaOf(storage, {}, [], { entries });
  const replica = await Replica.open(storage, DEVICE);
  t.notThrows(() => replica.mustBeWhole());
  await replica.noteDamage();
  t.false((await Replica.open(storage, DEVICE)).isDamaged, "there was nothing to note");
  for await (const [key] of storage.range({ from: "", to: "~", keysOnly: true })) if (key.includes("z/")) storage.rotten.add(key);
  const read = async () => await replica.baseView(false).load([entryKey(editOf(1, { key: "1" }))]);
  await t.throwsAsync(read, { code: "storage-damaged" });
  t.throws(() => replica.mustBeWhole(), { code: "storage-damaged" });
  await replica.noteDamage();
  const next = await Replica.open(storage, DEVICE);
  t.true(next.isDamaged);
  t.is(next.head.unshown, "show");
  t.notThrows(() => next.mustBeWhole(), "it is known");
  await t.notThrowsAsync(async () => await next.baseView(false).load([entryKey(editOf(1, { key: "1" }))]));
});
