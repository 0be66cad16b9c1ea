/**
 * CBOR as the records of entries have it, read and written piece by piece: numbers in as few bytes as can be, beyond 2^32 as
 * doubles, and texts of definite length. A record that is written otherwise is no fault: it is only not taken apart.
 */

/** What a text begins with, with its length. */
const TEXT = 0x60;
/** The difference of two such numbers still fits a column. Revisions, sequences and times do not come near. */
export const NUMBER_MAX = 2 ** 50;
const FALSE = 0xf4;
const TRUE = 0xf5;
const DOUBLE = 0xfb;
const TWO_32 = 2 ** 32;

/** Goes through a record; what is not as it is always written makes it lost, and from then on nothing counts. */
export class RecordCursor {
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
    return key.compare(this.#record, end - (to - from), end, from, to) === 0;
  }

  /** Whatever text there is. */
  anyText(): void {
    const head = (this.#record[this.at] ?? 0) - TEXT;
    const length = head < 24 ? head : readInteger(this.#record, this.at + 1, head - 23);
    if (head < 0 || !this.#isHead(length)) this.#lose();
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

const doubleAt = (record: Uint8Array, at: number): number => Buffer.prototype.readDoubleBE.call(record, at);

/** By the first byte, where it is not the number itself. */
const NUMBER_SIZES: ReadonlyMap<number, number> = new Map([
  [24, 2],
  [25, 3],
  [26, 5],
  [DOUBLE, 9],
]);

export const numberSize = (value: number): number => (value < 24 ? 1 : value < 256 ? 2 : value < 65_536 ? 3 : value < TWO_32 ? 5 : 9);
export const textSize = (length: number): number => length + (length < 24 ? 1 : length < 256 ? 2 : 3);

/** Gives where the next begins. */
export function writeNumber(record: Uint8Array, at: number, value: number): number {
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

export function writeText(record: Uint8Array, at: number, key: Buffer, from: number, to: number): number {
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
export function readInteger(record: Uint8Array, at: number, bytes: number): number {
  let value = 0;
  for (let index = at; index < at + bytes; index += 1) value = value * 256 + (record[index] ?? 0);
  return value;
}

/** The lowest bytes of a whole number, big-endian. */
export function writeInteger(record: Uint8Array, at: number, value: number, bytes: number): void {
  for (let left = bytes, rest = value; left > 0; left -= 1) {
    record[at + left - 1] = rest % 256;
    rest = Math.floor(rest / 256);
  }
}
