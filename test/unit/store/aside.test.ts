import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import type { Storage } from "../../../hal/storage.ts";
import { AsideStorage } from "../../../src/store/aside-storage.ts";
import { clearRange } from "../../../src/store/clear-range.ts";

const RECORD = Uint8Array.of(1);
/** More than one batch of whoever clears. */
const MANY = 4_100;

async function keysIn(storage: Storage): Promise<string[]> {
  const keys: string[] = [];
  for await (const [key] of storage.range({ from: "", to: "\u{10ffff}" })) keys.push(key);
  return keys;
}

const filled = async (keys: readonly string[]): Promise<MemoryStorage> => {
  const storage = new MemoryStorage();
  await storage.write(keys.map((key) => ({ key, value: RECORD })));
  return storage;
};

test("what is put aside is under its prefix, and read as if there were none", async (t) => {
  const storage = await filled(["a", "v", "v0", "w"]);
  const aside = new AsideStorage(storage, "v/");
  await aside.write(["a", "b", "c"].map((key) => ({ key, value: RECORD })));
  await aside.write([{ key: "b", value: undefined }]);
  t.deepEqual(await keysIn(storage), ["a", "v", "v/a", "v/c", "v0", "w"]);
  t.deepEqual(await keysIn(aside), ["a", "c"]);
  t.deepEqual(await aside.get("c"), RECORD);
  t.deepEqual(await aside.getMany(["a", "b"]), [RECORD, undefined]);
});

test("what was put aside is cleared as a whole, however much it is, and nothing beside it", async (t) => {
  const storage = await filled(["a", "v", "v.", "v0", "w"]);
  const aside = new AsideStorage(storage, "v/");
  await aside.write(
    ["", ...Array.from({ length: MANY }, (_, n) => `${n}`), "\u{10ffff}"].map((key) => ({ key: `k${key}`, value: RECORD })),
  );
  await aside.clear();
  t.deepEqual(await keysIn(storage), ["a", "v", "v.", "v0", "w"]);
  await aside.clear();
});

test("a range is cleared as a whole, however much it is, and nothing beside it", async (t) => {
  const storage = await filled(["a", ...Array.from({ length: MANY }, (_, n) => `b/${n}`), "c"]);
  await clearRange(storage, { from: "b/", to: "b0" });
  t.deepEqual(await keysIn(storage), ["a", "c"]);
});
