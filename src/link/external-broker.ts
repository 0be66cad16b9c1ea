/**
 * A broker of others (Mosquitto, RabbitMQ, NATS ...) in place of our own: then the server machine is an MQTT client as
 * well. Who a message is from is what its topic says, so the broker has to make that true: each machine gets an account
 * that may publish to its own "up" topic and listen to its own "down" and the "all" topic, and nothing else; the server
 * machine's account may listen to `custom-settings-sync/<server>/up/+` and publish below `custom-settings-sync/<server>/`.
 * The broker can read what it carries.
 */
import type { Duplex } from "node:stream";
import type { Hal } from "../../hal/hal.ts";
import { SyncError } from "../model/errors.ts";
import { type DeviceId, deviceId, isHex32 } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import type { Random } from "../model/random.ts";
import { decodeUp, encodeDown } from "../protocol/codec.ts";
import type { Down } from "../protocol/down.ts";
import { broadcastTopic, downTopic, sharedTopics, upTopic } from "../protocol/topics.ts";
import type { Up } from "../protocol/up.ts";
import { backoffMs } from "./backoff.ts";
import type { BrokerAddress } from "./broker-address.ts";
import { withDeadline } from "./deadline.ts";
import { clientTopics, mqttLine } from "./dial-machine.ts";
import type { Identity } from "./identity.ts";
import type { Dial } from "./line.ts";
import type { CameBy, ServerLink } from "./link.ts";
import { openMqtt } from "./mqtt-client.ts";
import type { MqttSession, Subscriber } from "./mqtt-session.ts";
import { peerFingerprint, secureClient } from "./secure.ts";
import { openStream } from "./tunnel.ts";

interface Parts {
  readonly hal: Pick<Hal, "clock" | "network">;
  readonly broker: BrokerAddress;
  readonly identity: () => Promise<Identity>;
}

/** A client machine's way to its server machine by the broker. */
export function dialBroker({ server, ...parts }: Parts & { readonly server: DeviceId }): Dial {
  return async ({ signal, onMessage }) => {
    const { device } = await parts.identity();
    const topics = sharedTopics(server, device);
    const session = await openSession(parts, { clientId: device, signal, ...clientTopics(topics, onMessage) });
    return mqttLine(session, topics.up);
  };
}

async function openSession({ hal: { clock, network }, broker, identity }: Parts, subscriber: Subscriber): Promise<MqttSession> {
  const own = await identity();
  const { host, port, username, password } = broker;
  const bounds = { clock, ms: LIMITS.connectMs, signal: subscriber.signal, what: `no connection to the broker ${host}:${port}` };
  return await withDeadline(bounds, async (signal) => {
    const stream = await secured(broker, { raw: await openStream(network, { host, port }, signal), identity: own, signal });
    return await openMqtt({ ...subscriber, clock, stream, username, password, signal });
  });
}

interface Opened {
  readonly raw: Duplex;
  readonly identity: Identity;
  readonly signal: AbortSignal;
}

async function secured(broker: BrokerAddress, { raw, identity, signal }: Opened): Promise<Duplex> {
  if (broker.kind === "mqtt") return raw;
  const authorityName = broker.fingerprint === undefined ? broker.host : undefined;
  const socket = await secureClient({
    stream: raw,
    signal,
    identity,
    authorityName,
    protocols: broker.kind === "wss" ? ["http/1.1"] : [],
  });
  if (broker.fingerprint !== undefined && peerFingerprint(socket) !== broker.fingerprint) {
    socket.destroy();
    throw new SyncError(
      "server-not-pinned",
      `the broker ${broker.host}:${broker.port} shows another certificate than the one in its address`,
    );
  }
  if (broker.kind === "mqtts") return socket;
  const host = broker.host.includes(":") ? `[${broker.host}]` : broker.host;
  const { openWebsocket } = await import("./websocket-client.ts");
  const stream = await openWebsocket({ stream: socket, url: `wss://${host}:${broker.port}${broker.path}`, signal });
  if ("word" in stream) throw new SyncError("server-unreachable", `the broker ${broker.host}:${broker.port} refuses a WebSocket`);
  return stream;
}

