/** Somebody at the cable: counts and keeps messages, and looks into every one, deflated ones too, for what must not be there. */
import { inflateRawSync } from "node:zlib";
import { Assembly } from "../../src/protocol/block.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { JournalWatch } from "./journal-watch.ts";
import type { Tap, VirtualNetwork } from "./virtual-network.ts";

export interface Leak {
  readonly canary: string;
  readonly tap: Tap;
}

const KEPT_MAX = 20_000;

export class Wiretap {
  /** Texts that must never travel (M20). */
  readonly canaries = new Set<string>();
  readonly leaks: Leak[] = [];
  /** Whether it looks into messages: what hostile machines say need not be readable. */
  looksInside = true;
  readonly journal = new JournalWatch();
  readonly #kept: Tap[] = [];
  readonly #assemblies = new Map<string, Assembly>();
  #count = 0;

  constructor(network: VirtualNetwork) {
    network.onMessage((tap) => this.#heard(tap));
  }

  /** Messages since the beginning. */
  get count(): number {
    return this.#count;
  }

  /** The last messages; a broadcast is there once for each machine that it went to. */
  get messages(): readonly Tap[] {
    return this.#kept;
  }

  /** "a>s hello" and so on: the messages since then as a transcript, without beats. */
  transcript(sinceMs = 0): string[] {
    return this.#kept
      .filter(({ atMs, message }) => atMs >= sinceMs && !message.body.kind.endsWith("-beat"))
      .map(({ from, to, message }) => `${from}>${to} ${message.body.kind}`);
  }

  clear(): void {
    this.#kept.length = 0;
  }

  #heard(tap: Tap): void {
    this.#count += 1;
    this.#kept.push(tap);
    if (this.#kept.length > KEPT_MAX) this.#kept.splice(0, KEPT_MAX / 2);
    if (!this.looksInside) return;
    const content = this.#content(tap);
    for (const canary of this.canaries) if (content.some((bytes) => bytes.includes(canary))) this.leaks.push({ canary, tap });
  }

  /** The bytes of the message, and what they inflate to. */
  #content(tap: Tap): Buffer[] {
    const { body } = tap.message;
    const { buffer, byteOffset, byteLength } = tap.bytes;
    const raw = Buffer.from(buffer, byteOffset, byteLength);
    if (body.kind === "part") return [raw, inflateRawSync(body.bytes)];
    if (body.kind !== "changes" && body.kind !== "offer") return [raw];
    const way = `${tap.from}>${tap.to} ${tap.way} ${body.kind}`;
    const assembly = this.#assemblies.get(way) ?? new Assembly(LIMITS.blockInflatedBytesMax);
    this.#assemblies.set(way, assembly);
    const whole = assembly.add(body.part, body.of, body.bytes);
    if (typeof whole === "string") return [raw];
    const block = body.deflated ? inflateRawSync(whole) : Buffer.from(whole);
    if (body.kind === "changes") this.journal.heard(tap.message.envelope.epoch?.id ?? "", block);
    return [raw, block];
  }
}
