/**
 * One MQTT 3.1.1 session of a client machine with a server machine, over any stream: clean, with QoS 0 towards the server machine, and
 * ended for good when the stream ends. CONNECT and SUBSCRIBE leave together, and nothing is waited for between them: on a slow
 * network a round trip counts, and each record of TLS has its 22 bytes.
 */
import type { Duplex } from "node:stream";
import type { Clock } from "../../hal/clock.ts";
import { SyncError } from "../model/errors.ts";
import { LIMITS } from "../model/limits.ts";
import { ACCEPTED } from "./connack-codes.ts";
import { frameGuard } from "./frame-guard.ts";
import { readGuarded } from "./guarded-reading.ts";
import { connect, disconnect, pingreq, type ServerPacket, serverPacketReader, subscribe } from "./mqtt-client-packets.ts";
import { puback, publish } from "./mqtt-framing.ts";
import { isGranted, type MqttSession, NOT_GRANTED_TEXT, type Subscriber } from "./mqtt-session.ts";

interface Parts extends Subscriber {
  readonly clock: Clock;
  /** Becomes the session's own. */
  readonly stream: Duplex;
}

/** The server machine did not let this one in: the code of its CONNACK. */
export interface NotLetIn {
  readonly code: number;
}

/** The only packet identifier that is asked with. */
const ASKED = 1;

/** Resolves when the server machine has granted what was asked for, or lets nobody in. Rejects with a SyncError, and when the signal aborts. */
export async function openMachineMqtt(parts: Parts): Promise<MqttSession | NotLetIn> {
  const { signal } = parts;
  const session = new MachineMqtt(parts);
  const ended = session.listen();
  const drop = (): void => session.drop();
  signal.addEventListener("abort", drop, { once: true });
  if (signal.aborted) drop();
  const answer = await Promise.race([session.ask(), ended.then(() => undefined)]);
  signal.removeEventListener("abort", drop);
  if (answer === undefined) throw session.why ?? new SyncError("server-unreachable", "the MQTT connection was ended before it was ready");
  if (answer !== "granted") {
    session.drop();
    return answer;
  }
  return {
    ended,
    drop,
    publish: (topic, payload) => session.publish(topic, payload),
    finish: () => Promise.race([session.finish(), ended.then(() => undefined)]),
  };
}

class MachineMqtt {
  readonly #parts: Parts;
  readonly #stream: Duplex;
  readonly #reader = serverPacketReader();
  readonly #gone = new AbortController();
  #isOver = false;
  #why: SyncError | undefined;
  /** Something came since the last ping. */
  #isHeard = false;
  #answered: (answer: "granted" | NotLetIn) => void = () => undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#stream = parts.stream;
  }

  /** What ended it, where it was not this side. */
  get why(): SyncError | undefined {
    return this.#why;
  }

  /** Hears what comes from now on. Resolves with what ended the session; undefined when this side did. */
  listen(): Promise<SyncError | undefined> {
    readGuarded({
      clock: this.#parts.clock,
      stream: this.#stream,
      guard: frameGuard("server"),
      rate: undefined,
      heard: (bytes) => this.#arrived(bytes),
      fault: (why) => this.#fail(why),
      ended: () => void this.#stream.end(),
    });
    this.#stream.on("error", (error) => {
      this.#why ??= error instanceof SyncError ? error : new SyncError("link-lost", `MQTT: ${error.message}`, { cause: error });
    });
    return new Promise((resolve) => {
      this.#stream.once("close", () => {
        resolve(this.#why ?? (this.#isOver ? undefined : new SyncError("link-lost", "the other side ended the connection")));
        this.#isOver = true;
        this.#gone.abort();
      });
    });
  }

  /** Never resolves where the session ends before it is answered. */
  ask(): Promise<"granted" | NotLetIn> {
    const { clientId, subscriptions, eitherOf } = this.#parts;
    const asked = new Promise<"granted" | NotLetIn>((resolve) => {
      this.#answered = resolve;
    });
    this.#send(Buffer.concat([connect(clientId, LIMITS.keepAliveMs / 1000), subscribe(ASKED, [...subscriptions, ...eitherOf])]));
    void this.#stayAlive();
    return asked;
  }

  publish(topic: string, payload: Uint8Array): void {
    this.#send(publish(topic, payload));
  }

  drop(): void {
    this.#isOver = true;
    this.#stream.destroy();
  }

  /** Resolves when what was sent has left; the other side is told that it is the end. */
  async finish(): Promise<void> {
    const left = new Promise<void>((resolve) => this.#stream.write(disconnect(), () => resolve()));
    this.#isOver = true;
    await left;
  }

  #send(packet: Uint8Array): void {
    if (!this.#isOver) this.#stream.write(packet);
  }

  #fail(why: SyncError): void {
    this.#why ??= why;
    this.drop();
  }

  #arrived(bytes: Uint8Array): void {
    this.#isHeard = true;
    try {
      for (const packet of this.#reader.take(bytes)) {
        if (this.#isOver) return;
        this.#take(packet);
      }
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      this.#fail(error);
    }
  }

  #take(packet: ServerPacket): void {
    switch (packet.kind) {
      case "connack":
        return packet.code === ACCEPTED ? undefined : this.#answered(packet);
      case "suback":
        return packet.identifier === ASKED ? this.#granted([...packet.codes]) : undefined;
      case "publish":
        this.#parts.onMessage(packet.topic, packet.payload);
        // An older server machine sends with QoS 1.
        return packet.identifier === undefined ? undefined : this.#send(puback(packet.identifier));
      default:
        return undefined; // That it came is all it says.
    }
  }

  #granted(codes: readonly number[]): void {
    if (isGranted(this.#parts, codes)) return this.#answered("granted");
    this.#fail(new SyncError("authentication-failed", NOT_GRANTED_TEXT));
  }

  /**
   * Asks for a sign of life, and half a keep-alive later looks whether one came: a connection into nowhere shows after one and a half.
   * What was sent is no sign of life of the other side; anything that came is, also a piece of a long message.
   */
  async #stayAlive(): Promise<void> {
    const { clock } = this.#parts;
    const half = (): Promise<"elapsed" | "aborted"> => clock.sleep(LIMITS.keepAliveMs / 2, this.#gone.signal);
    while ((await half()) === "elapsed") {
      this.#isHeard = false;
      this.#send(pingreq());
      if ((await half()) === "aborted") return;
      if (!this.#isHeard) return this.#fail(new SyncError("link-lost", "the other side does not answer any more"));
    }
  }
}
