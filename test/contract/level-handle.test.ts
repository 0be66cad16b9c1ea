/** What becomes of a write that failed, on a database that fails as LevelDB does. */
import test, { type ExecutionContext } from "ava";
import { LevelFolder } from "../../hal/parts/level-folder.ts";
import { LevelStorage } from "../../hal/parts/level-handle.ts";
import {
  BATCHES_KEPT,
  type LevelDatabase,
  type LevelIterator,
  type LevelRange,
  type Operation,
  leaveFormer,
  numbered,
  operationOf,
  readState,
  USER,
} from "../../hal/parts/level-records.ts";
import { batchBytesMin, writeBufferFor } from "../../hal/parts/level-tuning.ts";
import { must } from "../../src/model/assert.ts";
import { put, text } from "./storage.ts";
import { rejects } from "./throws.ts";
import { freshFolder } from "../fresh-folder.ts";

const EMPTY = { records: 0, batch: 0 };

/** After a write has failed, all fail until it is opened again; the failed one comes up then, if it had reached the log. */
class FailingDatabase implements LevelDatabase {
  readonly #records = new Map<string, Uint8Array>();
  #log: readonly Operation[] = [];
  #stuck = false;
  isOpen = true;
  /** How the next write fails. */
  next: "well" | "before the log" | "after the log" = "well";
  openings = 0;
  lookedFor = 0;
  failingOpenings = 0;

  async open(): Promise<void> {
    this.openings += 1;
    if (this.failingOpenings > 0) {
      this.failingOpenings -= 1;
      throw new Error("IO error: MANIFEST: No space left on device");
    }
    this.isOpen = true;
    this.#stuck = false;
    this.#do(this.#log);
    this.#log = [];
  }

  async close(): Promise<void> {
    this.isOpen = false;
  }

