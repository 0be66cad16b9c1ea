import test from "ava";
import { epochId, fleetId, sessionId } from "../../../src/model/ids.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import type { Epoch } from "../../../src/model/position.ts";
import type { Envelope } from "../../../src/protocol/envelope.ts";
import { at } from "./own-copy.ts";
import { beatAt, ENVELOPE, exchangeWithNobody, HELLO, SESSION, welcomeTo } from "./own-exchange.ts";

const EPOCH: Epoch = at(0).epoch;
const BEAT = beatAt(7);
const OFF = { kind: "client-end", reason: "off" } as const;

function begun() {
  const { enter, ...rest } = exchangeWithNobody();
  return { ...rest, enter: () => enter(welcomeTo(7)) };
}

test("P14 what another fleet, another version, another session or another epoch says is not part of a session", (t) => {
  const { exchange, enter } = begun();
  const place = (other: Partial<Envelope>): string => exchange.place({ envelope: { ...ENVELOPE, ...other }, body: BEAT });
  t.is(place({}), "foreign", "before a welcome");
  enter();
  t.is(place({}), "session");
  t.is(place({ session: undefined }), "broadcast");
  t.is(place({ fleet: fleetId("0".repeat(32)) }), "foreign");
  t.is(place({ fleet: undefined }), "foreign");
  t.is(place({ version: 2 }), "foreign", "what goes to all goes out in other versions as well");
  t.is(place({ session: sessionId("6".repeat(16)) }), "foreign");
  t.is(place({ epoch: { ...EPOCH, number: 3 } }), "other-epoch");
  t.is(place({ epoch: { ...EPOCH, id: epochId("d".repeat(16)) }, session: undefined }), "other-epoch");
  t.is(place({ epoch: undefined }), "other-epoch");
  exchange.reset();
  t.is(place({}), "foreign", "after the end of it");
  t.is(place({ session: undefined }), "foreign");
});

test("P7 a push whose answer is late is said again, once each time that an answer may take, until it is there", async (t) => {
  const { clock, saidOf, exchange, enter } = begun();
  enter();
  exchange.startPush([Uint8Array.of(1)]);
  const pushes = () => saidOf("push");
  const after = async (ms: number): Promise<number> => {
    await clock.advance(ms);
    exchange.repeatPush();
    exchange.repeatPush();
    return pushes().length;
  };
  t.is(await after(LIMITS.answerMs - 1), 1);
  t.is(await after(1), 2);
  t.is(await after(LIMITS.answerMs - 1), 2);
  t.is(await after(1), 3);
  t.deepEqual(pushes()[2], { kind: "push", number: 1, edits: [Uint8Array.of(1)] });
  exchange.pushAnswered(2);
  t.is(exchange.push?.number, 1, "the answer to another push is none");
  exchange.pushAnswered(1);
  t.is(exchange.push, undefined);
  exchange.pushAnswered(1);
  t.is(await after(LIMITS.answerMs), 3);
});

test("P14 a hello or a pull that stays unanswered for longer than an answer may take is overdue; part of a reply is a sign of life", async (t) => {
  const { clock, exchange, enter } = begun();
  exchange.hello(HELLO);
  await clock.advance(LIMITS.answerMs);
  t.false(exchange.isOverdue);
  await clock.advance(1);
  t.true(exchange.isOverdue);
  enter();
  await clock.advance(2 * LIMITS.answerMs);
  t.false(exchange.isOverdue, "nothing was asked");
  exchange.pull({ kind: "pull-part", after: "" });
  t.true(exchange.isAwaiting);
  await clock.advance(LIMITS.answerMs);
  exchange.progressed();
  await clock.advance(LIMITS.answerMs);
  t.false(exchange.isOverdue);
  await clock.advance(1);
  t.true(exchange.isOverdue);
  exchange.replied();
  exchange.progressed();
  t.false(exchange.isAwaiting || exchange.isOverdue);
});

