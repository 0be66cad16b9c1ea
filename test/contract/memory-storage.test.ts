import test from "ava";
import { MemoryStorage } from "../../hal/sim/memory-storage.ts";
import { put, storageContract, text } from "./storage.ts";

storageContract(test, "memory storage", async () => {
  const storage = new MemoryStorage();
  return { storage, reopen: async () => new MemoryStorage(storage.medium) };
});

test("a killed memory storage loses what had not taken effect, and keeps the rest on its medium", async (t) => {
  const storage = new MemoryStorage();
  await storage.write([put("a", "kept")]);
  void storage.write([put("a", "lost"), put("b", "lost")]);
  storage.kill();
  const again = new MemoryStorage(storage.medium);
  t.deepEqual((await again.getMany(["a", "b"])).map(text), ["kept", undefined]);
});
