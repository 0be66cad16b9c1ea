/**
 * Storage on LevelDB, hardened against what was seen to go wrong with it: level-folder.ts for the first start,
 * level-records.ts for what is damaged or missing, level-handle.ts for media that are full or fail, and here the ladder
 * at opening. Every write is synced.
 */
import { Level } from "level";
import { assert } from "../../src/model/assert.ts";
import { SyncError } from "../../src/model/errors.ts";
import type { Storage } from "../storage.ts";
import { writeSynced } from "./level-batch.ts";
import { levelError, levelFault } from "./level-fault.ts";
import { LevelFolder } from "./level-folder.ts";
import { LevelStorage } from "./level-handle.ts";
import { type LevelDatabase, type LevelState, leaveFormer, numbered, readState, verifyRecords } from "./level-records.ts";
import { batchBytesMin, tuningFor, writeBufferFor } from "./level-tuning.ts";

export interface LevelStorageOptions {
  /** A folder of its own; it is made when it is not there. */
  readonly dir: string;
  /** Hears what a technician may want to know: that a database was repaired, moved aside, or has damaged records. */
  readonly notice?: (text: string) => void;
  /**
   * What is gathered in memory before it becomes a table; twice of it may be taken for a while. At most 1 MiB. Left out: by
   * what the database holds at its opening (level-tuning.ts). A store that is filled with large amounts writes less often with more.
   */
  readonly writeBufferBytes?: number;
}

interface Opening {
  readonly folder: LevelFolder;
  readonly notice: (text: string) => void;
  readonly writeBufferBytes: number;
}

interface Opened {
  readonly database: LevelDatabase;
  readonly state: LevelState;
}

/**
 * Opens the storage in a folder, or makes it at the very first start. A database that cannot be opened is repaired and
 * read whole; one that cannot be repaired, lacks records, or has a block that cannot be read, is moved aside and this rejects with
 * "hal-broken": the next opening starts with an empty storage, and the machine gets its data from the server or a backup again. Rejects
 * "hal-unavailable" while another process has it open, "hal-full" without space.
 */
export async function openLevelStorage({ dir, notice = () => undefined, ...options }: LevelStorageOptions): Promise<Storage> {
  const folder = new LevelFolder(dir);
  try {
    await folder.prepare();
    const writeBufferBytes = options.writeBufferBytes ?? writeBufferFor(await folder.tableBytes());
    const opening = { folder, notice, writeBufferBytes };
    const { database, state } = await folder.reserve.whileOpening(async () =>
      (await folder.isCreated()) ? await openDatabase(opening) : await createDatabase(opening),
    );
    await folder.setWitness({ batch: state.batch, closed: false });
    await folder.reserve.set();
    return new LevelStorage({ folder, database, state, batchBytesMin: batchBytesMin(writeBufferBytes) });
  } catch (error) {
    throw levelError(`opening the storage in ${dir}`, error);
  }
}

/** Has to be opened, or closed, in the same turn: `level` opens by itself in the next one, even into a repair. */
function databaseIn({ folder, writeBufferBytes }: Opening): LevelDatabase {
  const encodings = { keyEncoding: "utf8", valueEncoding: "view" };
  const level = new Level<string, Uint8Array>(folder.db, { ...tuningFor(writeBufferBytes), createIfMissing: false, ...encodings });
  return {
    open: (options) => level.open(options),
    close: () => level.close(),
    getMany: (keys) => level.getMany(keys),
    getSync: (key) => level.getSync(key),
    hasMany: (keys) => level.hasMany(keys),
    batch: (operations) => writeSynced(level, operations),
    iterator: (options) => level.iterator(options),
  };
}

async function createDatabase(opening: Opening): Promise<Opened> {
  const { folder } = opening;
  await folder.discardUnfinished();
  const database = databaseIn(opening);
  const state = { records: 0, batch: 0 };
  await database.open({ createIfMissing: true });
  await database.batch(numbered([], state, 0));
  await folder.markCreated();
  return { database, state };
}

/**
 * The ladder: open and verify; repair what is around the tables and verify; move aside. LevelDB makes a new database where it
 * finds none: never here.
 */
async function openDatabase(opening: Opening): Promise<Opened> {
  try {
    return await openVerified(opening, "as needed");
  } catch (error) {
    if (error instanceof BlockDamaged) throw await movedAside(opening, error);
    if (!isDamage(error)) throw error;
    return await repairDatabase(opening, error);
  }
}

/** Opens, and looks whether all is there: "whole" reads everything, "as needed" only where it was not closed in peace. */
async function openVerified(opening: Opening, how: "whole" | "as needed"): Promise<Opened> {
  const { folder, notice } = opening;
  const database = databaseIn(opening);
  try {
    await database.open({ createIfMissing: false });
    const state = await reading(readState(database));
    const witness = await folder.readWitness();
    if (witness.batch > state.batch) {
      throw new SyncError("hal-broken", `the storage ends with batch ${state.batch}, there were ${witness.batch} or more`);
    }
    if (how === "whole" || !witness.closed || witness.batch !== state.batch) {
      const damaged = await reading(verifyRecords(database, state));
      if (damaged > 0) notice(`${damaged} records of the storage in ${folder.dir} are damaged; they will not be used, the others are`);
    }
    return { database, state: await leaveFormer(database, state) };
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function repairDatabase(opening: Opening, cause: unknown): Promise<Opened> {
  const { folder, notice } = opening;
  try {
    await repair(folder.db);
    const repaired = await openVerified(opening, "whole");
    notice(`the storage in ${folder.dir} was damaged and could be repaired; no record is missing`);
    return repaired;
  } catch (error) {
    if (!(isDamage(error) || error instanceof BlockDamaged)) throw error;
    throw await movedAside(opening, new AggregateError([cause, error]));
  }
}

async function movedAside({ folder, notice }: Opening, cause: Error): Promise<SyncError> {
  const aside = await folder.quarantine();
  const text = `the storage in ${folder.dir} is damaged beyond repair and was moved to ${aside}; the next start begins with an empty one`;
  notice(text);
  return new SyncError("hal-broken", text, { cause });
}

/**
 * A table opens, and something in it cannot be read. A repair would leave that out, and what stood under it before, in an older
 * table, would come up as if it were what was written last: the number of records would be right.
 */
class BlockDamaged extends Error {}

async function reading<T>(read: Promise<T>): Promise<T> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof SyncError || levelFault(error) !== "damaged") throw error;
    throw new BlockDamaged("a block of a table cannot be read", { cause: error });
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
