/** Opens a WebSocket for MQTT over a stream that is secured already: to a server machine of an older version, or a broker of others. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocket } from "ws";
import { SyncError } from "../model/errors.ts";
import { LIMITS } from "../model/limits.ts";
import type { Refusal } from "../model/refusal.ts";
import { PORT_REFUSALS, REFUSAL_HEADER } from "./refusal-words.ts";
import { websocketStream } from "./websocket-stream.ts";

interface Parts {
  readonly stream: Duplex;
  /** Host and path as the request names them. */
  readonly url: string;
  readonly signal: AbortSignal;
}

/** Rejects "server-unreachable", also when the signal aborts; the stream is destroyed then, as it is after a refusal. */
export function openWebsocket({ stream, url, signal }: Parts): Promise<Duplex | Refusal> {
  const socket = new WebSocket(url, ["mqtt"], {
    createConnection: () => stream,
    perMessageDeflate: false,
    followRedirects: false,
    maxPayload: LIMITS.packetBytesMax,
  });
  return new Promise((resolve, reject) => {
    const over = (cause?: Error): void => {
      stream.destroy();
      reject(new SyncError("server-unreachable", `no WebSocket: ${cause?.message ?? "the connection was ended"}`, { cause }));
    };
    const abort = (): void => over();
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
    socket.on("error", over);
    socket.once("close", () => over());
    socket.once("unexpected-response", (_request, response: IncomingMessage) => {
      const word = response.headers[REFUSAL_HEADER];
      const refusal = typeof word === "string" && Object.hasOwn(PORT_REFUSALS, word) ? PORT_REFUSALS[word] : undefined;
      if (refusal === undefined) return over(new Error(`the server answers ${response.statusCode}`));
      resolve(refusal);
      stream.destroy();
    });
    socket.once("open", () => {
      signal.removeEventListener("abort", abort);
      resolve(websocketStream(socket));
    });
  });
}
