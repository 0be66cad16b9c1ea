/**
 * The segments of one generation of a client's base, in key order and without overlap. What is in memory are the last
 * keys of them, which say where a record may be, and the few that were read last. Under the generation's prefix:
 *
 *     y/NUMBER   the last key of a segment
 *     z/NUMBER   the segment
 *     zz/NUMBER  something in it was deleted: it is to be written anew
 *     zzz        a segment was found damaged: all of the generation is to be fetched anew
 */
import type { Storage, Write } from "../../hal/storage.ts";
import { must } from "../model/assert.ts";
import { SyncError } from "../model/errors.ts";
import { packPart } from "../protocol/part.ts";
import { withChecksum } from "./checksummed.ts";
import { generationPrefix } from "./generations.ts";
import { HeldLists } from "./held-lists.ts";
import { firstAfter, type KeyRange, numberKey, under } from "./keys.ts";
import { openSegment, Segment } from "./segment.ts";
import { SegmentCache } from "./segment-cache.ts";
import type { StateRecord, LazyValue } from "./state-records.ts";

const LAST_KEYS = "y/";
const SEGMENTS = "z/";
const TO_REWRITE = "zz/";
const DAMAGED = "zzz";

/** The write that notes the damage of the generation with this prefix. */
export const damageNote = (prefix: string): Write => ({ key: prefix + DAMAGED, value: Uint8Array.of(1) });

/** What lies over a record of a segment that is not there any more. No record is without bytes. */
export const GONE: Uint8Array = new Uint8Array(0);

/** A packed part, and the last key in it. */
export interface Packed {
  readonly packed: Uint8Array;
  readonly last: string;
  /** Opened, where it will be read soon. */
  readonly segment?: Segment;
}

export class Segments {
  readonly prefix: string;
  /** By the records of this generation, those over the segments included. */
  readonly held = new HeldLists();
  readonly #storage: Storage;
  readonly #cache = new SegmentCache();
  /** By number. */
  readonly #lastKeys: Buffer[] = [];
  readonly #toRewrite = new Set<number>();
  #isDamaged = false;
  #hasFoundDamage = false;

  private constructor(storage: Storage, prefix: string) {
    this.#storage = storage;
    this.prefix = prefix;
  }

