/**
 * Storage on LevelDB, hardened against what was seen to go wrong with it: see level-folder.ts for the first start,
 * record-seal.ts for damage on the medium, `openDatabase` below for the ladder at opening, and `#settle` for full or
 * failing media. Every write is synced; writes that come while one is under way go into the next one together.
 */
import { Level } from "level";
import { assert } from "../../src/model/assert.ts";
import { SyncError } from "../../src/model/errors.ts";
import type { RangeOptions, Storage, Write } from "../storage.ts";
import { levelError, levelFault } from "./level-fault.ts";
import { LevelFolder } from "./level-folder.ts";
import { openRecord, sealRecord } from "./record-seal.ts";
import { checkBatch, checkKey, checkRange, storageClosed } from "./storage-rules.ts";

export interface LevelStorageOptions {
  /** A folder of its own; it is made when it is not there. */
  readonly dir: string;
  /** Hears what a technician may want to know: that a database was repaired or moved aside. */
  readonly notice?: (text: string) => void;
}

type Database = Level<string, Uint8Array>;
type Operation = { readonly type: "put"; readonly key: string; readonly value: Uint8Array } | { readonly type: "del"; readonly key: string };

/** A printer has 128 to 256 file descriptors for everything, and little memory; LevelDB's defaults take 1,000 and 24 MB. */
const TUNING = { maxOpenFiles: 64, writeBufferSize: 256 * 1024, cacheSize: 256 * 1024, maxFileSize: 512 * 1024 };
/** Our own record, sorted before all others: how many records there are, and the number of the newest batch. */
const STATE_KEY = "a";
/** Before each key of the user's. */
const USER = "k";
const GROUP_BYTES_MAX = 4 * 1024 * 1024;
const STEP_ENTRIES = 100;

/**
 * Opens the storage in a folder, or makes it at the very first start. A database that cannot be opened is repaired and
 * checked whole; one that cannot be repaired is moved aside and this rejects with "hal-broken": the next opening starts
 * with an empty storage, and the machine gets its data from the server again. Rejects "hal-unavailable" while another
 * process has it open.
 */
export async function openLevelStorage({ dir, notice = () => undefined }: LevelStorageOptions): Promise<Storage> {
  const folder = new LevelFolder(dir);
  try {
    await folder.prepare();
    const database = (await folder.isCreated()) ? await openDatabase(folder, notice) : await createDatabase(folder);
    const state = await readState(database);
    await folder.setReserve();
    return new LevelStorage({ folder, database, state });
  } catch (error) {
    throw levelError(`opening the storage in ${dir}`, error);
  }
}

interface State {
  /** Records of the user's. */
  readonly records: number;
  /** Number of the newest batch. */
  readonly batch: number;
}

interface Waiting {
  readonly operations: readonly Operation[];
  readonly bytes: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

class LevelStorage implements Storage {
  readonly #folder: LevelFolder;
  #database: Database;
  #state: State;
  #waiting: Waiting[] = [];
  #draining: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  /** A write has failed: LevelDB takes no more of them until it is opened again. */
  #stuck = false;
  #reserved = true;

  constructor({ folder, database, state }: { folder: LevelFolder; database: Database; state: State }) {
    this.#folder = folder;
    this.#database = database;
    this.#state = state;
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    const [value] = await this.getMany([key]);
    return value;
  }