  async getMany(keys: string[]): Promise<(Uint8Array | undefined)[]> {
    if (!this.isOpen) throw new Error("Database is not open");
    return keys.map((key) => this.#records.get(key));
  }

  getSync(key: string): Uint8Array | undefined {
    this.lookedFor += 1;
    if (!this.isOpen) throw new Error("Database is not open");
    return this.#records.get(key);
  }

  async hasMany(keys: string[]): Promise<boolean[]> {
    this.lookedFor += keys.length;
    return keys.map((key) => this.#records.has(key));
  }

  async batch(operations: Operation[]): Promise<void> {
    if (this.next === "after the log") this.#log = operations;
    if (this.next !== "well") this.#stuck = true;
    this.next = "well";
    if (this.#stuck) throw new Error("IO error: log: Input/output error");
    this.#do(operations);
  }

  /** Records of the user's. */
  get size(): number {
    return [...this.#records.keys()].filter((key) => key.startsWith(USER)).length;
  }

  iterator({ gte, lt, reverse, limit }: LevelRange): LevelIterator {
    const keys = [...this.#records.keys()].filter((key) => key >= gte && key < lt).sort();
    const left = (reverse ? keys.reverse() : keys).slice(0, limit < 0 ? keys.length : limit);
    const next = (size: number) =>
      left.splice(0, size).flatMap((key): [string, Uint8Array][] => [[key, must(this.#records.get(key), key)]]);
    return { nextv: async (size) => next(size), close: async () => undefined };
  }

  #do(operations: readonly Operation[]): void {
    for (const operation of operations) {
      if (operation.type === "put") this.#records.set(operation.key, operation.value);
      else this.#records.delete(operation.key);
    }
  }
}

async function bench(t: ExecutionContext): Promise<{ database: FailingDatabase; storage: LevelStorage }> {
  const dir = freshFolder(t);
  const folder = new LevelFolder(dir);
  await folder.reserve.set();
  const database = new FailingDatabase();
  await database.batch(numbered([], EMPTY, 0));
  const storage = new LevelStorage({ folder, database, state: EMPTY, batchBytesMin: 64 });
  await storage.write([put("a", "old"), put("b", "old")]);
  return { database, storage };
}

const seen = async (storage: LevelStorage): Promise<unknown> => (await storage.getMany(["a", "b", "c"])).map(text);
const NEW = [put("a", "new"), { key: "b", value: undefined }, put("c", "new")];

/** With 128, 64 and 32 KiB of the reserve, and without any. */
const TRIES = 4;

test("a write that failed before it reached the log is refused, and the storage works on", async (t) => {
  const { database, storage } = await bench(t);
  database.next = "before the log";
  await rejects(t, "hal-broken", () => storage.write(NEW));
  t.deepEqual(await seen(storage), ["old", "old", undefined]);
  t.is(database.openings, 1);
  await storage.write(NEW);
  t.deepEqual(await seen(storage), ["new", undefined, "new"]);
});

test("a write that failed after it reached the log is there when the database was opened again, and so it is acknowledged", async (t) => {
  const { database, storage } = await bench(t);
  database.next = "after the log";
  await storage.write(NEW);
  t.deepEqual(await seen(storage), ["new", undefined, "new"]);
  await storage.write([put("b", "again")]);
  t.deepEqual(await seen(storage), ["new", "again", "new"]);
});

test("an opening that needs more than a part of the reserve is tried with more of it", async (t) => {
  const { database, storage } = await bench(t);
  database.next = "after the log";
  database.failingOpenings = TRIES - 1;
  await storage.write(NEW);
  t.deepEqual(await seen(storage), ["new", undefined, "new"]);
  t.is(database.openings, TRIES);
});

test("a write that was refused because the database could not be opened again is taken back when it comes up", async (t) => {
  const { database, storage } = await bench(t);
  database.next = "after the log";
  database.failingOpenings = TRIES + 1;
  await rejects(t, "hal-full", () => storage.write(NEW));
  await rejects(t, "hal-full", () => storage.get("a"));
  t.deepEqual(await seen(storage), ["old", "old", undefined]);
  await storage.write([put("c", "later")]);
  t.deepEqual(await seen(storage), ["old", "old", "later"]);
  t.is(database.openings, TRIES + 2);
});

test("writes that wait behind one that failed are done, and reads wait for the opening", async (t) => {
  const { database, storage } = await bench(t);
  database.next = "before the log";
  const first = rejects(t, "hal-broken", () => storage.write([put("a", "first")]));
  // One turn later it is under way; what comes now goes into the next group.
  await Promise.resolve();
  await Promise.resolve();
  const second = storage.write([put("b", "second")]);
  await Promise.all([first, second]);
  t.deepEqual(await seen(storage), ["old", "second", undefined]);
});

test("the count of records is right whatever is read, written, refused and taken back in between, by whoever meanwhile", async (t) => {
  let drawn = 12_345;
  const chance = (below: number): number => {
    drawn = (drawn * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((drawn / 2 ** 31) * below);
  };
  const key = (): string => `key ${chance(30)}`;
  const endings = ["well", "well", "well", "well", "before the log", "after the log"] as const;
  // Ten databases of two hundred steps: each look reads all numbers of batches that there are by then.
  for (let life = 1; life <= 10; life += 1) {
    const { database, storage } = await bench(t);
    for (let step = 0; step < 200; step += 1) {
      const batch = Array.from({ length: 1 + chance(4) }, () => (chance(3) === 0 ? { key: key(), value: undefined } : put(key(), "value")));
      database.next = endings[chance(endings.length)] ?? "well";
      if (database.next !== "well" && chance(3) === 0) database.failingOpenings = 1 + chance(TRIES);
      const written = storage.write(batch).catch(() => undefined);
      const read = storage.getMany([key(), key()]).catch(() => undefined);
      if (chance(2) === 0) await written;
      await Promise.all([read, written, storage.getMany([key()]).catch(() => undefined)]);
      if (!database.isOpen) continue;
      const { records } = await readState(database);
      if (records !== database.size) return t.fail(`step ${life}/${step}: ${records} are said to be there, ${database.size} are`);
    }
  }
  t.pass();
});

test("what was read or written just before is not looked for again when it is overwritten", async (t) => {
  const { database, storage } = await bench(t);
  await storage.write([put("a", "1"), put("c", "1")]);
  await storage.getMany(["d", "e"]);
  database.lookedFor = 0;
  await storage.write([put("a", "2"), put("c", "2"), put("d", "2"), { key: "e", value: undefined }]);
  t.is(database.lookedFor, 0);
  await storage.write([put("a", "3"), put("f", "3")]);
  t.is(database.lookedFor, 1, "only what nobody knows");
  t.is((await readState(database)).records, database.size);
});

test("a record that is not as it was written is told from a medium that fails; it is found by its key, written anew and deleted", async (t) => {
  const { database, storage } = await bench(t);
  const damage = (...keys: string[]) =>
    database.batch(keys.map((key) => ({ type: "put", key: USER + key, value: Buffer.from("something else") })));
  await damage("a", "b");
  await rejects(t, "storage-damaged", () => storage.get("a"));
  const all = { from: "", to: "z" };
  const found: string[] = [];
  const look = async (keysOnly: boolean): Promise<void> => {
    for await (const [key, value] of storage.range({ ...all, keysOnly })) found.push(`${key} ${value.length}`);
  };
  await rejects(t, "storage-damaged", () => look(false));
  await look(true);
  t.deepEqual(found, ["a 0", "b 0"]);
  await storage.write([put("a", "anew"), { key: "b", value: undefined }]);
  t.deepEqual(await seen(storage), ["anew", undefined, undefined]);
});

test("a write that is durable is acknowledged, also while the medium has no reserve to set aside", async (t) => {
  const dir = freshFolder(t);
  const folder = new LevelFolder(dir);
  const { reserve } = folder;
  const set = reserve.set.bind(reserve);
  let fails = false;
  reserve.set = () => (fails ? Promise.reject(new Error("EIO: i/o error, fsync")) : set());
  await reserve.set();
  const database = new FailingDatabase();
  await database.batch(numbered([], EMPTY, 0));
  const storage = new LevelStorage({ folder, database, state: EMPTY, batchBytesMin: 64 });
  database.next = "before the log";
  await rejects(t, "hal-broken", () => storage.write([put("a", "0")]));
  fails = true;
  for (let number = 1; number <= 200; number += 1) await storage.write([put("a", `${number}`)]);
  t.is(text(await storage.get("a")), "200");
});

test("a storage of the version before is read as it stands, and has its numbers where this version looks for them from then on", async (t) => {
  const database = new FailingDatabase();
  const former = (key: string, value: string) => operationOf(key, Buffer.from(value));
  await database.batch([former("kx", "1"), former("ky", "2"), former("b1", "1"), former("b2", "2"), former("b3", "3"), former("a", "2 3")]);
  const state = await readState(database);
  t.deepEqual(state, { records: 2, batch: 3 });
  const next = await leaveFormer(database, state);
  t.deepEqual(next, { records: 2, batch: 4 });
  t.is(database.getSync("a"), undefined);
  t.deepEqual(await readState(database), next);
  t.is(await leaveFormer(database, next), next, "once");
});

test("a batch that is missing among the newest is found", async (t) => {
  const database = new FailingDatabase();
  for (const batch of [1, 2, 4]) await database.batch(numbered([], { records: 0, batch }, 0));
  await t.throwsAsync(() => readState(database), { message: /batch 3 of 4/ });
});

test("a batch takes no less of the log than its share, so that the log has no more of them than are looked for", (t) => {
  const bytesOf = (operations: readonly Operation[]) =>
    operations.reduce((sum, operation) => sum + operation.key.length + (operation.type === "put" ? operation.value.length : 0), 0);
  for (const buffer of [0, 8, 32].map((mebibytes) => writeBufferFor(mebibytes * 1024 * 1024))) {
    const least = batchBytesMin(buffer);
    t.true(bytesOf(numbered([], { records: 1, batch: 1 }, least)) >= least);
    t.true(BATCHES_KEPT * least >= buffer);
    const large = [operationOf("kx", Buffer.alloc(2 * least))];
    t.true(bytesOf(numbered(large, { records: 1, batch: 1 }, least)) < bytesOf(large) + 32, "what is large takes no more");
  }
});

test("the write buffer grows with what a database holds, within bounds", (t) => {
  const [kibi, mebi] = [1024, 1024 * 1024];
  t.deepEqual([0, mebi, 2 * mebi, 4 * mebi, 100 * mebi].map(writeBufferFor), [256 * kibi, 256 * kibi, 512 * kibi, mebi, mebi]);
});
