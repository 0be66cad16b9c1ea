/** What lost (B02): in which order it is read, what is put back of it, and which deletion erases what. */
import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { must } from "../../../src/model/assert.ts";
import { userOwner } from "../../../src/model/owner.ts";
import {
  CLIENT_HISTORY,
  eraseFromHistory,
  keepLost,
  type Lost,
  lossNames,
  notePutBack,
  readHistory,
  readNewest,
  SERVER_HISTORY,
} from "../../../src/store/history.ts";
import { ALICE, DEVICE, editOf } from "../roles/own-copy.ts";

const BOB = must(userOwner("bob"), "an owner");
const ALI = must(userOwner("ali"), "an owner");

const lostOf = (key: string, lostAtMs: number, other: Partial<Lost> = {}): Lost => ({
  ...editOf(1, { key }),
  because: "superseded",
  lostAtMs,
  ...other,
});

async function historyOf(...lost: readonly Lost[]): Promise<MemoryStorage> {
  const storage = new MemoryStorage();
  await storage.write(lost.map((one, index) => keepLost(CLIENT_HISTORY, one, index)));
  return storage;
}

async function keysOf(storage: MemoryStorage, owner = ALICE): Promise<string[]> {
  const keys: string[] = [];
  for await (const { lost } of readNewest(storage, CLIENT_HISTORY, owner)) keys.push(lost.key);
  return keys;
}

test("B02 the newest loss is read first, of the one owner that is asked for", async (t) => {
  const storage = await historyOf(
    lostOf("second", 2_000),
    lostOf("of another", 4_000, { owner: BOB }),
    lostOf("third", 30_000),
    lostOf("first", 1_000),
    lostOf("of one with half the name", 5_000, { owner: ALI }),
  );
  t.deepEqual(await keysOf(storage), ["third", "second", "first"]);
  t.deepEqual(await keysOf(storage, BOB), ["of another"]);
  const oldestFirst: string[] = [];
  for await (const { key } of readHistory(storage, CLIENT_HISTORY)) oldestFirst.push(key);
  t.deepEqual(oldestFirst, ["first", "second", "of another", "of one with half the name", "third"]);
});

test("B02 a deletion erases what was made before it for certain, of its own owner; what may be newer stays", async (t) => {
  const rows: readonly (readonly [what: string, lost: Partial<Lost>, stays: boolean])[] = [
    ["before", { stamp: 99 }, false],
    ["at its very moment", { stamp: 100 }, false],
    ["after", { stamp: 101 }, true],
    ["not after 100", { stamp: 0, notAfter: 100 }, false],
    ["not after 101", { stamp: 0, notAfter: 101 }, true],
    ["of another", { stamp: 1, owner: BOB }, true],
  ];
  const storage = await historyOf(...rows.map(([key, lost], at) => lostOf(key, 1_000 + at, lost)));
  await eraseFromHistory(storage, CLIENT_HISTORY, new Map([[ALICE, 100]]));
  const left: string[] = [];
  for await (const { key } of readHistory(storage, CLIENT_HISTORY)) left.push(key);
  t.deepEqual(
    left,
    rows.filter(([, , stays]) => stays).map(([key]) => key),
  );
});

test("B02 B04 a loss is read with all that is known of it, and keeps in mind when it was put back", async (t) => {
  const whole = lostOf("k", 7_000, { by: "alice", device: DEVICE, notAfter: 5, value: { a: [1, "x"] } });
  const storage = await historyOf(whole);
  for await (const kept of readNewest(storage, CLIENT_HISTORY, undefined)) {
    const { owner, item, key, value, because, stamp, lostAtMs, by, device, notAfter } = whole;
    t.deepEqual(kept.lost, { owner, item, key, value, because, stamp, lostAtMs, notAfter, by, device });
    await storage.write([notePutBack(kept, 8_000.4)]);
  }
  const again: unknown[] = [];
  for await (const { lost } of readNewest(storage, CLIENT_HISTORY, undefined)) again.push([lost.putBackMs, lost.lostAtMs]);
  t.deepEqual(again, [[8_000, 7_000]]);
});

test("B02 a loss has one name, whenever it was noted, and another for each of its entry's edits", async (t) => {
  const storage = new MemoryStorage();
  await storage.write([keepLost(SERVER_HISTORY, lostOf("k", 1), 5), keepLost(SERVER_HISTORY, lostOf("k", 2), 6)]);
  const names = await lossNames(storage, SERVER_HISTORY);
  t.is(names.size, 2);
  await storage.write([keepLost(SERVER_HISTORY, lostOf("k", 9_999), 5)]);
  t.deepEqual(await lossNames(storage, SERVER_HISTORY), names);
});
