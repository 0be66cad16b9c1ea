/** One MQTT 3.1.1 session at a broker of others, over any stream: clean, with QoS 1, and ended for good when the stream ends. */
import { MqttClient } from "mqtt";
import type { Duplex } from "node:stream";
import type { Clock } from "../../hal/clock.ts";
import { SyncError } from "../model/errors.ts";
import { LIMITS } from "../model/limits.ts";
import { frameGuard } from "./frame-guard.ts";
import { guardedStream } from "./guarded-stream.ts";
import { isAboutUs, isGranted, type MqttSession, NOT_GRANTED_TEXT, type Subscriber } from "./mqtt-session.ts";

interface Parts extends Subscriber {
  readonly clock: Clock;
  /** Becomes the session's own. */
  readonly stream: Duplex;
  readonly username: string | undefined;
  readonly password: string | undefined;
}

/** Resolves when the broker has granted all subscriptions. Rejects with a SyncError, and when the signal aborts. */
export async function openMqtt(parts: Parts): Promise<MqttSession> {
  const { clock, signal, onMessage } = parts;
  const stream = guardedStream({ clock, inner: parts.stream, guard: frameGuard("server") });
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
    // mqtt.js does nothing where it has been asked to end before, and a broker may never let go.
    stream.destroy();
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
      if (!over) client.publish(topic, Buffer.from(payload), { qos: 1 }, () => undefined);
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
      if (isGranted({ subscriptions, eitherOf }, answer?.granted ?? [])) return resolve();
      client.end(true);
      client.emit("error", new SyncError("authentication-failed", NOT_GRANTED_TEXT));
    });
  });
}

function blamed(error: Error): SyncError {
  if (error instanceof SyncError) return error;
  const refused = "code" in error && isAboutUs(error.code);
  return new SyncError(refused ? "authentication-failed" : "link-lost", `MQTT: ${error.message}`, { cause: error });
}
