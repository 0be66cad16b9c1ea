/** Dials a server machine: its port, its pinned certificate, a WebSocket, MQTT. */
import type { Hal } from "../../hal/hal.ts";
import { SyncError } from "../model/errors.ts";
import type { DeviceId } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import type { Refusal } from "../model/refusal.ts";
import { decodeDown, encodeUp } from "../protocol/codec.ts";
import type { Down } from "../protocol/down.ts";
import { broadcastTopics, downTopic, upTopic } from "../protocol/topics.ts";
import { withDeadline } from "./deadline.ts";
import type { Identity } from "./identity.ts";
import type { Dial, Line } from "./line.ts";
import type { Destination } from "./link.ts";
import { type MqttSession, openMqtt } from "./mqtt-client.ts";
import { MQTT_PATH } from "./port-8443.ts";
import { peerOf, secureClient, SYNC_PROTOCOL } from "./secure.ts";
import { openStream } from "./tunnel.ts";
import { openWebsocket } from "./websocket-client.ts";

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
      const socket = await secureClient({ stream: raw, signal, identity, protocol: SYNC_PROTOCOL, authorityName: undefined });
      if (peerOf(socket) !== server) {
        socket.destroy();
        return { word: "another-server" };
      }
      const stream = await openWebsocket({ stream: socket, url: URL_OF_MACHINE, signal });
      if ("word" in stream) return stream;
      const session = await openMqtt({
        clock,
        stream,
        signal,
        clientId: identity.device,
        username: undefined,
        password: undefined,
        qos: 0,
        ...clientTopics({ server, device: identity.device, onMessage }),
      });
      return mqttLine(session, upTopic(server, identity.device));
    });
  };
}

interface Listening {
  readonly server: DeviceId;
  readonly device: DeviceId;
  readonly onMessage: (message: Down) => void;
}

/** What a client machine listens to, and how it reads it. */
export function clientTopics({
  server,
  device,
  onMessage,
}: Listening): Pick<Parameters<typeof openMqtt>[0], "subscriptions" | "eitherOf" | "onMessage"> {
  const own = downTopic(server, device);
  const toAll = broadcastTopics(server);
  return {
    subscriptions: [own],
    eitherOf: toAll,
    onMessage(topic, payload) {
      if (topic !== own && !toAll.includes(topic))
        throw new SyncError("message-malformed", "a message came on a topic that this machine does not listen to");
      onMessage(decodeDown(payload));
    },
  };
}

/** An MQTT session as a client machine's line. */
export const mqttLine = (session: MqttSession, topic: string): Line => ({
  ended: session.ended,
  drop: session.drop,
  finish: session.finish,
  send: (message) => session.publish(topic, encodeUp(message)),
});
