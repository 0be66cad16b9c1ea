/** A client machine's session with a server machine, packet by packet. */
import type { Duplex } from "node:stream";
import test from "ava";
import { generate, type Packet, parser } from "mqtt-packet";
import { streamPair } from "../../hal/sim/stream-pair.ts";
import { askMachineMqtt, openMachineMqtt } from "../../src/link/machine-mqtt.ts";
import type { MqttSession } from "../../src/link/mqtt-session.ts";
import { SyncError } from "../../src/model/errors.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { ManualClock, settle } from "../contract/manual-clock.ts";

const SUBACK = generate({ cmd: "suback", messageId: 1, granted: [1, 1, 1] });
const connack = (returnCode: number): Buffer => generate({ cmd: "connack", returnCode, sessionPresent: false });
const message = (payload: string, id?: number): Buffer =>
  generate({
    cmd: "publish",
    topic: "down",
    payload,
    qos: id === undefined ? 0 : 1,
    retain: false,
    dup: false,
    ...(id === undefined ? {} : { messageId: id }),
  });

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 8; turn += 1) await settle();
};

/** A session that is asked for, and the other end of its stream. */
function asked(onMessage: (topic: string, payload: Uint8Array) => void = () => undefined) {
  const [near, far] = streamPair();
  const clock = new ManualClock();
  const heard: Packet[] = [];
  const pieces: number[] = [];
  const read = parser({ protocolVersion: 4 });
  read.on("packet", (packet) => void heard.push(packet));
  far.on("error", () => far.destroy());
  far.on("data", (bytes: Buffer) => {
    pieces.push(bytes.length);
    read.parse(bytes);
  });
  const ending = new AbortController();
  const opening = openMachineMqtt({
    clock,
    stream: near,
    clientId: "a",
    subscriptions: ["down"],
    eitherOf: ["all/1", "all/2"],
    onMessage,
    signal: ending.signal,
  });
  const kinds = (): string[] => heard.map(({ cmd }) => cmd);
  return { near, far, clock, heard, pieces, ending, opening, kinds };
}

async function opened(
  onMessage?: (topic: string, payload: Uint8Array) => void,
): Promise<ReturnType<typeof asked> & { session: MqttSession }> {
  const all = asked(onMessage);
  all.far.write(Buffer.concat([connack(0), SUBACK]));
  const session = await all.opening;
  if ("code" in session) throw new Error("it is let in");
  return { ...all, session };
}

test("CONNECT and SUBSCRIBE leave in one piece, before anything is answered", async (t) => {
  const { heard, pieces, far, opening } = asked();
  await turns();
  t.is(pieces.length, 1);
  t.like(heard, [
    { cmd: "connect", clientId: "a", clean: true, keepalive: LIMITS.keepAliveMs / 1000 },
    {
      cmd: "subscribe",
      subscriptions: [
        { topic: "down", qos: 1 },
        { topic: "all/1", qos: 1 },
        { topic: "all/2", qos: 1 },
      ],
    },
  ]);
  far.destroy();
  await t.throwsAsync(opening, { instanceOf: SyncError, code: "server-unreachable" });
});

test("what is said goes both ways, in order; what asks for a receipt gets one", async (t) => {
  const said: string[] = [];
  const { session, far, heard } = await opened((topic, payload) => said.push(`${topic} ${Buffer.from(payload).toString()}`));
  far.write(Buffer.concat([message("one"), message("two", 7), message("three")]));
  session.publish("up", Buffer.from("four"));
  await turns();
  t.deepEqual(said, ["down one", "down two", "down three"]);
  const sent = (kind: string): Packet | undefined => heard.find(({ cmd }) => cmd === kind);
  t.like(sent("publish"), { topic: "up", qos: 0, payload: Buffer.from("four") });
  t.like(sent("puback"), { messageId: 7 });
  session.drop();
});

test("who is not let in hears the code; nothing is left open", async (t) => {
  for (const code of [2, 3, 5]) {
    const { far, near, opening } = asked();
    far.write(connack(code));
    t.like(await opening, { code });
    await turns();
    t.true(near.destroyed, String(code));
  }
});

test("B08 a server machine that falls silent is noticed after one and a half keep-alives, and one that says anything is not", async (t) => {
  const { session, far, clock, kinds } = await opened();
  const ends: (string | undefined)[] = [];
  void session.ended.then((why) => ends.push(why?.code));
  const half = LIMITS.keepAliveMs / 2;
  for (let round = 0; round < 4; round += 1) {
    await clock.advance(half);
    await turns();
    t.is(kinds().at(-1), "pingreq");
    // A piece of a long message is a sign of life as well as an answer is.
    far.write(round % 2 === 0 ? generate({ cmd: "pingresp" }) : message("x"));
    await turns();
    await clock.advance(half);
    await turns();
    t.deepEqual(ends, []);
  }
  await clock.advance(2 * half);
  await turns();
  t.deepEqual(ends, ["link-lost"]);
});

