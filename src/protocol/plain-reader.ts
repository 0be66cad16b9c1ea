/**
 * Reads plain CBOR in one pass: what the guard (guard.ts) lets through, and nothing else. Anything else makes the reader lost
 * (`isLost`), and the guard is asked why; the two never differ (test/wire/plain-reader.test.ts). Texts that the product knows are
 * taken from its words (words.ts), so that no new text is made for most names of fields.
 */
import { isUtf8 } from "node:buffer";
import { LIMITS } from "../model/limits.ts";
import type { Value } from "../model/value.ts";
import { numberOfWord, WORDS } from "./words.ts";

const NEGATIVE = 0x20;
const BYTES = 0x40;
const TEXT = 0x60;
const ARRAY = 0x80;
const MAP = 0xa0;
const TAG = 0xc0;
const FALSE = 0xf4;
const TRUE = 0xf5;
const NULL = 0xf6;
const UNDEFINED = 0xf7;
const DOUBLE = 0xfb;
const TWO_32 = 2 ** 32;
const PROTO = "__proto__";
const BYTE_ORDER_MARK = 0xfeff;
/** So few are copied one by one, which is faster than a call. Names of machines and runs are among them. */
const SMALL_BYTES = 32;

export class PlainReader {
  /** The bytes are not what the guard lets through: nothing that was read, or is read from now on, counts. */
  isLost = false;
  readonly #bytes: Buffer;
  #at = 0;
  #end: number;
  #items = 0;
  /** Anywhere in what was read. */
  #hasUndefined = false;

  /** Reads all of these bytes, where `begin` says nothing else. */
  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#end = bytes.length;
  }

  /** All that it was given. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  /** Reads from one place to another from now on. `items`: those of the same message that were read before count towards its limit. */
  begin(at: number, end: number, items: number): void {
    this.#at = at;
    this.#end = end;
    this.#items = items;
    this.isLost = false;
  }

  /** Where the next item begins. */
  get at(): number {
    return this.#at;
  }

  /** How many items were read. */
  get items(): number {
    return this.#items;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#end;
  }

  /**
   * The next item, where it is the value of an entry within so many arrays and maps (src/model/value-fault.ts); undefined by
   * itself is none.
   */
  value(depth: number): Value | undefined {
    this.#hasUndefined = false;
    const value = this.item(depth);
    if (value !== undefined && this.#hasUndefined) this.lose();
    // Whatever is read is plain data.
    return value as Value | undefined;
  }

  /** The next item with all that is in it, as numbers, text, booleans, null, undefined, byte strings (copies), arrays and objects. */
  item(depth = 0): unknown {
    const head = this.#head();
    if (head < 0x18) return head;
    if (head >= TAG) return this.#simple(head);
    const info = head & 0x1f;
    const argument = info < 0x18 ? info : this.#argument(info);
    if (head >= TEXT && head < ARRAY) return this.#text(argument);
    if (head >= MAP) return this.#map(argument, depth + 1);
    if (head < BYTES) return this.#integer(argument, head >= NEGATIVE);
    return head < TEXT ? this.#byteString(argument) : this.#array(argument, depth + 1);
  }

  #head(): number {
    this.#items += 1;
    if (this.#at >= this.#end || this.#items > LIMITS.cborItemsMax) return this.lose();
    const head = this.#bytes[this.#at] ?? UNDEFINED;
    this.#at += 1;
    return head;
  }

  /** The number in the bytes after a head. */
  #argument(info: number): number {
    if (info > 27) return this.lose();
    const from = this.#skip(1 << (info - 24));
    if (this.isLost) return 0;
    if (info === 24) return this.#bytes[from] ?? 0;
    if (info === 25) return this.#bytes.readUInt16BE(from);
    if (info === 26) return this.#bytes.readUInt32BE(from);
    return this.#bytes.readUInt32BE(from) * TWO_32 + this.#bytes.readUInt32BE(from + 4);
  }

  /** Passes over so many bytes, and gives where they begin. */
  #skip(bytes: number): number {
    const from = this.#at;
    if (bytes > this.#end - from) return this.lose();
    this.#at = from + bytes;
    return from;
  }

  #integer(argument: number, isNegative: boolean): number {
    const magnitude = argument + (isNegative ? 1 : 0);
    if (magnitude > Number.MAX_SAFE_INTEGER) return this.lose();
    return isNegative ? -magnitude : magnitude;
  }

  #byteString(length: number): Uint8Array {
    const from = this.#skip(length);
    // A copy: whoever keeps it does not keep the message that it came in.
    if (length > SMALL_BYTES || this.isLost) return new Uint8Array(this.#bytes.subarray(from, this.#at));
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; at += 1) bytes[at] = this.#bytes[from + at] ?? 0;
    return bytes;
  }

  #text(length: number): string {
    const from = this.#at;
    const to = from + length;
    if (to > this.#end) this.lose();
    else this.#at = to;
    if (this.isLost) return "";
    const word = numberOfWord(this.#bytes, from, to);
    if (word >= 0) return WORDS[word] ?? "";
    let plain = from;
    while (plain < to && (this.#bytes[plain] ?? 0) < 0x80) plain += 1;
    return plain === to ? this.#bytes.toString("latin1", from, to) : this.#wideText(from, to);
  }

  #wideText(from: number, to: number): string {
    if (!isUtf8(this.#bytes.subarray(from, to))) this.lose();
    const text = this.#bytes.toString("utf8", from, to);
    if (text.charCodeAt(0) === BYTE_ORDER_MARK) this.lose();
    return text;
  }

  #array(length: number, depth: number): unknown[] {
    const elements: unknown[] = [];
    if (depth > LIMITS.cborDepthMax) this.lose();
    for (let left = length; left > 0 && !this.isLost; left -= 1) elements.push(this.item(depth));
    return elements;
  }

  #map(fields: number, depth: number): Record<string, unknown> {
    const map: Record<string, unknown> = {};
    if (depth > LIMITS.cborDepthMax) this.lose();
    for (let left = fields; left > 0 && !this.isLost; left -= 1) {
      const key = this.#key();
      if (key === PROTO || Object.hasOwn(map, key)) this.lose();
      else map[key] = this.item(depth);
    }
    return map;
  }

  #key(): string {
    const head = this.#head();
    const info = head & 0x1f;
    if (head >= TEXT && head < ARRAY) return this.#text(info < 0x18 ? info : this.#argument(info));
    this.lose();
    return "";
  }

  #simple(head: number): boolean | number | null | undefined {
    switch (head) {
      case FALSE:
        return false;
      case TRUE:
        return true;
      case NULL:
        return null;
      case UNDEFINED:
        this.#hasUndefined = true;
        return undefined;
      case DOUBLE:
        return this.#double();
      default:
        return this.lose();
    }
  }

  #double(): number {
    const from = this.#skip(8);
    const number = this.isLost ? 0 : this.#bytes.readDoubleBE(from);
    return Number.isFinite(number) ? number : this.lose();
  }

  /** Also for whoever reads with it: what was read cannot stand there. */
  lose(): number {
    this.isLost = true;
    return 0;
  }
}
