/**
 * A segment: the records of one key range of the state, in key order, as a snapshot part brought them. In memory it is
 * the inflated part; nothing is decoded.
 */
import { isUtf8 } from "node:buffer";
import { SyncError } from "../model/errors.ts";
import { LIMITS } from "../model/limits.ts";
import { openPart } from "../protocol/part.ts";
import type { PartRecords } from "../protocol/part-records.ts";
import { asWritten } from "./checksummed.ts";
import { ALL_ENTRIES, ALL_STATE } from "./keys.ts";
import { checkRecord, entryValue } from "./records.ts";
import { type StateRecord, type LazyValue, valueAtHand } from "./state-records.ts";

/** What CBOR has for the value of a deletion. */
const UNDEFINED = 0xf7;

/** What a key of the storage has before the state key of a record over a segment. */
const PREFIX_CHARACTERS_MAX = 32;
const KEY_CHARACTERS_MAX = LIMITS.storageKeyCharactersMax - PREFIX_CHARACTERS_MAX;

const END = Buffer.from(ALL_STATE.to);
/** What the keys of entries begin with, and no others. */
const ENTRY = ALL_ENTRIES.from.charCodeAt(0);

export class Segment {
  readonly #part: PartRecords;

  private constructor(part: PartRecords) {
    this.#part = part;
  }

  /** Reads a packed part (protocol/part.ts). Throws "message-malformed" or "message-too-large". */
  static read(packed: Uint8Array): Segment {
    return new Segment(openPart(packed));
  }

  /** Bytes that it takes in memory. */
  get size(): number {
    return this.#part.size;
  }

  get records(): number {
    return this.#part.records;
  }

  /**
   * Throws "message-malformed" unless this is what a snapshot may have after one key and up to another: keys that are text,
   * each after the one before, and records that can be read. Entries are looked at when they are read.
   */
  check(after: string, last: string): void {
    let before: Uint8Array = Buffer.from(after);
    for (let at = 0; at < this.records; at += 1) {
      const key = this.#part.key(at);
      if (!isUtf8(key)) throw malformed("a key that is not text");
      if (Buffer.compare(before, key) >= 0) throw malformed("keys that are not in their order");
      if (Buffer.compare(key, END) >= 0) throw malformed("keys that the state does not have");
      // No text has more characters than bytes.
      if (key.length > KEY_CHARACTERS_MAX && key.toString().length > KEY_CHARACTERS_MAX) throw malformed("a key that is too long");
      if (this.#part.isEmpty(at)) throw malformed("a record without bytes");
      if (key[0] !== ENTRY) checkRecord(key.toString(), this.#part.record(at));
      before = key;
    }
    if (Buffer.compare(before, Buffer.from(last)) !== 0) throw malformed("its last key is another one");
  }

  /** The record of a key; a view of the segment. */
  get(stateKey: string): Uint8Array | undefined {
    const key = Buffer.from(stateKey);
    const at = this.#lowerBound(key);
    return at < this.records && this.#part.key(at).equals(key) ? this.#part.record(at) : undefined;
  }

  /** The records from `from` (included) to `to` (excluded), in key order; values are views of the segment. */
  *range(from: string, to: string): Generator<StateRecord> {
    const end = Buffer.from(to);
    for (let at = this.#lowerBound(Buffer.from(from)); at < this.records; at += 1) {
      const key = this.#part.key(at);
      if (Buffer.compare(key, end) >= 0) return;
      yield [key.toString(), this.#part.record(at)];
    }
  }

  /** The entries from `from` (included) to `to` (excluded) that have a value, in key order; values are views of the segment. */
  lazyValues(from: string, to: string): LazyValue[] {
    const found: LazyValue[] = [];
    const part = this.#part;
    const { values } = part;
    const [first, end] = [this.#lowerBound(Buffer.from(from)), this.#lowerBound(Buffer.from(to))];
    const keys = part.keyTexts(first, end);
    for (let at = first; at < end; at += 1) {
      const stateKey = keys[at - first] ?? "";
      const start = part.valueFrom(at);
      const stop = part.valueTo(at);
      const value = start < 0 ? entryValue(part.record(at)) : undefined;
      if (value !== undefined) found.push(valueAtHand(stateKey, value));
      else if (start >= 0 && !(stop - start === 1 && values[start] === UNDEFINED))
        found.push({ stateKey, cbor: values, from: start, to: stop, value });
    }
    return found;
  }

  /** The first record whose key is not before this one. */
  #lowerBound(key: Buffer): number {
    let [low, high] = [0, this.records];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#part.compareKey(middle, key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The segment of a packed part that is stored behind its checksum. Throws "storage-damaged" when it is not as it was written. */
export function openSegment(stored: Uint8Array | undefined): Segment {
  const packed = asWritten(stored);
  if (packed === undefined) throw damagedCopy();
  return Segment.read(packed);
}

export const damagedCopy = (): SyncError =>
  new SyncError("storage-damaged", "a part of this machine's copy is damaged; the copy is fetched anew from the server machine");

const malformed = (what: string): SyncError =>
  new SyncError("message-malformed", `a part of a snapshot has ${what}; it is asked for again`);
