/**
 * A network cable that can be worked: pulled out, made slow, made lossy. It knows nothing of sockets; a strand is one
 * direction of one stream, which takes what was sent and delivers it, in order, when it would have arrived.
 *
 * The rules are TCP's as its users see them. Pulled out is silence: what was sent waits and is delivered after the cable
 * is back, an end or a reset of the stream included. A lost segment comes 200 ms later, one lost again after 400 ms
 * more, and so on; what was sent after it waits for it. Without knobs a strand delivers at once, in the same call.
 */

export interface CableKnobs {
  readonly connected: boolean;
  /** One way, 0 to 60,000. */
  readonly delayMs: number;
  /** 0 to 100; at 100 nothing passes, as if it were pulled out. */
  readonly lossPercent: number;
}

export const PLAIN_CABLE: CableKnobs = { connected: true, delayMs: 0, lossPercent: 0 };

export interface CableParts {
  /** Milliseconds that never go back. */
  readonly nowMs: () => number;
  /** Calls `fn` once after at least `ms`; the function given back calls it off. */
  readonly after: (ms: number, fn: () => void) => () => void;
  /** From 0 up to, but without, 1. */
  readonly chance: () => number;
}

/** What travels: bytes, the orderly end of the stream, or its reset. */
export type Parcel = { readonly kind: "bytes"; readonly bytes: Uint8Array } | { readonly kind: "end" } | { readonly kind: "reset" };

/** A segment of TCP over Ethernet: losses strike segments, not writes. */
const SEGMENT_BYTES = 1_448;
const RETRANSMIT_FIRST_MS = 200;
/** A segment is not lost more often in a row: 51 s in all, after which TCP would soon give up. */
const LOSSES_MAX = 8;

export class Cable {
  readonly #parts: CableParts;
  readonly #strands = new Set<Strand>();
  readonly #listeners = new Set<(knobs: CableKnobs) => void>();
  #knobs: CableKnobs = PLAIN_CABLE;

  constructor(parts: CableParts) {
    this.#parts = parts;
  }

  get knobs(): CableKnobs {
    return this.#knobs;
  }

  /** Whether anything can pass at all. */
  get open(): boolean {
    return this.#knobs.connected && this.#knobs.lossPercent < 100;
  }

  set(knobs: CableKnobs): void {
    this.#knobs = knobs;
    for (const strand of [...this.#strands]) strand.knobsChanged();
    for (const listener of [...this.#listeners]) listener(knobs);
  }

  onChange(listener: (knobs: CableKnobs) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** One direction of one stream. `deliver` is called with parcels in the order they were sent. */
  strand(deliver: (parcel: Parcel) => void): Strand {
    const strand: Strand = new Strand({ cable: this, parts: this.#parts, deliver, closed: () => void this.#strands.delete(strand) });
    this.#strands.add(strand);
    return strand;
  }

  /** How long a segment sent now is under way, its losses included. */
  travelMs(bytes: number): number {
    const { delayMs, lossPercent } = this.#knobs;
    let worst = 0;
    for (let sent = 0; lossPercent > 0 && (sent === 0 || sent < bytes); sent += SEGMENT_BYTES) worst = Math.max(worst, this.#heldBackMs());
    return delayMs + worst;
  }

  /** Whether a datagram sent now is lost. */
  dropsDatagram(): boolean {
    return !this.open || (this.#knobs.lossPercent > 0 && this.#parts.chance() * 100 < this.#knobs.lossPercent);
  }

  #heldBackMs(): number {
    let total = 0;
    let wait = RETRANSMIT_FIRST_MS;
    for (let losses = 0; losses < LOSSES_MAX && this.#parts.chance() * 100 < this.#knobs.lossPercent; losses += 1) {
      total += wait;
      wait *= 2;
    }
    return total;
  }
}

interface UnderWay {
  readonly parcel: Parcel;
  readonly dueMs: number;
}

interface StrandParts {
  readonly cable: Cable;
  readonly parts: CableParts;
  readonly deliver: (parcel: Parcel) => void;
  readonly closed: () => void;
}

export class Strand {
  readonly #parts: StrandParts;
  readonly #underWay: UnderWay[] = [];
  #bytes = 0;
  #timer: (() => void) | undefined;
  #closed = false;

  constructor(parts: StrandParts) {
    this.#parts = parts;
  }

  /** Bytes sent and not yet delivered: the sender stops at a bound of its own, as TCP's window would make it. */
  get bytesUnderWay(): number {
    return this.#bytes;
  }

  /** Nothing is under way. */
  get empty(): boolean {
    return this.#underWay.length === 0;
  }

  send(parcel: Parcel): void {
    if (this.#closed) return;
    const bytes = parcel.kind === "bytes" ? parcel.bytes.byteLength : 0;
    const arrivesMs = this.#parts.parts.nowMs() + this.#parts.cable.travelMs(bytes);
    const dueMs = Math.max(arrivesMs, this.#underWay.at(-1)?.dueMs ?? 0);
    this.#underWay.push({ parcel, dueMs });
    this.#bytes += bytes;
    this.#deliverDue();
  }

  /** Delivers nothing more. */
  close(): void {
    this.#closed = true;
    this.#timer?.();
    this.#timer = undefined;
    this.#underWay.length = 0;
    this.#bytes = 0;
    this.#parts.closed();
  }

  /** The cable calls it; what waited goes on its way when the cable is back. */
  knobsChanged(): void {
    this.#deliverDue();
  }

  #deliverDue(): void {
    const { cable, parts, deliver } = this.#parts;
    while (!this.#closed && cable.open) {
      const next = this.#underWay[0];
      if (next === undefined || next.dueMs > parts.nowMs()) break;
      this.#underWay.shift();
      if (next.parcel.kind === "bytes") this.#bytes -= next.parcel.bytes.byteLength;
      deliver(next.parcel);
    }
    this.#wait();
  }

  #wait(): void {
    this.#timer?.();
    this.#timer = undefined;
    const next = this.#underWay[0];
    if (next === undefined || this.#closed || !this.#parts.cable.open) return;
    this.#timer = this.#parts.parts.after(Math.max(0, next.dueMs - this.#parts.parts.nowMs()), () => this.#deliverDue());
  }
}
