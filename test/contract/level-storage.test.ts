import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { openLevelStorage } from "../../hal/parts/level-storage.ts";
import { storageContract } from "./storage.ts";

function freshDir(t: ExecutionContext): string {
  const dir = mkdtempSync(join(tmpdir(), "level-storage-"));
  t.teardown(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

storageContract(test, "level storage", async (t) => {
  const dir = freshDir(t);
  const storage = await openLevelStorage({ dir });
  t.teardown(() => storage.close());
  return { storage, reopen: () => openLevelStorage({ dir }) };
});
