/**
 * A working view of the state: records of the storage with what a change does to them laid over. What is to be decided
 * is loaded first; then decisions read and write synchronously; then `writes` goes into one durable batch.
 */
import type { Storage, Write } from "../../hal/storage.ts";
import { assert } from "../model/assert.ts";
import type { KeyRange } from "./keys.ts";

export class StateView {
  readonly #storage: Storage;
  readonly #prefix: string;
  readonly #loaded = new Map<string, Uint8Array | undefined>();
  readonly #changed = new Map<string, Uint8Array | undefined>();

  constructor(storage: Storage, prefix: string) {
    this.#storage = storage;
    this.#prefix = prefix;
  }

  /** Makes these keys readable by `get`. */
  async load(keys: Iterable<string>): Promise<void> {
    const missing = [...new Set(keys)].filter((key) => !this.#loaded.has(key));
    if (missing.length === 0) return;
    const values = await this.#storage.getMany(missing.map((key) => this.#prefix + key));
    missing.forEach((key, index) => {
      this.#loaded.set(key, values[index]);
    });
  }

  /** A record that was loaded, as this view has changed it. */
  get(key: string): Uint8Array | undefined {
    if (this.#changed.has(key)) return this.#changed.get(key);
    assert(this.#loaded.has(key), `state record read before it was loaded: ${key}`);
    return this.#loaded.get(key);
  }

  set(key: string, value: Uint8Array | undefined): void {
    this.#changed.set(key, value);
  }

  /** The records of a range with this view's changes, in no particular order of changed and unchanged ones. */
  async *range({ from, to }: KeyRange): AsyncIterable<readonly [string, Uint8Array]> {
    for await (const [full, value] of this.#storage.range({ from: this.#prefix + from, to: this.#prefix + to })) {
      const key = full.slice(this.#prefix.length);
      if (!this.#changed.has(key)) yield [key, value];
    }
    for (const [key, value] of [...this.#changed]) {
      if (value !== undefined && key >= from && key < to) yield [key, value];
    }
  }

  /** Loads a whole range and gives its keys, those changed here included and those removed here left out. */
  async loadRange(range: KeyRange): Promise<string[]> {
    const keys: string[] = [];
    for await (const [key, value] of this.range(range)) {
      keys.push(key);
      if (!this.#changed.has(key)) this.#loaded.set(key, value);
    }
    return keys;
  }

  writes(): Write[] {
    return [...this.#changed].map(([key, value]) => ({ key: this.#prefix + key, value }));
  }
}
