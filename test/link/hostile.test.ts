/** What a machine that is paired, or a server that is not what it seems, can do with bytes of its own making. */
import { createServer } from "node:http";
import type { Duplex } from "node:stream";
import test, { type ExecutionContext } from "ava";
import { generate } from "mqtt-packet";
import { WebSocketServer } from "ws";
import { openIdentity } from "../../src/link/identity.ts";
import type { ClientLink, ServerLink } from "../../src/link/link.ts";
import { openMqtt } from "../../src/link/mqtt-client.ts";
import { secureClient, secureServer } from "../../src/link/secure.ts";
import { openWebsocket } from "../../src/link/websocket-client.ts";
import { websocketStream } from "../../src/link/websocket-stream.ts";
import { SyncError } from "../../src/model/errors.ts";
import type { DeviceId } from "../../src/model/ids.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { encodeUp } from "../../src/protocol/codec.ts";
import { broadcastTopic, downTopic, upTopic } from "../../src/protocol/topics.ts";
import { down, until, up } from "../contract/link.ts";
import { streamPair } from "../../hal/sim/stream-pair.ts";
import { Lan, listening, moment, seededRandom, TestAdmission, type TestMachine } from "./lan.ts";

interface Fixture {
  readonly lan: Lan;
  readonly serverMachine: TestMachine;
  readonly link: ServerLink;
  readonly server: DeviceId;
  readonly device: DeviceId;
  /** A paired machine that behaves, to see that it goes on working. */
  readonly good: ClientLink;
  readonly heard: (readonly [DeviceId, number])[];
  /** A WebSocket of the hostile machine, before its CONNECT. */
  stream(): Promise<Duplex>;
}

async function fixture(t: ExecutionContext): Promise<Fixture> {
  const lan = new Lan(t);
  const serverMachine = lan.machine("server");
  const [bad, well] = [lan.machine("bad"), lan.machine("good")];
  const admission = new TestAdmission();
  const link = await serverMachine.links.serve(admission);
  const server = await serverMachine.links.identity();
  const device = await bad.links.identity();
  admission.pinned.add(device).add(await well.links.identity());
  const heard: (readonly [DeviceId, number])[] = [];
  link.onMessage((from, message) => heard.push([from, message.envelope.counter]));
  const good = well.links.connect({ host: "server", port: 8443 }, server);
  t.teardown(async () => {
    await good.close();
    await link.close();
  });
  await until(t, moment, "the good machine is up", () => good.state === "up");
  const stream = async (): Promise<Duplex> => {
    const { signal } = new AbortController();
    const identity = await openIdentity({ storage: bad.hal.storage, keyStore: bad.hal.device.keyStore, log: t.log });
    const raw = await bad.network.connect({ host: "server", port: 8443 }, signal);
    const socket = await secureClient({ stream: raw, signal, identity, protocol: "mqtt-sync", authorityName: undefined });
    const opened = await openWebsocket({ stream: socket, url: "wss://server/mqtt", signal });
    if ("word" in opened) throw new Error(opened.word);
    opened.on("error", () => opened.destroy());
    t.teardown(() => opened.destroy());
    return opened;
  };
  return { lan, serverMachine, link, server, device, good, heard, stream };
}

async function stillWorks(t: ExecutionContext, { good, heard }: Fixture): Promise<void> {
  const before = heard.length;
  t.is(good.state, "up");
  good.send(up(await Promise.resolve("0".repeat(32) as DeviceId), 77));
  await until(t, moment, "the good machine is heard", () => heard.length > before);
}

const connectOf = (clientId: string, more: object = {}): Buffer =>
  generate({ cmd: "connect", protocolId: "MQTT", protocolVersion: 4, clean: true, keepalive: 10, clientId, ...more });

const publishOf = (topic: string, payload: Uint8Array | string, more: object = {}): Buffer =>
  generate({ cmd: "publish", topic, payload: Buffer.from(payload), qos: 1, messageId: 1, retain: false, dup: false, ...more });

