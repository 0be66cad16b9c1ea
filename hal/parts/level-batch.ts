/**
 * How a batch is handed to LevelDB. Operation by operation costs half the processor time of an array of them, which is
 * cloned and looked through once more on each side. But what was handed over so is freed only with the next collections
 * of garbage, of which nobody knows when they come; so only small batches go that way, and those are most by far.
 */
import type { Operation } from "./level-records.ts";

const ONE_BY_ONE_MAX = 32;

/** What is used of `level` to write. */
export interface LevelWriter {
  batch(): LevelBatch;
  batch(operations: Operation[], options: { sync: boolean }): Promise<void>;
}

interface LevelBatch {
  put(key: string, value: Uint8Array): unknown;
  del(key: string): unknown;
  write(options: { sync: boolean }): Promise<void>;
}

/** All of them or none; durable when it resolves. */
export async function writeSynced(level: LevelWriter, operations: Operation[]): Promise<void> {
  if (operations.length === 0 || operations.length > ONE_BY_ONE_MAX) return await level.batch(operations, { sync: true });
  const batch = level.batch();
  for (const operation of operations) {
    if (operation.type === "put") batch.put(operation.key, operation.value);
    else batch.del(operation.key);
  }
  await batch.write({ sync: true });
}
