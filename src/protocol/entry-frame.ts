/**
 * The record of an entry, taken apart: a *frame*, which many records of a part share (whose edit it is, how it was made, why
 * it stands), four numbers, and the value. The names are those of the record's key. No byte is decoded or lost: what
 * is put together again is what was taken apart, and a record that is laid out otherwise is left as it is.
 */
import type { JournalTime, Revision } from "../model/ids.ts";

export interface EntryNumbers {
  readonly revision: Revision;
  readonly sequence: number;
  readonly seen: Revision;
  readonly stamp: JournalTime;
}

export interface EntryFrame {
  /** Machine and run, as CBOR. */
  readonly author: Uint8Array;
  /** Whether the stamp is certain, and by whom, as CBOR; without the latter where that is the owner. */
  readonly made: Uint8Array;
  readonly byOwner: boolean;
  /** Why it stands, as CBOR. */
  readonly why: Uint8Array;
}

/** Where the pieces of a record lie in it. */
export interface EntryPieces extends EntryNumbers {
  readonly madeAt: number;
  readonly madeEnd: number;
  readonly byOwner: boolean;
  readonly valueAt: number;
  readonly whyAt: number;
}

/** Where the names begin and end in an entry's key. */
export interface EntryNames {
  readonly ownerEnd: number;
  readonly itemEnd: number;
}

const REVISION_BYTES = 8;
/** An array of twelve, then 16 bytes of machine and 8 of run. */
const ARRAY_OF_12 = 0x8c;
const BYTES_16 = 0x50;
const BYTES_8 = 0x48;
const AUTHOR_AT = REVISION_BYTES + 1;
const AUTHOR_END = AUTHOR_AT + 26;
const TEXT = 0x60;
const FALSE = 0xf4;
const TRUE = 0xf5;
const DOUBLE = 0xfb;
/** `e/` before the owner. */
const OWNER_AT = 2;
const WHY_CHARACTERS_MAX = 7;
/** Differences of two of them can be told in a column; revisions, sequences and times do not come near. */
const NUMBER_MAX = 2 ** 50;
const TWO_32 = 2 ** 32;

/** undefined for the key of something else. */
export function entryNames(key: Buffer): EntryNames | undefined {
  if (key[0] !== 0x65 || key[1] !== 0x2f) return undefined;
  const ownerEnd = key.indexOf(0, OWNER_AT);
  const itemEnd = ownerEnd < 0 ? -1 : key.indexOf(0, ownerEnd + 1);
  return itemEnd < 0 ? undefined : { ownerEnd, itemEnd };
}

/** undefined for a record that could not be put together again byte by byte. */
export function takeApart(key: Buffer, record: Uint8Array): EntryPieces | undefined {
  const names = entryNames(key);
  if (names === undefined || record[8] !== ARRAY_OF_12 || record[9] !== BYTES_16 || record[26] !== BYTES_8) return undefined;
  const cursor = new Cursor(record, AUTHOR_END);
  const revision = readInteger(record, 0, REVISION_BYTES);
  const sequence = cursor.number();
  cursor.text(key, OWNER_AT, names.ownerEnd);
  cursor.text(key, names.ownerEnd + 1, names.itemEnd);
  cursor.text(key, names.itemEnd + 1, key.length);
  const seen = cursor.number();
  const stamp = cursor.number();
  const madeAt = cursor.at;
  cursor.flag();
  const byAt = cursor.at;
  const byOwner = cursor.isText(key, OWNER_AT, names.ownerEnd);
  cursor.anyText();
  const { at: valueAt, isLost } = cursor;
  const whyAt = whyOf(record);
  if (isLost || revision > NUMBER_MAX || whyAt <= valueAt) return undefined;
  return { revision, sequence, seen, stamp, madeAt, madeEnd: byOwner ? byAt : valueAt, byOwner, valueAt, whyAt };
}

/** What the record shares with others; views of it. */
export const frameOf = (record: Uint8Array, { madeAt, madeEnd, byOwner, whyAt }: EntryPieces): EntryFrame => ({
  author: record.subarray(AUTHOR_AT, AUTHOR_END),
  made: record.subarray(madeAt, madeEnd),
  byOwner,
  why: record.subarray(whyAt),
});

/** Whether the record has this frame. */
export function hasFrame(record: Uint8Array, { madeAt, madeEnd, byOwner, whyAt }: EntryPieces, frame: EntryFrame): boolean {
  if (byOwner !== frame.byOwner || madeEnd - madeAt !== frame.made.length || record.length - whyAt !== frame.why.length) return false;
  return isAt(record, AUTHOR_AT, frame.author) && isAt(record, madeAt, frame.made) && isAt(record, whyAt, frame.why);
}

function isAt(record: Uint8Array, at: number, bytes: Uint8Array): boolean {
  for (let index = 0; index < bytes.length; index += 1) if (record[at + index] !== bytes[index]) return false;
  return true;
}

