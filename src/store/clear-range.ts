/** Deletes all records of a range, damaged ones too, in batches that a small machine can take. A kill leaves the rest for the next call. */
import type { Storage } from "../../hal/storage.ts";
import type { KeyRange } from "./keys.ts";
import { keysIn } from "./keys-in.ts";

const BATCH = 2_000;

export async function clearRange(storage: Storage, range: KeyRange): Promise<void> {
  for (;;) {
    const keys = await keysIn(storage, { ...range, limit: BATCH });
    if (keys.length === 0) return;
    await storage.write(keys.map((key) => ({ key, value: undefined })));
  }
}
