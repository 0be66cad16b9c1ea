/**
 * One MQTT 3.1.1 session of a client machine with a server machine, over any stream: clean, with QoS 0 towards the server machine, and
 * ended for good when the stream ends. CONNECT and SUBSCRIBE leave together, and what is said may follow them at once (MQTT 3.1.1,
 * section 3.1.4): on a slow network a round trip counts.
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

/** A session that has been asked for. It ends with a NotLetIn where the server machine lets nobody in. */
export interface AskedSession extends Omit<MqttSession, "ended"> {
  readonly ended: Promise<SyncError | NotLetIn | undefined>;
  /** Resolves when the server machine has granted what was asked for; never, where the session ends before. */
  readonly granted: Promise<void>;
}

/**
 * Asks for a session with a server machine of today: what is published from now on follows at once, and is answered if it lets this
 * machine in. Without an answer within LIMITS.connectMs the session ends with "server-unreachable". `signal` is not looked at.
 */
export function askMachineMqtt(parts: Parts): AskedSession {
  const session = new MachineMqtt(parts);
  const ended = session.listen();
  return {
    ended,
    granted: session.ask(),
    drop: () => session.drop(),
    publish: (topic, payload) => session.publish(topic, payload),
    finish: () => Promise.race([session.finish(), ended.then(() => undefined)]),
  };
}

/**
 * Resolves when the server machine has granted what was asked for, or lets nobody in. Rejects with a SyncError, and when the
 * signal aborts.
 */
export async function openMachineMqtt(parts: Parts): Promise<MqttSession | NotLetIn> {
  const { signal } = parts;
  const session = askMachineMqtt(parts);
  signal.addEventListener("abort", session.drop, { once: true });
  if (signal.aborted) session.drop();
  const answer = await Promise.race([session.granted.then(() => "granted" as const), session.ended]);
  signal.removeEventListener("abort", session.drop);
  if (answer !== "granted") return failed(answer);
  // Whoever was let in is not sent away any more.
  return { ...session, ended: session.ended.then((why) => (why instanceof SyncError ? why : undefined)) };
}

function failed(why: SyncError | NotLetIn | undefined): NotLetIn {
  if (why === undefined || why instanceof SyncError)
    throw why ?? new SyncError("server-unreachable", "the MQTT connection was given up before it was ready");
  return why;
}

class MachineMqtt {
  readonly #parts: Parts;
  readonly #stream: Duplex;
  readonly #reader = serverPacketReader();
  readonly #gone = new AbortController();
  #isOver = false;
  #why: SyncError | NotLetIn | undefined;
  /** Something came since the last ping. */
  #isHeard = false;
  #isGranted = false;
  #grant: () => void = () => undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#stream = parts.stream;
  }

  /** Hears what comes from now on. Resolves with what ended the session; undefined when this side did. */
  listen(): Promise<SyncError | NotLetIn | undefined> {
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
        resolve(this.#why ?? (this.#isOver ? undefined : this.#endedByOther()));
        this.#isOver = true;
        this.#gone.abort();
      });
    });
  }

  #endedByOther(): SyncError {
    if (this.#isGranted) return new SyncError("link-lost", "the other side ended the connection");
    return new SyncError("server-unreachable", "the MQTT connection was ended before it was ready");
  }

  /** Never resolves where the session ends before it is granted. */
  ask(): Promise<void> {
    const { clientId, subscriptions, eitherOf } = this.#parts;
    const granted = new Promise<void>((resolve) => {
      this.#grant = resolve;
    });
    this.#send(Buffer.concat([connect(clientId, LIMITS.keepAliveMs / 1000), subscribe(ASKED, [...subscriptions, ...eitherOf])]));
    void this.#expectGrant();
    void this.#stayAlive();
    return granted;
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

  #fail(why: SyncError | NotLetIn): void {
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
        return packet.code === ACCEPTED ? undefined : this.#fail({ code: packet.code });
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
    if (isGranted(this.#parts, codes)) {
      this.#isGranted = true;
      return this.#grant();
    }
    this.#fail(new SyncError("authentication-failed", NOT_GRANTED_TEXT));
  }

  async #expectGrant(): Promise<void> {
    if ((await this.#parts.clock.sleep(LIMITS.connectMs, this.#gone.signal)) === "aborted" || this.#isGranted) return;
    this.#fail(new SyncError("server-unreachable", `the server machine has not let this one in within ${LIMITS.connectMs} ms`));
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
