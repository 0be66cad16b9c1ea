/** A machine's connection as the broker keeps it: what it listens to, what waits to leave for it, and how it ends. */
import type { Duplex } from "node:stream";
import type { Clock } from "../../hal/clock.ts";
import { SyncError } from "../model/errors.ts";
import type { DeviceId } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import { MessageReader } from "../protocol/message-reader.ts";
import type { TopicNames } from "../protocol/topics.ts";

interface Parts {
  /** Proven by the certificate. */
  readonly device: DeviceId;
  readonly stream: Duplex;
  /** To be called once MQTT has let the machine in. */
  readonly admitted: () => void;
  readonly clock: Clock;
  readonly topics: TopicNames;
}

export class MachineSession {
  readonly device: DeviceId;
  readonly stream: Duplex;
  readonly admitted: () => void;
  readonly topics: TopicNames;
  readonly listensTo = new Set<string>();
  /** Of what the machine says. */
  readonly reader = new MessageReader();
  /** A refusal was logged: more of them are not worth a line. */
  refused = false;
  readonly #clock: Clock;
  /** Packets that wait for the write under way, or for the end of the turn. */
  #waiting: Uint8Array[] = [];
  #isWriting = false;
  /** Monotonic time since which something waits behind a write; undefined: nothing does. */
  #stuckSinceMs: number | undefined;
  #over = false;
  #queued = 0;
  #emptied: () => void = () => undefined;

  constructor({ device, stream, admitted, clock, topics }: Parts) {
    this.device = device;
    this.stream = stream;
    this.admitted = admitted;
    this.#clock = clock;
    this.topics = topics;
    stream.once("close", () => {
      this.#over = true;
    });
  }

  /** What it says is not heard any more, and nothing is said to it. */
  get over(): boolean {
    return this.#over;
  }

  /** Bytes that were sent and have not left. */
  get queued(): number {
    return this.#queued;
  }

  /**
   * Sends a packet, or drops it where the connection is over. What is sent in one turn leaves together, in one TLS record, and
   * the machine wakes once; what comes while a write is under way leaves with the next. A machine that takes nothing of what
   * waits is ended with the first packet after LIMITS.slowReaderMs; one that is slow is not.
   */
  send(packet: Uint8Array): void {
    if (this.#over) return;
    this.#queued += packet.length;
    this.#waiting.push(packet);
    if (this.#waiting.length === 1 && !this.#isWriting) void this.#writeSoon();
    if (this.#queued > LIMITS.peerQueueBytesMax) this.shed();
    else if (this.#isWriting) this.#expectMove();
  }

  /** At the end of the turn: as a promise ends, which costs a tenth of what `queueMicrotask` does. */
  async #writeSoon(): Promise<void> {
    await undefined;
    this.#write();
  }

  #write(): void {
    if (this.#waiting.length === 0 || this.stream.destroyed) return;
    const bytes = this.#nextBytes();
    this.#isWriting = true;
    this.stream.write(bytes, () => {
      this.#isWriting = false;
      this.#stuckSinceMs = undefined;
      this.#queued -= bytes.length;
      if (this.#queued === 0) this.#emptied();
      this.#write();
    });
  }

  /** Whole packets, as many as a write may have and one in any case: that it ends says that the machine has taken something. */
  #nextBytes(): Uint8Array {
    let count = 0;
    let bytes = 0;
    for (const { length } of this.#waiting) {
      if (count > 0 && bytes + length > LIMITS.linkWriteBytes) break;
      bytes += length;
      count += 1;
    }
    const packets = this.#waiting.splice(0, count);
    const [only] = packets;
    return only !== undefined && packets.length === 1 ? only : Buffer.concat(packets);
  }

  #expectMove(): void {
    const nowMs = this.#clock.monotonicMs();
    this.#stuckSinceMs ??= nowMs;
    if (nowMs - this.#stuckSinceMs <= LIMITS.slowReaderMs) return;
    this.fail(new SyncError("link-lost", `it has read nothing for ${LIMITS.slowReaderMs} ms`));
  }

  /** Too much waits for it. */
  shed(): void {
    this.fail(new SyncError("rate-exceeded", `${this.#queued} bytes wait to leave for it; the connection is ended`));
  }

  /** Ends it at once. */
  fail(why: SyncError): void {
    this.#over = true;
    this.stream.destroy(why);
  }

  /** Hears nothing more of it, lets what was sent leave (at most a second), and ends it. */
  async end(): Promise<void> {
    this.#over = true;
    if (this.stream.destroyed) return;
    const closed = new AbortController();
    this.stream.once("close", () => closed.abort());
    const late = this.#clock.sleep(LIMITS.closeMs, closed.signal);
    const emptied = new Promise<void>((resolve) => {
      this.#emptied = resolve;
    });
    if (this.#queued > 0) await Promise.race([emptied, late]);
    this.stream.end();
    await late;
    this.stream.destroy();
  }
}
