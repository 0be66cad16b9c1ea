/** Reads a snapshot part in columns (part-columns.ts). Keys are laid out when it is opened, records when they are asked for. */
import { isAscii } from "node:buffer";
import { must } from "../model/assert.ts";
import { LIMITS } from "../model/limits.ts";
import { ColumnReader, malformedColumn } from "./column.ts";
import { type EntryFrame, entryNames, isEntryKey, putTogether } from "./entry-frame.ts";
import type { PartRecords } from "./part-records.ts";

const WHOLE = 0;
/** No record and no frame takes fewer: a record has the number of its frame, two lengths for its key, and one for its value. */
const COUNTED_BYTES_MIN = 4;
/** Of one piece of a frame. The longest says who made an edit, in at most 300 characters. */
const FRAME_BYTES_MAX = 1_024;
/** Of a record, beyond its frame, its names and its value: its numbers, and the lengths of its texts. */
const RECORD_BYTES_MORE = 64;

export class ColumnPart implements PartRecords {
  readonly #frames: readonly EntryFrame[];
  /** Of each record: its frame, and where its key and its value end. */
  readonly #frameNumbers: Uint32Array;
  readonly #keyEnds: Uint32Array;
  readonly #valueEnds: Uint32Array;
  readonly #numbers: Numbers;
  readonly #keys: Buffer;
  readonly #values: Uint8Array;

  /** Throws "message-malformed" or "message-too-large" for what the packing of a part cannot give. */
  constructor(inflated: Uint8Array) {
    const reader = new ColumnReader(inflated);
    reader.number();
    const records = upTo(LIMITS.recordsMax, countOf(reader));
    this.#frames = Array.from({ length: countOf(reader) }, () => readFrame(reader));
    this.#frameNumbers = Uint32Array.from({ length: records }, () => upTo(this.#frames.length, reader.number()));
    const lengths = new KeyLengths(reader, records);
    this.#keyEnds = lengths.ends;
    this.#keys = lengths.laidOut(reader);
    this.#valueEnds = endsOf(reader, records);
    this.#numbers = readNumbers(reader, this.#frameNumbers);
    this.#values = reader.bytes(this.#valueEnds.at(-1) ?? 0);
    if (reader.left > 0) throw malformedColumn("bytes after its end");
    this.#checkEntries();
  }

  get records(): number {
    return this.#frameNumbers.length;
  }

  get size(): number {
    return this.#keys.length + this.#values.length + this.records * BYTES_A_RECORD;
  }

  key(at: number): Buffer {
    return this.#keys.subarray(startOf(at, this.#keyEnds), this.#keyEnds[at]);
  }

  compareKey(at: number, key: Uint8Array): number {
    return this.#keys.compare(key, 0, key.length, startOf(at, this.#keyEnds), this.#keyEnds[at]);
  }

