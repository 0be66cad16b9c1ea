/**
 * Storage on LevelDB, hardened against what was seen to go wrong with it: level-folder.ts for the first start,
 * level-records.ts for what is damaged or missing, level-handle.ts for media that are full or fail, and here the ladder
 * at opening. Every write is synced.
 */
import { Level } from "level";
import { assert } from "../../src/model/assert.ts";
import { SyncError } from "../../src/model/errors.ts";
import type { Storage } from "../storage.ts";
import { levelError, levelFault } from "./level-fault.ts";
import { LevelFolder } from "./level-folder.ts";
import { LevelStorage } from "./level-handle.ts";
import { type LevelDatabase, type LevelState, readState, stateOperation, verifyBatches, verifyRecords } from "./level-records.ts";

export interface LevelStorageOptions {
  /** A folder of its own; it is made when it is not there. */
  readonly dir: string;
  /** Hears what a technician may want to know: that a database was repaired, moved aside, or has damaged records. */
  readonly notice?: (text: string) => void;
}

interface Opening {
  readonly folder: LevelFolder;
  readonly notice: (text: string) => void;
}

interface Opened {
  readonly database: LevelDatabase;
  readonly state: LevelState;
}

/** A printer has 128 to 256 file descriptors for everything, and little memory; LevelDB's defaults take 1,000 and 24 MB. */
const TUNING = { maxOpenFiles: 64, writeBufferSize: 256 * 1024, cacheSize: 256 * 1024, maxFileSize: 512 * 1024 };

/**
 * Opens the storage in a folder, or makes it at the very first start. A database that cannot be opened is repaired and
 * read whole; one that cannot be repaired, or lacks records, is moved aside and this rejects with "hal-broken": the next
 * opening starts with an empty storage, and the machine gets its data from the server or a backup again. Rejects
 * "hal-unavailable" while another process has it open, "hal-full" without space.
 */
export async function openLevelStorage({ dir, notice = () => undefined }: LevelStorageOptions): Promise<Storage> {
  const folder = new LevelFolder(dir);
  try {
    await folder.prepare();
    const { database, state } = (await folder.isCreated()) ? await openDatabase({ folder, notice }) : await createDatabase(folder);
    await folder.setWitness({ batch: state.batch, closed: false });
    await folder.setReserve();
    return new LevelStorage({ folder, database, state });
  } catch (error) {
    throw levelError(`opening the storage in ${dir}`, error);
  }
}

/** Has to be opened, or closed, in the same turn: `level` opens by itself in the next one, even into a repair. */
const databaseIn = ({ db }: LevelFolder): LevelDatabase =>
  new Level<string, Uint8Array>(db, { ...TUNING, createIfMissing: false, keyEncoding: "utf8", valueEncoding: "view" });

async function createDatabase(folder: LevelFolder): Promise<Opened> {
  await folder.discardUnfinished();
  const database = databaseIn(folder);
  const state = { records: 0, batch: 0 };
  await database.open({ createIfMissing: true });
  await database.batch([stateOperation(state)], { sync: true });
  await folder.markCreated();
  return { database, state };
}

/** The ladder: open and verify; repair and verify; move aside. LevelDB makes a new database where it finds none: never here. */
async function openDatabase(opening: Opening): Promise<Opened> {
  try {
    return await openVerified(opening, "as needed");
  } catch (error) {
    if (!isDamage(error)) throw error;
    return await repairDatabase(opening, error);
  }
}

/** Opens, and looks whether all is there: "whole" reads everything, "as needed" only where it was not closed in peace. */
async function openVerified({ folder, notice }: Opening, how: "whole" | "as needed"): Promise<Opened> {
  const database = databaseIn(folder);
  try {
    await database.open({ createIfMissing: false });
    const state = await readState(database);
    const witness = await folder.readWitness();
    if (witness.batch > state.batch) {
      throw new SyncError("hal-broken", `the storage ends with batch ${state.batch}, there were ${witness.batch} or more`);
    }
    await verifyBatches(database, state);
    if (how === "whole" || !witness.closed || witness.batch !== state.batch) {
      const damaged = await verifyRecords(database, state);
      if (damaged > 0) notice(`${damaged} records of the storage in ${folder.dir} are damaged; they will not be used, the others are`);
    }
    return { database, state };
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function repairDatabase({ folder, notice }: Opening, cause: unknown): Promise<Opened> {
  try {
    await repair(folder.db);
    const repaired = await openVerified({ folder, notice }, "whole");
    notice(`the storage in ${folder.dir} was damaged and could be repaired; no record is missing`);
    return repaired;
  } catch (error) {
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
