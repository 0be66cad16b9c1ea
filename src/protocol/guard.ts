/**
 * Looks at the bytes of a message, and says what is wrong with them, and where. What passes is plain data in definite lengths
 * that a parser reads in one step a byte (plain-reader.ts does, and lets nothing else pass): no tags (dates, regular
 * expressions, bignums, shared structures), no text that is not UTF-8, no map with a key that is not text or that comes twice,
 * nothing after the end.
 *
 * Floats are doubles only. A shorter float would grow when it is encoded again, and so a value that was let in could
 * become one that may not be sent on.
 */
import { isUtf8 } from "node:buffer";
import { SyncError } from "../model/errors.ts";
import { LIMITS } from "../model/limits.ts";
import { MapKeys } from "./map-keys.ts";

const MAJOR_UNSIGNED = 0;
const MAJOR_NEGATIVE = 1;
const MAJOR_BYTES = 2;
const MAJOR_TEXT = 3;
const MAJOR_ARRAY = 4;
const MAJOR_MAP = 5;
const MAJOR_TAG = 6;

const FALSE = 0xf4;
const UNDEFINED = 0xf7;
const DOUBLE = 0xfb;
const PROTO = "__proto__";
const UNDERLINE = 0x5f;

/** An array or map that is open. For a map `left` counts keys and values, and `keys` holds those that came. */
interface Open {
  left: number;
  readonly keys: MapKeys | undefined;
}

/**
 * Returns when the bytes are one well-formed value within the limits; throws "message-too-large" when there are more
 * than `bytesMax` of them, and "message-malformed" with the place of the fault otherwise.
 */
export function guardCbor(bytes: Uint8Array, bytesMax: number): void {
  refuseLarger(bytes, bytesMax);
  const scan = new Scan(bytes);
  const open: Open[] = [];
  for (;;) {
    const level = open.at(-1);
    const deeper = level?.keys !== undefined && level.left % 2 === 0 ? scan.key(level.keys) : scan.item();
    if (level !== undefined) level.left -= 1;
    if (deeper !== undefined) open.push(deeper);
    if (open.length > LIMITS.cborDepthMax) scan.fault(`nested deeper than ${LIMITS.cborDepthMax}`);
    while (open.at(-1)?.left === 0) open.pop();
    if (open.length === 0) break;
  }
  scan.end();
}

/** Throws "message-too-large" when there are more than `bytesMax` of them. */
export function refuseLarger(bytes: Uint8Array, bytesMax: number): void {
  if (bytes.length <= bytesMax) return;
  throw new SyncError("message-too-large", `message refused: ${bytes.length} bytes, at most ${bytesMax} are taken`);
}

/** Goes through the bytes from the first to the last, once. */
class Scan {
  readonly #bytes: Buffer;
  #at = 0;
  #items = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  fault(what: string): never {
    throw new SyncError("message-malformed", `message refused: not the CBOR we speak, near byte ${this.#at}: ${what}`);
  }

  /** One item; of an array or map only its head, and what is to follow. */
  item(): Open | undefined {
    const first = this.#first();
    const major = first >> 5;
    switch (major) {
      case MAJOR_UNSIGNED:
      case MAJOR_NEGATIVE:
        this.#integer(first);
        return undefined;
      case MAJOR_BYTES:
        this.#skip(this.#length(first));
        return undefined;
      case MAJOR_TEXT:
        this.#text(first);
        return undefined;
      case MAJOR_ARRAY:
        return { left: this.#count(first, 1), keys: undefined };
      case MAJOR_MAP:
        return { left: this.#count(first, 2), keys: new MapKeys(this.#bytes) };
      case MAJOR_TAG:
        return this.fault("a tag");
      default:
        this.#simple(first);
        return undefined;
    }
  }

  key(keys: MapKeys): undefined {
    const first = this.#first();
    if (first >> 5 !== MAJOR_TEXT) this.fault("a key that is not text");
    const start = this.#text(first);
    if (!keys.add(start, this.#at)) this.fault("a key that comes twice");
    if (this.#at - start === PROTO.length && this.#bytes[start] === UNDERLINE && this.#bytes.toString("latin1", start, this.#at) === PROTO)
      this.fault("the key __proto__");
  }

  end(): void {
    if (this.#at < this.#bytes.length) this.fault(`${this.#bytes.length - this.#at} bytes after the end`);
  }

  #first(): number {
    this.#items += 1;
    if (this.#items > LIMITS.cborItemsMax) this.fault(`more than ${LIMITS.cborItemsMax} items`);
    const first = this.#bytes[this.#at];
    if (first === undefined) return this.fault("the end is missing");
    this.#at += 1;
    return first;
  }

  /** The number of a head: in the first byte, or in the 1, 2, 4 or 8 bytes after it. */
  #argument(first: number): number {
    const info = first & 0x1f;
    if (info < 24) return info;
    if (info > 27) this.fault(info === 31 ? "an indefinite length" : "a reserved head");
    const size = 1 << (info - 24);
    const from = this.#at;
    this.#skip(size);
    if (size === 1) return this.#bytes.readUInt8(from);
    if (size === 2) return this.#bytes.readUInt16BE(from);
    if (size === 4) return this.#bytes.readUInt32BE(from);
    return this.#bytes.readUInt32BE(from) * 2 ** 32 + this.#bytes.readUInt32BE(from + 4);
  }

  #skip(size: number): void {
    if (size > this.#bytes.length - this.#at) this.fault("the end is missing");
    this.#at += size;
  }

  #integer(first: number): void {
    const magnitude = this.#argument(first) + (first >> 5);
    if (magnitude > Number.MAX_SAFE_INTEGER) this.fault("an integer beyond 2^53");
  }

  #length(first: number): number {
    return this.#argument(first);
  }

  /** How many items follow in an array or map. Each takes a byte at least, and counts towards the limit before it is seen. */
  #count(first: number, itemsEach: 1 | 2): number {
    const count = this.#argument(first) * itemsEach;
    if (count > this.#bytes.length - this.#at) this.fault("the end is missing");
    if (this.#items + count > LIMITS.cborItemsMax) this.fault(`more than ${LIMITS.cborItemsMax} items`);
    return count;
  }

  /** Gives where it starts; it ends where the scan is then. */
  #text(first: number): number {
    const length = this.#length(first);
    const start = this.#at;
    this.#skip(length);
    const end = start + length;
    let at = start;
    while (at < end && (this.#bytes[at] ?? 0x80) < 0x80) at += 1;
    if (at < end && !isUtf8(this.#bytes.subarray(start, end))) this.fault("text that is not UTF-8");
    // The parser would keep this mark in front of a short text and drop it from a long one.
    if (this.#bytes[start] === 0xef && this.#bytes[start + 1] === 0xbb && this.#bytes[start + 2] === 0xbf && length > 2) {
      this.fault("text that begins with a byte-order mark");
    }
    return start;
  }

  #simple(first: number): void {
    if (first >= FALSE && first <= UNDEFINED) return;
    if (first !== DOUBLE) this.fault("a simple value or a short float");
    const from = this.#at;
    this.#skip(8);
    if (!Number.isFinite(this.#bytes.readDoubleBE(from))) this.fault("a number that is not finite");
  }
}
