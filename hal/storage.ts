/**
 * The module's own durable key-value store.
 *
 * Keys are strings of 1-1,024 UTF-16 units without lone surrogates, ordered by their UTF-8 bytes; values are bytes, at
 * most 6 MiB. `write` is all or nothing and durable when it resolves (fsync, not a cache); writes take effect in the
 * order of the calls. A read sees every write that resolved before it was called. `range` gives the state at its first
 * step, undisturbed by later writes, in ascending order; leaving its loop early frees what it holds.
 *
 * After an error of `write` nothing of that batch is visible, and the store works on: it reopens itself where the
 * medium demands it ("hal-full": space; "hal-broken": the medium). After `close` everything rejects "hal-unavailable".
 * Whoever reads a record that is not as it was written gets "storage-damaged", and nothing of it. All other records can be read; the
 * damaged one can be written anew, deleted, and found by a range that asks for keys only.
 */
export interface Write {
  readonly key: string;
  /** undefined deletes the key. */
  readonly value: Uint8Array | undefined;
}

export interface RangeOptions {
  /** First key, included. */
  readonly from: string;
  /** End, excluded. */
  readonly to: string;
  readonly limit?: number;
  readonly reverse?: boolean;
  /** Values are not read: each is empty. */
  readonly keysOnly?: boolean;
}

export interface Storage {
  get(key: string): Promise<Uint8Array | undefined>;
  /** In the order of the keys asked for. */
  getMany(keys: readonly string[]): Promise<(Uint8Array | undefined)[]>;
  range(options: RangeOptions): AsyncIterable<readonly [key: string, value: Uint8Array]>;
  write(batch: readonly Write[]): Promise<void>;
  close(): Promise<void>;
}
