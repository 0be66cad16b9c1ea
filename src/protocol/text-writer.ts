/**
 * Values of entries as JSON text, made of their CBOR in one pass, without any object between the two: what a join shows goes to
 * the machine's stores so. Only what the reader (plain-reader.ts) would read is written, and only what JSON can say as it is;
 * the two never differ (test/wire/text-writer.test.ts). Whatever else comes is left to the reader, which says what is wrong.
 */
import { isUtf8 } from "node:buffer";
import { LIMITS } from "../model/limits.ts";
import { VALUE_DEPTH_MAX } from "../model/value-fault.ts";
import { isAlike } from "./words.ts";

const [QUOTE, COMMA, MINUS, ZERO, COLON, ESCAPE] = [0x22, 0x2c, 0x2d, 0x30, 0x3a, 0x5c];
const [ARRAY_START, ARRAY_END, MAP_START, MAP_END, DOLLAR, UNDERLINE] = [0x5b, 0x5d, 0x7b, 0x7d, 0x24, 0x5f];
const [BYTES, TEXT, ARRAY, MAP, TAG] = [0x40, 0x60, 0x80, 0xa0, 0xc0];
const [FALSE, TRUE, NULL, DOUBLE] = [0xf4, 0xf5, 0xf6, 0xfb];
const [FIRST_PRINTED, FIRST_WIDE, MARK_FIRST] = [0x20, 0x80, 0xef];
/** Maps with more fields are left to the reader: fields are compared each with each. */
const FIELDS = 32;
/** Texts are written one after the other into a buffer of this size; one that might not fit any more begins a new buffer. */
const RUN_BYTES = 64 * 1024;
/** A character takes six bytes at most, as `\u001f`; a number of nine bytes no more than these. */
const GROWTH = 6;
const NUMBER_BYTES = 32;

/** A value between two places of what it stands in, and the fields that it must not have. */
export interface Source {
  readonly cbor: Uint8Array;
  readonly from: number;
  readonly to: number;
  /** In UTF-8. */
  readonly without: readonly Uint8Array[];
}

export class TextWriter {
  #out: Buffer = Buffer.alloc(0);
  /** Where the next byte goes. */
  #end = 0;
  #in: Uint8Array = this.#out;
  #at = 0;
  #to = 0;
  #without: readonly Uint8Array[] = [];
  #items = 0;
  #isLost = false;
  #isWide = false;
  /** Where the fields of the maps that are open begin and end, one after the other. */
  readonly #fields = new Uint32Array(2 * FIELDS * (VALUE_DEPTH_MAX + 1));

  /**
   * The text of it, in UTF-8; undefined: it is to be read instead. A view of a run of bytes in which nothing is written
   * twice, so that it stays as it is for as long as anybody has it.
   */
  textOf({ cbor, from, to, without }: Source): Uint8Array | undefined {
    if (to - from > LIMITS.entryBytesMax) return undefined;
    this.#begin(to - from);
    this.#in = cbor;
    this.#at = from;
    this.#to = to;
    this.#without = without;
    const start = this.#end;
    this.#item(0);
    if (!this.#isLost && this.#at === to) {
      const text = new Uint8Array(this.#out.buffer, start, this.#end - start);
      // Checked once for all texts in it: a quotation mark stands after each, so a character that is cut off cannot go on in the next.
      if (!this.#isWide || isUtf8(text)) return text;
    }
    this.#end = start;
    return undefined;
  }

  #begin(bytes: number): void {
    const bytesMax = GROWTH * bytes + NUMBER_BYTES;
    if (this.#out.length - this.#end < bytesMax) {
      this.#out = Buffer.allocUnsafeSlow(Math.max(RUN_BYTES, bytesMax));
      this.#end = 0;
    }
    this.#items = 0;
    this.#isLost = false;
    this.#isWide = false;
  }

  #item(depth: number): void {
    const head = this.#head();
    if (head < 0x18) this.#small(head);
    else if (head >= TEXT && head < ARRAY) this.#text(this.#argument(head));
    else if (head >= MAP && head < TAG) this.#map(this.#argument(head), depth + 1);
    else if (head < BYTES) this.#integer(head);
    else if (head >= ARRAY && head < MAP) this.#array(this.#argument(head), depth + 1);
    else this.#simple(head);
  }

  #head(): number {
    this.#items += 1;
    if (this.#items > LIMITS.cborItemsMax) return this.#lose();
    return this.#next();
  }

