import test from "ava";
import { generate, type Packet } from "mqtt-packet";
import { streamPair } from "../../../hal/sim/stream-pair.ts";
import { MachineSession } from "../../../src/link/machine-session.ts";
import { ACCEPTED, IDENTIFIER_REJECTED } from "../../../src/link/connack-codes.ts";
import { type Connect, type Publish, serveMqtt } from "../../../src/link/mqtt-server.ts";
import type { SyncError } from "../../../src/model/errors.ts";
import { deviceId } from "../../../src/model/ids.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { OWN_TOPICS } from "../../../src/protocol/topics.ts";
import { ManualClock, settle } from "../../contract/manual-clock.ts";

const DEVICE = deviceId("ab".repeat(16));

/** A connection to a host that answers CONNECT with this code, or ends it without one, and grants what begins with "own". */
function served(code: number | "none" = ACCEPTED) {
  const [near, far] = streamPair();
  const clock = new ManualClock();
  const session = new MachineSession({ device: DEVICE, stream: near, admitted: () => undefined, clock, topics: OWN_TOPICS });
  const said: string[] = [];
  const faults: SyncError[] = [];
  const heard: Buffer[] = [];
  const arrived = serveMqtt({
    clock,
    stream: near,
    host: {
      connect: (packet: Connect) => {
        said.push(`connect ${packet.clientId}`);
        return code === "none" ? undefined : code;
      },
      publish: (packet: Publish) => said.push(`publish ${packet.topic}`),
      subscribe: (topic, qos) => topic.startsWith("own") && qos < 2,
      unsubscribe: (topic) => said.push(`unsubscribe ${topic}`),
    },
    send: (packet) => session.send(packet),
    fail: (why) => {
      faults.push(why);
      session.fail(why);
    },
    end: () => void session.end(),
  });
  near.on("data", arrived);
  far.on("data", (bytes: Buffer) => heard.push(bytes));
  const say = async (packet: Packet): Promise<string> => {
    heard.length = 0;
    far.write(generate(packet));
    for (let turns = 0; turns < 5; turns += 1) await settle();
    return Buffer.concat(heard).toString("hex");
  };
  return { near, far, clock, session, said, faults, say };
}

const connect = (keepalive: number): Packet => ({
  cmd: "connect",
  protocolId: "MQTT",
  protocolVersion: 4,
  clean: true,
  clientId: "a",
  keepalive,
});
const PING: Packet = { cmd: "pingreq" };

async function passes(clock: ManualClock, ms: number): Promise<void> {
  await clock.advance(ms);
  for (let turns = 0; turns < 5; turns += 1) await settle();
}

test("each packet that wants an answer gets its own", async (t) => {
  const { say, said } = served();
  t.is(await say(connect(10)), "20020000");
  t.is(await say({ cmd: "publish", topic: "own/up", payload: "x", qos: 0, retain: false, dup: false }), "");
  t.is(await say({ cmd: "publish", topic: "own/up", payload: "x", qos: 1, messageId: 258, retain: false, dup: false }), "40020102");
  const subscriptions = [
    { topic: "own/down", qos: 1 as const },
    { topic: "other", qos: 1 as const },
    { topic: "own/all", qos: 0 as const },
  ];
  t.is(await say({ cmd: "subscribe", messageId: 7, subscriptions }), "90050007018000");
  t.is(await say({ cmd: "unsubscribe", messageId: 8, unsubscriptions: ["own/down", "own/all"] }), "b0020008");
  t.is(await say(PING), "d000");
  t.is(await say({ cmd: "puback", messageId: 9 }), "");
  t.deepEqual(said, ["connect a", "publish own/up", "publish own/up", "unsubscribe own/down", "unsubscribe own/all"]);
});

test("who says nothing is ended: before its CONNECT in time, then after one and a half times what it promised", async (t) => {
  const mute = served();
  await passes(mute.clock, LIMITS.connectMs - 1);
  t.false(mute.near.destroyed);
  await passes(mute.clock, 1);
  t.true(mute.near.destroyed);
  const { near, clock, say, faults } = served();
  await say(connect(10));
  await passes(clock, 14_999);
  t.is(await say(PING), "d000", "a word puts it off");
  await passes(clock, 14_999);
  t.false(near.destroyed);
  await passes(clock, 1);
  t.true(near.destroyed);
  t.deepEqual(
    faults.map(({ code }) => code),
    ["link-lost"],
  );
});

test("P7 a message is acknowledged when it was taken, and not before", async (t) => {
  const order: string[] = [];
  const [near] = streamPair();
  const clock = new ManualClock();
  const arrived = serveMqtt({
    clock,
    stream: near,
    host: { connect: () => ACCEPTED, publish: () => order.push("taken"), subscribe: () => false, unsubscribe: () => undefined },
    send: (packet) => order.push(Buffer.from(packet).toString("hex").slice(0, 2)),
    fail: () => undefined,
    end: () => undefined,
  });
  arrived(generate(connect(10)));
  arrived(generate({ cmd: "publish", topic: "up", payload: "x", qos: 1, messageId: 1, retain: false, dup: false }));
  t.deepEqual(order, ["20", "taken", "40"]);
  near.destroy();
});

test("who promises no sign of life, or one that comes too late, does not come in", async (t) => {
  for (const keepalive of [0, (2 * LIMITS.keepAliveMs) / 1000 + 1]) {
    const { near, say, said } = served();
    t.is(await say(connect(keepalive)), "");
    t.true(near.destroyed);
    t.deepEqual(said, []);
  }
});

test("who is refused is told why, and heard no more", async (t) => {
  const { say, near, clock, said } = served(IDENTIFIER_REJECTED);
  t.is(await say(connect(10)), "20020002");
  await say({ cmd: "publish", topic: "own/up", payload: "x", qos: 0, retain: false, dup: false });
  t.deepEqual(said, ["connect a"]);
  await passes(clock, LIMITS.closeMs);
  t.true(near.destroyed);
  const unanswered = served("none");
  t.is(await unanswered.say(connect(10)), "");
  t.true(unanswered.near.destroyed);
});
