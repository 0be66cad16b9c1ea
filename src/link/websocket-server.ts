/** Takes the WebSocket of a machine of an older version, which speaks MQTT in it. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { LIMITS } from "../model/limits.ts";
import { websocketStream } from "./websocket-stream.ts";

/** `accepted` is called with its bytes; never where the request is no WebSocket's, which is answered and ended. */
export function acceptWebsocket(request: IncomingMessage, socket: Duplex, head: Buffer, accepted: (stream: Duplex) => void): void {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: LIMITS.packetBytesMax,
    handleProtocols: (offered) => (offered.has("mqtt") ? "mqtt" : false),
  });
  server.handleUpgrade(request, socket, head, (websocket) => accepted(websocketStream(websocket)));
}
