/**
 * CBOR in few bytes, for records that are written one by one, where what is written with each edit counts: texts that the
 * product knows (words.ts), texts that stood before, and identifiers stand as heads that plain data does not have:
 *
 *     c0 ... df   one of the texts before: first those that are known beforehand, then those that came, in their order
 *     e0 ... f3   one of the first words
 *     f8 NN       one of the other words
 *     f9 .. fa    an identifier of 32 hex digits; of 36 characters, with dashes: its 16 bytes follow
 *
 * What is made of it again is what was given, byte by byte. Bytes are copied and compared here, as a record is made with every edit.
 */
import { SyncError } from "../model/errors.ts";
import { isAlike, likeness, numberOfWord, wordBytes } from "../protocol/words.ts";

const BEFORE = 0xc0;
const BEFORE_MAX = 32;
const FIRST_WORDS = 0xe0;
const FIRST_WORDS_MAX = 20;
const OTHER_WORDS = 0xf8;
const HEX = 0xf9;
const DASHED = 0xfa;
const ID_BYTES = 16;
const HEX_LENGTH = 2 * ID_BYTES;
/** Where the four dashes stand. */
const DASHES: readonly number[] = [8, 13, 18, 23];
const DASH = 0x2d;
const DIGITS = Buffer.from("0123456789abcdef");

const TEXT = 0x60;
const LONG_TEXT = 0x78;
const BYTES = 0x40;
const TAG = 0xc0;
const FALSE = 0xf4;
const UNDEFINED = 0xf7;
const DOUBLE = 0xfb;
/** Longer texts are rarely the same twice; shorter ones take no more than what stands for them. */
const TEXT_BYTES_MAX = 64;
const TEXT_BYTES_MIN = 2;
const SHORT_TEXT_MAX = 23;

/** The same data in fewer bytes; undefined for what is no plain CBOR, or would not be the shorter for it. `known`: texts that may stand in it. */
export function toTerse(cbor: Uint8Array, known: readonly string[]): Uint8Array | undefined {
  const terse = new Output(cbor.length);
  const before = new TextsBefore(known);
  let at = 0;
  while (at < cbor.length) {
    const end = endOfItem(cbor, at);
    if (end < 0) return undefined;
    const from = textStart(cbor, at, end);
    if (from < 0 || !putShort(terse, before, cbor, from, end)) terse.run(cbor, at, end);
    at = end;
  }
  return terse.length < cbor.length ? terse.written() : undefined;
}

/** Puts what stands for a text; false: it stands for itself. */
function putShort(terse: Output, before: TextsBefore, cbor: Uint8Array, from: number, to: number): boolean {
  const earlier = before.find(cbor, from, to);
  if (earlier >= 0) {
    terse.byte(BEFORE + earlier);
    return true;
  }
  const word = numberOfWord(cbor, from, to);
  if (word >= FIRST_WORDS_MAX) terse.byte(OTHER_WORDS);
  if (word >= 0) {
    terse.byte(word < FIRST_WORDS_MAX ? FIRST_WORDS + word : word - FIRST_WORDS_MAX);
    return true;
  }
  before.add(cbor, from, to);
  return putIdentifier(terse, cbor, from, to);
}

/** What `toTerse` was given, with the same texts. Throws "storage-damaged" for what it cannot have made. */
export function fromTerse(terse: Uint8Array, known: readonly string[]): Uint8Array {
  const whole = new Output(2 * terse.length + TEXT_BYTES_MAX);
  const before = new TextsBefore(known);
  let at = 0;
  while (at < terse.length) {
    const head = terse[at] ?? 0;
    if (head === HEX || head === DASHED) {
      const text = identifierText(terse, at + 1, head === DASHED);
      before.add(text, 0, text.length);
      whole.text(text, 0, text.length);
      at += 1 + ID_BYTES;
    } else if (head >= BEFORE && head < BEFORE + BEFORE_MAX) {
      before.putTo(whole, head - BEFORE);
      at += 1;
    } else if ((head >= FIRST_WORDS && head < FIRST_WORDS + FIRST_WORDS_MAX) || head === OTHER_WORDS) {
      const word = wordBytes(head === OTHER_WORDS ? FIRST_WORDS_MAX + (terse[at + 1] ?? Number.NaN) : head - FIRST_WORDS) ?? damaged();
      whole.text(word, 0, word.length);
      at += head === OTHER_WORDS ? 2 : 1;
    } else {
      const end = endOfItem(terse, at);
      if (end < 0) damaged();
      const from = textStart(terse, at, end);
      if (from >= 0) before.add(terse, from, end);
      whole.run(terse, at, end);
      at = end;
    }
  }
  return Uint8Array.from(whole.written());
}

/** Texts that stood before, as the places where they stand. A text that comes anew is in it once, as whoever made it terse had it. */
class TextsBefore {
  readonly #bytes: Uint8Array[] = [];
  readonly #from: number[] = [];
  readonly #to: number[] = [];
  /** Nearly all of the others are told from a text by one look. */
  readonly #likeness: number[] = [];

