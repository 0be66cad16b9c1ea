/**
 * How a batch is handed to LevelDB: as it is. The public way copies each operation, looks it through on behalf of encodings, hooks and
 * sublevels that nobody uses here, and takes three to four times the processor time: 8 microseconds an operation, of which a cold join
 * has fifty thousand. The one for implementations (`_batch`, as abstract-level documents it) takes keys and values that are encoded
 * already, and asks only that the database is open.
 */
import { assert } from "../../src/model/assert.ts";
import type { Operation } from "./level-records.ts";

/** What is used of `level` to write. */
export interface LevelWriter {
  readonly status: string;
  batch(operations: Operation[], options: { sync: boolean }): Promise<void>;
}

/** All of them or none; durable when it resolves. Keys are texts and values bytes, as they are stored. */
export function writeSynced(level: LevelWriter, operations: Operation[]): Promise<void> {
  // The native half takes no care of a database that is closed: the public way says what is wrong.
  if (level.status !== "open") return level.batch(operations, { sync: true });
  const write: unknown = Reflect.get(level, "_batch");
  assert(typeof write === "function", "level has a way for implementations");
  const writing: unknown = Reflect.apply(write, level, [operations, { sync: true }]);
  assert(writing instanceof Promise, "which takes a while");
  return writing;
}
