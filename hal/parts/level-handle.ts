/** Storage on an open LevelDB database. How it is opened is told in level-storage.ts. */
import { must } from "../../src/model/assert.ts";
import { SyncError } from "../../src/model/errors.ts";
import type { RangeOptions, Storage, Write } from "../storage.ts";
import { GroupedWrites } from "./grouped-writes.ts";
import { Growth } from "./level-growth.ts";
import { levelError, levelFault } from "./level-fault.ts";
import type { LevelFolder } from "./level-folder.ts";
import {
  AT_ONCE_MAX,
  type LevelDatabase,
  type LevelState,
  type Operation,
  USER,
  lastOfEach,
  numbered,
  opened,
  openedIfThere,
  operationOf,
  readState,
  steps,
  undoOf,
} from "./level-records.ts";
import { checkBatch, checkKey, checkRange, storageClosed } from "./storage-rules.ts";

const GROUP_BYTES_MAX = 4 * 1024 * 1024;
/** A reserve that was given up is set aside again when there is space; looked after so many batches, to spare the flash. */
const RESERVE_EVERY = 64;

interface Parts {
  readonly folder: LevelFolder;
  readonly database: LevelDatabase;
  readonly state: LevelState;
  /** Fewer bytes no batch takes. */
  readonly batchBytesMin: number;
}

/** A batch that was refused, though it may come up at the next opening, and what takes it back then. */
interface Doubt {
  readonly batch: number;
  readonly undo: readonly Operation[];
}

export class LevelStorage implements Storage {
  readonly #folder: LevelFolder;
  readonly #database: LevelDatabase;
  readonly #writes: GroupedWrites<Operation>;
  readonly #growth: Growth;
  readonly #batchBytesMin: number;
  #state: LevelState;
  #closing: Promise<void> | undefined;
  /** A write has failed: LevelDB takes no more of them until it is opened again. Reading works. */
  #stuck = false;
  /** Opening again failed: there is nothing to read from until it works. */
  #lost = false;
  /** A block could not be read or merged: the next opening looks through all. */
  #damaged = false;
  #reopening: Promise<void> | undefined;
  #doubt: Doubt | undefined;
  /** All of it, as far as is known. */
  #reserved = false;

  constructor({ folder, database, state, batchBytesMin }: Parts) {
    this.#folder = folder;
    this.#database = database;
    this.#state = state;
    this.#batchBytesMin = batchBytesMin;
    this.#growth = new Growth(database);
    this.#writes = new GroupedWrites({ write: (operations) => this.#writeGroup(operations), bytesMax: GROUP_BYTES_MAX });
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    return (await this.getMany([key]))[0];
  }

