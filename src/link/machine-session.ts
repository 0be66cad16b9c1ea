/** A machine's connection as the broker keeps it: what it listens to, what waits to leave for it, and how it ends. */
import type { Duplex } from "node:stream";
import type { Clock } from "../../hal/clock.ts";
import { SyncError } from "../model/errors.ts";
import type { DeviceId } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";

interface Parts {
  /** Proven by the certificate. */
  readonly device: DeviceId;
  readonly stream: Duplex;
  /** To be called once MQTT has let the machine in. */
  readonly admitted: () => void;
  /** Hands bytes to the broker; `done` when they have left it, or never will. */
  readonly deliver: (topic: string, payload: Uint8Array, done: () => void) => void;
}

export class MachineSession {
  readonly device: DeviceId;
  readonly stream: Duplex;
  readonly admitted: () => void;
  readonly listensTo = new Set<string>();
  /** A refusal was logged: more of them are not worth a line. */
  refused = false;
  readonly #deliver: Parts["deliver"];
  #over = false;
  #queued = 0;
  #emptied: () => void = () => undefined;

  constructor({ device, stream, admitted, deliver }: Parts) {
    this.device = device;
    this.stream = stream;
    this.admitted = admitted;
    this.#deliver = deliver;
    stream.once("close", () => {
      this.#over = true;
    });
  }

  /** What it says is not heard any more, and nothing is said to it. */
  get over(): boolean {
    return this.#over;
  }

  /** Bytes handed to the broker that have not left it. */
  get queued(): number {
    return this.#queued;
  }

  publish(topic: string, payload: Uint8Array): void {
    if (this.#over) return;
    this.#queued += payload.length;
    this.#deliver(topic, payload, () => {
      this.#queued -= payload.length;
      if (this.#queued === 0) this.#emptied();
    });
    if (this.#queued > LIMITS.peerQueueBytesMax) this.shed();
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
  async end(clock: Clock): Promise<void> {
    this.#over = true;
    if (this.stream.destroyed) return;
    const closed = new AbortController();
    this.stream.once("close", () => closed.abort());
    const late = clock.sleep(LIMITS.closeMs, closed.signal);
    const emptied = new Promise<void>((resolve) => {
      this.#emptied = resolve;
    });
    if (this.#queued > 0) await Promise.race([emptied, late]);
    this.stream.end();
    await late;
    this.stream.destroy();
  }
}
