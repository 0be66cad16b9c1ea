/** Records that the storage says are not as they were written. What can be done without them is done without them. */
import type { Storage } from "../../hal/storage.ts";
import { unlessDamaged } from "../model/errors.ts";
import type { KeyRange } from "./keys.ts";

/** Deletes those of a range. */
export async function dropDamaged(storage: Storage, range: KeyRange): Promise<void> {
  const damaged: string[] = [];
  for await (const [key] of storage.range({ ...range, keysOnly: true }))
    if ((await storage.get(key).catch(unlessDamaged)) === undefined) damaged.push(key);
  await storage.write(damaged.map((key) => ({ key, value: undefined })));
}
