/** Texts that stood before in what is made terse, or of it: the places where they stand. A text that comes anew is in it once. */
import { isAlike, likeness, numberOfWord } from "../protocol/words.ts";
import { BEFORE_MAX, TEXT_BYTES_MAX, TEXT_BYTES_MIN } from "./terse-form.ts";

export class TextsBefore {
  readonly #bytes: Uint8Array[] = [];
  readonly #from: number[] = [];
  readonly #to: number[] = [];
  /** Nearly all of the others are told from a text by one look. */
  readonly #likeness: number[] = [];
  #size = 0;

  /** Before what comes next nothing stood. */
  clear(): void {
    this.#size = 0;
  }

  /** A text that may stand in what comes. It is not counted where it is one of the words, or known already. */
  know(bytes: Uint8Array, from: number, to: number): void {
    if (this.find(bytes, from, to) < 0 && numberOfWord(bytes, from, to) < 0) this.add(bytes, from, to);
  }

  /** Its number; -1: it did not stand before. */
  find(bytes: Uint8Array, from: number, to: number): number {
    const sought = likeness(bytes, from, to);
    for (let index = 0; index < this.#size; index += 1) {
      if (this.#likeness[index] !== sought) continue;
      if (isAlike(this.#bytes[index] ?? bytes, this.#from[index] ?? 0, bytes, from, to - from)) return index;
    }
    return -1;
  }

  /** One too many, or one of a length that is not counted, is passed over. */
  add(bytes: Uint8Array, from: number, to: number): void {
    const length = to - from;
    if (length < TEXT_BYTES_MIN || length > TEXT_BYTES_MAX || this.#size === BEFORE_MAX) return;
    this.#bytes[this.#size] = bytes;
    this.#from[this.#size] = from;
    this.#to[this.#size] = to;
    this.#likeness[this.#size] = likeness(bytes, from, to);
    this.#size += 1;
  }

  /** A view; undefined: there is none of this number. */
  text(index: number): Uint8Array | undefined {
    return index < this.#size ? this.#bytes[index]?.subarray(this.#from[index], this.#to[index]) : undefined;
  }
}
