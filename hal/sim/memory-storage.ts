/**
 * Storage in memory that keeps the rules of the real one. It waits for nothing but microtasks, so a simulation of it is
 * the same each time. The medium outlives the handle: a killed machine starts again with a new handle on its old medium.
 */
import { checkBatch, checkKey, checkRange, storageClosed } from "../parts/storage-rules.ts";
import type { RangeOptions, Storage, Write } from "../storage.ts";
import { KeyBlocks } from "./key-blocks.ts";

/** What a disk would hold. */
export class MemoryMedium {
  content = new KeyBlocks();
}

export class MemoryStorage implements Storage {
  readonly medium: MemoryMedium;
  #state: "open" | "closed" | "killed" = "open";

  constructor(medium: MemoryMedium = new MemoryMedium()) {
    this.medium = medium;
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    const [value] = await this.getMany([key]);
    return value;
  }

  async getMany(keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    this.#mustBeOpen("read");
    for (const key of keys) checkKey(key);
    const values = keys.map((key) => copyOf(this.medium.content.get(key)));
    await this.#oneTurn();
    return values;
  }

  async *range(options: RangeOptions): AsyncGenerator<readonly [key: string, value: Uint8Array]> {
    this.#mustBeOpen("range");
    checkRange(options);
    const { from, to, limit = Number.MAX_SAFE_INTEGER, reverse = false, keysOnly = false } = options;
    const { content } = this.medium;
    const entries = reverse ? content.descending(from, to) : content.ascending(from, to);
    for (let left = limit; left > 0; left -= 1) {
      await this.#oneTurn();
      this.#mustBeOpen("range");
      const { done, value } = entries.next();
      if (done === true) return;
      yield [value[0], keysOnly ? new Uint8Array(0) : Uint8Array.from(value[1])];
    }
  }

  async write(batch: readonly Write[]): Promise<void> {
    this.#mustBeOpen("write");
    checkBatch(batch);
    // The caller may use its buffers again as soon as the call returns.
    const copy = batch.map(({ key, value }) => ({ key, value: copyOf(value) }));
    await this.#oneTurn();
    this.medium.content = this.medium.content.with(copy);
  }

  async close(): Promise<void> {
    if (this.#state === "open") this.#state = "closed";
    // Writes that were called before take effect in this turn.
    await this.#oneTurn();
  }

  /** As a kill of the process: what had not taken effect is lost, and nothing is ever answered again. */
  kill(): void {
    this.#state = "killed";
  }

  #mustBeOpen(what: string): void {
    if (this.#state === "closed") throw storageClosed(what);
  }

  async #oneTurn(): Promise<void> {
    await undefined;
    if (this.#state === "killed") await new Promise<never>(() => undefined);
  }
}

const copyOf = (bytes: Uint8Array | undefined): Uint8Array | undefined => (bytes === undefined ? undefined : Uint8Array.from(bytes));