/** The record that was taken apart into these. */
export function putTogether(
  key: Buffer,
  { ownerEnd, itemEnd }: EntryNames,
  { author, made, byOwner, why }: EntryFrame,
  { revision, sequence, seen, stamp }: EntryNumbers,
  value: Uint8Array,
): Uint8Array {
  const ownerText = textSize(ownerEnd - OWNER_AT);
  const named = ownerText + textSize(itemEnd - ownerEnd - 1) + textSize(key.length - itemEnd - 1);
  const numbers = numberSize(sequence) + numberSize(seen) + numberSize(stamp);
  const by = byOwner ? ownerText : 0;
  const record = new Uint8Array(AUTHOR_AT + author.length + numbers + named + made.length + by + value.length + why.length);
  writeInteger(record, 0, revision, REVISION_BYTES);
  record[REVISION_BYTES] = ARRAY_OF_12;
  record.set(author, AUTHOR_AT);
  let at = writeNumber(record, AUTHOR_AT + author.length, sequence);
  at = writeText(record, at, key, OWNER_AT, ownerEnd);
  at = writeText(record, at, key, ownerEnd + 1, itemEnd);
  at = writeText(record, at, key, itemEnd + 1, key.length);
  at = writeNumber(record, writeNumber(record, at, seen), stamp);
  record.set(made, at);
  at += made.length;
  if (byOwner) at = writeText(record, at, key, OWNER_AT, ownerEnd);
  record.set(value, at);
  record.set(why, at + value.length);
  return record;
}

/** Goes through a record; what is not as it is always written makes it lost, and from then on nothing counts. */
class Cursor {
  readonly #record: Uint8Array;
  at: number;
  isLost = false;

  constructor(record: Uint8Array, at: number) {
    this.#record = record;
    this.at = at;
  }

  /** A whole number as it is always written: in as few bytes as can be, and beyond 2^32 as a double. */
  number(): number {
    const { at } = this;
    const first = this.#record[at] ?? DOUBLE;
    const size = NUMBER_SIZES.get(first) ?? (first < 24 ? 1 : 0);
    if (size === 0 || at + size > this.#record.length) return this.#lose();
    this.at += size;
    const value = size === 9 ? doubleAt(this.#record, at + 1) : size === 1 ? first : readInteger(this.#record, at + 1, size - 1);
    return Number.isInteger(value) && value >= 0 && value <= NUMBER_MAX && numberSize(value) === size ? value : this.#lose();
  }

  flag(): void {
    const byte = this.#record[this.at];
    this.at += 1;
    if (byte !== TRUE && byte !== FALSE) this.#lose();
  }

  /** The text between these bytes of the key. */
  text(key: Buffer, from: number, to: number): void {
    if (!this.isText(key, from, to)) this.#lose();
    this.at += textSize(to - from);
  }

  isText(key: Buffer, from: number, to: number): boolean {
    const end = this.at + textSize(to - from);
    if (end > this.#record.length || !this.#isHead(to - from)) return false;
    for (let index = from, at = end - (to - from); index < to; index += 1, at += 1) if (key[index] !== this.#record[at]) return false;
    return true;
  }

  /** Whatever text there is. */
  anyText(): void {
    const head = (this.#record[this.at] ?? 0) - TEXT;
    const length = head < 24 ? head : readInteger(this.#record, this.at + 1, head - 23);
    if (head < 0 || head > 25 || !this.#isHead(length)) this.#lose();
    this.at += textSize(length);
  }

  #isHead(length: number): boolean {
    const { at } = this;
    if (length < 24) return this.#record[at] === TEXT + length;
    if (length < 256) return this.#record[at] === TEXT + 24 && this.#record[at + 1] === length;
    return this.#record[at] === TEXT + 25 && this.#record[at + 1] === length >>> 8 && this.#record[at + 2] === (length & 255);
  }

  #lose(): number {
    this.isLost = true;
    return 0;
  }
}

/** Where the word at the end of a record begins; 0 where there is none. */
function whyOf(record: Uint8Array): number {
  for (let length = 1; length <= WHY_CHARACTERS_MAX; length += 1) {
    const at = record.length - 1 - length;
    if (record[at] === TEXT + length) return at;
  }
  return 0;
}

const doubleAt = (record: Uint8Array, at: number): number => new DataView(record.buffer, record.byteOffset + at, 8).getFloat64(0);

/** By the first byte, where it is not the number itself. */
const NUMBER_SIZES: ReadonlyMap<number, number> = new Map([
  [24, 2],
  [25, 3],
  [26, 5],
  [DOUBLE, 9],
]);

const numberSize = (value: number): number => (value < 24 ? 1 : value < 256 ? 2 : value < 65_536 ? 3 : value < TWO_32 ? 5 : 9);
const textSize = (length: number): number => length + (length < 24 ? 1 : length < 256 ? 2 : 3);

/** Gives where the next begins. */
function writeNumber(record: Uint8Array, at: number, value: number): number {
  const size = numberSize(value);
  if (size === 1) record[at] = value;
  else if (size === 9) {
    record[at] = DOUBLE;
    new DataView(record.buffer, record.byteOffset, record.length).setFloat64(at + 1, value);
  } else {
    record[at] = size === 2 ? 24 : size === 3 ? 25 : 26;
    writeInteger(record, at + 1, value, size - 1);
  }
  return at + size;
}

function writeText(record: Uint8Array, at: number, key: Buffer, from: number, to: number): number {
  const length = to - from;
  const head = textSize(length) - length;
  if (head === 1) record[at] = TEXT + length;
  else {
    record[at] = TEXT + 22 + head;
    writeInteger(record, at + 1, length, head - 1);
  }
  key.copy(record, at + head, from, to);
  return at + head + length;
}

/** A whole number of so many bytes, big-endian; beyond 2^53 it is about right. */
function readInteger(record: Uint8Array, at: number, bytes: number): number {
  let value = 0;
  for (let index = at; index < at + bytes; index += 1) value = value * 256 + (record[index] ?? 0);
  return value;
}

/** The lowest bytes of a whole number, big-endian. */
function writeInteger(record: Uint8Array, at: number, value: number, bytes: number): void {
  for (let left = bytes, rest = value; left > 0; left -= 1) {
    record[at + left - 1] = rest % 256;
    rest = Math.floor(rest / 256);
  }
}