test("bytes that are not MQTT as we speak it end the connection, whoever sends them, and nobody else notices", async (t) => {
  const all = await fixture(t);
  const { device } = all;
  const attacks: readonly (readonly [string, Buffer])[] = [
    ["a CONNECT header of 256 MB", Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f])],
    ["no CONNECT", publishOf("a", "b")],
    ["another name", connectOf("f".repeat(32))],
    ["a prototype's name", connectOf("__proto__")],
    ["no name", connectOf("")],
    ["a session to be kept", connectOf(device, { clean: false })],
    ["a will", connectOf(device, { will: { topic: "a", payload: Buffer.from("b"), qos: 1, retain: true } })],
    ["no keep-alive", connectOf(device, { keepalive: 0 })],
    ["MQTT 5", connectOf(device, { protocolVersion: 5 })],
    ["a PUBLISH of 256 MB", Buffer.concat([connectOf(device), Buffer.from([0x32, 0xff, 0xff, 0xff, 0x7f])])],
    ["a PUBLISH without packet id", Buffer.concat([connectOf(device), Buffer.from([0x32, 5, 0, 3, 97, 47, 98])])],
    ["QoS 2", Buffer.concat([connectOf(device), publishOf("a", "b", { qos: 2 })])],
    ["what is no message of ours", Buffer.concat([connectOf(device), publishOf(upTopic(all.server, device), "nonsense")])],
  ];
  for (const [what, bytes] of attacks) {
    const stream = await all.stream();
    stream.on("data", () => undefined);
    stream.write(bytes);
    await until(t, moment, what, () => stream.destroyed);
  }
  await stillWorks(t, all);
});

test("a text message on the WebSocket, or one that is too large, ends it", async (t) => {
  const all = await fixture(t);
  const stream = await all.stream();
  stream.on("data", () => undefined);
  const large = Buffer.alloc(LIMITS.packetBytesMax + 1_024);
  large.set(connectOf(all.device));
  stream.write(large);
  await until(t, moment, "ended", () => stream.destroyed);
  await stillWorks(t, all);
});

test("topics of others are refused, the connection stays, and nothing of others is seen", async (t) => {
  const all = await fixture(t);
  const { server, device, heard, link, serverMachine } = all;
  const stranger = "e".repeat(32) as DeviceId;
  const received: Buffer[] = [];
  const stream = await all.stream();
  stream.on("data", (bytes: Buffer) => received.push(bytes));
  const got = (): string => Buffer.concat(received).toString("hex");
  stream.write(connectOf(device));
  await until(t, moment, "connected", () => got() === "20020000");
  const filters = ["#", "$SYS/#", "+/+/+/+", `custom-settings-sync/${server}/#`, upTopic(server, device), downTopic(server, stranger), "__proto__", "constructor", `${broadcastTopic(server, 1)}0`];
  for (const topic of filters) {
    received.length = 0;
    stream.write(generate({ cmd: "subscribe", messageId: 9, subscriptions: [{ topic, qos: 1 }] }));
    await until(t, moment, topic, () => got() === "9003000980");
  }
  received.length = 0;
  const message = encodeUp(up(device, 1));
  const topics = [upTopic(server, stranger), downTopic(server, stranger), broadcastTopic(server, 1), "$SYS/x", "constructor", "__proto__"];
  for (const topic of topics) stream.write(publishOf(topic, message));
  stream.write(publishOf(upTopic(server, device), message, { retain: true }));
  await until(t, moment, "acknowledged, so that nobody sends them for ever", () => got() === "40020001".repeat(topics.length + 1));
  link.broadcast(down(1));
  link.send(stranger, down(2));
  stream.write(publishOf(upTopic(server, device), message));
  await until(t, moment, "its own is heard", () => heard.length === 1);
  t.deepEqual(heard, [[device, 1]]);
  t.is(serverMachine.log.filter((line) => line.includes("refused, as more of the kind")).length, 1, "one line, not one a message");
  await until(t, moment, "only acknowledgements came", () => got() === "40020001".repeat(topics.length + 2));
  await stillWorks(t, all);
});

