/**
 * Dials a server machine: its port, its pinned certificate, MQTT; with a WebSocket between them where the server machine is an
 * older one.
 */
import type { Duplex } from "node:stream";
import type { Hal } from "../../hal/hal.ts";
import { SyncError } from "../model/errors.ts";
import type { DeviceId } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import type { Refusal } from "../model/refusal.ts";
import { decodeDown, encodeUp } from "../protocol/codec.ts";
import type { Down } from "../protocol/down.ts";
import { MessageReader } from "../protocol/message-reader.ts";
import { OWN_TOPICS, sharedTopics, type TopicNames, topicsOfAll } from "../protocol/topics.ts";
import { withDeadline } from "./deadline.ts";
import type { Identity } from "./identity.ts";
import type { Dial, Line } from "./line.ts";
import type { Destination } from "./link.ts";
import { IDENTIFIER_REJECTED, SERVER_UNAVAILABLE } from "./connack-codes.ts";
import { askMachineMqtt, type NotLetIn, openMachineMqtt } from "./machine-mqtt.ts";
import { isAboutUs, type MqttSession, type Subscriber } from "./mqtt-session.ts";
import { MQTT_PATH } from "./refusal-words.ts";
import { DIRECT_PROTOCOL, MACHINE_PROTOCOLS, peerOf, secureClient } from "./secure.ts";
import { openStream } from "./tunnel.ts";

interface Parts {
  readonly hal: Pick<Hal, "clock" | "network">;
  readonly identity: () => Promise<Identity>;
  readonly destination: Destination;
  /** The certificate to insist on. */
  readonly server: DeviceId;
}

/** The name in the request is the same for all: addresses of machines take forms that no URL can hold. */
const URL_OF_MACHINE = `wss://custom-settings-sync${MQTT_PATH}`;

export function dialMachine({ hal, identity: open, destination, server }: Parts): Dial {
  const { clock, network } = hal;
  const what = `no connection to ${destination.host}:${destination.port}`;
  return async ({ signal: outer, onMessage }) => {
    const identity = await open();
    return await withDeadline({ clock, ms: LIMITS.connectMs, signal: outer, what }, async (signal): Promise<Line | Refusal> => {
      const raw = await openStream(network, destination, signal);
      const socket = await secureClient({ stream: raw, signal, identity, protocols: MACHINE_PROTOCOLS, authorityName: undefined });
      if (peerOf(socket) !== server) {
        socket.destroy();
        return { word: "another-server" };
      }
      const asked = { clock, signal, clientId: identity.device };
      if (socket.alpnProtocol === DIRECT_PROTOCOL) {
        const session = askMachineMqtt({ ...asked, stream: socket, ...clientTopics(OWN_TOPICS, onMessage) });
        return mqttLine({ ...session, ended: session.ended.then(whyEnded) }, OWN_TOPICS.up);
      }
      const stream = await overWebsocket(socket, signal);
      if ("word" in stream) return stream;
      const topics = sharedTopics(server, identity.device);
      const session = await openMachineMqtt({ ...asked, stream, ...clientTopics(topics, onMessage) });
      if (!("code" in session)) return mqttLine(session, topics.up);
      const why = refusalOf(session);
      if (why instanceof SyncError) throw why;
      return why;
    });
  };
}

async function overWebsocket(stream: Duplex, signal: AbortSignal): Promise<Duplex | Refusal> {
  const { openWebsocket } = await import("./websocket-client.ts");
  return await openWebsocket({ stream, url: URL_OF_MACHINE, signal });
}

/** A server machine that lets nobody in, or not this one, says so in its CONNACK. */
function refusalOf({ code }: NotLetIn): Refusal | SyncError {
  if (code === IDENTIFIER_REJECTED) return { word: "not-paired" };
  if (code === SERVER_UNAVAILABLE) return { word: "server-not-running" };
  return new SyncError(
    isAboutUs(code) ? "authentication-failed" : "link-lost",
    `the server machine answers the MQTT connection with code ${code}`,
  );
}

const whyEnded = (why: SyncError | NotLetIn | undefined): SyncError | Refusal | undefined =>
  why === undefined || why instanceof SyncError ? why : refusalOf(why);

/** What a client machine listens to, and how it reads it. */
export function clientTopics(
  names: TopicNames,
  onMessage: (message: Down) => void,
): Pick<Subscriber, "subscriptions" | "eitherOf" | "onMessage"> {
  const own = names.down;
  const toAll = topicsOfAll(names);
  // What goes to all begins otherwise than what is said to this machine.
  const readers = { own: new MessageReader(), toAll: new MessageReader() };
  return {
    subscriptions: [own],
    eitherOf: toAll,
    onMessage(topic, payload) {
      if (topic !== own && !toAll.includes(topic))
        throw new SyncError("message-malformed", "a message came on a topic that this machine does not listen to");
      onMessage(decodeDown(payload, topic === own ? readers.own : readers.toAll));
    },
  };
}

/** An MQTT session as a client machine's line. */
export const mqttLine = (session: Omit<MqttSession, "ended"> & Pick<Line, "ended">, topic: string): Line => ({
  ended: session.ended,
  drop: session.drop,
  finish: session.finish,
  send: (message) => session.publish(topic, encodeUp(message)),
});
