/**
 * Bytes that somebody bad would send: made from good ones by damage and from a dictionary of what has broken parsers
 * before. An input that led to something new becomes a good one for the next.
 */
import type { Dice } from "../fleet/random.ts";

/** A target keeps this many inputs to go on from; the oldest found ones make room. */
const CORPUS_MAX = 600;
/** No input grows beyond it: above the largest message, so that the limit itself is met. */
const INPUT_BYTES_MAX = 300 * 1024;
/** Most inputs stay small: what is found is found faster. */
const SMALL_BYTES = 4 * 1024;

const ascii = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));

/** Heads of CBOR, MQTT, deflate and text that announce what does not come, nest, or name what must not be named. */
export const DICTIONARY: readonly Uint8Array[] = [
  // CBOR: huge counts, indefinite lengths, tags of the library, bignums, nesting
  Uint8Array.of(0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
  Uint8Array.of(0xbb, 0, 0, 0, 1, 0, 0, 0, 0),
  Uint8Array.of(0x9a, 0xff, 0xff, 0xff, 0xff),
  Uint8Array.of(0x5b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
  Uint8Array.of(0x7a, 0x00, 0x10, 0x00, 0x00),
  Uint8Array.of(0x9f),
  Uint8Array.of(0xbf),
  Uint8Array.of(0x5f, 0x41, 0x00),
  Uint8Array.of(0xff),
  Uint8Array.of(0xc2, 0x5a, 0x00, 0x01, 0x00, 0x00),
  Uint8Array.of(0xd8, 0x1b, 0x82, 0x61, 0x2e, 0x60),
  Uint8Array.of(0xd9, 0x01, 0x02, 0x80),
  Uint8Array.of(0xd8, 0x45),
  Uint8Array.of(0xd9, 0xdf, 0xff),
  Uint8Array.of(0xfb, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0),
  Uint8Array.of(0xf9, 0x7e, 0x00),
  Uint8Array.of(0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
  Uint8Array.of(0x3b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
  Uint8Array.of(0xf7),
  Uint8Array.of(0xf8, 0x20),
  new Uint8Array(64).fill(0x81),
  new Uint8Array(64).fill(0xa1),
  new Uint8Array(64).fill(0xc1),
  // MQTT: remaining lengths, packet types and flags
  Uint8Array.of(0x10, 0xff, 0xff, 0xff, 0x7f),
  Uint8Array.of(0x30, 0x80, 0x80, 0x80, 0x80, 0x01),
  Uint8Array.of(0x32, 0x05, 0x00, 0x01, 0x61, 0x00, 0x00),
  Uint8Array.of(0x34, 0x02, 0x00, 0x00),
  Uint8Array.of(0xc0, 0x00),
  Uint8Array.of(0x82, 0x06, 0x00, 0x01, 0x00, 0x01, 0x23, 0x01),
  Uint8Array.of(0xf0, 0x00),
  // deflate: stored blocks, a bomb's beginning
  Uint8Array.of(0x01, 0xff, 0xff, 0x00, 0x00),
  Uint8Array.of(0xed, 0xc1, 0x01, 0x0d, 0x00, 0x00, 0x00, 0xc2, 0xa0),
  // text
  ...[
    "__proto__",
    "constructor",
    "toString",
    "#",
    "+",
    "$SYS/",
    "user:",
    "common/",
    "\u0000",
    "\ufeff",
    "\u202e",
    "'",
    '"',
    ",,",
    "\r\n",
    "-1",
    "1e309",
  ].map(ascii),
  Uint8Array.of(0xed, 0xa0, 0x80),
  Uint8Array.of(0xc0, 0x80),
  new Uint8Array(8),
  new Uint8Array(8).fill(0xff),
];

export class Mutator {
  readonly #dice: Dice;
  readonly #corpus: Uint8Array[];
  readonly #given: number;

  constructor(corpus: readonly Uint8Array[], dice: Dice) {
    this.#corpus = [...corpus];
    this.#given = corpus.length;
    this.#dice = dice;
  }

  /** The input led somewhere new: others are made from it. */
  keep(input: Uint8Array): void {
    this.#corpus.push(input);
    if (this.#corpus.length > CORPUS_MAX) this.#corpus.splice(this.#given, 1);
  }

  next(): Uint8Array {
    let bytes = this.#dice.pick(this.#corpus);
    for (let count = this.#dice.between(1, 5); count > 0; count -= 1) bytes = this.#damaged(bytes);
    return bytes.subarray(0, INPUT_BYTES_MAX);
  }

  #damaged(bytes: Uint8Array): Uint8Array {
    const dice = this.#dice;
    const at = dice.between(0, bytes.length);
    switch (dice.below(8)) {
      case 0:
        return spliced(bytes, at, 1, dice.bytes(1));
      case 1:
        return spliced(bytes, at, dice.between(0, 9), dice.pick(DICTIONARY));
      case 2:
        return spliced(bytes, at, dice.between(1, 16), new Uint8Array());
      case 3:
        return spliced(bytes, at, 0, dice.bytes(dice.between(1, 8)));
      case 4: {
        const piece = bytes.subarray(at, at + dice.between(1, 64));
        const times = bytes.length > SMALL_BYTES || dice.chance(0.95) ? 1 : dice.between(2, 2_000);
        return spliced(bytes, at, 0, repeated(piece, times));
      }
      case 5:
        return bytes.subarray(0, at);
      case 6: {
        const other = dice.pick(this.#corpus);
        const from = dice.between(0, other.length);
        return spliced(bytes, at, dice.between(0, 32), other.subarray(from, from + dice.between(1, 128)));
      }
      default: {
        const flipped = Uint8Array.from(bytes);
        flipped[at] = (flipped[at] ?? 0) ^ (1 << dice.below(8));
        return flipped;
      }
    }
  }
}

function spliced(bytes: Uint8Array, at: number, without: number, insert: Uint8Array): Uint8Array {
  return Uint8Array.from(Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + without)]));
}

function repeated(piece: Uint8Array, times: number): Uint8Array {
  const length = Math.min(piece.length * times, INPUT_BYTES_MAX);
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 1) bytes[at] = piece[at % piece.length] ?? 0;
  return bytes;
}
