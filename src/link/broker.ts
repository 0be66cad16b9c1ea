/**
 * The broker of a server machine: aedes, with nothing kept and nothing routed. A machine may publish to its own topic,
 * which ends here, and listen to its own and to the broadcast; all that it receives comes from this machine. Identity is
 * the certificate's: the MQTT client identifier has to repeat it.
 */
import { Aedes, type AuthenticateError, type Client, type ConnectPacket, type PublishPacket, type Subscription } from "aedes";
import type { Clock } from "../../hal/clock.ts";
import { SyncError } from "../model/errors.ts";
import type { DeviceId } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import { decodeUp, encodeDown } from "../protocol/codec.ts";
import type { Down } from "../protocol/down.ts";
import { broadcastTopic, downTopic, mayPublish, maySubscribe } from "../protocol/topics.ts";
import type { Up } from "../protocol/up.ts";
import { frameGuard } from "./frame-guard.ts";
import { guardedStream } from "./guarded-stream.ts";
import type { CameBy, ServerLink } from "./link.ts";
import { MachineSession } from "./machine-session.ts";
import type { Arrival, MachineDoor } from "./port-8443.ts";
import { type Rate, rate } from "./rate.ts";

interface Parts {
  readonly clock: Clock;
  /** This machine: its topics are served. */
  readonly server: DeviceId;
  readonly isWelcome: (device: DeviceId) => boolean;
  readonly log: (text: string) => void;
}

/** Where refused messages go: a topic that nobody can listen to. (An error instead would end the link, and mqtt.js send again for ever.) */
const NOWHERE = "$SYS/refused";
const NOTHING = Buffer.alloc(0);
const IDENTIFIER_REJECTED = 2;

/** The same bytes, not a copy: a broadcast is one for all. */
const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer => Buffer.from(buffer, byteOffset, byteLength);

