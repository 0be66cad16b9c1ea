/** What a paired machine, or one that never was, can do to a server machine with bytes of its own making. */
import { connect as connectTcp } from "node:net";
import type { Duplex } from "node:stream";
import test, { type ExecutionContext } from "ava";
import { generate, type Packet, parser } from "mqtt-packet";
import { openIdentity } from "../../src/link/identity.ts";
import type { ClientLink, ServerLink } from "../../src/link/link.ts";
import { secureClient } from "../../src/link/secure.ts";
import { openWebsocket } from "../../src/link/websocket-client.ts";
import type { DeviceId } from "../../src/model/ids.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { encodeUp } from "../../src/protocol/codec.ts";
import { OWN_TOPICS, sharedTopics, type TopicNames } from "../../src/protocol/topics.ts";
import { down, until, up } from "../contract/link.ts";
import { Lan, moment, TestAdmission, type TestMachine } from "./lan.ts";

interface Fixture {
  readonly lan: Lan;
  readonly serverMachine: TestMachine;
  readonly link: ServerLink;
  readonly server: DeviceId;
  readonly device: DeviceId;
  /** A paired machine that behaves, to see that it goes on working. */
  readonly good: ClientLink;
  readonly heard: (readonly [DeviceId, number])[];
  /** What the topics are called on that way. */
  readonly names: TopicNames;
  /** A connection of the hostile machine, before its CONNECT. */
  stream(): Promise<Duplex>;
}

/** How it comes: as machines do, or as those of an older version do. */
const WAYS = ["direct", "websocket"] as const;
type Way = (typeof WAYS)[number];

async function fixture(t: ExecutionContext, way: Way): Promise<Fixture> {
  const lan = new Lan();
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
    const protocol = way === "direct" ? "mqtt-direct" : "mqtt-sync";
    const socket = await secureClient({ stream: raw, signal, identity, protocols: [protocol], authorityName: undefined });
    t.is(socket.alpnProtocol, protocol);
    const opened = way === "direct" ? socket : await openWebsocket({ stream: socket, url: "wss://server/mqtt", signal });
    if ("word" in opened) throw new Error(opened.word);
    opened.on("error", () => opened.destroy());
    t.teardown(() => opened.destroy());
    return opened;
  };
  return {
    lan,
    serverMachine,
    link,
    server,
    device,
    good,
    heard,
    names: way === "direct" ? OWN_TOPICS : sharedTopics(server, device),
    stream,
  };
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

for (const way of WAYS) {
  test(`bytes that are not MQTT as we speak it end the connection, whoever sends them, and nobody else notices: ${way}`, async (t) => {
    const all = await fixture(t, way);
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
      ["a CONNECT that is shorter than its fields", Buffer.from([0x10, 13, 0, 4, ...Buffer.from("MQTT"), 4, 2, 0, 10, 0, 9, 97])],
      ["a CONNECT with a flag that is reserved", Buffer.from([0x10, 13, 0, 4, ...Buffer.from("MQTT"), 4, 3, 0, 10, 0, 1, 97])],
      ["a CONNECT with more than its fields", Buffer.from([0x10, 14, 0, 4, ...Buffer.from("MQTT"), 4, 2, 0, 10, 0, 1, 97, 98])],
      ["a SUBSCRIBE that is shorter than its topic", Buffer.concat([connectOf(device), Buffer.from([0x82, 6, 0, 1, 0, 9, 97, 0])])],
      ["a SUBSCRIBE to half a topic", Buffer.concat([connectOf(device), Buffer.from([0x82, 7, 0, 1, 0, 1, 97, 1, 0])])],
      ["an UNSUBSCRIBE that is shorter than its topic", Buffer.concat([connectOf(device), Buffer.from([0xa2, 5, 0, 1, 0, 9, 97])])],
      ["what is no message of ours", Buffer.concat([connectOf(device), publishOf(all.names.up, "nonsense")])],
    ];
    for (const [what, bytes] of attacks) {
      const stream = await all.stream();
      stream.on("data", () => undefined);
      stream.write(bytes);
      await until(t, moment, what, () => stream.destroyed);
    }
    await stillWorks(t, all);
  });
}

test("a message on the WebSocket that is too large ends it", async (t) => {
  const all = await fixture(t, "websocket");
  const stream = await all.stream();
  stream.on("data", () => undefined);
  const large = Buffer.alloc(LIMITS.packetBytesMax + 1_024);
  large.set(connectOf(all.device));
  stream.write(large);
  await until(t, moment, "ended", () => stream.destroyed);
  await stillWorks(t, all);
});

