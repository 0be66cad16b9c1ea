/** The keys of a range, in their order, those of damaged records too. */
import type { RangeOptions, Storage } from "../../hal/storage.ts";

export async function keysIn(storage: Storage, range: RangeOptions): Promise<string[]> {
  const keys: string[] = [];
  for await (const [key] of storage.range({ ...range, keysOnly: true })) keys.push(key);
  return keys;
}
