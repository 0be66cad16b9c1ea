/**
 * CBOR in few bytes, for records that are written one by one, where what is written with each edit counts: texts that the
 * product knows (words.ts), texts that stood before, and identifiers stand as heads that plain data does not have:
 *
 *     c0 ... df   one of the texts before: first those that are known beforehand, then those that came, in their order
 *     e0 ... f3   one of the first words
 *     f8 NN       one of the other words
 *     f9 .. fa    an identifier of 32 hex digits; of 36 characters, with dashes: its 16 bytes follow
 *
 * What is made of it again is what was given, byte by byte.
 */
import { SyncError } from "../model/errors.ts";
import { wordBytes } from "../protocol/words.ts";
import {
  BEFORE,
  BEFORE_MAX,
  DASHED,
  endOfItem,
  FIRST_WORDS,
  FIRST_WORDS_MAX,
  HEX,
  ID_BYTES,
  LONG_TEXT,
  OTHER_WORDS,
  SHORT_TEXT_MAX,
  TEXT,
  TEXT_BYTES_MAX,
  textStart,
} from "./terse-form.ts";
import type { TextsBefore } from "./terse-texts.ts";

/** What was written in these bytes. `before`: the texts that were known then. Throws "storage-damaged" for what nobody can have written. */
export function readTerse(terse: Uint8Array, before: TextsBefore): Uint8Array {
  const whole = new Output(2 * terse.length + TEXT_BYTES_MAX);
  let at = 0;
  while (at < terse.length) {
    const head = terse[at] ?? 0;
    if (head === HEX || head === DASHED) {
      const text = identifierText(terse, at + 1, head === DASHED);
      before.add(text, 0, text.length);
      whole.text(text, 0, text.length);
      at += 1 + ID_BYTES;
    } else if (head >= BEFORE && head < BEFORE + BEFORE_MAX) {
      const text = before.text(head - BEFORE) ?? damaged();
      whole.text(text, 0, text.length);
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

function identifierText(bytes: Uint8Array, at: number, isDashed: boolean): Uint8Array {
  if (at + ID_BYTES > bytes.length) damaged();
  const digits = Buffer.from(bytes.buffer, bytes.byteOffset + at, ID_BYTES).toString("hex");
  return Buffer.from(isDashed ? digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-") : digits);
}

function damaged(): never {
  throw new SyncError("storage-damaged", "a record of this machine's copy cannot be read; it is kept as it is");
}
