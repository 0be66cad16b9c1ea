/** Whom the broker of a server machine lets in, what it takes from whom, and what waits in it for all together. */
import test from "ava";
import { generate, type Packet } from "mqtt-packet";
import { streamPair } from "../../../hal/sim/stream-pair.ts";
import { Broker } from "../../../src/link/broker.ts";
import { type DeviceId, deviceId } from "../../../src/model/ids.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { encodeUp } from "../../../src/protocol/codec.ts";
import type { Down } from "../../../src/protocol/down.ts";
import { down, up } from "../../contract/link.ts";
import { ManualClock, settle } from "../../contract/manual-clock.ts";

const deviceOf = (digit: number): DeviceId => deviceId(`${digit}`.repeat(32));
const A = deviceOf(1);
const ACCEPTED = "20020000";
const REJECTED = "20020002";

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 6; turn += 1) await settle();
};

function serving() {
  const clock = new ManualClock();
  const welcome = new Set<DeviceId>();
  const logged: string[] = [];
  const broker = new Broker({ clock, server: deviceOf(9), isWelcome: (device) => welcome.has(device), log: (text) => logged.push(text) });
  const heard: string[] = [];
  const gone: DeviceId[] = [];
  broker.onMessage((from, { envelope }) => heard.push(`${from.slice(0, 1)} ${envelope.counter}`));
  broker.onGone((device) => gone.push(device));
  /** A connection of this machine whose identity is proven; `reads`: it takes what is sent to it. */
  const enter = (device: DeviceId, reads = true) => {
    const [near, far] = streamPair();
    const said: Buffer[] = [];
    if (reads) far.on("data", (bytes: Buffer) => said.push(bytes));
    far.on("error", () => undefined);
    broker.enter({ device, stream: near, way: "direct", admitted: () => undefined });
    const say = async (...packets: readonly Packet[]): Promise<string> => {
      said.length = 0;
      far.write(Buffer.concat(packets.map((packet) => generate(packet))));
      await turns();
      return Buffer.concat(said).toString("hex");
    };
    return { near, far, say };
  };
  return { clock, broker, welcome, logged, heard, gone, enter };
}

const connect = (clientId: string): Packet => ({
  cmd: "connect",
  protocolId: "MQTT",
  protocolVersion: 4,
  clean: true,
  clientId,
  keepalive: 10,
});
const publish = (counter: number, more: object = {}): Packet => ({
  ...{ cmd: "publish", topic: "up", payload: Buffer.from(encodeUp(up(A, counter))) },
  ...{ qos: 1, messageId: 1, retain: false, dup: false, ...more },
});
const subscribe = (topic: string, qos: 0 | 1 | 2): Packet => ({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic, qos }] });

test("E1 who may come in is asked when the machine does, not only when its connection was made", async (t) => {
  const { welcome, enter, broker } = serving();
  t.is(await enter(A).say(connect(A)), REJECTED);
  welcome.add(A);
  t.is(broker.refusalOf(A), undefined);
  t.is(await enter(A).say(connect(A)), ACCEPTED);
  const late = enter(A);
  void broker.close();
  t.is(broker.refusalOf(A), "server-not-running");
  t.is(await late.say(connect(A)), REJECTED);
});

test("the newer connection of a machine takes the place of the older, whose end is nobody's news", async (t) => {
  const { welcome, enter, gone, broker } = serving();
  welcome.add(A);
  const [older, newer] = [enter(A), enter(A)];
  await older.say(connect(A));
  t.is(await newer.say(connect(A)), ACCEPTED);
  t.true(older.near.destroyed);
  t.deepEqual(gone, []);
  broker.send(A, down(1));
  newer.far.destroy();
  await turns();
  t.deepEqual(gone, [A]);
});

test("B08 what is to be retained, or said on another topic, is not taken, and complained of once; who is being ended is heard no more", async (t) => {
  const { welcome, enter, heard, logged, broker } = serving();
  welcome.add(A);
  const { say } = enter(A);
  await say(connect(A), publish(1), publish(2, { retain: true }), publish(3, { topic: "down" }), publish(4));
  t.deepEqual(heard, ["1 1", "1 4"]);
  t.is(logged.length, 1);
  t.regex(logged[0] ?? "", /retained/);
  broker.cut(A);
  await say(publish(5));
  t.deepEqual(heard, ["1 1", "1 4"]);
});

test("B08 a machine listens to its own topic and to all, without the promises of QoS 2", async (t) => {
  const { welcome, enter } = serving();
  welcome.add(A);
  const { say } = enter(A);
  await say(connect(A));
  const granted = async (topic: string, qos: 0 | 1 | 2) => (await say(subscribe(topic, qos))).slice(-2);
  t.deepEqual(
    [await granted("down", 1), await granted("all/1", 0), await granted("down", 2), await granted("other", 1)],
    ["01", "00", "80", "80"],
  );
});

