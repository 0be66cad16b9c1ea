/** A snapshot part in rows: keys and values in turn, each with its length before it. What is in memory is that, and where each begins. */
import { SyncError } from "../model/errors.ts";
import { recordBounds } from "./block.ts";
import type { PartRecords } from "./part-records.ts";

export class RowPart implements PartRecords {
  readonly #bytes: Buffer;
  /** Start and end of each key, then of its value. */
  readonly #bounds: Uint32Array;

  /** Throws "message-malformed". */
  constructor(inflated: Uint8Array) {
    this.#bytes = Buffer.from(inflated.buffer, inflated.byteOffset, inflated.length);
    this.#bounds = Uint32Array.from(recordBounds(inflated));
    if (this.#bounds.length % 4 !== 0) throw new SyncError("message-malformed", "part refused: a key without a value");
  }

  get records(): number {
    return this.#bounds.length / 4;
  }

  get size(): number {
    return this.#bytes.length + this.#bounds.byteLength;
  }

  key(at: number): Buffer {
    return this.#bytes.subarray(this.#bounds[4 * at], this.#bounds[4 * at + 1]);
  }

  compareKey(at: number, key: Uint8Array): number {
    return this.#bytes.compare(key, 0, key.length, this.#bounds[4 * at], this.#bounds[4 * at + 1]);
  }

  isEmpty(at: number): boolean {
    return this.#bounds[4 * at + 2] === this.#bounds[4 * at + 3];
  }

  keyTexts(from: number, to: number): string[] {
    return Array.from({ length: to - from }, (_, index) => this.key(from + index).toString());
  }

  get values(): Uint8Array {
    return this.#bytes;
  }

  valueFrom(): number {
    return -1;
  }

  valueTo(): number {
    return -1;
  }

  record(at: number): Uint8Array {
    const [start = 0, end = 0] = this.#bounds.subarray(4 * at + 2, 4 * at + 4);
    return new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset + start, end - start);
  }
}