interface ServerParts extends Parts {
  readonly random: Random;
  readonly server: DeviceId;
  readonly isWelcome: (device: DeviceId) => boolean;
  readonly log: (text: string) => void;
}

/** The server machine at a broker. Keeps itself connected until it is closed. */
export function brokerServerLink(parts: ServerParts): ServerLink {
  const link = new BrokerServerLink(parts);
  void link.run();
  return link;
}

class BrokerServerLink implements ServerLink {
  readonly #parts: ServerParts;
  readonly #closing = new AbortController();
  readonly #messageListeners: ((from: DeviceId, message: Up, by: CameBy) => void)[] = [];
  readonly #goneListeners: ((device: DeviceId) => void)[] = [];
  /** Machines heard since the broker was reached. */
  readonly #heard = new Set<DeviceId>();
  #session: MqttSession | undefined;

  constructor(parts: ServerParts) {
    this.#parts = parts;
  }

  onMessage(listener: (from: DeviceId, message: Up, by: CameBy) => void): void {
    this.#messageListeners.push(listener);
  }

  /** A broker does not say which of its clients went away: all are gone when it is. */
  onGone(listener: (device: DeviceId) => void): void {
    this.#goneListeners.push(listener);
  }

  send(to: DeviceId, message: Down): void {
    if (this.#heard.has(to)) this.#session?.publish(downTopic(this.#parts.server, to), encodeDown(message));
  }

  broadcast(message: Down): void {
    if (this.#heard.size > 0) this.#session?.publish(broadcastTopic(this.#parts.server, message.envelope.version), encodeDown(message));
  }

  /** The connection is between the machine and its broker; here it is only forgotten until it is heard again. */
  cut(device: DeviceId): void {
    this.#heard.delete(device);
  }

  async close(): Promise<void> {
    const session = this.#session;
    this.#closing.abort();
    if (session === undefined) return;
    const timer = new AbortController();
    await Promise.race([session.finish(), this.#parts.hal.clock.sleep(LIMITS.closeMs, timer.signal)]);
    timer.abort();
    session.drop();
  }

  /** Resolves when the link is closed. */
  async run(): Promise<void> {
    const { hal, random } = this.#parts;
    const { signal } = this.#closing;
    for (let failures = 0; !signal.aborted; failures += 1) {
      if ((await this.#serve(signal)) === "served") failures = 0;
      await hal.clock.sleep(backoffMs(failures, random), signal);
    }
  }

  async #serve(signal: AbortSignal): Promise<"served" | "not-reached"> {
    const { server, log } = this.#parts;
    const wildcard = `${upTopic(server, server).slice(0, -server.length)}+`;
    try {
      this.#session = await openSession(this.#parts, {
        clientId: `${server}-server`,
        subscriptions: [wildcard],
        eitherOf: [],
        onMessage: (topic, payload) => this.#arrived(topic.slice(wildcard.length - 1), payload),
        signal,
      });
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      if (!signal.aborted) log(`Broker: ${error.message}.`);
      return "not-reached";
    }
    if (signal.aborted) this.#session.drop();
    const why = await this.#session.ended;
    this.#session = undefined;
    if (!signal.aborted) log(`Broker: the connection was lost${why === undefined ? "" : `, ${why.message}`}.`);
    const gone = [...this.#heard];
    this.#heard.clear();
    for (const device of gone) for (const listener of this.#goneListeners) listener(device);
    return "served";
  }

  /** One machine's nonsense is not a reason to leave the broker to which all the others are connected. */
  #arrived(from: string, payload: Uint8Array): void {
    const { isWelcome, log } = this.#parts;
    if (!isHex32(from) || !isWelcome(deviceId(from))) return;
    let message: Up;
    try {
      message = decodeUp(payload);
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      return log(`Machine ${from}: ${error.message}.`);
    }
    this.#heard.add(deviceId(from));
    for (const listener of this.#messageListeners) listener(deviceId(from), message, "network");
  }
}
