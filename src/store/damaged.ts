/** Records that the storage says are not as they were written. What can be done without them is done without them. */
import type { RangeOptions, Storage } from "../../hal/storage.ts";
import { unlessDamaged } from "../model/errors.ts";
import type { KeyRange } from "./keys.ts";
import { keysIn } from "./keys-in.ts";

/** A record as it was written; undefined: there is none. Throws what `Storage.get` throws, but for damage. */
export const readOrDamaged = async (storage: Storage, key: string): Promise<Uint8Array | "damaged" | undefined> =>
  await storage.get(key).catch((error: unknown) => unlessDamaged(error) ?? "damaged");

/** The keys of those of a range. */
export async function damagedIn(storage: Storage, range: KeyRange): Promise<string[]> {
  const damaged: string[] = [];
  for (const key of await keysIn(storage, range)) if ((await storage.get(key).catch(unlessDamaged)) === undefined) damaged.push(key);
  return damaged;
}

/** Deletes those of a range. */
export async function dropDamaged(storage: Storage, range: KeyRange): Promise<void> {
  await storage.write((await damagedIn(storage, range)).map((key) => ({ key, value: undefined })));
}

/** What a range gives, without what of it is damaged. Deletions while it is read may end it early, once it has met damage. */
export async function* undamaged(storage: Storage, options: RangeOptions): AsyncGenerator<readonly [key: string, value: Uint8Array]> {
  let last: string | undefined;
  try {
    for await (const record of storage.range(options)) {
      last = record[0];
      yield record;
    }
    return;
  } catch (error) {
    unlessDamaged(error);
  }
  let isBehind = last === undefined;
  for await (const [key] of storage.range({ ...options, keysOnly: true })) {
    const value = isBehind ? await storage.get(key).catch(unlessDamaged) : undefined;
    if (value !== undefined) yield [key, value];
    isBehind ||= key === last;
  }
}