  constructor(known: readonly string[]) {
    for (const text of known) {
      const bytes = Buffer.from(text);
      if (this.find(bytes, 0, bytes.length) < 0 && numberOfWord(bytes, 0, bytes.length) < 0) this.add(bytes, 0, bytes.length);
    }
  }

  find(bytes: Uint8Array, from: number, to: number): number {
    const sought = likeness(bytes, from, to);
    for (let index = this.#likeness.indexOf(sought); index >= 0; index = this.#likeness.indexOf(sought, index + 1))
      if (isAlike(this.#bytes[index] ?? bytes, this.#from[index] ?? 0, bytes, from, to - from)) return index;
    return -1;
  }

  add(bytes: Uint8Array, from: number, to: number): void {
    const length = to - from;
    if (length < TEXT_BYTES_MIN || length > TEXT_BYTES_MAX || this.#bytes.length === BEFORE_MAX) return;
    this.#bytes.push(bytes);
    this.#from.push(from);
    this.#to.push(to);
    this.#likeness.push(likeness(bytes, from, to));
  }

  putTo(output: Output, index: number): void {
    output.text(this.#bytes[index] ?? damaged(), this.#from[index] ?? 0, this.#to[index] ?? 0);
  }
}

/** Bytes that are being written; they grow as they are filled. */
class Output {
  length = 0;
  #bytes: Uint8Array;

  constructor(bytes: number) {
    this.#bytes = Buffer.allocUnsafe(bytes);
  }

  byte(byte: number): void {
    this.#reserve(1);
    this.#bytes[this.length] = byte;
    this.length += 1;
  }

  run(bytes: Uint8Array, from: number, to: number): void {
    this.#reserve(to - from);
    if (to - from > TEXT_BYTES_MAX) this.#bytes.set(bytes.subarray(from, to), this.length);
    else for (let at = from; at < to; at += 1) this.#bytes[this.length + at - from] = bytes[at] ?? 0;
    this.length += to - from;
  }

  /** A text of no great length, with its head. */
  text(bytes: Uint8Array, from: number, to: number): void {
    const length = to - from;
    if (length > SHORT_TEXT_MAX) this.byte(LONG_TEXT);
    this.byte(length > SHORT_TEXT_MAX ? length : TEXT + length);
    this.run(bytes, from, to);
  }

  /** A view. */
  written(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }

  #reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(2 * needed);
    grown.set(this.written());
    this.#bytes = grown;
  }
}

/** Where an item of plain CBOR ends, of an array or a map its head; -1 for any other. */
function endOfItem(bytes: Uint8Array, at: number): number {
  const head = bytes[at] ?? 0;
  const info = head & 0x1f;
  if (head >= TAG) {
    if (head === DOUBLE) return within(bytes, at + 9);
    return head >= FALSE && head <= UNDEFINED ? at + 1 : -1;
  }
  if (info > 27) return -1;
  const size = info < 24 ? 0 : 1 << (info - 24);
  const after = at + 1 + size;
  if (head < BYTES || head >= TEXT + 0x20) return within(bytes, after);
  // No record has so much that a length takes eight bytes.
  if (size > 4 || after > bytes.length) return -1;
  let length = size === 0 ? info : 0;
  for (let digit = at + 1; digit < after; digit += 1) length = length * 256 + (bytes[digit] ?? 0);
  return within(bytes, after + length);
}

const within = (bytes: Uint8Array, end: number): number => (end <= bytes.length ? end : -1);

/** Where the text in an item begins that is of no great length and has the shortest head; -1 for anything else. */
function textStart(bytes: Uint8Array, at: number, end: number): number {
  const head = bytes[at] ?? 0;
  if (head < TEXT || head > LONG_TEXT) return -1;
  const from = head === LONG_TEXT ? at + 2 : at + 1;
  const length = end - from;
  if (length < TEXT_BYTES_MIN || length > TEXT_BYTES_MAX || (head === LONG_TEXT && length <= SHORT_TEXT_MAX)) return -1;
  return from;
}

function putIdentifier(terse: Output, bytes: Uint8Array, from: number, to: number): boolean {
  const isDashed = to - from === HEX_LENGTH + DASHES.length;
  if (!isDashed && to - from !== HEX_LENGTH) return false;
  const id = new Uint8Array(ID_BYTES);
  let digits = 0;
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at] ?? 0;
    if (isDashed && DASHES.includes(at - from)) {
      if (byte !== DASH) return false;
      continue;
    }
    const digit = DIGITS.indexOf(byte);
    if (digit < 0) return false;
    id[digits >> 1] = ((id[digits >> 1] ?? 0) << 4) | digit;
    digits += 1;
  }
  terse.byte(isDashed ? DASHED : HEX);
  terse.run(id, 0, ID_BYTES);
  return true;
}

function identifierText(bytes: Uint8Array, at: number, isDashed: boolean): Uint8Array {
  if (at + ID_BYTES > bytes.length) damaged();
  const digits = Buffer.from(bytes.buffer, bytes.byteOffset + at, ID_BYTES).toString("hex");
  return Buffer.from(isDashed ? digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-") : digits);
}

function damaged(): never {
  throw new SyncError("storage-damaged", "a record of this machine's copy cannot be read; it is kept as it is");
}
