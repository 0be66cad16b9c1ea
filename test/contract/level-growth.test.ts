import test from "ava";
import { Growth } from "../../hal/parts/level-growth.ts";
import { type LevelDatabase, type LevelRange, type Operation, operationOf } from "../../hal/parts/level-records.ts";

/** A database that counts how often it is looked into. */
class CountingDatabase implements LevelDatabase {
  readonly records = new Map<string, Uint8Array>();
  looks = 0;

  async open(): Promise<void> {}
  async close(): Promise<void> {}

  async getMany(keys: string[]): Promise<(Uint8Array | undefined)[]> {
    return keys.map((key) => this.records.get(key));
  }

  getSync(key: string): Uint8Array | undefined {
    this.looks += 1;
    return this.records.get(key);
  }

  async hasMany(keys: string[]): Promise<boolean[]> {
    this.looks += 1;
    return keys.map((key) => this.records.has(key));
  }

  async batch(operations: Operation[]): Promise<void> {
    for (const operation of operations) {
      if (operation.type === "put") this.records.set(operation.key, operation.value);
      else this.records.delete(operation.key);
    }
  }

  iterator({ gte, lt }: LevelRange) {
    this.looks += 1;
    const last = [...this.records].filter(([key]) => key >= gte && key < lt).sort(([a], [b]) => (a < b ? 1 : -1));
    return { nextv: async () => last.slice(0, 1), close: async () => undefined };
  }
}

const key = (kind: string, number: number): string => `${kind}${String(number).padStart(16, "0")}`;

async function write(database: CountingDatabase, growth: Growth, ...operations: Operation[]): Promise<number> {
  const by = await growth.by(operations);
  await database.batch(operations);
  return by;
}

const put = (name: string): Operation => operationOf(name, new Uint8Array(1));
const del = (name: string): Operation => operationOf(name, undefined);

test("a log that grows is looked at once, and never again", async (t) => {
  const database = new CountingDatabase();
  await database.batch([put(key("kc/p/", 7)), put("kc/q")]);
  const growth = new Growth(database);
  t.is(await write(database, growth, put(key("kc/p/", 8))), 1);
  database.looks = 0;
  for (let number = 9; number < 100; number += 1) t.is(await write(database, growth, put(key("kc/p/", number))), 1);
  t.is(database.looks, 0);
});

test("what is not beyond the last one is looked for: written again, deleted, out of order, of another kind", async (t) => {
  const database = new CountingDatabase();
  const growth = new Growth(database);
  t.is(await write(database, growth, put(key("kc/p/", 5)), put(key("kc/p/", 6))), 2);
  t.is(await write(database, growth, put(key("kc/p/", 6)), del(key("kc/p/", 5))), -1);
  t.is(await write(database, growth, put(key("kc/p/", 5)), del(key("kc/p/", 4))), 1);
  t.is(await write(database, growth, put(key("ks/c/", 5))), 1);
  t.is(await write(database, growth, del(key("ks/c/", 6)), put("kc/p/12"), put(`k${"1".repeat(16)}`)), 2);
  t.is(database.records.size, 5);
});

test("a write that was refused leaves nothing that would be counted wrongly", async (t) => {
  const database = new CountingDatabase();
  const growth = new Growth(database);
  t.is(await growth.by([put(key("kc/p/", 1))]), 1, "and the batch fails");
  t.is(await write(database, growth, put(key("kc/p/", 1))), 1);
  t.is(await write(database, growth, put(key("kc/p/", 1))), 0);
});