test("a flood is slowed down, then ended", async (t) => {
  const all = await fixture(t);
  const { server, device, heard } = all;
  const stream = await all.stream();
  let answers = 0;
  stream.on("data", () => (answers += 1));
  stream.write(connectOf(device));
  await until(t, moment, "connected", () => answers > 0);
  const one = publishOf(upTopic(server, device), encodeUp(up(device, 1)));
  for (let sent = 0; sent < LIMITS.messagesBurst + 20; sent += 1) stream.write(one);
  await until(t, moment, "the burst is heard", () => heard.length >= LIMITS.messagesBurst - 1);
  t.false(stream.destroyed);
  await all.lan.clock.advance(1_000);
  await until(t, moment, "the rest is heard in its turn", () => heard.length === LIMITS.messagesBurst + 20);
  const ping = Buffer.alloc(2 * 20 * LIMITS.messagesBurst);
  for (let at = 0; at < ping.length; at += 2) ping[at] = 0xc0;
  stream.write(ping);
  await all.lan.clock.advance(1_000);
  await until(t, moment, "10,000 pings at once are a flood", () => stream.destroyed);
  t.regex(all.serverMachine.log.join("\n"), /spent burst/);
  await stillWorks(t, all);
});

test("a machine that does not read is cut when too much waits for it; the others get everything", async (t) => {
  const all = await fixture(t);
  const { server, device, link, good } = all;
  const stream = await all.stream();
  stream.write(connectOf(device));
  stream.write(generate({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: broadcastTopic(server, 1), qos: 1 }] }));
  await until(t, moment, "connected", () => stream.readableLength > 8);
  const gone: DeviceId[] = [];
  link.onGone((who) => gone.push(who));
  let arrived = 0;
  good.onMessage(() => (arrived += 1));
  let sent = 0;
  while (gone.length === 0 && sent < 1_000) {
    sent += 1;
    link.broadcast({ ...down(sent), body: { kind: "part", after: "", last: "z", end: true, revision: 1, bytes: new Uint8Array(100_000) } });
    await until(t, moment, "the good machine gets it", () => arrived === sent);
  }
  t.deepEqual(gone, [device]);
  await stillWorks(t, all);
});

/** A server machine with the right certificate and any bytes: what a paired client may meet. */
async function hostileServer(t: ExecutionContext, talk: (stream: Duplex) => void): Promise<{ readonly lan: Lan; readonly link: ClientLink; readonly words: string[] }> {
  const lan = new Lan(t);
  const { hal } = lan.machine("server");
  const identity = await openIdentity({ storage: hal.storage, keyStore: hal.device.keyStore, log: t.log });
  const http = createServer();
  const upgrades = new WebSocketServer({ noServer: true });
  http.on("upgrade", (request, socket, head) => upgrades.handleUpgrade(request, socket, head, (websocket) => talk(websocketStream(websocket))));
  lan.ports.set("server:8443", await listening(t, (socket) => void secureServer({ stream: socket, identity, visitor: "machine" }).then((secure) => http.emit("connection", secure), () => undefined)));
  const link = lan.machine("client").links.connect({ host: "server", port: 8443 }, identity.device);
  const words: string[] = [];
  link.onState((state, why) => words.push(`${state} ${why === undefined ? "" : "word" in why ? why.word : why.code}`.trim()));
  t.teardown(() => link.close());
  return { lan, link, words };
}

const CONNACK: Buffer = Buffer.from([0x20, 2, 0, 0]);

