/**
 * Records of owners in memory, as they lie in the storage: each edit asks for its owner's, and seldom changes it. Only whoever alone
 * writes them may go by it, and only between two of its writes: what it is about to write it forgets.
 */
import { LIMITS } from "../model/limits.ts";
import { isOwnerKey } from "./keys.ts";
import { type OwnerRecord, unpackOwner } from "./records.ts";

export class OwnerMemory {
  /** By state key; who was asked for longest ago comes first. */
  readonly #records = new Map<string, Uint8Array>();
  /** Those that were read, by their bytes. */
  readonly #read = new WeakMap<Uint8Array, OwnerRecord>();

  /** A record that is known, as it was read. */
  get(stateKey: string): Uint8Array | undefined {
    const record = this.#records.get(stateKey);
    if (record === undefined) return undefined;
    this.#records.delete(stateKey);
    this.#records.set(stateKey, record);
    return record;
  }

  /** What was read of the storage: known from now on where it is an owner's. */
  note(stateKey: string, record: Uint8Array | undefined): void {
    if (record === undefined || !isOwnerKey(stateKey)) return;
    this.#records.set(stateKey, record);
    if (this.#records.size <= LIMITS.ownersInMemoryMax) return;
    for (const oldest of this.#records.keys()) {
      this.#records.delete(oldest);
      return;
    }
  }

  /** It is about to be written. */
  forget(stateKey: string): void {
    this.#records.delete(stateKey);
  }

  /** The record read: once for each that is known. Throws for one that cannot be read. */
  owner(record: Uint8Array): OwnerRecord {
    const known = this.#read.get(record);
    if (known !== undefined) return known;
    const read = unpackOwner(record);
    this.#read.set(record, read);
    return read;
  }
}
