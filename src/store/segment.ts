/**
 * A segment: the records of one key range of the state, in key order, as a snapshot part brought them. In memory it is
 * the inflated bytes and where each record begins; nothing is decoded.
 */
import { isUtf8 } from "node:buffer";
import { crc32 } from "node:zlib";
import { SyncError } from "../model/errors.ts";
import { LIMITS } from "../model/limits.ts";
import { inflateBlock, recordBounds } from "../protocol/block.ts";
import { ALL_STATE } from "./keys.ts";
import { checkRecord } from "./records.ts";
import type { StateRecord } from "./state-records.ts";

const CHECKSUM_BYTES = 4;
/** What a key of the storage has before the state key of a record over a segment. */
const PREFIX_CHARACTERS_MAX = 32;
const KEY_CHARACTERS_MAX = LIMITS.storageKeyCharactersMax - PREFIX_CHARACTERS_MAX;

const END = Buffer.from(ALL_STATE.to);

export class Segment {
  readonly #bytes: Buffer;
  /** Start and end of each key, then of its value. */
  readonly #bounds: Uint32Array;

  private constructor(bytes: Buffer, bounds: Uint32Array) {
    this.#bytes = bytes;
    this.#bounds = bounds;
  }

  /** Reads a packed part (protocol/part.ts). Throws "message-malformed" or "message-too-large". */
  static read(packed: Uint8Array): Segment {
    const inflated = inflateBlock(packed, true, LIMITS.partInflatedBytesMax);
    const bounds = Uint32Array.from(recordBounds(inflated));
    if (bounds.length % 4 !== 0) throw malformed("a key without a value");
    return new Segment(Buffer.from(inflated.buffer, inflated.byteOffset, inflated.byteLength), bounds);
  }

  /** Bytes that it takes in memory. */
  get size(): number {
    return this.#bytes.length + this.#bounds.byteLength;
  }

  get records(): number {
    return this.#bounds.length / 4;
  }

  /**
   * Throws "message-malformed" unless this is what a snapshot may have after one key and up to another: keys that are text,
   * each after the one before, and records that can be read. Entries are looked at when they are read.
   */
  check(after: string, last: string): void {
    let before: Uint8Array = Buffer.from(after);
    for (let at = 0; at < this.records; at += 1) {
      const key = this.#keyBytes(at);
      if (key.length === 0 || !isUtf8(key)) throw malformed("a key that is not text");
      if (Buffer.compare(before, key) >= 0) throw malformed("keys that are not in their order");
      if (Buffer.compare(key, END) >= 0) throw malformed("keys that the state does not have");
      const text = key.toString();
      if (text.length > KEY_CHARACTERS_MAX) throw malformed(`a key of ${text.length} characters`);
      const value = this.#value(at);
      if (value.length === 0) throw malformed("a record without bytes");
      checkRecord(text, value);
      before = key;
    }
    if (Buffer.compare(before, Buffer.from(last)) !== 0) throw malformed("its last key is another one");
  }

  /** The record of a key; a view of the segment. */
  get(stateKey: string): Uint8Array | undefined {
    const key = Buffer.from(stateKey);
    const at = this.#lowerBound(key);
    return at < this.records && this.#keyBytes(at).equals(key) ? this.#value(at) : undefined;
  }

  /** The records from `from` (included) to `to` (excluded), in key order; values are views of the segment. */
  *range(from: string, to: string): Generator<StateRecord> {
    const end = Buffer.from(to);
    for (let at = this.#lowerBound(Buffer.from(from)); at < this.records; at += 1) {
      const key = this.#keyBytes(at);
      if (Buffer.compare(key, end) >= 0) return;
      yield [key.toString(), this.#value(at)];
    }
  }

  /** The first record whose key is not before this one. */
  #lowerBound(key: Buffer): number {
    let [low, high] = [0, this.records];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (Buffer.compare(this.#keyBytes(middle), key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #keyBytes(at: number): Buffer {
    return this.#bytes.subarray(this.#bounds[4 * at], this.#bounds[4 * at + 1]);
  }

  #value(at: number): Uint8Array {
    const [start = 0, end = 0] = this.#bounds.subarray(4 * at + 2, 4 * at + 4);
    return new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset + start, end - start);
  }
}

/** A packed part as it is stored: a checksum, then the part. */
export function sealSegment(packed: Uint8Array): Uint8Array {
  const sealed = new Uint8Array(CHECKSUM_BYTES + packed.length);
  new DataView(sealed.buffer).setUint32(0, crc32(packed));
  sealed.set(packed, CHECKSUM_BYTES);
  return sealed;
}

/** Throws "storage-damaged" for a segment that is not as it was stored. */
export function openSegment(sealed: Uint8Array | undefined): Segment {
  const packed = sealed?.subarray(CHECKSUM_BYTES) ?? new Uint8Array(0);
  const isWhole = sealed !== undefined && packed.length > 0 && checksumOf(sealed) === crc32(packed);
  if (!isWhole) throw damagedCopy();
  return Segment.read(packed);
}

export const damagedCopy = (): SyncError =>
  new SyncError("storage-damaged", "a part of this machine's copy is damaged; the copy is fetched anew from the server machine");

const checksumOf = ({ buffer, byteOffset }: Uint8Array): number => new DataView(buffer, byteOffset, CHECKSUM_BYTES).getUint32(0);

const malformed = (what: string): SyncError =>
  new SyncError("message-malformed", `a part of a snapshot has ${what}; it is asked for again`);
