/**
 * Writes plain data as CBOR, in the shortest form of each head: numbers, text, booleans, null, undefined, byte strings, arrays and
 * objects with text keys. Into bytes of its own, over and over; what is given is a copy.
 */
const WHOLE = 0x00;
const NEGATIVE = 0x20;
const BYTES = 0x40;
const TEXT = 0x60;
const LIST = 0x80;
const MAP = 0xa0;
const FALSE = 0xf4;
const TRUE = 0xf5;
const NULL = 0xf6;
const UNDEFINED = 0xf7;
const DOUBLE = 0xfb;

/** Text of fewer characters has a head of one byte, and is written letter by letter as long as it is plain: to call for it takes longer. */
const SHORT = 24;
/** What a whole number may be to have four bytes, as each of a list or text has; any other is a double. */
const LOWEST = -(2 ** 32);
/** A head, or a double. */
const HEAD_BYTES = 9;
const FIRST_BYTES = 8 * 1024;

export class PlainWriter {
  #bytes = new Uint8Array(FIRST_BYTES);
  /** The same bytes, for what only a Buffer can do. */
  #buffer = Buffer.from(this.#bytes.buffer);
  #at = 0;

  /** The bytes are the caller's own. Throws a TypeError for what is no plain data, and a RangeError for what holds itself. */
  encode(value: unknown): Uint8Array {
    this.#at = 0;
    this.#item(value);
    return this.#bytes.slice(0, this.#at);
  }

  #item(value: unknown): void {
    switch (typeof value) {
      case "string":
        return this.#text(value);
      case "number":
        return this.#number(value);
      case "boolean":
        return this.#byte(value ? TRUE : FALSE);
      case "undefined":
        return this.#byte(UNDEFINED);
      case "object":
        return value === null ? this.#byte(NULL) : this.#object(value);
      default:
        throw new TypeError(`a ${typeof value} is no plain data`);
    }
  }

  #object(value: object): void {
    if (Array.isArray(value)) {
      this.#head(LIST, value.length);
      for (let at = 0; at < value.length; at += 1) this.#item(value[at]);
    } else if (value instanceof Uint8Array) {
      this.#head(BYTES, value.length);
      this.#makeRoom(value.length);
      this.#bytes.set(value, this.#at);
      this.#at += value.length;
    } else if (hasFields(value)) {
      const names = Object.keys(value);
      this.#head(MAP, names.length);
      for (const name of names) {
        this.#text(name);
        this.#item(value[name]);
      }
    } else throw new TypeError("an object of a class is no plain data");
  }

  #number(value: number): void {
    if (value >= 0 && value < 24 && value >>> 0 === value) return this.#byte(value);
    if (value >>> 0 === value) return this.#head(WHOLE, value);
    if (value < 0 && value >= LOWEST && Math.floor(value) === value) return this.#head(NEGATIVE, -1 - value);
    this.#makeRoom(HEAD_BYTES);
    this.#bytes[this.#at] = DOUBLE;
    this.#at = this.#buffer.writeDoubleBE(value, this.#at + 1);
  }

  #text(text: string): void {
    const { length } = text;
    if (this.#at + HEAD_BYTES + 3 * length > this.#bytes.length) this.#makeRoom(HEAD_BYTES + 3 * length);
    const bytes = this.#bytes;
    if (length < SHORT) {
      const from = this.#at + 1;
      let index = 0;
      for (; index < length; index += 1) {
        const code = text.charCodeAt(index);
        if (code >= 0x80) break;
        bytes[from + index] = code;
      }
      if (index === length) {
        bytes[this.#at] = TEXT | length;
        this.#at = from + length;
        return;
      }
    }
    // Behind a head as it would be if all of it were plain.
    const from = this.#at + headBytes(length);
    const written = this.#buffer.write(text, from);
    if (headBytes(written) !== from - this.#at) bytes.copyWithin(this.#at + headBytes(written), from, from + written);
    this.#head(TEXT, written);
    this.#at += written;
  }

  /** What comes, and how long or how large it is: below 2^32. */
  #head(kind: number, size: number): void {
    if (this.#at + HEAD_BYTES > this.#bytes.length) this.#makeRoom(HEAD_BYTES);
    const bytes = this.#bytes;
    if (size < 24) bytes[this.#at++] = kind | size;
    else if (size < 0x100) {
      bytes[this.#at++] = kind | 24;
      bytes[this.#at++] = size;
    } else if (size < 0x10000) {
      bytes[this.#at++] = kind | 25;
      bytes[this.#at++] = size >>> 8;
      bytes[this.#at++] = size & 0xff;
    } else {
      bytes[this.#at++] = kind | 26;
      this.#at = this.#buffer.writeUInt32BE(size, this.#at);
    }
  }

  #byte(byte: number): void {
    if (this.#at === this.#bytes.length) this.#makeRoom(1);
    this.#bytes[this.#at++] = byte;
  }

  #makeRoom(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * (this.#at + bytes));
    larger.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = larger;
    this.#buffer = Buffer.from(larger.buffer);
  }
}

const headBytes = (size: number): number => (size < 24 ? 1 : size < 0x100 ? 2 : size < 0x10000 ? 3 : 5);

/** An object that is nothing but its fields: made as a literal, or without a prototype. */
function hasFields(value: object): value is Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
