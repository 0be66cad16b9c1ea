/**
 * Space that is set aside beside a database, and given up when the medium is full: LevelDB writes a little whenever it is
 * opened, and opening is the only way on after a write that failed, and the only way to read after a start. It is given up
 * bit by bit, for what is free for a moment may be taken by a database that is being tidied, or by whoever else writes on the medium.
 * The last of it is for starts alone, so that a machine whose medium is full can still be switched off and on.
 */
import { appendFile, rm, stat, statfs, truncate } from "node:fs/promises";
import { dirname } from "node:path";
import { isMissing, isSpace } from "./file-fault.ts";
import { levelFault } from "./level-fault.ts";

const BYTES_MAX = 1024 * 1024;
const BYTES_MIN = 32 * 1024;
/** No more than this is kept for starts. */
const STARTING_BYTES = 128 * 1024;

export class LevelReserve {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** As much of it as there is space for; "whole": all of it. What is held stays, whatever becomes of the rest. */
  async set(): Promise<"whole" | "less"> {
    const held = await sizeOf(this.#path);
    const { bavail, bsize } = await statfs(dirname(this.#path));
    for (let bytes = BYTES_MAX; bytes >= BYTES_MIN && bytes > held; bytes /= 2)
      if (bytes <= held + bavail * bsize && (await this.#grow(held, bytes))) return bytes === BYTES_MAX ? "whole" : "less";
    return held >= BYTES_MAX ? "whole" : "less";
  }

  /** Gives it up, but for what starts need; false where there is no more than that. */
  async giveForWrites(): Promise<boolean> {
    if ((await sizeOf(this.#path)) <= STARTING_BYTES) return false;
    await this.#shrink(STARTING_BYTES);
    return true;
  }

  /** Opens; where there is no space for it, half of the reserve is given up, and half of what is left, until there is or nothing is left. */
  async whileOpening<T>(open: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await open();
      } catch (error) {
        const held = levelFault(error) === "full" ? await sizeOf(this.#path) : 0;
        if (held === 0) throw error;
        await this.#shrink(held > BYTES_MIN ? held / 2 : 0);
      }
    }
  }

  /** Needed for comfort, not for correctness. */
  async #grow(held: number, bytes: number): Promise<boolean> {
    try {
      await appendFile(this.#path, Buffer.alloc(bytes - held, 0xa5), { flush: true });
      return true;
    } catch (error) {
      await this.#shrink(held);
      if (isSpace(error)) return false;
      throw error;
    }
  }

  /** A file system of flash may need space to cut a file short, and needs none to remove it. */
  async #shrink(bytes: number): Promise<void> {
    try {
      if (bytes > 0) return await truncate(this.#path, bytes);
    } catch (error) {
      if (!isSpace(error)) throw error;
    }
    await rm(this.#path, { force: true });
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
}
