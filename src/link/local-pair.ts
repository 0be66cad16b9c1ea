/** Client and server of one machine in one process: the same promises as over the network, without a wire. */
import { SyncError } from "../model/errors.ts";
import type { DeviceId } from "../model/ids.ts";
import type { Down } from "../protocol/down.ts";
import type { Up } from "../protocol/up.ts";
import type { Dial, Line } from "./line.ts";
import type { CameBy, ServerLink } from "./link.ts";

interface LocalLine extends Line {
  arrive(message: Down): void;
  end(why: SyncError | undefined): void;
}

/** What the server sees of its own machine's client. Messages arrive after the call that sent them, in its order. */
export class LocalServerLink implements ServerLink {
  readonly #device: DeviceId;
  readonly #messageListeners: ((from: DeviceId, message: Up, by: CameBy) => void)[] = [];
  readonly #goneListeners: ((device: DeviceId) => void)[] = [];
  #line: LocalLine | undefined;
  #closed = false;

  constructor(device: DeviceId) {
    this.#device = device;
  }

  /** How the machine's client gets here. A new line takes the place of an older one. */
  readonly dial: Dial = async ({ onMessage, signal }) => {
    if (this.#closed || signal.aborted) throw new SyncError("server-unreachable", "the server function of this machine is not running");
    this.#line?.end(new SyncError("link-lost", "another connection of this machine took its place"));
    return this.#open(onMessage);
  };

  onMessage(listener: (from: DeviceId, message: Up, by: CameBy) => void): void {
    this.#messageListeners.push(listener);
  }

  onGone(listener: (device: DeviceId) => void): void {
    this.#goneListeners.push(listener);
  }

  send(to: DeviceId, message: Down): void {
    if (to === this.#device) this.#line?.arrive(message);
  }

  broadcast(message: Down): void {
    this.#line?.arrive(message);
  }

  cut(device: DeviceId): void {
    const line = this.#line;
    if (device !== this.#device || line === undefined) return;
    this.#line = undefined;
    queueMicrotask(() => line.end(new SyncError("link-lost", "the server ended the connection")));
  }

  async close(): Promise<void> {
    this.#closed = true;
    // What was sent stands before this in the queue of microtasks.
    await Promise.resolve();
    this.#line?.end(new SyncError("link-lost", "the server function of this machine was stopped"));
  }

  #open(onMessage: (message: Down) => void): LocalLine {
    let over = false;
    let settle: (why: SyncError | undefined) => void = () => undefined;
    const ended = new Promise<SyncError | undefined>((resolve) => {
      settle = resolve;
    });
    const line: LocalLine = {
      ended,
      send: (message) =>
        queueMicrotask(() => {
          if (over || this.#line !== line) return;
          for (const listener of this.#messageListeners) listener(this.#device, message, "inside");
        }),
      arrive: (message) =>
        queueMicrotask(() => {
          if (!over) onMessage(message);
        }),
      end: (why) => {
        if (over) return;
        over = true;
        settle(why);
        if (this.#line === line) this.#line = undefined;
        queueMicrotask(() => this.#gone());
      },
      drop: () => line.end(undefined),
      finish: async () => {
        await Promise.resolve();
        line.end(undefined);
      },
    };
    this.#line = line;
    return line;
  }

  #gone(): void {
    if (this.#line !== undefined) return;
    for (const listener of this.#goneListeners) listener(this.#device);
  }
}