  async getMany(keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    if (this.#closing !== undefined) throw storageClosed("read");
    const names: string[] = [];
    for (let index = 0; index < keys.length; index += 1) {
      const key = keys[index] ?? "";
      checkKey(key);
      names.push(USER + key);
    }
    try {
      const database = this.#isReadable ? this.#database : await this.#readable();
      const began = this.#growth.known.beginReading();
      const found = names.length <= AT_ONCE_MAX ? names.map((name) => database.getSync(name)) : await database.getMany(names);
      this.#growth.known.endReading(began, names, (index) => found[index] !== undefined);
      return names.map((name, index) => openedIfThere(name, found[index]));
    } catch (error) {
      throw this.#failed("storage read", error);
    }
  }

  async *range(options: RangeOptions): AsyncGenerator<readonly [key: string, value: Uint8Array]> {
    if (this.#closing !== undefined) throw storageClosed("range");
    checkRange(options);
    const { from, to, limit = -1, reverse = false, keysOnly = false } = options;
    if (limit === 0) return;
    try {
      const database = await this.#readable();
      for await (const step of steps(database, { gte: USER + from, lt: USER + to, limit, reverse })) {
        for (const [key, sealed] of step) {
          if (this.#closing !== undefined) throw storageClosed("range");
          yield [key.slice(USER.length), keysOnly ? new Uint8Array(0) : opened(key, sealed)];
        }
      }
    } catch (error) {
      throw this.#failed("storage range", error);
    }
  }

  async write(batch: readonly Write[]): Promise<void> {
    if (this.#closing !== undefined) throw storageClosed("write");
    checkBatch(batch);
    const operations: Operation[] = [];
    let bytes = 0;
    for (let index = 0; index < batch.length; index += 1) {
      const { key, value } = must(batch[index], "a write of the batch");
      operations.push(operationOf(USER + key, value));
      bytes += value?.length ?? 0;
    }
    await this.#writes.add(operations, bytes);
  }

  /** What was written before is waited for. */
  close(): Promise<void> {
    this.#closing ??= this.#closeNow();
    return this.#closing;
  }

  async #closeNow(): Promise<void> {
    await this.#writes.idle();
    try {
      await this.#database.close();
      // In peace: the next opening need not read everything to know that it is there.
      if (!this.#lost && !this.#damaged) await this.#folder.setWitness({ batch: this.#state.batch, closed: true });
    } catch (error) {
      throw levelError("closing the storage, what was written is kept", error);
    }
  }

  #failed(what: string, error: unknown): SyncError {
    this.#damaged ||= levelFault(error) === "damaged" && !(error instanceof SyncError);
    return levelError(what, error);
  }

  async #writeGroup(operations: readonly Operation[]): Promise<void> {
    let written: readonly Operation[] | undefined;
    this.#growth.known.beginWriting();
    try {
      if (this.#stuck) await this.#reopenForWrites();
      if (!this.#isReadable) await this.#readable();
      const last = lastOfEach(operations);
      const grown = this.#growth.by(last);
      const records = this.#state.records + (typeof grown === "number" ? grown : await grown);
      const state = { records, batch: this.#state.batch + 1 };
      await this.#settle(state, last);
      this.#state = state;
      written = last;
    } catch (error) {
      throw this.#failed("storage write, nothing of it is kept", error);
    } finally {
      this.#growth.known.endWriting(written);
    }
    if (this.#reserved || this.#state.batch % RESERVE_EVERY !== 0) return;
    // The batch is durable: a medium that fails over the reserve is no reason to refuse it.
    await this.#setReserve();
  }

  /**
   * Writes, and where that fails, finds out what became of it: the batch may stand in LevelDB's log all the same, and
   * come up at the next opening. So the database is opened again at once, and then the batch is there, durably, or it is
   * not. Where it cannot be opened again for now, the batch counts as refused, and is taken back if it comes up later.
   */
  async #settle(state: LevelState, operations: readonly Operation[]): Promise<void> {
    try {
      await this.#database.batch(numbered(operations, state, this.#batchBytesMin));
    } catch (error) {
      this.#doubt = { batch: state.batch, undo: await undoOf(this.#database, operations) };
      this.#stuck = true;
      if (!(await this.#giveReserve())) throw error;
      await this.#reopen("keep");
      await this.#setReserve();
      if (this.#state.batch !== state.batch) throw error;
    }
  }

  async #reopenForWrites(): Promise<void> {
    if (!(await this.#giveReserve())) throw new SyncError("hal-full", "no space left");
    await this.#reopen("undo");
    await this.#setReserve();
  }

  /**
   * Opening takes space, and one that fails for want of it leaves nothing to read from. So the database is opened again
   * only with a reserve to give up; false: there is none, and no space for one.
   */
  async #giveReserve(): Promise<boolean> {
    this.#reserved = false;
    const { reserve } = this.#folder;
    if (await reserve.giveForWrites()) return true;
    await reserve.set();
    return await reserve.giveForWrites();
  }

  async #setReserve(): Promise<void> {
    this.#reserved = await this.#folder.reserve.set().then(
      (set) => set === "whole",
      () => false,
    );
  }

  /** Whether nothing has to be waited for: the database is open. */
  get #isReadable(): boolean {
    return this.#reopening === undefined && !this.#lost;
  }

  /** The database, opened again where that is due. */
  async #readable(): Promise<LevelDatabase> {
    if (this.#reopening !== undefined) await this.#reopening;
    else if (this.#lost) await this.#reopen("undo");
    return this.#database;
  }

  #reopen(doubtful: "keep" | "undo"): Promise<void> {
    this.#reopening ??= this.#reopenNow(doubtful).finally(() => {
      this.#reopening = undefined;
    });
    return this.#reopening;
  }

  async #reopenNow(doubtful: "keep" | "undo"): Promise<void> {
    this.#lost = true;
    this.#growth.known.forget();
    await this.#database.close();
    await this.#folder.reserve.whileOpening(() => this.#database.open({ createIfMissing: false }));
    const state = await readState(this.#database);
    if (doubtful === "undo" && this.#doubt?.batch === state.batch) {
      const undone = { ...this.#state, batch: state.batch + 1 };
      await this.#database.batch(numbered(this.#doubt.undo, undone, this.#batchBytesMin));
      this.#state = undone;
    } else {
      this.#state = state;
    }
    this.#doubt = undefined;
    this.#lost = false;
    this.#stuck = false;
  }
}