test("B08 how fast a machine may send is kept over its connections: to come anew fills nothing up", async (t) => {
  const { welcome, enter } = serving();
  welcome.add(A).add(deviceOf(2));
  const burst = (): Packet[] => Array.from({ length: 2 * LIMITS.messagesBurst - 20 }, () => ({ cmd: "pingreq" }));
  const first = enter(A);
  await first.say(connect(A), ...burst());
  t.false(first.near.destroyed, "it is slowed down");
  const other = enter(deviceOf(2));
  await other.say(connect(deviceOf(2)), ...burst());
  t.false(other.near.destroyed, "each machine has its own");
  const second = enter(A);
  await second.say(connect(A), ...burst());
  t.true(second.near.destroyed);
});

test("B08 what waits to leave for all machines together is bounded: the one for which most waits is ended", async (t) => {
  const { welcome, enter, broker } = serving();
  const part: Down = {
    ...down(1),
    body: { kind: "part", after: "", last: "z", end: true, revision: 1, bytes: new Uint8Array(LIMITS.partBytesMax) },
  };
  const each = Math.floor(LIMITS.peerQueueBytesMax / (LIMITS.partBytesMax + 200));
  const machines = [1, 2, 3, 4, 5].map((digit) => ({ device: deviceOf(digit), ...enter(deviceOf(digit), false) }));
  for (const { device, say } of machines) {
    welcome.add(device);
    await say(connect(device));
  }
  const few = each - 3;
  for (const [index, { device }] of machines.slice(0, 4).entries())
    for (let count = 0; count < (index === 1 ? each : few); count += 1) broker.send(device, part);
  await turns();
  t.deepEqual(
    machines.map(({ near }) => near.destroyed),
    [false, false, false, false, false],
  );
  const left = Math.ceil((LIMITS.queueBytesMax - (3 * few + each) * LIMITS.partBytesMax) / LIMITS.partBytesMax);
  for (let count = 0; count < left; count += 1) broker.send(deviceOf(5), part);
  await turns();
  t.deepEqual(
    machines.map(({ near }) => near.destroyed),
    [false, true, false, false, false],
  );
});

test("B08 who asks for a will, for a session to be kept, or by the name of another machine does not come in; whoever does has been let in", async (t) => {
  const { welcome, enter, logged, broker } = serving();
  welcome.add(A);
  const wrong = [{ clean: false }, { clientId: deviceOf(2) }, { will: { topic: "up", payload: Buffer.of(1), qos: 0, retain: false } }];
  for (const [index, more] of wrong.entries()) {
    const { near, say } = enter(A);
    t.is(await say({ ...connect(A), ...more } as Packet), "");
    t.deepEqual([near.destroyed, logged.length], [true, index + 1]);
  }
  let admitted = 0;
  const [near, far] = streamPair();
  far.on("error", () => undefined);
  broker.enter({ device: A, stream: near, way: "websocket", admitted: () => void (admitted += 1) });
  far.write(generate(connect(A)));
  await turns();
  t.is(admitted, 1);
});

test("what goes to all goes to those who listen, by the name that the topic has on their connection", async (t) => {
  const { welcome, broker, enter } = serving();
  const [near, far] = streamPair();
  const said: Buffer[] = [];
  far.on("data", (bytes: Buffer) => said.push(bytes));
  far.on("error", () => undefined);
  broker.enter({ device: A, stream: near, way: "websocket", admitted: () => undefined });
  welcome.add(A).add(deviceOf(2)).add(deviceOf(3));
  const full = `custom-settings-sync/${deviceOf(9)}/all/1`;
  far.write(Buffer.concat([connect(A), subscribe(full, 1)].map((packet) => generate(packet))));
  const [listener, mute] = [enter(deviceOf(2)), enter(deviceOf(3))];
  await listener.say(connect(deviceOf(2)), subscribe("all/1", 1));
  await mute.say(connect(deviceOf(3)));
  said.length = 0;
  const heardAt: string[] = [];
  for (const { far: end } of [listener, mute]) end.on("data", (bytes: Buffer) => heardAt.push(bytes.toString("latin1")));
  const message = down(1);
  broker.broadcast({ ...message, envelope: { ...message.envelope, version: 1 } });
  await turns();
  t.true(Buffer.concat(said).includes(full));
  t.deepEqual([heardAt.length, heardAt[0]?.includes("all/1"), heardAt[0]?.includes("custom-settings-sync/")], [1, true, false]);
});
