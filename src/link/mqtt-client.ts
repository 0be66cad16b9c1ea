/** One MQTT 3.1.1 session as a client, over any stream: clean, and ended for good when the stream ends. */
import { MqttClient } from "mqtt";
import type { Duplex } from "node:stream";
import type { Clock } from "../../hal/clock.ts";
import { SyncError } from "../model/errors.ts";
import { LIMITS } from "../model/limits.ts";
import { BAD_USERNAME_OR_PASSWORD, IDENTIFIER_REJECTED, NOT_AUTHORIZED } from "./connack-codes.ts";
import { frameGuard } from "./frame-guard.ts";
import { guardedStream } from "./guarded-stream.ts";

export interface MqttSession {
  /** Bytes of a session that has ended are dropped. */
  publish(topic: string, payload: Uint8Array): void;
  /** Resolves once, with what ended it; undefined when this side did. It never rejects. */
  readonly ended: Promise<SyncError | undefined>;
  drop(): void;
  /** Resolves when what was published has left (QoS 1: has been received by the broker), or the session has ended. */
  finish(): Promise<void>;
}

interface Parts {
  readonly clock: Clock;
  /** Becomes the session's own. */
  readonly stream: Duplex;
  readonly clientId: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** 0 where the broker is the other machine itself: the connection keeps what is sent while it lasts, and a PUBACK would say no more. */
  readonly qos: 0 | 1;
  readonly subscriptions: readonly string[];
  /** Of these at least one has to be granted, where there are any. */
  readonly eitherOf: readonly string[];
  /** A SyncError that it throws ends the session with it. */
  readonly onMessage: (topic: string, payload: Uint8Array) => void;
  readonly signal: AbortSignal;
}

/** CONNACK codes that say who we are is the matter; the others pass by themselves. */
const NOT_US: readonly unknown[] = [IDENTIFIER_REJECTED, BAD_USERNAME_OR_PASSWORD, NOT_AUTHORIZED];

/** Resolves when the broker has granted all subscriptions. Rejects with a SyncError, and when the signal aborts. */
export async function openMqtt(parts: Parts): Promise<MqttSession> {
  const { clock, signal, onMessage } = parts;
  const stream = guardedStream({ clock, inner: parts.stream, guard: frameGuard("server"), rate: undefined });
  let why: SyncError | undefined;
  let over = false;
  const blame = (error: Error): void => {
    why ??= blamed(error);
  };
  // mqtt.js tells only of stream errors that have a code of their own; these are heard first-hand.
  stream.on("error", blame);
  const client = new MqttClient(() => stream, {
    clientId: parts.clientId,
    ...(parts.username === undefined ? {} : { username: parts.username }),
    ...(parts.password === undefined ? {} : { password: parts.password }),
    protocolVersion: 4,
    clean: true,
    keepalive: LIMITS.keepAliveMs / 1000,
    // Sending is no sign of life of the other side: only its answer puts the next ping off.
    reschedulePings: false,
    reconnectPeriod: 0,
    connectTimeout: LIMITS.connectMs,
    resubscribe: false,
    queueQoSZero: false,
    timerVariant: "native",
    log: () => undefined,
  });
  const ended = new Promise<SyncError | undefined>((resolve) => {
    client.once("close", () => {
      resolve(why ?? (over ? undefined : new SyncError("link-lost", "the other side ended the connection")));
      over = true;
    });
  });
  const drop = (): void => {
    over = true;
    client.end(true);
  };
  client.on("error", blame);
  client.on("message", (topic, payload) => {
    if (over) return;
    try {
      onMessage(topic, payload);
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      why ??= error;
      drop();
    }
  });
  signal.addEventListener("abort", drop, { once: true });
  if (signal.aborted) drop();
  const connected = new Promise<void>((resolve) => client.once("connect", () => resolve()));
  const granted = connected.then(() => subscribe(client, parts));
  await Promise.race([granted, ended]);
  signal.removeEventListener("abort", drop);
  if (over) throw why ?? new SyncError("server-unreachable", "the MQTT connection was ended before it was ready");
  return {
    ended,
    drop,
    publish(topic, payload) {
      // A message that is not received ends the session sooner or later, and that is told; its own failure says no more.
      if (!over) client.publish(topic, Buffer.from(payload), { qos: parts.qos }, () => undefined);
    },
    async finish() {
      over = true;
      const left = new Promise<void>((resolve) => client.end(false, {}, () => resolve()));
      await Promise.race([left, ended]);
    },
  };
}

/** Ends the session where the broker grants less than was asked for. */
function subscribe(client: MqttClient, { subscriptions, eitherOf }: Pick<Parts, "subscriptions" | "eitherOf">): Promise<void> {
  return new Promise((resolve) => {
    const topics = [...subscriptions, ...eitherOf];
    client.subscribe(topics, { qos: 1 }, (_error, _subscriptions, answer) => {
      // Where something was refused there is an error, and what was granted besides stands in the packet.
      const granted = topics.filter((_topic, index) => answer?.granted[index] === 1);
      const isEnough =
        subscriptions.every((topic) => granted.includes(topic)) &&
        (eitherOf.length === 0 || eitherOf.some((topic) => granted.includes(topic)));
      if (isEnough) return resolve();
      client.end(true);
      client.emit("error", new SyncError("authentication-failed", "the broker does not let this machine listen to its topics"));
    });
  });
}

function blamed(error: Error): SyncError {
  if (error instanceof SyncError) return error;
  const refused = "code" in error && NOT_US.includes(error.code);
  return new SyncError(refused ? "authentication-failed" : "link-lost", `MQTT: ${error.message}`, { cause: error });
}
