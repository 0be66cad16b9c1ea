/**
 * The broker of a server machine, with nothing kept and nothing routed. A machine may publish to its own topic, which ends
 * here, and listen to its own and to the broadcast; all that it receives comes from this machine. Identity is the
 * certificate's: the MQTT client identifier has to repeat it.
 */
import type { Clock } from "../../hal/clock.ts";
import { SyncError } from "../model/errors.ts";
import type { DeviceId } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import { decodeUp, encodeDown } from "../protocol/codec.ts";
import type { Down } from "../protocol/down.ts";
import { mayPublish, maySubscribe, OWN_TOPICS, sharedTopics } from "../protocol/topics.ts";
import type { Up } from "../protocol/up.ts";
import { frameGuard } from "./frame-guard.ts";
import { readGuarded } from "./guarded-reading.ts";
import type { CameBy, ServerLink } from "./link.ts";
import { MachineSession } from "./machine-session.ts";
import { ACCEPTED, IDENTIFIER_REJECTED } from "./connack-codes.ts";
import { publish } from "./mqtt-framing.ts";
import { type Connect, type Host, type Publish, serveMqtt } from "./mqtt-server.ts";
import type { Arrival, MachineDoor } from "./port-8443.ts";
import { type Rate, rate } from "./rate.ts";

interface Parts {
  readonly clock: Clock;
  /** This machine: its topics are served. */
  readonly server: DeviceId;
  readonly isWelcome: (device: DeviceId) => boolean;
  readonly log: (text: string) => void;
}

export class Broker implements ServerLink, MachineDoor {
  readonly #parts: Parts;
  readonly #sessions = new Map<DeviceId, MachineSession>();
  readonly #rates = new Map<DeviceId, Rate>();
  readonly #messageListeners: ((from: DeviceId, message: Up, by: CameBy) => void)[] = [];
  readonly #goneListeners: ((device: DeviceId) => void)[] = [];
  #closing = false;

  constructor(parts: Parts) {
    this.#parts = parts;
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
  enter({ device, stream, way, admitted }: Arrival): void {
    const { clock, log, server } = this.#parts;
    stream.on("error", (error) => log(`Machine ${device}: ${error.message}.`));
    const topics = way === "direct" ? OWN_TOPICS : sharedTopics(server, device);
    const session = new MachineSession({ device, stream, admitted, clock, topics });
    const heard = serveMqtt({
      clock,
      stream,
      host: this.#hostOf(session),
      send: (packet) => session.send(packet),
      fail: (why) => session.fail(why),
      end: () => void session.end(),
    });
    readGuarded({
      clock,
      stream,
      guard: frameGuard("client"),
      rate: this.#rateOf(device),
      heard,
      fault: (why) => session.fail(why),
      ended: () => void stream.end(),
    });
    stream.once("close", () => this.#gone(session));
  }

  send(to: DeviceId, message: Down): void {
    const session = this.#sessions.get(to);
    if (session === undefined) return;
    session.send(publish(session.topics.down, encodeDown(message)));
    this.#boundQueues();
  }

  broadcast(message: Down): void {
    const { version } = message.envelope;
    // One packet for each name that the topic has: all machines of today have the same.
    const packets = new Map<string, Uint8Array>();
    let payload: Uint8Array | undefined;
    for (const session of this.#sessions.values()) {
      const topic = session.topics.all(version);
      if (!session.listensTo.has(topic)) continue;
      payload ??= encodeDown(message);
      const packet = packets.get(topic) ?? publish(topic, payload);
      packets.set(topic, packet);
      session.send(packet);
    }
    if (payload !== undefined) this.#boundQueues();
  }

  cut(device: DeviceId): void {
    const session = this.#sessions.get(device);
    if (session !== undefined) void session.end();
  }

  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all([...this.#sessions.values()].map((session) => session.end()));
  }

  #rateOf(device: DeviceId): Rate {
    const known = this.#rates.get(device) ?? rate(this.#parts.clock);
    this.#rates.set(device, known);
    return known;
  }

  #hostOf(session: MachineSession): Host {
    return {
      connect: (packet) => this.#connect(session, packet),
      publish: (packet) => this.#arrived(session, packet),
      subscribe: (topic, qos) => this.#subscribe(session, topic, qos),
      unsubscribe: (topic) => void session.listensTo.delete(topic),
    };
  }

  #connect(session: MachineSession, { will, clean, clientId }: Connect): number | undefined {
    const { device } = session;
    const wrong = will ? "a will" : clean ? (clientId === device ? undefined : "the name of another machine") : "a session to be kept";
    if (wrong !== undefined) {
      this.#parts.log(`Machine ${device}: refused, its CONNECT has ${wrong}.`);
      return undefined;
    }
    if (this.refusalOf(device) !== undefined) return IDENTIFIER_REJECTED;
    // The newer connection takes the place of an older one, whose end is nobody's news.
    const older = this.#sessions.get(device);
    this.#sessions.set(device, session);
    older?.stream.destroy();
    session.admitted();
    return ACCEPTED;
  }

  #subscribe(session: MachineSession, topic: string, qos: number): boolean {
    if (qos < 2 && maySubscribe(session.topics, topic)) {
      session.listensTo.add(topic);
      return true;
    }
    this.#refused(session, `may not listen to ${JSON.stringify(topic.slice(0, 100))}`);
    return false;
  }

  #arrived(session: MachineSession, { topic, payload, retain }: Publish): void {
    if (session.over) return;
    if (retain || !mayPublish(session.topics, topic)) {
      return this.#refused(session, `may not publish to ${JSON.stringify(topic.slice(0, 100))}${retain ? " to be retained" : ""}`);
    }
    const message = this.#decoded(session, payload);
    if (message === undefined) return;
    for (const listener of this.#messageListeners) listener(session.device, message, "network");
  }

  #decoded(session: MachineSession, payload: Uint8Array): Up | undefined {
    try {
      return decodeUp(payload, session.reader);
    } catch (cause) {
      if (!(cause instanceof SyncError)) throw cause;
      session.fail(cause);
      return undefined;
    }
  }

  #refused(session: MachineSession, what: string): void {
    if (session.refused) return;
    session.refused = true;
    this.#parts.log(`Machine ${session.device} ${what}; refused, as more of the kind will be.`);
  }

  /** What waits to leave for all together is bounded: those for which most waits are ended. */
  #boundQueues(): void {
    let all = 0;
    for (const { queued } of this.#sessions.values()) all += queued;
    if (all <= LIMITS.queueBytesMax) return;
    const byQueue = [...this.#sessions.values()].filter(({ over }) => !over).sort((a, b) => b.queued - a.queued);
    all = byQueue.reduce((sum, { queued }) => sum + queued, 0);
    for (const session of byQueue) {
      if (all <= LIMITS.queueBytesMax) return;
      all -= session.queued;
      session.shed();
    }
  }

  #gone(session: MachineSession): void {
    if (this.#sessions.get(session.device) !== session) return;
    this.#sessions.delete(session.device);
    for (const listener of this.#goneListeners) listener(session.device);
  }
}