  async getMany(keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    if (this.#closing !== undefined) throw storageClosed("read");
    for (const key of keys) checkKey(key);
    try {
      const found: readonly (Uint8Array | undefined)[] = await this.#database.getMany(keys.map((key) => USER + key));
      return found.map((sealed, index) => (sealed === undefined ? undefined : opened(USER + (keys[index] ?? ""), sealed)));
    } catch (error) {
      throw levelError("storage read", error);
    }
  }

  async *range(options: RangeOptions): AsyncGenerator<readonly [key: string, value: Uint8Array]> {
    if (this.#closing !== undefined) throw storageClosed("range");
    checkRange(options);
    const { from, to, limit = -1, reverse = false } = options;
    if (limit === 0) return;
    const iterator = this.#database.iterator({ gte: USER + from, lt: USER + to, limit, reverse });
    try {
      for (let step = await iterator.nextv(STEP_ENTRIES); step.length > 0; step = await iterator.nextv(STEP_ENTRIES)) {
        for (const [key, sealed] of step) {
          if (this.#closing !== undefined) throw storageClosed("range");
          yield [key.slice(USER.length), opened(key, sealed)];
        }
      }
    } catch (error) {
      throw levelError("storage range", error);
    } finally {
      await iterator.close();
    }
  }

  async write(batch: readonly Write[]): Promise<void> {
    if (this.#closing !== undefined) throw storageClosed("write");
    checkBatch(batch);
    const operations = batch.map(({ key, value }) => operationOf(USER + key, value));
    const bytes = batch.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
    await new Promise<void>((resolve, reject) => {
      this.#waiting.push({ operations, bytes, resolve, reject });
      this.#draining ??= this.#drain();
    });
  }

  /** What was written before it is waited for. */
  close(): Promise<void> {
    this.#closing ??= this.#closeNow();
    return this.#closing;
  }

  async #closeNow(): Promise<void> {
    await this.#draining;
    await this.#database.close();
  }

  async #drain(): Promise<void> {
    // One turn, so that writes called together are one from the start.
    await undefined;
    for (let group = this.#nextGroup(); group.length > 0; group = this.#nextGroup()) {
      try {
        await this.#writeGroup(group.flatMap(({ operations }) => operations));
        for (const { resolve } of group) resolve();
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    this.#draining = undefined;
  }

  #nextGroup(): readonly Waiting[] {
    let bytes = 0;
    const end = this.#waiting.findIndex((waiting, index) => {
      bytes += waiting.bytes;
      return index > 0 && bytes > GROUP_BYTES_MAX;
    });
    return this.#waiting.splice(0, end < 0 ? this.#waiting.length : end);
  }

  async #writeGroup(operations: readonly Operation[]): Promise<void> {
    try {
      if (this.#stuck) await this.#reopen();
      const last = new Map(operations.map((operation) => [operation.key, operation]));
      const state = { records: this.#state.records + (await this.#growth(last)), batch: this.#state.batch + 1 };
      await this.#settle(state, [...last.values(), operationOf(STATE_KEY, encodeState(state))]);
      this.#state = state;
    } catch (error) {
      throw levelError("storage write, nothing of the batch is kept", error);
    }
    if (!this.#reserved) this.#reserved = await this.#folder.setReserve();
  }

  /** By how many records the batch makes the storage larger. */
  async #growth(last: ReadonlyMap<string, Operation>): Promise<number> {
    const keys = [...last.keys()];
    const there = await this.#database.hasMany(keys);
    return keys.reduce((sum, key, index) => sum + (last.get(key)?.type === "put" ? 1 : 0) - (there[index] === true ? 1 : 0), 0);
  }

  /**
   * Writes, and where that fails, finds out what became of it: the failed batch may stand in LevelDB's log all the same,
   * and would come up at the next opening. So the database is opened again at once; then the batch is there, durably, or
   * it is not.
   */
  async #settle(state: State, operations: Operation[]): Promise<void> {
    try {
      await this.#database.batch(operations, { sync: true });
    } catch (error) {
      this.#stuck = true;
      await this.#reopen();
      if (this.#state.batch !== state.batch) throw error;
    }
  }

  async #reopen(): Promise<void> {
    this.#reserved = false;
    await this.#folder.giveReserve();
    await this.#database.close();
    await this.#database.open({ createIfMissing: false });
    this.#state = await readState(this.#database);
    this.#stuck = false;
  }
}

const databaseIn = (folder: LevelFolder): Database => new Level(folder.db, { ...TUNING, keyEncoding: "utf8", valueEncoding: "view" });

async function createDatabase(folder: LevelFolder): Promise<Database> {
  await folder.discardUnfinished();
  const database = databaseIn(folder);
  await database.open({ createIfMissing: true });
  await database.batch([operationOf(STATE_KEY, encodeState({ records: 0, batch: 0 }))], { sync: true });
  await folder.markCreated();
  return database;
}

/** The ladder: open; repair and verify; move aside. LevelDB makes a new database where it finds none: never here. */
async function openDatabase(folder: LevelFolder, notice: (text: string) => void): Promise<Database> {
  const database = databaseIn(folder);
  try {
    await database.open({ createIfMissing: false });
    await readState(database);
    return database;
  } catch (error) {
    await database.close();
    if (!isDamage(error)) throw error;
    return await repairDatabase(folder, { notice, cause: error });
  }
}

async function repairDatabase(folder: LevelFolder, { notice, cause }: { notice: (text: string) => void; cause: unknown }): Promise<Database> {
  const database = databaseIn(folder);
  try {
    await repair(folder.db);
    await database.open({ createIfMissing: false });
    await verify(database);
    notice(`the storage in ${folder.dir} was damaged and could be repaired whole`);
    return database;
  } catch (error) {
    await database.close();
    if (!isDamage(error)) throw error;
    const aside = await folder.quarantine();
    const text = `the storage in ${folder.dir} is damaged beyond repair and was moved to ${aside}; the next start begins with an empty one`;
    notice(text);
    throw new SyncError("hal-broken", text, { cause: new AggregateError([cause, error]) });
  }
}

/** Only what is wrong with the database itself is repaired or moved aside; a full medium or a lock is not. */
const isDamage = (error: unknown): boolean => error instanceof SyncError || levelFault(error) === "damaged";

/** The typings of `level` leave out what its implementation for Node has beyond a browser's. */
async function repair(location: string): Promise<void> {
  const act: unknown = Reflect.get(Level, "repair");
  assert(typeof act === "function", "level for Node can repair");
  await Reflect.apply(act, Level, [location]);
}

/** Reads everything: each record must be whole, and none may be missing. */
async function verify(database: Database): Promise<void> {
  const { records } = await readState(database);
  let found = 0;
  for await (const [key, sealed] of database.iterator({ gte: USER })) {
    opened(key, sealed);
    found += 1;
  }
  if (found !== records) throw new SyncError("hal-broken", `${records - found} of ${records} records of the storage are missing`);
}

async function readState(database: Database): Promise<State> {
  const sealed: Uint8Array | undefined = await database.get(STATE_KEY);
  if (sealed === undefined) throw new SyncError("hal-broken", "the storage's own record is missing");
  const [records = 0, batch = 0] = Buffer.from(opened(STATE_KEY, sealed)).toString().split(" ").map(Number);
  return { records, batch };
}

const encodeState = ({ records, batch }: State): Uint8Array => Buffer.from(`${records} ${batch}`);

const operationOf = (key: string, value: Uint8Array | undefined): Operation =>
  value === undefined ? { type: "del", key } : { type: "put", key, value: sealRecord(key, value) };

function opened(key: string, sealed: Uint8Array): Uint8Array {
  const value = openRecord(key, sealed);
  if (value !== undefined) return value;
  throw new SyncError("hal-broken", `record ${JSON.stringify(key).slice(0, 60)} of the storage is damaged; restore a backup or synchronise anew`);
}
