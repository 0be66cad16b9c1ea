/** A machine's connection as the broker keeps it: what it listens to, what waits to leave for it, and how it ends. */
import type { Duplex } from "node:stream";
import type { Clock } from "../../hal/clock.ts";
import { SyncError } from "../model/errors.ts";
import type { DeviceId } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
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
  /** A refusal was logged: more of them are not worth a line. */
  refused = false;
  readonly #clock: Clock;
  #isSlow = false;
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

  /** Sends a packet, or drops it where the connection is over; one that does not read it soon enough is ended. */
  send(packet: Uint8Array): void {
    if (this.#over) return;
    this.#queued += packet.length;
    const flows = this.stream.write(packet, () => {
      this.#queued -= packet.length;
      if (this.#queued === 0) this.#emptied();
    });
    if (this.#queued > LIMITS.peerQueueBytesMax) this.shed();
    else if (!flows && !this.#isSlow) void this.#awaitDrain();
  }

  async #awaitDrain(): Promise<void> {
    this.#isSlow = true;
    const drained = new AbortController();
    const done = (): void => drained.abort();
    this.stream.once("drain", done).once("close", done);
    if ((await this.#clock.sleep(LIMITS.slowReaderMs, drained.signal)) === "elapsed")
      this.fail(new SyncError("link-lost", `it has read nothing for ${LIMITS.slowReaderMs} ms`));
    this.stream.off("drain", done).off("close", done);
    this.#isSlow = false;
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
