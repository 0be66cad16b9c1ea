/**
 * Space that is set aside beside a database, and given up when the medium is full: LevelDB writes a little whenever it is
 * opened, and opening is the only way on after a write that failed, and the only way to read after a start. What was
 * given up is set aside again, half of it where not all is there any more; the last of it is for starts alone, so that a
 * machine whose medium is full can still be switched off and on.
 */
import { rm, stat, statfs, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { isMissing, isSpace } from "./file-fault.ts";

const BYTES_MAX = 1024 * 1024;
const BYTES_MIN = 32 * 1024;
/** No more than this is kept for starts. */
const STARTING_BYTES = 128 * 1024;

export class LevelReserve {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** As much of it as there is space for; "whole": all of it. */
  async set(): Promise<"whole" | "less"> {
    const held = await sizeOf(this.#path);
    const { bavail, bsize } = await statfs(dirname(this.#path));
    for (let bytes = BYTES_MAX; bytes >= BYTES_MIN; bytes /= 2) {
      if (held === bytes || (bytes <= held + bavail * bsize && (await this.#take(bytes)))) return bytes === BYTES_MAX ? "whole" : "less";
    }
    return "less";
  }

  /** Gives it up; false where there is none that may be given up for this. */
  async give(what: "starting" | "writing"): Promise<boolean> {
    const held = await sizeOf(this.#path);
    if (held <= (what === "starting" ? 0 : STARTING_BYTES)) return false;
    await rm(this.#path, { force: true });
    return true;
  }

  /** Needed for comfort, not for correctness. */
  async #take(bytes: number): Promise<boolean> {
    try {
      await writeFile(this.#path, Buffer.alloc(bytes, 0xa5), { flush: true });
      return true;
    } catch (error) {
      await rm(this.#path, { force: true });
      if (isSpace(error)) return false;
      throw error;
    }
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