export class Broker implements ServerLink, MachineDoor {
  readonly #parts: Parts;
  readonly #aedes: Aedes;
  readonly #sessions = new Map<DeviceId, MachineSession>();
  readonly #byClient = new WeakMap<Client, MachineSession>();
  readonly #rates = new Map<DeviceId, Rate>();
  readonly #messageListeners: ((from: DeviceId, message: Up, by: CameBy) => void)[] = [];
  readonly #goneListeners: ((device: DeviceId) => void)[] = [];
  #closing = false;

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.#aedes = new Aedes({
      id: parts.server,
      connectTimeout: LIMITS.connectMs,
      drainTimeout: LIMITS.slowReaderMs,
      keepaliveLimit: (2 * LIMITS.keepAliveMs) / 1000,
      maxTopicLevels: 8,
      preConnect: (client, packet, done) => done(null, this.#mayConnect(client, packet)),
      authenticate: (client, _user, _password, done) => this.#authenticate(client, done),
      authorizePublish: (client, packet, done) => {
        this.#arrived(client, packet);
        done();
      },
      authorizeSubscribe: (client, subscription, done) => done(null, this.#subscription(client, subscription)),
    });
    this.#aedes.on("subscribe", (subscriptions, client) => {
      for (const { topic } of subscriptions) this.#byClient.get(client)?.listensTo.add(topic);
    });
    this.#aedes.on("unsubscribe", (topics, client) => {
      for (const topic of topics) this.#byClient.get(client)?.listensTo.delete(topic);
    });
  }

  static async start(parts: Parts): Promise<Broker> {
    const broker = new Broker(parts);
    await broker.#aedes.listen();
    return broker;
  }

  onMessage(listener: (from: DeviceId, message: Up, by: CameBy) => void): void {
    this.#messageListeners.push(listener);
  }

  onGone(listener: (device: DeviceId) => void): void {
    this.#goneListeners.push(listener);
  }

  refusalOf(device: DeviceId): "not-paired" | "server-not-running" | undefined {
    if (this.#closing) return "server-not-running";
    return this.#parts.isWelcome(device) ? undefined : "not-paired";
  }

  /** Takes over the connection of a machine whose identity is proven. */
  enter({ device, stream: inner, admitted }: Arrival): void {
    const { clock, log } = this.#parts;
    const stream = guardedStream({ clock, inner, guard: frameGuard("client"), rate: this.#rateOf(device) });
    // aedes takes all error listeners off when it is done with a stream; this one only watches.
    stream.on("error", (error) => log(`Machine ${device}: ${error.message}.`));
    const client = this.#aedes.handle(stream);
    // QoS 0: the connection keeps what is sent while it lasts, and when it ends there is a hello. A PUBACK would say no more.
    const deliver = (topic: string, payload: Uint8Array, done: () => void): void =>
      client.publish({ cmd: "publish", topic, payload: asBuffer(payload), qos: 0, retain: false, dup: false }, done);
    const session = new MachineSession({ device, stream, admitted, deliver });
    this.#byClient.set(client, session);
    stream.once("close", () => this.#gone(session));
  }

  send(to: DeviceId, message: Down): void {
    const session = this.#sessions.get(to);
    if (session !== undefined) this.#publish(session, downTopic(this.#parts.server, to), encodeDown(message));
  }

  broadcast(message: Down): void {
    const topic = broadcastTopic(this.#parts.server, message.envelope.version);
    const listening = [...this.#sessions.values()].filter((session) => session.listensTo.has(topic));
    if (listening.length === 0) return;
    const payload = encodeDown(message);
    for (const session of listening) this.#publish(session, topic, payload);
  }

  cut(device: DeviceId): void {
    const session = this.#sessions.get(device);
    if (session !== undefined) void session.end(this.#parts.clock);
  }

  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all([...this.#sessions.values()].map((session) => session.end(this.#parts.clock)));
    await new Promise<void>((resolve) => this.#aedes.close(resolve));
  }

  #rateOf(device: DeviceId): Rate {
    const known = this.#rates.get(device) ?? rate(this.#parts.clock);
    this.#rates.set(device, known);
    return known;
  }

  #mayConnect(client: Client, { will, clean, clientId }: ConnectPacket): boolean {
    const session = this.#byClient.get(client);
    let wrong: string | undefined;
    if (will !== undefined) wrong = "a will";
    else if (clean !== true) wrong = "a session to be kept";
    else if (clientId !== session?.device) wrong = "the name of another machine";
    if (wrong === undefined) return true;
    this.#parts.log(`Machine ${session?.device}: refused, its CONNECT has ${wrong}.`);
    session?.stream.destroy();
    return false;
  }

  #authenticate(client: Client, done: (error: AuthenticateError | null, success: boolean | null) => void): void {
    const session = this.#byClient.get(client);
    if (session === undefined || this.refusalOf(session.device) !== undefined) {
      return done(Object.assign(new Error("not welcome"), { returnCode: IDENTIFIER_REJECTED }), false);
    }
    // The newer connection takes the place of an older one; aedes ends that one without a word to our listeners.
    this.#sessions.set(session.device, session);
    session.admitted();
    done(null, true);
  }

  #subscription(client: Client, subscription: Subscription): Subscription | null {
    const session = this.#byClient.get(client);
    if (session !== undefined && subscription.qos < 2 && maySubscribe(this.#parts.server, session.device, subscription.topic))
      return subscription;
    this.#refused(session, `may not listen to ${JSON.stringify(subscription.topic.slice(0, 100))}`);
    return null;
  }

  /** Takes the message out here, where the order is that of arrival; nothing is left of it for the broker to route. */
  #arrived(client: Client | null, packet: PublishPacket): void {
    const session = client === null ? undefined : this.#byClient.get(client);
    const { topic, payload, retain } = packet;
    Object.assign(packet, { topic: NOWHERE, payload: NOTHING, retain: false });
    if (session === undefined || session.over) return;
    if (retain || !mayPublish(this.#parts.server, session.device, topic)) {
      return this.#refused(session, `may not publish to ${JSON.stringify(topic.slice(0, 100))}${retain ? " to be retained" : ""}`);
    }
    const message = this.#decoded(session, payload);
    if (message === undefined) return;
    for (const listener of this.#messageListeners) listener(session.device, message, "network");
  }

  #decoded(session: MachineSession, payload: string | Uint8Array): Up | undefined {
    try {
      return decodeUp(typeof payload === "string" ? Buffer.from(payload) : payload);
    } catch (cause) {
      if (!(cause instanceof SyncError)) throw cause;
      session.fail(cause);
      return undefined;
    }
  }

  #refused(session: MachineSession | undefined, what: string): void {
    if (session === undefined || session.refused) return;
    session.refused = true;
    this.#parts.log(`Machine ${session.device} ${what}; refused, as more of the kind will be.`);
  }

  /** Each machine is written to on its own: the broker's routing would mix the order of broadcasts and messages to one. */
  #publish(session: MachineSession, topic: string, payload: Uint8Array): void {
    session.publish(topic, payload);
    const all = [...this.#sessions.values()];
    if (all.reduce((sum, { queued }) => sum + queued, 0) <= LIMITS.queueBytesMax) return;
    all.reduce((most, other) => (other.queued > most.queued ? other : most)).shed();
  }

  #gone(session: MachineSession): void {
    if (this.#sessions.get(session.device) !== session) return;
    this.#sessions.delete(session.device);
    for (const listener of this.#goneListeners) listener(session.device);
  }
}