test("M02 M04 a refused machine asks again: soon where it has to wait for the server machine's own, later where people have to act", async (t) => {
  for (const [word, afterMs] of [
    ["own-client-first", LIMITS.beatMs],
    ["not-paired", LIMITS.refusedRetryMs],
  ] as const) {
    const { clock, exchange } = begun();
    exchange.hello(HELLO);
    exchange.refuse({ word });
    await clock.advance(afterMs - 1);
    t.false(exchange.isRetryDue, word);
    await clock.advance(1);
    t.true(exchange.isRetryDue, word);
    exchange.reset();
    t.false(exchange.isRetryDue, word);
    await clock.advance(afterMs);
    t.false(exchange.isRetryDue, "nobody is refused any more");
  }
});

test("M02 whoever was put out is not known any more: the reason that says more stands, until a welcome", (t) => {
  const { exchange, enter } = begun();
  t.false(exchange.isRetryDue);
  exchange.refuse({ word: "server-not-running" });
  t.true(exchange.isServerStopped);
  exchange.refuse({ word: "not-paired" });
  t.false(exchange.isServerStopped, "it answers otherwise now");
  t.is(exchange.refusal?.word, "not-paired");
  exchange.refuse({ word: "put-out" });
  exchange.refuse({ word: "not-paired" });
  t.is(exchange.refusal?.word, "put-out");
  exchange.refuse({ word: "server-not-running" });
  t.is(exchange.refusal?.word, "server-not-running");
  enter();
  t.is(exchange.refusal, undefined);
  t.is(exchange.silenceMs, 0);
});

test("M11 B05 that the server function was stopped is said until a machine is welcomed again", (t) => {
  const { exchange, enter } = begun();
  exchange.refuse({ word: "server-not-running" });
  enter();
  t.false(exchange.isServerStopped);
});

test("P14 P15 M24 what was awaited or doubted in a session is nothing to the next one", (t) => {
  const { exchange, enter } = begun();
  enter();
  exchange.doubted = 0;
  exchange.awaitReply();
  exchange.reset();
  enter();
  t.deepEqual([exchange.doubted, exchange.isAwaiting, exchange.isOverdue], [undefined, false, false]);
});

test("P15 what was told to all while the welcome was awaited counts with it, of its own epoch alone", (t) => {
  const heard = (epoch: Epoch | undefined, before: boolean): number => {
    const { exchange } = begun();
    if (before) exchange.hello(HELLO);
    exchange.overhear({ envelope: { ...ENVELOPE, epoch }, body: BEAT }, 9);
    if (!before) exchange.hello(HELLO);
    const welcome = welcomeTo(7);
    exchange.enter({ envelope: ENVELOPE, body: welcome }, welcome);
    return exchange.newest;
  };
  t.is(heard(EPOCH, true), 9);
  t.is(heard(EPOCH, false), 7, "nothing was asked yet");
  t.is(heard({ ...EPOCH, number: 3 }, true), 7);
  t.is(heard(undefined, true), 7);
});

test("P16 what was heard while an earlier welcome was awaited says nothing of the server that answers now", (t) => {
  const { exchange, enter } = begun();
  exchange.hello(HELLO);
  exchange.overhear({ envelope: ENVELOPE, body: BEAT }, 9);
  exchange.reset();
  enter();
  t.is(exchange.newest, 7);
});

test("P14 what is said carries the session it is said in, and nothing of the one before", (t) => {
  const { said, saidOf, exchange, enter } = begun();
  enter();
  exchange.say(OFF);
  exchange.startPush([]);
  t.deepEqual([exchange.phase, exchange.epoch], ["in", EPOCH]);
  exchange.reset();
  t.deepEqual([exchange.phase, exchange.push], ["silent", undefined]);
  exchange.hello(HELLO);
  const [first, end, push, second] = said.map((message) => message.envelope);
  t.deepEqual([first?.session, end?.session, push?.session, second?.session], [undefined, SESSION, SESSION, undefined]);
  t.deepEqual([first?.version, end?.version, second?.version], [2, 1, 2], "a hello is read in any version, a session speaks one");
  t.deepEqual([first?.counter, end?.counter, push?.counter, second?.counter], [1, 2, 3, 4]);
  t.deepEqual(
    saidOf("hello").map(({ number }) => number),
    [1, 2],
  );
});