  keyTexts(from: number, to: number): string[] {
    const texts: string[] = [];
    const first = startOf(from, this.#keyEnds);
    const all = this.#keys.subarray(first, startOf(to, this.#keyEnds));
    // Where each character is a byte, one text is made and cut.
    const text = isAscii(all) ? all.toString("latin1") : undefined;
    for (let [at, start] = [from, 0]; at < to; at += 1) {
      const end = (this.#keyEnds[at] ?? 0) - first;
      texts.push(text === undefined ? all.toString("utf8", start, end) : text.slice(start, end));
      start = end;
    }
    return texts;
  }

  get values(): Uint8Array {
    return this.#values;
  }

  valueFrom(at: number): number {
    return this.#frameNumbers[at] === WHOLE ? -1 : startOf(at, this.#valueEnds);
  }

  valueTo(at: number): number {
    return this.#valueEnds[at] ?? 0;
  }

  record(at: number): Uint8Array {
    const value = this.#told(at);
    const number = this.#frameNumbers[at] ?? WHOLE;
    if (number === WHOLE) return value;
    const { revisions, sequences, seens, stamps } = this.#numbers;
    const key = this.key(at);
    const frame = must(this.#frames[number - 1], "a frame that was counted");
    const names = must(entryNames(key), "an entry's key that was looked at");
    const made = { revision: revisions[at] ?? 0, sequence: sequences[at] ?? 0, seen: seens[at] ?? 0, stamp: stamps[at] ?? 0 };
    return putTogether(key, names, frame, made, value);
  }

  isEmpty(at: number): boolean {
    return this.#valueEnds[at] === startOf(at, this.#valueEnds);
  }

  /** The value, or the record that stands in its place. */
  #told(at: number): Uint8Array {
    return this.#values.subarray(startOf(at, this.#valueEnds), this.#valueEnds[at]);
  }

  /**
   * A record that is put together takes its names from its key, so that must be the key of an entry. And all records together must not
   * be larger than a part in rows may be.
   */
  #checkEntries(): void {
    let bytes = this.#values.length + this.#keys.length;
    let start = 0;
    for (let at = 0; at < this.records; at += 1) {
      const number = this.#frameNumbers[at] ?? WHOLE;
      const from = start;
      start = this.#keyEnds[at] ?? 0;
      if (number === WHOLE) continue;
      const { author, made, why } = must(this.#frames[number - 1], "a frame that was counted");
      if (!isEntryKey(this.#keys, from, start)) throw malformedColumn("an entry with the key of something else");
      bytes += author.length + made.length + why.length + 2 * (start - from) + RECORD_BYTES_MORE;
    }
    upTo(LIMITS.partInflatedBytesMax, bytes);
  }
}

/** What the columns of one record take in memory: three numbers of four bytes, and four of eight. */
const BYTES_A_RECORD = 44;

interface Numbers {
  readonly revisions: Float64Array;
  readonly sequences: Float64Array;
  readonly seens: Float64Array;
  readonly stamps: Float64Array;
}

/** Those of records that stand whole are 0. */
function readNumbers(reader: ColumnReader, frameNumbers: Uint32Array): Numbers {
  const column = (next: (at: number) => number): Float64Array => {
    const numbers = new Float64Array(frameNumbers.length);
    for (let at = 0; at < numbers.length; at += 1) if (frameNumbers[at] !== WHOLE) numbers[at] = natural(next(at));
    return numbers;
  };
  const rising = () => {
    let before = 0;
    return () => {
      before += reader.signed();
      return before;
    };
  };
  const revisions = column(rising());
  const sequences = column(rising());
  const seens = column((at) => (revisions[at] ?? 0) - reader.signed());
  return { revisions, sequences, seens, stamps: column(rising()) };
}

/** Keys as they are told: how much of the one before, and what comes after that. */
class KeyLengths {
  readonly ends: Uint32Array;
  readonly #shared: Uint32Array;

  constructor(reader: ColumnReader, records: number) {
    this.ends = new Uint32Array(records);
    this.#shared = new Uint32Array(records);
    let [end, before] = [0, 0];
    for (let at = 0; at < records; at += 1) {
      const shared = upTo(before, reader.number());
      before = upTo(LIMITS.partInflatedBytesMax, shared + reader.number());
      end += before;
      if (end > LIMITS.partInflatedBytesMax) throw malformedColumn("keys that are longer than a part");
      this.#shared[at] = shared;
      this.ends[at] = end;
    }
  }

  laidOut(reader: ColumnReader): Buffer {
    const keys = Buffer.allocUnsafeSlow(this.ends.at(-1) ?? 0);
    let [before, at] = [0, 0];
    for (let index = 0; index < this.ends.length; index += 1) {
      const end = this.ends[index] ?? 0;
      const shared = this.#shared[index] ?? 0;
      keys.copyWithin(at, before, before + shared);
      reader.copyTo(keys, at + shared, end);
      before = at;
      at = end;
    }
    return keys;
  }
}

/** Where a record begins: where the one before it ends. */
const startOf = (at: number, ends: Uint32Array): number => (at === 0 ? 0 : (ends[at - 1] ?? 0));

function endsOf(reader: ColumnReader, records: number): Uint32Array {
  const ends = new Uint32Array(records);
  let end = 0;
  for (let at = 0; at < records; at += 1) {
    end = upTo(LIMITS.partInflatedBytesMax, end + reader.number());
    ends[at] = end;
  }
  return ends;
}

function readFrame(reader: ColumnReader): EntryFrame {
  const [author, made, why] = [0, 0, 0].map(() => reader.bytes(upTo(FRAME_BYTES_MAX, reader.number())));
  return { author: must(author, "author"), made: must(made, "made"), why: must(why, "why"), byOwner: reader.number() === 1 };
}

/** How many records or frames there are: no more of them than bytes for them. */
function countOf(reader: ColumnReader): number {
  const count = reader.number();
  return upTo(Math.floor(reader.left / COUNTED_BYTES_MIN), count);
}

function upTo(max: number, value: number): number {
  if (value > max) throw malformedColumn(`${value} where there are ${max} at most`);
  return value;
}

function natural(value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) throw malformedColumn("a number below 0 or beyond 2^53");
  return value;
}
