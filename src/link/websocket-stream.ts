/** A WebSocket as a stream of bytes: what is written while a message is on its way leaves together in the next one. */
import { Duplex } from "node:stream";
import type { RawData, WebSocket } from "ws";
import { SyncError } from "../model/errors.ts";
import { LIMITS } from "../model/limits.ts";

/** Owns the socket, which is open. The stream ends when the socket closes, for whatever reason. */
export function websocketStream(socket: WebSocket): Duplex {
  const send = (bytes: Uint8Array, done: (error?: Error | null) => void): void => {
    const rest = bytes.subarray(LIMITS.webSocketMessageBytes);
    if (rest.length === 0) return socket.send(bytes, done);
    socket.send(bytes.subarray(0, LIMITS.webSocketMessageBytes), (error) => (error ? done(error) : send(rest, done)));
  };
  const stream = new Duplex({
    allowHalfOpen: false,
    read() {
      socket.resume();
    },
    write(bytes: Uint8Array, _encoding, done) {
      send(bytes, done);
    },
    writev(pieces: readonly { readonly chunk: Uint8Array }[], done) {
      send(Buffer.concat(pieces.map((piece) => piece.chunk)), done);
    },
    final(done) {
      socket.close();
      done();
    },
    destroy(error, done) {
      socket.terminate();
      done(error);
    },
  });
  socket.on("message", (data: RawData, binary: boolean) => {
    if (!binary || !Buffer.isBuffer(data)) {
      stream.destroy(new SyncError("message-malformed", "WebSocket: a text message where MQTT is spoken; the connection is ended"));
    } else if (!stream.push(data)) socket.pause();
  });
  socket.on("error", (error) => stream.destroy(error));
  socket.on("close", () => {
    stream.push(null);
    stream.destroy();
  });
  return stream;
}
