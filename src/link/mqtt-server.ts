/**
 * One machine's connection to the broker, as MQTT 3.1.1 has it: CONNECT first and in time, an answer to each packet that
 * wants one, and an end when nothing is heard for one and a half times what the machine has promised.
 */
import type { Duplex } from "node:stream";
import type { Clock } from "../../hal/clock.ts";
import { SyncError } from "../model/errors.ts";
import { LIMITS } from "../model/limits.ts";
import { ACCEPTED, NOT_GRANTED } from "./connack-codes.ts";
import { puback } from "./mqtt-framing.ts";
import { type ClientPacket, clientPacketReader, connack, pingresp, suback, unsuback } from "./mqtt-packets.ts";

export type Connect = Extract<ClientPacket, { kind: "connect" }>;
export type Publish = Extract<ClientPacket, { kind: "publish" }>;

/** What the broker decides. */
export interface Host {
  /** The code of the CONNACK; undefined ends the connection without one. */
  connect(packet: Connect): number | undefined;
  publish(packet: Publish): void;
  /** Whether it is granted. */
  subscribe(topic: string, qos: number): boolean;
  unsubscribe(topic: string): void;
}

interface Parts {
  readonly clock: Clock;
  readonly stream: Duplex;
  readonly host: Host;
  readonly send: (packet: Uint8Array) => void;
  /** Ends the connection at once. */
  readonly fail: (why: SyncError) => void;
  /** Ends it when what was sent has left. */
  readonly end: () => void;
}

/** Promises longer than this are none. */
const KEEP_ALIVE_S_MAX = (2 * LIMITS.keepAliveMs) / 1000;

/** Serves until the stream closes. Gives what is to hear the bytes that came, once they have passed the guard. */
export function serveMqtt(parts: Parts): (bytes: Uint8Array) => void {
  const connection = new Connection(parts);
  parts.stream.once("close", () => connection.close());
  void connection.watch();
  return (bytes) => connection.arrived(bytes);
}

class Connection {
  readonly #parts: Parts;
  readonly #reader = clientPacketReader();
  readonly #gone = new AbortController();
  /** "over": a refusal is on its way; what comes is not read any more. */
  #state: "new" | "in" | "over" = "new";
  /** By then something has to be heard. */
  #dueMs: number;
  #patienceMs: number = LIMITS.connectMs;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#dueMs = parts.clock.monotonicMs() + LIMITS.connectMs;
  }

  arrived(bytes: Uint8Array): void {
    try {
      for (const packet of this.#reader.take(bytes)) {
        if (this.#state === "over" || this.#parts.stream.destroyed) return;
        this.#take(packet);
      }
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      this.#fail(error);
    }
  }

  close(): void {
    this.#state = "over";
    this.#gone.abort();
  }

  /** Resolves when the stream has closed. */
  async watch(): Promise<void> {
    const { clock } = this.#parts;
    for (;;) {
      const leftMs = this.#dueMs - clock.monotonicMs();
      if (leftMs <= 0) return this.#fail(new SyncError("link-lost", `nothing was heard for ${this.#patienceMs} ms`));
      if ((await clock.sleep(leftMs, this.#gone.signal)) === "aborted") return;
    }
  }

  #fail(why: SyncError): void {
    this.#state = "over";
    this.#parts.fail(why);
  }

  #take(packet: ClientPacket): void {
    if (packet.kind === "connect") return this.#connect(packet);
    this.#dueMs = this.#parts.clock.monotonicMs() + this.#patienceMs;
    const { host, send, stream } = this.#parts;
    switch (packet.kind) {
      case "publish":
        host.publish(packet);
        if (packet.identifier !== undefined) send(puback(packet.identifier));
        return;
      case "subscribe":
        return send(
          suback(
            packet.identifier,
            packet.filters.map(({ topic, qos }) => (host.subscribe(topic, qos) ? qos : NOT_GRANTED)),
          ),
        );
      case "unsubscribe":
        for (const topic of packet.topics) host.unsubscribe(topic);
        return send(unsuback(packet.identifier));
      case "ping":
        return send(pingresp());
      case "puback":
        return;
      case "disconnect":
        this.close();
        return void stream.destroy();
    }
  }

  #connect(packet: Connect): void {
    const { clock, host, send, end, stream } = this.#parts;
    const { keepAliveS } = packet;
    if (keepAliveS === 0 || keepAliveS > KEEP_ALIVE_S_MAX) return this.#fail(new SyncError("link-lost", `keep-alive of ${keepAliveS} s`));
    const code = host.connect(packet);
    if (code === undefined) return void stream.destroy();
    this.#patienceMs = 1_500 * keepAliveS;
    this.#dueMs = clock.monotonicMs() + this.#patienceMs;
    send(connack(code));
    if (code === ACCEPTED) {
      this.#state = "in";
      return;
    }
    this.#state = "over";
    end();
  }
}
