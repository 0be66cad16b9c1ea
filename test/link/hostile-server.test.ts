/** What a server that is not what it seems can do to a client, with bytes of its own making. */
import { createServer } from "node:http";
import type { Duplex } from "node:stream";
import { createServer as createTlsServer } from "node:tls";
import test, { type ExecutionContext } from "ava";
import { generate } from "mqtt-packet";
import { WebSocketServer } from "ws";
import { streamPair } from "../../hal/sim/stream-pair.ts";
import { type Identity, openIdentity } from "../../src/link/identity.ts";
import type { ClientLink } from "../../src/link/link.ts";
import { openMachineMqtt } from "../../src/link/machine-mqtt.ts";
import { openMqtt } from "../../src/link/mqtt-client.ts";
import { secureServer } from "../../src/link/secure.ts";
import { websocketStream } from "../../src/link/websocket-stream.ts";
import { SyncError } from "../../src/model/errors.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { until } from "../contract/link.ts";
import { Lan, listening, moment, seededRandom } from "./lan.ts";

/** What a server machine of an older version answers: it knows MQTT over WebSocket alone. */
function olderServer(stream: Duplex, { certificate: cert, key }: Identity): Promise<Duplex> {
  const server = createTlsServer({ cert, key, requestCert: true, rejectUnauthorized: false, ALPNProtocols: ["mqtt-sync"] });
  return new Promise((resolve, reject) => {
    server.once("secureConnection", resolve);
    server.once("tlsClientError", reject);
    server.emit("connection", stream);
  });
}

/** A server machine with the right certificate and any bytes: what a paired client may meet. */
async function hostileServer(
  t: ExecutionContext,
  talk: (stream: Duplex) => void,
  way: "direct" | "websocket" = "direct",
): Promise<{ readonly lan: Lan; readonly link: ClientLink; readonly words: string[] }> {
  const lan = new Lan();
  const { hal } = lan.machine("server");
  const identity = await openIdentity({ storage: hal.storage, keyStore: hal.device.keyStore, log: t.log });
  const http = createServer();
  const upgrades = new WebSocketServer({ noServer: true });
  http.on("upgrade", (request, socket, head) =>
    upgrades.handleUpgrade(request, socket, head, (websocket) => talk(websocketStream(websocket))),
  );
  lan.ports.set(
    "server:8443",
    await listening(
      t,
      (socket) =>
        void (way === "direct" ? secureServer({ stream: socket, identity, visitor: "machine" }) : olderServer(socket, identity)).then(
          (secure) => (way === "direct" ? talk(secure) : http.emit("connection", secure)),
          () => undefined,
        ),
    ),
  );
  const link = lan.machine("client").links.connect({ host: "server", port: 8443 }, identity.device);
  const words: string[] = [];
  link.onState((state, why) => words.push(`${state} ${why === undefined ? "" : "word" in why ? why.word : why.code}`.trim()));
  t.teardown(() => link.close());
  return { lan, link, words };
}

/** What is said when the time of an attempt is up. */
const NEVER_ANSWERED = "down server-unreachable";
const CONNACK: Buffer = Buffer.from([0x20, 2, 0, 0]);