test("a client lives on whatever a server sends", async (t) => {
  const attacks: readonly (readonly [string, Buffer, string])[] = [
    ["a PUBLISH without packet id", Buffer.concat([CONNACK, Buffer.from([0x32, 5, 0, 3, 97, 47, 98])]), "down message-malformed"],
    ["a PUBLISH of 256 MB", Buffer.concat([CONNACK, Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f])]), "down message-too-large"],
    ["two CONNACKs", Buffer.concat([CONNACK, CONNACK]), "down message-malformed"],
    ["a refusal", Buffer.from([0x20, 2, 0, 5]), "down authentication-failed"],
    ["an answer to nothing", Buffer.concat([CONNACK, Buffer.from([0x90, 4, 0x77, 0x77, 1, 1])]), "down server-unreachable"],
    ["no CONNACK", Buffer.from([0x90, 3, 0, 1, 1]), "down message-malformed"],
    ["a topic nobody asked for", Buffer.concat([CONNACK, generate({ cmd: "publish", topic: "__proto__", payload: "x", qos: 1, messageId: 1, retain: false, dup: false })]), "down message-malformed"],
    ["nonsense", Buffer.from("nonsense nonsense"), "down message-malformed"],
  ];
  for (const [what, bytes, word] of attacks) {
    const { lan, link, words } = await hostileServer(t, (stream) => {
      stream.on("error", () => stream.destroy());
      stream.once("data", () => stream.write(bytes));
    });
    for (let steps = 0; steps < 500 && words.length === 0; steps += 1) await moment();
    if (words.length === 0) await lan.clock.advance(LIMITS.connectMs);
    await until(t, moment, what, () => words.length === 1);
    t.is(words[0], word, what);
    await link.close();
  }
});

test("a client that is granted less than it asked for is not up", async (t) => {
  const { link, words } = await hostileServer(t, (stream) => {
    let answered = 0;
    stream.on("error", () => stream.destroy());
    stream.on("data", (bytes: Buffer) => {
      answered += 1;
      if (answered === 1) stream.write(CONNACK);
      // Two topics make a SUBSCRIBE of more than 127 bytes: its packet identifier stands after two bytes of length.
      else if ((bytes[0] ?? 0) >> 4 === 8) stream.write(Buffer.from([0x90, 4, bytes[3] ?? 0, bytes[4] ?? 0, 1, 0x80]));
    });
  });
  await until(t, moment, "told", () => words.length === 1);
  t.is(words[0], "down authentication-failed");
  t.is(link.state, "down");
});

test("no bytes of a broker make a client's session throw: 3,000 mutated conversations", async (t) => {
  const random = seededRandom("hostile broker");
  const words: Buffer[] = [CONNACK, Buffer.from([0x90, 4, 0, 1, 1, 1]), Buffer.from([0x40, 2, 0, 1]), Buffer.from([0xd0, 0]), Buffer.from([0xb0, 2, 0, 1])];
  const topics = ["a", "__proto__", "constructor", "\u0000", "\ufffd", "$SYS/x", "x".repeat(200)];
  for (const topic of topics) words.push(generate({ cmd: "publish", topic, payload: "x", qos: 1, messageId: 7, retain: false, dup: false }));
  const clock = new Lan(t).clock;
  for (let round = 0; round < 3_000; round += 1) {
    const dice = random(24);
    const parts = [CONNACK, ...[...dice.subarray(0, 5)].map((number) => words[number % words.length] ?? CONNACK)];
    const bytes = Buffer.concat(parts);
    for (let change = 0; change < (dice[6] ?? 0) % 4; change += 1) bytes[(dice[7 + change] ?? 0) % bytes.length] = dice[12 + change] ?? 0;
    const [near, far] = streams();
    const over = new AbortController();
    const opening = openMqtt({ clock, stream: near, clientId: "a", username: undefined, password: undefined, subscriptions: ["a"], onMessage: () => undefined, signal: over.signal });
    far.once("data", () => {
      far.write(bytes);
      setImmediate(() => setImmediate(() => over.abort()));
    });
    await opening.then((session) => session.drop(), (error: unknown) => t.true(error instanceof SyncError, String(error)));
    far.destroy();
  }
  t.pass();
});

function streams(): [Duplex, Duplex] {
  const [near, far] = streamPair();
  far.on("error", () => far.destroy());
  return [near, far];
}
