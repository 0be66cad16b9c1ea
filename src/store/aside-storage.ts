/** A part of the module's storage by itself, under a prefix: for what is put aside for a while, and cleared as a whole. */
import type { RangeOptions, Storage, Write } from "../../hal/storage.ts";
import { clearRange } from "./clear-range.ts";
import { under } from "./keys.ts";

export class AsideStorage implements Storage {
  readonly #storage: Storage;
  readonly #prefix: string;

  /** `prefix` ends with a slash, and everything under it is this one's. */
  constructor(storage: Storage, prefix: string) {
    this.#storage = storage;
    this.#prefix = prefix;
  }

  get(key: string): Promise<Uint8Array | undefined> {
    return this.#storage.get(this.#prefix + key);
  }

  getMany(keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    return this.#storage.getMany(keys.map((key) => this.#prefix + key));
  }

  async *range(options: RangeOptions): AsyncIterable<readonly [string, Uint8Array]> {
    const range = { ...options, from: this.#prefix + options.from, to: this.#prefix + options.to };
    for await (const [key, value] of this.#storage.range(range)) yield [key.slice(this.#prefix.length), value];
  }

  write(batch: readonly Write[]): Promise<void> {
    return this.#storage.write(batch.map(({ key, value }) => ({ key: this.#prefix + key, value })));
  }

  /** The storage below is not this one's to close. */
  async close(): Promise<void> {}

  clear(): Promise<void> {
    return clearRange(this.#storage, under(this.#prefix));
  }
}