  /** The number in a head, or in the bytes after it. */
  #argument(head: number): number {
    const info = head & 0x1f;
    if (info < 24) return info;
    if (info > 27) return this.#lose();
    let value = 0;
    for (let left = 1 << (info - 24); left > 0; left -= 1) value = value * 256 + this.#next();
    return value;
  }

  #next(): number {
    if (this.#at >= this.#to) return this.#lose();
    const byte = this.#in[this.#at] ?? 0;
    this.#at += 1;
    return byte;
  }

  #small(number: number): void {
    if (number > 9) this.#put(ZERO + Math.floor(number / 10));
    this.#put(ZERO + (number % 10));
  }

  #integer(head: number): void {
    const isNegative = head >= 0x20;
    const magnitude = this.#argument(head) + (isNegative ? 1 : 0);
    if (magnitude > Number.MAX_SAFE_INTEGER) this.#lose();
    if (isNegative) this.#put(MINUS);
    if (magnitude < 100) this.#small(magnitude);
    else this.#ascii(String(magnitude));
  }

  #text(length: number): void {
    const from = this.#at;
    const to = from + length;
    // A byte-order mark is no text for the reader.
    if (to > this.#to || (this.#in[from] === MARK_FIRST && length > 2)) return void this.#lose();
    this.#put(QUOTE);
    const bytes = this.#in;
    const out = this.#out;
    let end = this.#end;
    let widest = 0;
    for (let at = from; at < to; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte < FIRST_PRINTED || byte === QUOTE || byte === ESCAPE) end = this.#escape(byte, end);
      else {
        out[end] = byte;
        end += 1;
        widest |= byte;
      }
    }
    this.#isWide ||= widest >= FIRST_WIDE;
    this.#at = to;
    this.#end = end;
    this.#put(QUOTE);
  }

  /** Gives where the next byte goes. */
  #escape(byte: number, end: number): number {
    this.#end = end;
    this.#put(ESCAPE);
    if (byte < FIRST_PRINTED) this.#ascii(`u00${byte.toString(16).padStart(2, "0")}`);
    else this.#put(byte);
    return this.#end;
  }

  #array(length: number, depth: number): void {
    if (depth > VALUE_DEPTH_MAX) this.#lose();
    this.#put(ARRAY_START);
    for (let at = 0; at < length && !this.#isLost; at += 1) {
      if (at > 0) this.#put(COMMA);
      this.#item(depth);
    }
    this.#put(ARRAY_END);
  }

  #map(fields: number, depth: number): void {
    if (depth > VALUE_DEPTH_MAX || fields > FIELDS) this.#lose();
    this.#put(MAP_START);
    let seen = 0;
    for (let at = 0; at < fields && !this.#isLost; at += 1) {
      if (at > 0) this.#put(COMMA);
      seen |= this.#field(depth, at, seen);
      this.#put(COLON);
      this.#item(depth);
    }
    this.#put(MAP_END);
  }

  /**
   * The name of a map's field, which must not come twice. `seen`: the bits of the names before it, each as this gives it back. A name
   * that begins with a dollar sign would mean something else in the stores' texts (hal/parts/value-json.ts).
   */
  #field(depth: number, index: number, seen: number): number {
    const head = this.#head();
    if (head < TEXT || head >= ARRAY) return this.#lose();
    const length = this.#argument(head);
    const from = this.#at;
    this.#text(length);
    if (this.#isLost) return 0;
    const first = length === 0 ? 0 : (this.#in[from] ?? 0);
    // Two underlines in front: it may be `__proto__`, which an object would not keep as a field.
    if (first === DOLLAR || (first === UNDERLINE && this.#in[from + 1] === UNDERLINE)) this.#lose();
    if (depth === 1 && this.#without.length > 0 && this.#isUnwanted(from, length)) this.#lose();
    // A bit made of its length and its first and last byte: only names with the same bit are compared, and most maps have none.
    const like = 1 << ((length + 5 * first + 3 * (this.#in[from + length - 1] ?? 0)) & 31);
    const ofMap = 2 * FIELDS * depth;
    const place = ofMap + 2 * index;
    if ((seen & like) !== 0) for (let at = ofMap; at < place; at += 2) if (this.#isNamed(at, from, length)) this.#lose();
    this.#fields[place] = from;
    this.#fields[place + 1] = length;
    return like;
  }

  /** Whether the field with its place here has this name. */
  #isNamed(place: number, from: number, length: number): boolean {
    return this.#fields[place + 1] === length && isAlike(this.#in, this.#fields[place] ?? 0, this.#in, from, length);
  }

  #isUnwanted(from: number, length: number): boolean {
    return this.#without.some((name) => name.length === length && isAlike(name, 0, this.#in, from, length));
  }

  #simple(head: number): void {
    if (head === FALSE) this.#ascii("false");
    else if (head === TRUE) this.#ascii("true");
    else if (head === NULL) this.#ascii("null");
    else if (head === DOUBLE) this.#double();
    else this.#lose();
  }

  #double(): void {
    const { buffer, byteOffset } = this.#in;
    const from = this.#at;
    this.#at += 8;
    if (this.#at > this.#to) return void this.#lose();
    const number = new DataView(buffer, byteOffset + from, 8).getFloat64(0);
    if (Number.isFinite(number) && !Object.is(number, -0)) this.#ascii(String(number));
    else this.#lose();
  }

  #ascii(text: string): void {
    for (let at = 0; at < text.length; at += 1) this.#put(text.charCodeAt(at));
  }

  #put(byte: number): void {
    this.#out[this.#end] = byte;
    this.#end += 1;
  }

  /** It is no plain value, or one that JSON says otherwise. */
  #lose(): number {
    this.#isLost = true;
    return 0;
  }
}
