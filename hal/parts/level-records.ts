/**
 * What stands in the database: the user's records, each with its checksum, and our own, which say whether any is missing.
 *   b...    of each of the newest batches, written with it: its number, and how many records of the user's there are after it
 *   k...    the user's records
 * LevelDB drops what it cannot read of its log without a word. A batch that is missing among the newest was dropped; a
 * wrong count says that a table is gone.
 */
import { SyncError } from "../../src/model/errors.ts";
import { openRecord, sealRecord } from "./record-seal.ts";

/** What is used of a LevelDB database. */
export interface LevelDatabase {
  open(options: { createIfMissing: boolean }): Promise<void>;
  close(): Promise<void>;
  getMany(keys: string[]): Promise<(Uint8Array | undefined)[]>;
  /** Reads at once, on this thread. */
  getSync(key: string): Uint8Array | undefined;
  hasMany(keys: string[]): Promise<boolean[]>;
  /** All of them or none; durable when it resolves. */
  batch(operations: Operation[]): Promise<void>;
  iterator(options: LevelRange): LevelIterator;
}

/**
 * So few records are read at once: they are found in microseconds, in memory as a rule, and a way through the thread pool
 * costs many times that. (src/decisions/live-path.md)
 */
export const AT_ONCE_MAX = 4;

export interface LevelRange {
  readonly gte: string;
  readonly lt: string;
  readonly limit: number;
  readonly reverse: boolean;
  readonly highWaterMarkBytes?: number;
}

export interface LevelIterator {
  nextv(size: number): Promise<[string, Uint8Array][]>;
  close(): Promise<void>;
}

export type Operation =
  | { readonly type: "put"; readonly key: string; readonly value: Uint8Array }
  | { readonly type: "del"; readonly key: string };

export interface LevelState {
  /** Records of the user's. */
  readonly records: number;
  /** Number of the newest batch, 0 for none. */
  readonly batch: number;
}

/** Before each key of the user's. */
export const USER = "k";
/** How many records there are, and the number of the newest batch, as the version before kept them. */
const FORMER_STATE = "a";
const BATCH = "b";
/** As many as fit LevelDB's log, as no batch takes less of it than its share (`numbered`). */
export const BATCHES_KEPT = 4_096;
/** Records that are read in one go: each go is a way through the thread pool and back. The first is small, for whoever wants only a few. */
const STEP_ENTRIES = 100;
const STEP_ENTRIES_MAX = 1_000;
/** Together they have no more bytes than this, but for the last of them. LevelDB's binding stops at 16 KiB of its own accord. */
const STEP_BYTES_MAX = 128 * 1024;

export const operationOf = (key: string, value: Uint8Array | undefined): Operation =>
  value === undefined ? { type: "del", key } : { type: "put", key, value: sealRecord(key, value) };

/** Of each key the operation that stands in the end. As a rule no two are of one key. */
export function lastOfEach(operations: readonly Operation[]): readonly Operation[] {
  const keys = new Set<string>();
  for (let index = 0; index < operations.length; index += 1) keys.add(operations[index]?.key ?? "");
  if (keys.size === operations.length) return operations;
  return [...new Map(operations.map((operation) => [operation.key, operation])).values()];
}

const sizeOf = (operation: Operation | undefined): number =>
  operation === undefined ? 0 : operation.key.length + (operation.type === "put" ? operation.value.length : 0);

/** The batch with its number, and with so much room that it takes `bytesMin` at least. */
export function numbered(operations: readonly Operation[], { records, batch }: LevelState, bytesMin: number): Operation[] {
  let bytes = 0;
  for (let index = 0; index < operations.length; index += 1) bytes += sizeOf(operations[index]);
  const text = `${batch} ${records}`.padEnd(bytesMin - bytes);
  return [...operations, operationOf(`${BATCH}${batch % BATCHES_KEPT}`, Buffer.from(text))];
}