test("an end is told with its reason: the other side's, a fault's, and none for our own", async (t) => {
  const gone = await opened();
  gone.far.end();
  t.is((await gone.session.ended)?.code, "link-lost");
  const nonsense = await opened();
  nonsense.far.write(Buffer.from([0xf0, 0]));
  t.is((await nonsense.session.ended)?.code, "message-malformed");
  const refused = await opened(() => {
    throw new SyncError("message-too-large", "too much");
  });
  refused.far.write(Buffer.concat([message("x"), message("y")]));
  t.is((await refused.session.ended)?.code, "message-too-large");
  const own = await opened();
  own.session.drop();
  t.is(await own.session.ended, undefined);
});

test("who finishes says all that was to be said, and goodbye", async (t) => {
  const { session, kinds, far } = await opened();
  session.publish("up", Buffer.alloc(100_000, 1));
  await session.finish();
  await turns();
  t.deepEqual(kinds().slice(-2), ["publish", "disconnect"]);
  session.publish("up", Buffer.from("late"));
  await turns();
  t.is(kinds().at(-1), "disconnect");
  far.destroy();
  t.is(await session.ended, undefined);
});

/** A session that is not waited for, and what it comes to. */
function begun() {
  const [near, far] = streamPair();
  const clock = new ManualClock();
  far.on("error", () => far.destroy());
  const heard: string[] = [];
  const read = parser({ protocolVersion: 4 });
  read.on("packet", ({ cmd }) => void heard.push(cmd));
  far.on("data", (bytes: Buffer) => void read.parse(bytes));
  const { signal } = new AbortController();
  const got: string[] = [];
  const onMessage = (topic: string): void => void got.push(topic);
  const session = askMachineMqtt({
    clock,
    stream: near,
    clientId: "a",
    subscriptions: ["down"],
    eitherOf: ["all/1", "all/2"],
    onMessage,
    signal,
  });
  const ends: unknown[] = [];
  void session.ended.then((why) => ends.push(why instanceof SyncError ? why.code : why));
  return { far, near, clock, heard, got, session, ends };
}

test("what is said before anything is answered follows the asking, and is heard and answered as ever", async (t) => {
  const { far, heard, got, session, ends, clock } = begun();
  session.publish("up", Buffer.from("hello"));
  await turns();
  t.deepEqual(heard, ["connect", "subscribe", "publish"]);
  far.write(Buffer.concat([connack(0), SUBACK, message("welcome")]));
  await session.granted;
  t.deepEqual(got, ["down"]);
  await clock.advance(LIMITS.connectMs);
  await turns();
  t.deepEqual(ends, [], "it is in");
  session.drop();
});

test("who is not let in after it began to speak hears the code, and the session is over", async (t) => {
  for (const code of [2, 3, 5]) {
    const { far, near, session, ends, got } = begun();
    session.publish("up", Buffer.from("hello"));
    far.write(Buffer.concat([connack(code), SUBACK, message("x")]));
    await turns();
    t.deepEqual(ends, [{ code }]);
    t.deepEqual(got, []);
    t.true(near.destroyed);
  }
});

test("B08 a server machine that lets nobody in, nor says why, is given up when the time of an attempt is up", async (t) => {
  for (const answer of [Buffer.alloc(0), connack(0)]) {
    const { far, clock, ends } = begun();
    if (answer.length > 0) far.write(answer);
    await turns();
    await clock.advance(LIMITS.connectMs - 1);
    await turns();
    t.deepEqual(ends, []);
    await clock.advance(1);
    await turns();
    t.deepEqual(ends, ["server-unreachable"]);
  }
  const gone = begun();
  gone.far.end();
  await turns();
  t.deepEqual(gone.ends, ["server-unreachable"], "one that goes away before is as one that is not there");
});

test("who calls it off before it is open has closed the connection", async (t) => {
  const { ending, opening, near } = asked();
  ending.abort();
  await t.throwsAsync(opening, { instanceOf: SyncError, code: "server-unreachable" });
  t.true((near as Duplex).destroyed);
});

test("a grant of something else is none; what was the matter first is the reason; who was let in is not called off any more", async (t) => {
  const { far, ending, opening, near } = asked();
  far.write(Buffer.concat([connack(0), generate({ cmd: "suback", messageId: 2, granted: [1, 1, 1] })]));
  await turns();
  let isOpen = false;
  void opening.then(() => (isOpen = true));
  await turns();
  t.false(isOpen);
  far.write(SUBACK);
  const session = await opening;
  ending.abort();
  await turns();
  t.false(near.destroyed);
  if ("code" in session) throw new Error("it is let in");
  far.write(Buffer.from([0xf0, 0]));
  far.destroy(new Error("reset"));
  t.is((await session.ended)?.code, "message-malformed");
  const [late] = streamPair();
  const parts = {
    clock: new ManualClock(),
    stream: late,
    clientId: "a",
    subscriptions: ["down"],
    eitherOf: [],
    onMessage: () => undefined,
  };
  await t.throwsAsync(openMachineMqtt({ ...parts, signal: AbortSignal.abort() }), { code: "server-unreachable" });
  t.true(late.destroyed, "whoever has called it off before keeps no connection");
});