for (const way of WAYS) {
  test(`topics of others are refused, the connection stays, and nothing of others is seen: ${way}`, async (t) => {
    const all = await fixture(t, way);
    const { server, device, heard, link, names, serverMachine } = all;
    const stranger = "e".repeat(32) as DeviceId;
    const strange = sharedTopics(server, stranger);
    const received: Buffer[] = [];
    const stream = await all.stream();
    stream.on("data", (bytes: Buffer) => received.push(bytes));
    const got = (): string => Buffer.concat(received).toString("hex");
    stream.write(connectOf(device));
    await until(t, moment, "connected", () => got() === "20020000");
    const filters = [
      "#",
      "$SYS/#",
      "+/+/+/+",
      `custom-settings-sync/${server}/#`,
      names.up,
      strange.down,
      "__proto__",
      "constructor",
      `${names.all(1)}0`,
    ];
    for (const topic of filters) {
      received.length = 0;
      stream.write(generate({ cmd: "subscribe", messageId: 9, subscriptions: [{ topic, qos: 1 }] }));
      await until(t, moment, topic, () => got() === "9003000980");
    }
    received.length = 0;
    const message = encodeUp(up(device, 1));
    const topics = [strange.up, strange.down, names.all(1), "$SYS/x", "constructor", "__proto__"];
    for (const topic of topics) stream.write(publishOf(topic, message));
    stream.write(publishOf(names.up, message, { retain: true }));
    await until(t, moment, "acknowledged, so that nobody sends them for ever", () => got() === "40020001".repeat(topics.length + 1));
    link.broadcast(down(1));
    link.send(stranger, down(2));
    stream.write(publishOf(names.up, message));
    await until(t, moment, "its own is heard", () => heard.length === 1);
    t.deepEqual(heard, [[device, 1]]);
    t.is(serverMachine.log.filter((line) => line.includes("refused, as more of the kind")).length, 1, "one line, not one a message");
    await until(t, moment, "only acknowledgements came", () => got() === "40020001".repeat(topics.length + 2));
    await stillWorks(t, all);
  });
}

for (const way of WAYS) {
  test(`a flood is slowed down, then ended: ${way}`, async (t) => {
    const all = await fixture(t, way);
    const { device, heard, names } = all;
    const stream = await all.stream();
    let answers = 0;
    stream.on("data", () => (answers += 1));
    stream.write(connectOf(device));
    await until(t, moment, "connected", () => answers > 0);
    const one = publishOf(names.up, encodeUp(up(device, 1)));
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
}

for (const way of WAYS) {
  test(`what a server machine says needs no PUBACK: ${way}`, async (t) => {
    const all = await fixture(t, way);
    const { device, link, names } = all;
    const stream = await all.stream();
    const heard: Packet[] = [];
    const read = parser();
    read.on("packet", (packet) => void heard.push(packet));
    stream.on("data", (bytes: Buffer) => void read.parse(bytes));
    stream.write(connectOf(device));
    stream.write(generate({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: names.all(1), qos: 1 }] }));
    await until(t, moment, "connected", () => heard.length === 2);
    link.broadcast(down(1));
    await until(t, moment, "told", () => heard.length === 3);
    const [told] = heard.slice(2);
    t.is(told?.cmd === "publish" ? told.qos : undefined, 0);
  });
}

for (const way of WAYS) {
  test(`a machine that does not read is cut when too much waits for it; the others get everything: ${way}`, async (t) => {
    const all = await fixture(t, way);
    const { device, link, good, names } = all;
    const stream = await all.stream();
    stream.write(connectOf(device));
    stream.write(generate({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: names.all(1), qos: 1 }] }));
    await until(t, moment, "connected", () => stream.readableLength > 8);
    const gone: DeviceId[] = [];
    link.onGone((who) => gone.push(who));
    let arrived = 0;
    good.onMessage(() => (arrived += 1));
    let sent = 0;
    while (gone.length === 0 && sent < 1_000) {
      sent += 1;
      link.broadcast({
        ...down(sent),
        body: { kind: "part", after: "", last: "z", end: true, revision: 1, bytes: new Uint8Array(100_000) },
      });
      await until(t, moment, "the good machine gets it", () => arrived === sent);
    }
    t.deepEqual(gone, [device]);
    await stillWorks(t, all);
  });
}

test("visitors that reset their connections, at whatever moment, end nothing but them", async (t) => {
  const all = await fixture(t, "direct");
  const port = all.lan.ports.get("server:8443") ?? 0;
  const { hal } = all.lan.machine("unpaired");
  const identity = await openIdentity({ storage: hal.storage, keyStore: hal.device.keyStore, log: t.log });
  const requests = {
    "mqtt-sync":
      "GET /mqtt HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n",
    "http/1.1":
      'POST /first-contact HTTP/1.1\r\nHost: x\r\nContent-Length: 80\r\n\r\n{"scram":"p=tls-exporter,,n=a,r=AAAA,d=YQ==,u=YQ==,w=YQ=="}                    ',
  } as const;
  for (let steps = 0; steps < 12; steps += 1) {
    for (const protocol of ["mqtt-sync", "http/1.1"] as const) {
      const raw = connectTcp(port, "127.0.0.1");
      raw.on("error", () => raw.destroy());
      const opening = secureClient({
        stream: raw,
        signal: new AbortController().signal,
        identity,
        protocols: [protocol],
        authorityName: undefined,
      });
      const said = opening.then(
        (socket) => socket.write(requests[protocol]),
        () => undefined,
      );
      if (steps > 5) await said;
      for (let step = 0; step < steps % 6; step += 1) await new Promise((resolve) => setImmediate(resolve));
      raw.resetAndDestroy();
      await said;
    }
  }
  await moment();
  await stillWorks(t, all);
});
