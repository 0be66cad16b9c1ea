/**
 * A generation of a client's base that is being transferred: parts that arrive become its segments. While one write is under way the next
 * parts are looked at; what was looked at meanwhile goes into the next write together. So the disk and the processor wait for
 * nobody, and where the disk is the slower one, several parts share a sync.
 *
 * What is durable is always a whole beginning of the snapshot: no write begins before the one before it has ended, and none after one
 * that failed.
 */
import type { Write } from "../../hal/storage.ts";
import { LIMITS } from "../model/limits.ts";
import type { Part } from "../protocol/welcome.ts";
import type { Transfer } from "./replica-head.ts";
import { Segment } from "./segment.ts";
import type { Packed, Segments } from "./segments.ts";

interface Parts {
  readonly segments: Segments;
  /** As it stands on the disk. */
  readonly transfer: Transfer;
  /** Writes a batch, and with it where the transfer stands. */
  readonly write: (batch: readonly Write[], transfer: Transfer) => Promise<void>;
}

export class Arriving {
  readonly segments: Segments;
  readonly #put: Parts["write"];
  #transfer: Transfer;
  #waiting: Packed[] = [];
  /** The transfer has gone on since the last write began. */
  #isDue = false;
  /** The write under way: when it has ended, what waits goes into the next one. */
  #write: Promise<void> | undefined;
  /** Ends when nothing waits any more. When a write has failed it stays, and rejects for everybody who asks. */
  #writing: Promise<void> | undefined;
  #hasFailed = false;

  constructor({ segments, transfer, write }: Parts) {
    this.segments = segments;
    this.#put = write;
    this.#transfer = transfer;
  }

  /** Where the transfer will stand when all that was taken is durable. */
  get transfer(): Transfer {
    return this.#transfer;
  }

  /**
   * Takes the part after those before it. The last one is durable with all others when this resolves, the others soon after: `settled`.
   * Throws "message-malformed" for one that could not be read later: then nothing is taken.
   */
  async take({ bytes, last, end, revision }: Omit<Part, "kind" | "after">): Promise<void> {
    const { after, reach } = this.#transfer;
    const segment = Segment.read(bytes);
    segment.check(after, last);
    if (this.#hasFailed) await this.#writing;
    if (this.#waiting.length >= LIMITS.partsWaitingMax) await this.#write;
    this.#transfer = { ...this.#transfer, after: last, complete: end, reach: Math.max(reach, revision) };
    // The owners come last, and are looked at first: the switch finds them in memory.
    if (segment.records > 0) this.#waiting.push({ packed: bytes, last, ...(end ? { segment } : {}) });
    this.#isDue = true;
    this.#begin();
    if (end) await this.#writing;
  }

  /** Resolves when all that was taken is durable. Rejects when a write has failed, for good. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  #begin(): void {
    if (this.#writing !== undefined) return;
    this.#writing = this.#writeAll();
    // Whoever takes the next part, or writes anything else, hears of it.
    this.#writing.catch(() => {
      this.#hasFailed = true;
    });
  }

  async #writeAll(): Promise<void> {
    while (this.#isDue) {
      this.#isDue = false;
      const parts = this.#waiting;
      this.#waiting = [];
      this.#write = this.#put(this.segments.additions(parts), this.#transfer);
      await this.#write;
      this.segments.added(parts);
    }
    this.#writing = undefined;
  }
}