/** The value of a record; throws "storage-damaged" when it is not as it was written. */
export function opened(key: string, sealed: Uint8Array): Uint8Array {
  const value = openRecord(key, sealed);
  if (value !== undefined) return value;
  throw new SyncError(
    "storage-damaged",
    `record ${JSON.stringify(key).slice(0, 60)} of the storage is damaged; restore a backup or synchronise anew`,
  );
}

export const openedIfThere = (key: string, sealed: Uint8Array | undefined): Uint8Array | undefined =>
  sealed === undefined ? undefined : opened(key, sealed);

/** As the newest batch left it. Rejects "hal-broken" when one of the newest batches is missing. Quick, for every opening. */
export async function readState(database: LevelDatabase): Promise<LevelState> {
  const numbers = new Set<number>();
  let newest: LevelState | undefined;
  for await (const step of steps(database, { gte: FORMER_STATE, lt: USER, limit: -1, reverse: false })) {
    for (const [key, sealed] of step) {
      const [first, second] = Buffer.from(opened(key, sealed)).toString().trim().split(" ").map(Number);
      const [batch, records] = key === FORMER_STATE ? [second, first] : [first, second];
      if (batch === undefined) throw new SyncError("hal-broken", "a number of the storage's batches cannot be read");
      if (key !== FORMER_STATE) numbers.add(batch);
      // A number without records is of the version before, where they stood in the record beside.
      if (records !== undefined && batch >= (newest?.batch ?? 0)) newest = { records, batch };
    }
  }
  if (newest === undefined) throw new SyncError("hal-broken", "the storage's own records are missing");
  for (let number = Math.max(1, newest.batch - BATCHES_KEPT + 1); number <= newest.batch; number += 1) {
    if (!numbers.has(number)) throw new SyncError("hal-broken", `batch ${number} of ${newest.batch} of the storage is missing`);
  }
  return newest;
}

/** Takes away what the version before kept; what stands in it stands with the newest batch from here on. */
export async function leaveFormer(database: LevelDatabase, state: LevelState): Promise<LevelState> {
  if (database.getSync(FORMER_STATE) === undefined) return state;
  const next = { ...state, batch: state.batch + 1 };
  await database.batch(numbered([{ type: "del", key: FORMER_STATE }], next, 0));
  return next;
}

/**
 * Reads everything, after a loss of power or a repair. Rejects "hal-broken" when records are missing; gives back how many
 * are there but damaged: those are reported when they are read, and the others serve on.
 */
export async function verifyRecords(database: LevelDatabase, { records }: LevelState): Promise<number> {
  let found = 0;
  let damaged = 0;
  for await (const step of steps(database, { gte: USER, lt: "l", limit: -1, reverse: false })) {
    found += step.length;
    damaged += step.filter(([key, sealed]) => openRecord(key, sealed) === undefined).length;
  }
  if (found !== records) throw new SyncError("hal-broken", `the storage has ${found} records where ${records} were written`);
  return damaged;
}

/** Records of a range, still sealed, from one undisturbed state, many at a time. */
export async function* steps(database: LevelDatabase, range: LevelRange): AsyncGenerator<readonly [string, Uint8Array][]> {
  const iterator = database.iterator({ ...range, highWaterMarkBytes: STEP_BYTES_MAX });
  try {
    let entries = STEP_ENTRIES;
    for (let step = await iterator.nextv(entries); step.length > 0; step = await iterator.nextv(entries)) {
      yield step;
      entries = STEP_ENTRIES_MAX;
    }
  } finally {
    await iterator.close();
  }
}

/** What stood before operations that did not take effect; reading works on after a write has failed. */
export async function undoOf(database: LevelDatabase, operations: readonly Operation[]): Promise<readonly Operation[]> {
  const keys = operations.map(({ key }) => key);
  const before = await database.getMany(keys);
  return keys.map((key, index) => {
    const value = before[index];
    return value === undefined ? { type: "del", key } : { type: "put", key, value };
  });
}