test("a client lives on whatever a server sends", async (t) => {
  const attacks: readonly (readonly [string, Buffer, string])[] = [
    ["a PUBLISH without packet id", Buffer.concat([CONNACK, Buffer.from([0x32, 5, 0, 3, 97, 47, 98])]), "down message-malformed"],
    ["a PUBLISH of 256 MB", Buffer.concat([CONNACK, Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f])]), "down message-too-large"],
    ["two CONNACKs", Buffer.concat([CONNACK, CONNACK]), "down message-malformed"],
    ["a refusal", Buffer.from([0x20, 2, 0, 5]), "down authentication-failed"],
    ["an answer to nothing", Buffer.concat([CONNACK, Buffer.from([0x90, 4, 0x77, 0x77, 1, 1])]), NEVER_ANSWERED],
    ["no CONNACK", Buffer.from([0x90, 3, 0, 1, 1]), "down message-malformed"],
    [
      "a topic nobody asked for",
      Buffer.concat([
        CONNACK,
        generate({ cmd: "publish", topic: "__proto__", payload: "x", qos: 1, messageId: 1, retain: false, dup: false }),
      ]),
      "down message-malformed",
    ],
    ["nonsense", Buffer.from("nonsense nonsense"), "down message-malformed"],
  ];
  const ways = (["direct", "websocket"] as const).flatMap((way) => attacks.map((attack) => [way, ...attack] as const));
  for (const [way, name, bytes, word] of ways) {
    const what = `${name}, ${way}`;
    let heard = 0;
    const talk = (stream: Duplex): void => {
      stream.on("error", () => stream.destroy());
      stream.on("data", () => {
        heard += 1;
        if (heard === 1) stream.write(bytes);
      });
    };
    const { lan, link, words } = await hostileServer(t, talk, way);
    // What is said may follow the asking at once, where the server machine is no older one.
    const before = way === "direct" ? ["up"] : [];
    if (word === NEVER_ANSWERED) {
      await until(t, moment, `${what}: it asks to come in`, () => heard > 0);
      t.deepEqual(words, before, what);
      await lan.clock.advance(LIMITS.connectMs);
    }
    await until(t, moment, what, () => words.length > before.length);
    t.deepEqual(words, [...before, word], what);
    await link.close();
  }
});

test("a client that is granted less than it asked for is not up any more", async (t) => {
  const { link, words } = await hostileServer(t, (stream) => {
    stream.on("error", () => stream.destroy());
    // It asks in one piece, and is answered so.
    stream.once("data", () => stream.write(Buffer.concat([CONNACK, Buffer.from([0x90, 5, 0, 1, 1, 0x80, 0x80])])));
  });
  await until(t, moment, "told", () => words.length === 2);
  t.is(words[1], "down authentication-failed");
  t.is(link.state, "down");
});

const opened: Readonly<Record<string, (parts: Parameters<typeof openMachineMqtt>[0]) => Promise<unknown>>> = {
  "a broker of others": (parts) => openMqtt({ ...parts, username: undefined, password: undefined }).then((session) => session.drop()),
  "a server machine": (parts) => openMachineMqtt(parts).then((session) => ("code" in session ? undefined : session.drop())),
};

for (const [who, open] of Object.entries(opened)) {
  test(`no bytes of ${who} make a client's session throw: 3,000 mutated conversations`, async (t) => {
    const random = seededRandom("hostile broker");
    const words: Buffer[] = [
      CONNACK,
      Buffer.from([0x90, 4, 0, 1, 1, 1]),
      Buffer.from([0x40, 2, 0, 1]),
      Buffer.from([0xd0, 0]),
      Buffer.from([0xb0, 2, 0, 1]),
    ];
    const topics = ["a", "__proto__", "constructor", "\u0000", "\ufffd", "$SYS/x", "x".repeat(200)];
    for (const topic of topics)
      words.push(generate({ cmd: "publish", topic, payload: "x", qos: 1, messageId: 7, retain: false, dup: false }));
    const clock = new Lan().clock;
    for (let round = 0; round < 3_000; round += 1) {
      const dice = random(24);
      const parts = [CONNACK, ...[...dice.subarray(0, 5)].map((number) => words[number % words.length] ?? CONNACK)];
      const bytes = Buffer.concat(parts);
      for (let change = 0; change < (dice[6] ?? 0) % 4; change += 1) bytes[(dice[7 + change] ?? 0) % bytes.length] = dice[12 + change] ?? 0;
      const [near, far] = streams();
      const over = new AbortController();
      const opening = open({
        clock,
        stream: near,
        clientId: "a",
        subscriptions: ["a"],
        eitherOf: ["b", "c"],
        onMessage: () => undefined,
        signal: over.signal,
      });
      far.once("data", () => {
        far.write(bytes);
        setImmediate(() => setImmediate(() => over.abort()));
      });
      await opening.catch((error: unknown) => t.true(error instanceof SyncError, String(error)));
      far.destroy();
    }
    t.pass();
  });
}

function streams(): [Duplex, Duplex] {
  const [near, far] = streamPair();
  far.on("error", () => far.destroy());
  return [near, far];
}
