/**
 * The folder around a LevelDB database:
 *   db/         the database itself
 *   created     there once the database is durably complete for the first time; from then on its absence is damage
 *   witness     "BATCH closed" or "BATCH open": the newest batch when the database was last closed or opened
 *   reserve     space that is given up when the medium is full, so that opening has something to work with (level-reserve.ts)
 *   damaged/    the last database that could not be repaired, for a technician
 */
import { access, mkdir, open, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isMissing, isSpace } from "./file-fault.ts";
import { LevelReserve } from "./level-reserve.ts";

/** What the newest batch was when the database was last closed or opened. */
export interface Witness {
  readonly batch: number;
  /** false: it was opened then, and not closed since. */
  readonly closed: boolean;
}

export class LevelFolder {
  readonly dir: string;
  readonly db: string;
  readonly #created: string;
  readonly #witness: string;
  readonly reserve: LevelReserve;
  readonly #damaged: string;

  constructor(dir: string) {
    this.dir = dir;
    this.db = join(dir, "db");
    this.#created = join(dir, "created");
    this.#witness = join(dir, "witness");
    this.reserve = new LevelReserve(join(dir, "reserve"));
    this.#damaged = join(dir, "damaged");
  }

  async isCreated(): Promise<boolean> {
    return await exists(this.#created);
  }

  /** Bytes of the database's tables, as far as it is there; a bound from above while it is worked on. */
  async tableBytes(): Promise<number> {
    try {
      const tables = (await readdir(this.db)).filter((name) => name.endsWith(".ldb"));
      const sizes = await Promise.all(tables.map(async (name) => (await stat(join(this.db, name))).size));
      return sizes.reduce((sum, size) => sum + size, 0);
    } catch (error) {
      if (isMissing(error)) return 0;
      throw error;
    }
  }

  async prepare(): Promise<void> {
    await mkdir(this.dir, { recursive: true });
  }

  /**
   * Makes a database that was just made survive a loss of power. LevelDB itself closes its first manifest without an
   * fsync, so each file is synced, then the folders from the inside out, and only then is the database called created.
   */
  async markCreated(): Promise<void> {
    for (const file of await readdir(this.db)) await syncPath(join(this.db, file));
    await syncPath(this.db);
    await writeFile(this.#created, "1\n", { flush: true });
    await syncPath(this.dir);
    await syncPath(dirname(this.dir));
  }

  /** Takes what a start that was cut short has left; nothing in it was ever acknowledged. */
  async discardUnfinished(): Promise<void> {
    await rm(this.db, { recursive: true, force: true });
  }

  /** Moves a database that is beyond repair aside, and gives back where to. The next opening starts with an empty one. */
  async quarantine(): Promise<string> {
    await rm(this.#damaged, { recursive: true, force: true });
    await rename(this.db, this.#damaged).catch((error: unknown) => {
      // A folder that is not there any more is the damage itself.
      if (!isMissing(error)) throw error;
    });
    await rm(this.#witness, { force: true });
    await rm(this.#created, { force: true });
    await syncPath(this.dir);
    return this.#damaged;
  }

  /**
   * A lower bound of what the database has to hold. LevelDB takes a damaged end of its log for one that a loss of power
   * tore, and forgets it without a word; the witness remembers that there was more. One that a loss of power tore itself
   * says nothing, and the database was not closed.
   */
  async readWitness(): Promise<Witness> {
    const text = await readFile(this.#witness, "utf8").catch((error: unknown) => {
      if (isMissing(error)) return "";
      throw error;
    });
    const match = /^(\d+) (closed|open)\n$/.exec(text);
    return { batch: Number(match?.[1] ?? 0), closed: match?.[2] === "closed" };
  }

  /** Without space for it there is no witness, rather than an old one. */
  async setWitness({ batch, closed }: Witness): Promise<void> {
    try {
      await writeFile(this.#witness, `${batch} ${closed ? "closed" : "open"}\n`, { flush: true });
    } catch (error) {
      await rm(this.#witness, { force: true });
      if (!isSpace(error)) throw error;
    }
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** fsync of a file or a folder. */
async function syncPath(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
