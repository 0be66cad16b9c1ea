/** Blocks: many records in one run of bytes, deflated when that pays, and cut into pieces that fit a message. */
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { assert } from "../model/assert.ts";
import { SyncError } from "../model/errors.ts";
import { LIMITS } from "../model/limits.ts";

const LENGTH_BYTES = 4;
/** Below this, deflating costs more time than it saves on any link. */
const DEFLATE_FROM_BYTES = 1_024;

/** The records one after the other, each with its length before it as four bytes, big-endian. */
export function packRecords(records: readonly Uint8Array[]): Uint8Array {
  assert(records.length <= LIMITS.recordsMax, `a block of ${records.length} records`);
  const packed = new Uint8Array(records.reduce((size, record) => size + LENGTH_BYTES + record.length, 0));
  const view = new DataView(packed.buffer);
  let at = 0;
  for (const record of records) {
    view.setUint32(at, record.length);
    packed.set(record, at + LENGTH_BYTES);
    at += LENGTH_BYTES + record.length;
  }
  return packed;
}

/** Start and end of each record of a block, one after the other. Throws "message-malformed". */
export function recordBounds(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const bounds: number[] = [];
  let at = 0;
  while (at < bytes.length) {
    const left = bytes.length - at - LENGTH_BYTES;
    const length = left < 0 ? 0 : view.getUint32(at);
    if (left < length) throw malformed(`record ${bounds.length / 2} goes beyond the end at byte ${bytes.length}`);
    if (bounds.length === 2 * LIMITS.recordsMax) throw malformed(`more than ${LIMITS.recordsMax} records`);
    at += LENGTH_BYTES + length;
    bounds.push(at - length, at);
  }
  return bounds;
}

/** The records of a block, as views of it (whoever keeps one for long, copies it). Throws "message-malformed". */
export function unpackRecords(bytes: Uint8Array): Uint8Array[] {
  const bounds = recordBounds(bytes);
  const records: Uint8Array[] = [];
  for (let at = 0; at < bounds.length; at += 2) records.push(bytes.subarray(bounds[at], bounds[at + 1]));
  return records;
}

/** Deflates what is worth it. */
export function deflateBlock(bytes: Uint8Array): { readonly deflated: boolean; readonly bytes: Uint8Array } {
  if (bytes.length <= DEFLATE_FROM_BYTES) return { deflated: false, bytes };
  const smaller = deflateRawSync(bytes);
  return smaller.length < bytes.length ? { deflated: true, bytes: plain(smaller) } : { deflated: false, bytes };
}

/** Undoes deflateBlock. What would grow beyond `inflatedMax` is stopped there: "message-too-large". */
export function inflateBlock(bytes: Uint8Array, deflated: boolean, inflatedMax: number): Uint8Array {
  if (bytes.length > inflatedMax) throw tooLarge(inflatedMax);
  if (!deflated) return bytes;
  try {
    return plain(inflateRawSync(bytes, { maxOutputLength: inflatedMax }));
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge(inflatedMax, cause);
    throw malformed("it does not inflate", cause);
  }
}

/** The block in slices that fit a message; the empty block is one empty piece. */
export function pieces(bytes: Uint8Array): Uint8Array[] {
  const slices: Uint8Array[] = [];
  for (let at = 0; at < bytes.length || slices.length === 0; at += LIMITS.pieceBytesMax) {
    slices.push(bytes.subarray(at, at + LIMITS.pieceBytesMax));
  }
  assert(slices.length <= LIMITS.piecesMax, `a block of ${bytes.length} bytes`);
  return slices;
}

/** Puts the pieces of one block together again, in their order. */
export class Assembly {
  readonly #bytesMax: number;
  #slices: Uint8Array[] = [];
  #of = 0;
  #size = 0;

  /** Blocks of more than `bytesMax` bytes are refused as soon as they pass it. */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /**
   * Takes piece `part` of `of`, counted from 0; piece 0 begins a block anew. Answers the whole block with its last
   * piece, "more" until then (and for the piece that has just come, sent twice), and "out-of-order" when a piece is
   * missing: what came is dropped, and the block is to be asked for again. Throws "message-too-large".
   */
  add(part: number, of: number, bytes: Uint8Array): Uint8Array | "more" | "out-of-order" {
    if (part === 0) this.clear();
    if (this.#isCopy(part, of, bytes)) return "more";
    const fits = part === this.#slices.length && part < of && (part === 0 || of === this.#of);
    if (!fits) {
      this.clear();
      return "out-of-order";
    }
    this.#take(of, bytes);
    if (part < of - 1) return "more";
    const whole = of === 1 ? bytes : plain(Buffer.concat(this.#slices));
    this.clear();
    return whole;
  }

  clear(): void {
    this.#slices = [];
    this.#of = 0;
    this.#size = 0;
  }

  #isCopy(part: number, of: number, bytes: Uint8Array): boolean {
    const last = this.#slices.at(-1);
    return last !== undefined && part === this.#slices.length - 1 && of === this.#of && Buffer.compare(last, bytes) === 0;
  }

  #take(of: number, bytes: Uint8Array): void {
    this.#of = of;
    this.#size += bytes.length;
    this.#slices.push(bytes);
    if (this.#size <= this.#bytesMax && of <= LIMITS.piecesMax) return;
    this.clear();
    throw tooLarge(this.#bytesMax);
  }
}

/** Node's results are Buffers; the module's own bytes are plain arrays, so that equal bytes compare as equal. */
const plain = (buffer: Buffer): Uint8Array => new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);

const malformed = (what: string, cause?: unknown): SyncError => new SyncError("message-malformed", `block refused: ${what}`, { cause });

const tooLarge = (max: number, cause?: unknown): SyncError =>
  new SyncError("message-too-large", `block refused: more than ${max} bytes`, { cause });
