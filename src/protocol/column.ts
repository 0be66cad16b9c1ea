/** Columns of a snapshot part (part-columns.ts): numbers, seven bits to a byte, and bytes, one after the other. */
import { SyncError } from "../model/errors.ts";

const BITS = 128;
const FIRST_BYTES = 1_024;

/** A column that is being written; it grows as it is filled. */
export class ColumnWriter {
  #bytes: Uint8Array;
  #length = 0;

  /** With room for so many bytes, without growing. */
  constructor(bytes = FIRST_BYTES) {
    this.#bytes = Buffer.allocUnsafe(bytes);
  }

  get length(): number {
    return this.#length;
  }

  /** A whole number from 0 up to 2^53. */
  number(value: number): void {
    this.#reserve(8);
    let rest = value;
    for (; rest >= BITS; rest = Math.floor(rest / BITS)) this.#put((rest % BITS) + BITS);
    this.#put(rest);
  }

  /** A whole number that may be below 0, within 2^52: those near it are short. */
  signed(value: number): void {
    this.number(value < 0 ? -2 * value - 1 : 2 * value);
  }

  /** These bytes of an array; all of them where nothing else is said. */
  bytes(bytes: Uint8Array, from = 0, to = bytes.length): void {
    this.#reserve(to - from);
    this.#bytes.set(bytes.subarray(from, to), this.#length);
    this.#length += to - from;
  }

  /** What was written so far; a view. */
  written(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #put(byte: number): void {
    this.#bytes[this.#length] = byte;
    this.#length += 1;
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, 2 * this.#bytes.length));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}

/** Reads columns in the order they were written. Throws "message-malformed" for what cannot be there. */
export class ColumnReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  number(): number {
    let value = 0;
    // More digits than 2^53 has are refused, also zeros: at an infinite scale they would come to NaN, which no check of a bound refuses.
    for (let scale = 1; scale <= Number.MAX_SAFE_INTEGER; scale *= BITS) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) throw malformedColumn("it ends amid a number");
      this.#at += 1;
      value += (byte % BITS) * scale;
      if (byte < BITS && value <= Number.MAX_SAFE_INTEGER) return value;
    }
    throw malformedColumn("a number beyond 2^53");
  }

  signed(): number {
    const value = this.number();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /**
   * As many bytes as there is room for between two places of an array: a few, as a rule, which are copied faster than a view of
   * them is made.
   */
  copyTo(target: Uint8Array, from: number, to: number): void {
    if (to - from > this.left) throw malformedColumn("it ends amid bytes");
    let at = this.#at;
    for (let into = from; into < to; into += 1) {
      target[into] = this.#bytes[at] ?? 0;
      at += 1;
    }
    this.#at = at;
  }

  /** So many bytes, as a view. */
  bytes(length: number): Uint8Array {
    if (length > this.left) throw malformedColumn("it ends amid bytes");
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

export const malformedColumn = (what: string): SyncError => new SyncError("message-malformed", `a part of a snapshot was refused: ${what}`);