  static async open(storage: Storage, generation: number): Promise<Segments> {
    const segments = new Segments(storage, generationPrefix(generation));
    for await (const [, last] of storage.range(segments.#all(LAST_KEYS))) segments.#lastKeys.push(Buffer.from(last));
    for await (const [key] of storage.range(segments.#all(TO_REWRITE))) segments.#toRewrite.add(Number(key.slice(-NUMBER_CHARACTERS)));
    segments.#isDamaged = (await storage.get(segments.prefix + DAMAGED)) !== undefined;
    return segments;
  }

  /** Whether it was noted that a segment is damaged: what is in such a one is passed over from then on, and not to be relied on. */
  get isDamaged(): boolean {
    return this.#isDamaged;
  }

  /** Whether a damaged segment was met, and it is not noted yet. */
  get hasFoundDamage(): boolean {
    return this.#hasFoundDamage;
  }

  /**
   * Whether this error tells of a damaged record over these segments, or of a segment as the storage finds it, that may be passed
   * over: it may once the damage is noted, and is to be noted before.
   */
  passesOver(error: unknown): boolean {
    if (!(error instanceof SyncError) || error.code !== "storage-damaged") return false;
    if (!this.#isDamaged) this.#hasFoundDamage = true;
    return this.#isDamaged;
  }

  /** The write that notes it; in force when these segments are opened again. */
  damage(): Write {
    return damageNote(this.prefix);
  }

  get size(): number {
    return this.#lastKeys.length;
  }

  /** The segment that a record is in, if it is in any. */
  async holding(stateKey: string): Promise<Segment | undefined> {
    const number = this.#numberOf(stateKey);
    return number === undefined ? undefined : await this.#read(number);
  }

  /** In key order, as they came. */
  async *range({ from, to }: KeyRange): AsyncIterable<StateRecord> {
    for await (const segment of this.#within(from, to)) yield* segment.range(from, to);
  }

  /** The entries of a range that have a value, in key order, as they came. */
  async lazyValues({ from, to }: KeyRange): Promise<LazyValue[]> {
    const found: LazyValue[] = [];
    for await (const segment of this.#within(from, to)) for (const entry of segment.lazyValues(from, to)) found.push(entry);
    return found;
  }

  async *#within(from: string, to: string): AsyncIterable<Segment> {
    for (let number = this.#numberOf(from); number !== undefined; number = this.#after(number, to)) yield await this.#read(number);
  }

  /** The writes that add segments, each with the records after all others; `added` when they are durable. */
  additions(parts: readonly Packed[]): Write[] {
    return parts.flatMap(({ packed, last }, index) => {
      const number = this.#lastKeys.length + index;
      return [
        { key: this.#key(SEGMENTS, number), value: withChecksum(packed) },
        { key: this.#key(LAST_KEYS, number), value: Buffer.from(last) },
      ];
    });
  }

  added(parts: readonly Packed[]): void {
    for (const { last, segment } of parts) {
      const number = this.#lastKeys.push(Buffer.from(last)) - 1;
      if (segment !== undefined) this.#cache.keep(number, segment);
    }
  }

  /** The writes of a deletion: a record goes, and what a segment may have of it is hidden until the segment is written anew. */
  deletion(stateKey: string): Write[] {
    const key = this.prefix + stateKey;
    const number = this.#numberOf(stateKey);
    if (number === undefined) return [{ key, value: undefined }];
    this.#toRewrite.add(number);
    return [
      { key, value: GONE },
      { key: this.#key(TO_REWRITE, number), value: Uint8Array.of(1) },
    ];
  }

  /** Writes one segment anew, if one is to be, without the records that are hidden. What is visible stays the same. */
  async rewriteOne(write: (batch: readonly Write[]) => Promise<void>): Promise<void> {
    const [number] = this.#toRewrite;
    // What cannot be read cannot be written anew either: it goes with its generation.
    if (number === undefined || this.#isDamaged) return;
    const segment = await this.#read(number);
    const range = { from: number === 0 ? "" : firstAfter(this.#lastKey(number - 1)), to: firstAfter(this.#lastKey(number)) };
    const hidden = new Set<string>();
    const batch: Write[] = [{ key: this.#key(TO_REWRITE, number), value: undefined }];
    for await (const [key, record] of this.#storage.range({ from: this.prefix + range.from, to: this.prefix + range.to })) {
      hidden.add(key.slice(this.prefix.length));
      if (record.length === 0) batch.push({ key, value: undefined });
    }
    const left = [...segment.range(range.from, range.to)].filter(([key]) => !hidden.has(key));
    if (left.length < segment.records) batch.push({ key: this.#key(SEGMENTS, number), value: withChecksum(packPart(left)) });
    await this.#cache.aside(() => write(batch));
    this.#toRewrite.delete(number);
  }

  /** The first segment that ends at the key or after it: all others end before it, or begin after it. */
  #numberOf(stateKey: string): number | undefined {
    const key = Buffer.from(stateKey);
    let [low, high] = [0, this.#lastKeys.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareBytes(this.#lastKeys[middle], key) < 0) low = middle + 1;
      else high = middle;
    }
    return low < this.#lastKeys.length ? low : undefined;
  }

  /** The next segment, unless it begins at or after the end of a range. */
  #after(number: number, to: string): number | undefined {
    const endsHere = compareBytes(this.#lastKeys[number], Buffer.from(to)) >= 0;
    return endsHere || number + 1 === this.#lastKeys.length ? undefined : number + 1;
  }

  #read(number: number): Promise<Segment> {
    return this.#cache.get(number, () => this.#opened(number));
  }

  async #opened(number: number): Promise<Segment> {
    try {
      return openSegment(await this.#storage.get(this.#key(SEGMENTS, number)));
    } catch (error) {
      if (!this.passesOver(error)) throw error;
      return Segment.read(packPart([]));
    }
  }

  #lastKey(number: number): string {
    return must(this.#lastKeys[number], "a segment has a last key").toString();
  }

  #key(kind: string, number: number): string {
    return `${this.prefix}${kind}${numberKey(number)}`;
  }

  #all(kind: string): KeyRange {
    return under(this.prefix + kind);
  }
}

const NUMBER_CHARACTERS = numberKey(0).length;

const compareBytes = (a: Uint8Array | undefined, b: Uint8Array): number => Buffer.compare(must(a, "a segment has a last key"), b);
