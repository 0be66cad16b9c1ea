/** MQTT in a WebSocket, as machines of an older version and brokers of others speak it: both ends of one, over a stream that is there already. */
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import test from "ava";
import { streamPair } from "../../../hal/sim/stream-pair.ts";
import { openWebsocket } from "../../../src/link/websocket-client.ts";
import { acceptWebsocket } from "../../../src/link/websocket-server.ts";
import { SyncError } from "../../../src/model/errors.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { settle } from "../../contract/manual-clock.ts";

const UNREACHABLE = { instanceOf: SyncError, code: "server-unreachable" };

/** A WebSocket that is asked for; `answer` says what becomes of it. */
function asking(answer: (request: IncomingMessage, socket: Duplex, head: Buffer) => void, signal = new AbortController().signal) {
  const [near, far] = streamPair();
  far.on("error", () => undefined);
  const server = createServer();
  server.on("upgrade", answer);
  server.emit("connection", far);
  return { near, far, opening: openWebsocket({ stream: near, url: "wss://machine/mqtt", signal }) };
}

async function soon(isSo: () => boolean): Promise<boolean> {
  for (let turn = 0; turn < 50 && !isSo(); turn += 1) await settle();
  return isSo();
}

test("what is said goes both ways in whole, and who ends it ends it for both", async (t) => {
  let served: Duplex | undefined;
  const ending = new AbortController();
  const accept = (request: IncomingMessage, socket: Duplex, head: Buffer) =>
    acceptWebsocket(request, socket, head, (stream) => (served = stream));
  const { near, opening } = asking(accept, ending.signal);
  const ours = await opening;
  ending.abort();
  if ("word" in ours || !(await soon(() => served !== undefined)) || served === undefined) throw new Error("it is open");
  const heard: Buffer[] = [];
  const long = Buffer.alloc(3 * LIMITS.webSocketMessageBytes + 7, 5);
  ours.write(long);
  t.false(await soon(() => heard.length > 0), "nobody reads yet, and nothing is lost");
  served.on("data", (bytes: Buffer) => heard.push(bytes));
  t.true(await soon(() => Buffer.concat(heard).length === long.length));
  served.write("hello");
  const [said] = (await once(ours, "data")) as [Buffer];
  t.is(said.toString(), "hello");
  ours.end();
  const theirs = served;
  t.true(await soon(() => near.destroyed && ours.destroyed && theirs.destroyed));
});

test("B08 who is refused with a word that we know hears it; any other answer is that of nobody", async (t) => {
  for (const [word, outcome] of [
    ["not-paired", "not-paired"],
    ["server-not-running", "server-not-running"],
    ["toString", undefined],
    ["account-refused", undefined],
  ] as const) {
    const { near, opening } = asking((_, socket) => {
      socket.end(`HTTP/1.1 403 Refused\r\nx-refusal: ${word}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    });
    if (outcome === undefined) await t.throwsAsync(opening, UNREACHABLE, word);
    else t.deepEqual(await opening, { word: outcome } as never);
    t.true(await soon(() => near.destroyed), word);
  }
});

test("B08 a WebSocket that is called off, or whose other end goes away, is given up at once", async (t) => {
  const before = asking(() => undefined, AbortSignal.abort());
  await t.throwsAsync(before.opening, UNREACHABLE);
  const ending = new AbortController();
  const amid = asking(() => undefined, ending.signal);
  await settle();
  ending.abort();
  await t.throwsAsync(amid.opening, UNREACHABLE);
  t.deepEqual([before.near.destroyed, amid.near.destroyed], [true, true]);
  const gone = asking((_, socket) => void socket.destroy());
  await t.throwsAsync(gone.opening, UNREACHABLE);
});

test("a request for a WebSocket of another kind is answered without one of ours", async (t) => {
  const [near, far] = streamPair();
  const server = createServer();
  let streams = 0;
  server.on("upgrade", (request, socket, head) => acceptWebsocket(request, socket, head, () => void (streams += 1)));
  server.emit("connection", far);
  const heard: Buffer[] = [];
  near.on("data", (bytes: Buffer) => heard.push(bytes));
  const key = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: chat\r\n";
  near.write(`GET /mqtt HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${key}\r\n`);
  t.true(await soon(() => heard.length > 0));
  t.false(/sec-websocket-protocol/i.test(Buffer.concat(heard).toString()), "it does not say that it speaks that");
  near.destroy();
});
