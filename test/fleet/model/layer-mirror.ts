/**
 * One generation of a client's base as its disk has it, worked out from the layout alone: what came in segments, what lies
 * over it, and what is visible of both.
 */
import { unpackPart } from "../../../src/protocol/part.ts";
import { unpackStored } from "../../../src/store/terse-record.ts";

const SEGMENT = "z/";
const NOTE = "zzz";
const BESIDE = ["y/", "zz"] as const;
const CHECKSUM_BYTES = 4;

export class LayerMirror {
  /** The records that a reader must find, by state key. */
  readonly visible = new Map<string, Uint8Array>();
  /** It is noted that something of it cannot be read: all of it is to be fetched anew. */
  isNoted = false;
  readonly #over = new Map<string, Uint8Array>();
  readonly #segments = new Map<string, ReadonlyMap<string, Uint8Array>>();

  /** Takes what one write made of the generation's records, by their keys in it. Gives the state keys that may have changed. */
  take(written: readonly (readonly [key: string, value: Uint8Array | undefined])[]): ReadonlySet<string> {
    const touched = new Set<string>();
    for (const [key, value] of written) {
      if (key === NOTE) this.isNoted = value !== undefined;
      else if (key.startsWith(SEGMENT)) this.#takeSegment(key, value, touched);
      else if (!BESIDE.some((beside) => key.startsWith(beside))) {
        touched.add(key);
        if (value === undefined) this.#over.delete(key);
        else this.#over.set(key, value);
      }
    }
    for (const key of touched) {
      const over = this.#over.get(key);
      const record = over === undefined ? this.#below(key) : unpackStored(key, over);
      if (record === undefined || record.length === 0) this.visible.delete(key);
      else this.visible.set(key, record);
    }
    return touched;
  }

  #takeSegment(key: string, value: Uint8Array | undefined, touched: Set<string>): void {
    for (const before of this.#segments.get(key)?.keys() ?? []) touched.add(before);
    this.#segments.delete(key);
    if (value === undefined) return;
    const records = new Map(unpackPart(value.subarray(CHECKSUM_BYTES)));
    for (const stateKey of records.keys()) touched.add(stateKey);
    this.#segments.set(key, records);
  }

  #below(stateKey: string): Uint8Array | undefined {
    for (const records of this.#segments.values()) {
      const record = records.get(stateKey);
      if (record !== undefined) return record;
    }
    return undefined;
  }
}
