/** Writes records in few bytes (terse.ts). Bytes are copied and compared here, as a record is made with every edit. */
import { numberOfWord } from "../protocol/words.ts";
import {
  BEFORE,
  DASHED,
  DASHED_LENGTH,
  endOfItem,
  FIRST_WORDS,
  FIRST_WORDS_MAX,
  HEX,
  HEX_LENGTH,
  OTHER_WORDS,
  SHORT_TEXT_MAX,
  TEXT,
  TEXT_BYTES_MIN,
  textStart,
} from "./terse-form.ts";
import { TextsBefore } from "./terse-texts.ts";

const DASH = 0x2d;
/** Shorter runs are copied byte by byte. */
const RUN_BYTES = 48;
/** What a text has that stands for itself. */
const NO_SIGN = -1;

/** Writes one after the other into one run of bytes. */
export class TerseWriter {
  /** What may stand in the next, and what stood in it. */
  readonly before = new TextsBefore();
  /** Where the next byte comes. */
  at = 0;
  readonly #out: Uint8Array;

  /** `room`: all that is written takes no more bytes. Nothing takes more in fewer bytes. */
  constructor(room: number) {
    this.#out = new Uint8Array(room);
  }

  byte(byte: number): void {
    this.#out[this.at] = byte;
    this.at += 1;
  }

  run(bytes: Uint8Array, from: number, to: number): void {
    if (to - from > RUN_BYTES) this.#out.set(bytes.subarray(from, to), this.at);
    else for (let at = from; at < to; at += 1) this.#out[this.at + at - from] = bytes[at] ?? 0;
    this.at += to - from;
  }

  /** What was written since this place, as a view. */
  since(place: number): Uint8Array {
    return this.#out.subarray(place, this.at);
  }

  /** Writes the data from a place on in fewer bytes; false: it is no plain CBOR, or would not be the shorter for it. */
  terse(cbor: Uint8Array, start: number): boolean {
    const begin = this.at;
    let kept = start;
    let at = start;
    while (at < cbor.length) {
      const head = cbor[at] ?? 0;
      // Nearly all items are such texts, or one byte.
      const isShortText = head >= TEXT + TEXT_BYTES_MIN && head <= TEXT + SHORT_TEXT_MAX;
      const end = isShortText ? at + 1 + head - TEXT : head <= SHORT_TEXT_MAX ? at + 1 : endOfItem(cbor, at);
      if (end < 0 || end > cbor.length) return false;
      const from = isShortText ? at + 1 : textStart(cbor, at, end);
      const sign = from < 0 ? NO_SIGN : this.#signOf(cbor, from, end);
      if (sign !== NO_SIGN) {
        // What stands for itself is copied in one run.
        this.run(cbor, kept, at);
        this.#putSign(sign, cbor, from, end);
        kept = end;
      }
      at = end;
    }
    this.run(cbor, kept, at);
    return this.at - begin < cbor.length - start;
  }

  /** What stands for a text; from now on it stood before. */
  #signOf(cbor: Uint8Array, from: number, to: number): number {
    // No word is among the texts before, and most texts are words.
    const word = numberOfWord(cbor, from, to);
    if (word >= 0) return word < FIRST_WORDS_MAX ? FIRST_WORDS + word : (OTHER_WORDS << 8) + word - FIRST_WORDS_MAX;
    const earlier = this.before.find(cbor, from, to);
    if (earlier >= 0) return BEFORE + earlier;
    this.before.add(cbor, from, to);
    return isIdentifier(cbor, from, to) ? (to - from === HEX_LENGTH ? HEX : DASHED) : NO_SIGN;
  }

  #putSign(sign: number, cbor: Uint8Array, from: number, to: number): void {
    if (sign > 0xff) this.byte(sign >> 8);
    this.byte(sign & 0xff);
    if (sign !== HEX && sign !== DASHED) return;
    const out = this.#out;
    let place = this.at;
    for (let at = from; at < to; at += 2) {
      if (cbor[at] === DASH) at += 1;
      out[place] = ((DIGITS[cbor[at] ?? 0] ?? 0) << 4) | (DIGITS[cbor[at + 1] ?? 0] ?? 0);
      place += 1;
    }
    this.at = place;
  }
}

/** Whether a text is an identifier's digits, with dashes where they belong. */
function isIdentifier(bytes: Uint8Array, from: number, to: number): boolean {
  const isDashed = to - from === DASHED_LENGTH;
  if (!isDashed && to - from !== HEX_LENGTH) return false;
  for (let at = from; at < to; at += 1) {
    const isDash = isDashed && (at - from === 8 || at - from === 13 || at - from === 18 || at - from === 23);
    if (isDash ? bytes[at] !== DASH : DIGITS[bytes[at] ?? 0] === undefined) return false;
  }
  return true;
}

/** The worth of each digit by its byte, in lower case; of what is none undefined. */
const DIGITS: readonly (number | undefined)[] = Array.from({ length: 256 }, (_, byte) => {
  const worth = "0123456789abcdef".indexOf(String.fromCharCode(byte));
  return worth < 0 ? undefined : worth;
});
