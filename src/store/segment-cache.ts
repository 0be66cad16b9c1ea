/**
 * The segments that were read last, as many as there is room for; the one read longest ago goes first. Whoever wants one that
 * is being read already waits for that: a thousand who ask at once cost one segment's memory.
 */
import { LIMITS } from "../model/limits.ts";
import type { Segment } from "./segment.ts";

export class SegmentCache {
  /** By number, the one read last at the end: a Map keeps the order of insertion. */
  readonly #held = new Map<number, Segment>();
  readonly #loading = new Map<number, Promise<Segment>>();
  #bytes = 0;
  /** Rises whenever what was read before may not be kept. */
  #era = 0;
  #isClosed = false;

  async get(number: number, load: () => Promise<Segment>): Promise<Segment> {
    const held = this.#held.get(number);
    if (held !== undefined) {
      this.#held.delete(number);
      this.#held.set(number, held);
      return held;
    }
    return await (this.#loading.get(number) ?? this.#load(number, load));
  }

  #load(number: number, load: () => Promise<Segment>): Promise<Segment> {
    const loading = this.#loadAndKeep(number, load).finally(() => {
      if (this.#loading.get(number) === loading) this.#loading.delete(number);
    });
    if (!this.#isClosed) this.#loading.set(number, loading);
    return loading;
  }

  async #loadAndKeep(number: number, load: () => Promise<Segment>): Promise<Segment> {
    const era = this.#era;
    const segment = await load();
    if (era === this.#era && !this.#isClosed) this.keep(number, segment);
    return segment;
  }

  /** Keeps one that is not held, as the one read last. */
  keep(number: number, segment: Segment): void {
    this.#held.set(number, segment);
    this.#bytes += segment.size;
    for (const [oldest, { size }] of this.#held) {
      if (this.#bytes <= LIMITS.segmentCacheBytesMax || oldest === number) return;
      this.#held.delete(oldest);
      this.#bytes -= size;
    }
  }

  /**
   * While segments are written anew, nothing is kept, and nothing from before is used: whoever reads in that moment sees
   * the storage, where the records over a segment and the segment change at once.
   */
  async aside(write: () => Promise<void>): Promise<void> {
    this.#isClosed = true;
    this.#held.clear();
    this.#loading.clear();
    this.#bytes = 0;
    try {
      await write();
    } finally {
      this.#era += 1;
      this.#isClosed = false;
    }
  }
}
