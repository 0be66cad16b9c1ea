/** How fast a machine may send, how often an address may try, when a machine dials again, and what a queue to it may hold. */
import { Duplex } from "node:stream";
import test from "ava";
import { backoffMs, spread } from "../../../src/link/backoff.ts";
import { readGuarded } from "../../../src/link/guarded-reading.ts";
import type { Dial, Line } from "../../../src/link/line.ts";
import { MachineSession } from "../../../src/link/machine-session.ts";
import { rate } from "../../../src/link/rate.ts";
import { reconnectingLink } from "../../../src/link/reconnecting-link.ts";
import { Tries } from "../../../src/link/tries.ts";
import { SyncError } from "../../../src/model/errors.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import type { Random } from "../../../src/model/random.ts";
import type { Refusal } from "../../../src/model/refusal.ts";
import type { Down } from "../../../src/protocol/down.ts";
import { OWN_TOPICS } from "../../../src/protocol/topics.ts";
import { ManualClock, settle } from "../../contract/manual-clock.ts";
import { DEVICE } from "../roles/own-copy.ts";

const smallest: Random = (bytes) => new Uint8Array(bytes);
const greatest: Random = (bytes) => new Uint8Array(bytes).fill(255);

test("B08 a burst goes at once, what comes on top waits until it is paid, and a second burst on top of it is a flood", async (t) => {
  const clock = new ManualClock();
  const sender = rate(clock);
  t.is(sender.take(LIMITS.messagesBurst, 0), 0);
  t.is(sender.take(1, 0), 1_000 / LIMITS.messagesPerSecond);
  t.is(sender.take(0, LIMITS.bytesBurst + LIMITS.bytesPerSecond), 1_000, "the longer of the two waits");
  await clock.advance(1_000);
  t.is(sender.take(0, 0), 0);
  await clock.advance(3_600_000);
  t.is(sender.take(LIMITS.messagesBurst, 0), 0);
  t.true(Number(sender.take(1, 0)) > 0, "who was silent for an hour has one burst, and not all that it did not send");
  t.is(sender.take(LIMITS.messagesBurst - 1, 0), (LIMITS.messagesBurst * 1_000) / LIMITS.messagesPerSecond);
  const flood = sender.take(1, 0);
  t.true(flood instanceof SyncError && flood.code === "rate-exceeded");
});

/** Whether an address has to wait. */
function waits(tries: Tries, address: string): boolean {
  try {
    tries.check(address);
    return false;
  } catch (error) {
    if (error instanceof SyncError && error.code === "rate-exceeded") return true;
    throw error;
  }
}

test("E3 after so many tries in vain an address waits, each address for itself; who knew the password has not tried", async (t) => {
  const clock = new ManualClock();
  const tries = new Tries(clock);
  const inVain = Array.from({ length: LIMITS.firstContactTries }, () => {
    tries.failed("a");
    return waits(tries, "a");
  });
  t.deepEqual(inVain, [...new Array(LIMITS.firstContactTries - 1).fill(false), true]);
  t.throws(() => tries.check("a"), { message: /the next one is possible in 10 min/ });
  await clock.advance(LIMITS.firstContactPauseMs - 1);
  t.throws(() => tries.check("a"), { message: /the next one is possible in 1 min/ });
  t.false(waits(tries, "b"));
  await clock.advance(1);
  t.false(waits(tries, "a"));
  for (let count = 1; count < LIMITS.firstContactTries; count += 1) tries.failed("a");
  t.false(waits(tries, "a"), "what was in vain before the pause is forgotten");
  t.is(await tries.judged("a", async () => "known"), "known");
  for (let count = 1; count < LIMITS.firstContactTries; count += 1) t.is(await tries.judged("a", async () => undefined), undefined);
  t.false(waits(tries, "a"));
  await t.throwsAsync(
    tries.judged("a", () => Promise.reject(new SyncError("hal-unavailable", "no"))),
    { message: "no" },
  );
  t.false(waits(tries, "a"), "a judge who cannot tell has not decided");
  t.is(await tries.judged("a", async () => undefined), undefined);
  let judged = 0;
  const late = tries.judged("a", async () => {
    judged += 1;
  });
  await t.throwsAsync(late, { instanceOf: SyncError, message: /too many tries/ });
  t.is(judged, 0);
});

test("E3 M36 the account that was asked about last is remembered beside a wrong password, and each try in vain begins the pause anew", async (t) => {
  const clock = new ManualClock();
  const tries = new Tries(clock);
  tries.left("a", "admin");
  tries.failed("a");
  tries.left("a", "admin");
  tries.left("b", "admin");
  for (let count = 3; count < LIMITS.firstContactTries; count += 1) tries.failed("a");
  t.false(waits(tries, "a"), "one question, and the others were wrong passwords");
  await clock.advance(LIMITS.firstContactPauseMs - 1);
  tries.left("a", "other");
  tries.left("a", "admin");
  t.true(waits(tries, "a"));
  await clock.advance(LIMITS.firstContactPauseMs - 1);
  t.true(waits(tries, "a"));
});

test("E3 of one address nobody is judged beside another, however many have come since the first was", async (t) => {
  const tries = new Tries(new ManualClock());
  const ends: (() => void)[] = [];
  let [judged, atOnce] = [0, 0];
  const judge = async (): Promise<string> => {
    judged += 1;
    atOnce = Math.max(atOnce, judged);
    await new Promise<void>((resolve) => ends.push(resolve));
    judged -= 1;
    return "known";
  };
  const end = async (): Promise<void> => {
    ends.shift()?.();
    await settle();
  };
  const all = [tries.judged("a", judge), tries.judged("a", judge)];
  await settle();
  await end();
  all.push(tries.judged("a", judge), tries.judged("a", judge));
  await settle();
  for (let left = 0; left < 3; left += 1) await end();
  await Promise.all(all);
  t.is(atOnce, 1);
});

test("E3 so many addresses are remembered; of more than that the one that tried longest ago is forgotten", (t) => {
  const tries = new Tries(new ManualClock());
  for (const address of ["first", "second"]) for (let count = 1; count < LIMITS.firstContactTries; count += 1) tries.failed(address);
  tries.failed("first");
  for (let other = 0; other < 1_023; other += 1) tries.failed(`other ${other}`);
  t.true(waits(tries, "first"));
  tries.failed("second");
  t.false(waits(tries, "second"), "it was forgotten, and has tried once since");
});

test("a pause doubles from the first to the longest, and half of it is chance", (t) => {
  t.deepEqual([spread(1_000, smallest), spread(1_000, greatest)], [500, 1_000]);
  const pauses = [0, 1, 2, 20].map((failures) => backoffMs(failures, smallest) * 2);
  t.deepEqual(pauses, [LIMITS.backoffFirstMs, 2 * LIMITS.backoffFirstMs, 4 * LIMITS.backoffFirstMs, LIMITS.backoffMaxMs]);
});

/** A link whose dials end as a test says. */
function dialling() {
  const clock = new ManualClock();
  const dials: { readonly end: (how: Line | Refusal | SyncError) => void; readonly onMessage: (message: Down) => void }[] = [];
  const dial: Dial = ({ onMessage }) =>
    new Promise((resolve, reject) => {
      dials.push({ onMessage, end: (how) => (how instanceof SyncError ? reject(how) : resolve(how)) });
    });
  const link = reconnectingLink({ clock, random: smallest, dial });
  const told: string[] = [];
  const heard: Down[] = [];
  const nameOf = (why: SyncError | Refusal | undefined) => (why === undefined ? "" : "word" in why ? why.word : why.code);
  link.onState((state, why) => void told.push(`${state} ${nameOf(why)}`.trim()));
  link.onMessage((message) => void heard.push(message));
  const last = (how: Line | Refusal | SyncError) => {
    dials.at(-1)?.end(how);
    return settle();
  };
  return { clock, dials, link, told, heard, last, nameOf };
}

function lineOf() {
  let end: (why: SyncError | undefined) => void = () => undefined;
  const ended = new Promise<SyncError | undefined>((resolve) => (end = resolve));
  const done: string[] = [];
  const line: Line = {
    send: () => done.push("sent"),
    ended,
    drop: () => done.push("dropped"),
    finish: async () => void done.push("finished"),
  };
  return { line, end, done };
}

const away = new SyncError("server-unreachable", "away");

test("a machine dials again ever more slowly, also where lines break as soon as they are made; one that lasted begins anew", async (t) => {
  const { clock, dials, last } = dialling();
  const pause = async (): Promise<number> => {
    const before = dials.length;
    for (let ms = 0; ; ms += 125) {
      if (dials.length > before) return ms;
      await clock.advance(125);
    }
  };
  const pauses: number[] = [];
  for (let failure = 0; failure < 2; failure += 1) {
    await last(away);
    pauses.push(await pause());
  }
  const short = lineOf();
  await last(short.line);
  short.end(away);
  pauses.push(await pause());
  const long = lineOf();
  await last(long.line);
  await clock.advance(LIMITS.backoffMaxMs);
  long.end(away);
  pauses.push(await pause());
  t.deepEqual(pauses, [250, 500, 1_000, 125]);
  await last({ word: "put-out" });
  t.is(await pause(), LIMITS.refusedRetryMs / 2, "whoever is refused has time");
});

test("a server that stays away is told once, to whoever begins to listen as well; and nothing of a line that has ended is heard", async (t) => {
  const { clock, dials, link, told, heard, last, nameOf } = dialling();
  for (let failure = 0; failure < 3; failure += 1) {
    await last(away);
    await clock.advance(LIMITS.backoffMaxMs);
  }
  t.deepEqual(told, ["down server-unreachable"]);
  const late: string[] = [];
  link.onState((state, why) => void late.push(`${state} ${nameOf(why)}`));
  t.deepEqual(late, ["down server-unreachable"]);
  const { line, end } = lineOf();
  await last(line);
  dials.at(-1)?.onMessage("one" as never);
  t.is(link.state, "up");
  end(undefined);
  await settle();
  t.is(link.state, "down");
  dials.at(-1)?.onMessage("two" as never);
  t.deepEqual(heard, ["one" as never]);
  t.deepEqual(told.slice(1), ["up", "down"]);
});

test("a line that is made while the link is being closed is dropped", async (t) => {
  const { link, told, last } = dialling();
  await link.close();
  const { line, done } = lineOf();
  await last(line);
  t.deepEqual([done, told], [["dropped"], []]);
});

test("M30 a line that does not come to its end in time is dropped when the link is closed; an attempt waits until the machine is ready", async (t) => {
  const { clock, link, last } = dialling();
  const { line, done } = lineOf();
  await last({ ...line, finish: () => new Promise(() => undefined) });
  const closing = link.close();
  await clock.advance(LIMITS.closeMs - 1);
  t.deepEqual(done, []);
  await clock.advance(1);
  await closing;
  t.deepEqual(done, ["dropped"]);
  let dials = 0;
  let isReady: () => void = () => undefined;
  const ready = () => new Promise<void>((resolve) => (isReady = resolve));
  const dial: Dial = async () => {
    dials += 1;
    return { word: "put-out" };
  };
  const waiting = reconnectingLink({ clock, random: smallest, dial, ready });
  await settle();
  t.is(dials, 0);
  isReady();
  await settle();
  t.is(dials, 1);
  await waiting.close();
});

/** A machine's connection that takes nothing until it is told to. */
function reading() {
  const leaving: (() => void)[] = [];
  let writes = 0;
  const write = (_: unknown, __: unknown, done: () => void) => {
    writes += 1;
    leaving.push(done);
  };
  const stream = new Duplex({ read: () => undefined, write, writev: (_, done) => write(_, _, done) });
  stream.on("error", () => undefined);
  const clock = new ManualClock();
  const session = new MachineSession({ device: DEVICE, stream, admitted: () => undefined, clock, topics: OWN_TOPICS });
  return { session, stream, clock, writes: () => writes, take: () => leaving.splice(0).forEach((done) => void done()) };
}

test("B08 so much waits for a machine and no more, and a machine that is over hears nothing", async (t) => {
  const { session, writes } = reading();
  session.send(new Uint8Array(LIMITS.peerQueueBytesMax));
  t.false(session.over);
  await settle();
  t.is(writes(), 1, "one packet that is larger than a write leaves all the same");
  session.send(new Uint8Array(1));
  t.true(session.over);
  session.send(new Uint8Array(1));
  t.is(session.queued, LIMITS.peerQueueBytesMax + 1);
});

test("a machine has all the time it may take to read, and is ended after it", async (t) => {
  const { session, clock } = reading();
  session.send(new Uint8Array(1));
  await settle();
  session.send(new Uint8Array(1));
  await clock.advance(LIMITS.slowReaderMs);
  session.send(new Uint8Array(1));
  t.false(session.over);
  await clock.advance(1);
  session.send(new Uint8Array(1));
  t.true(session.over);
});

test("a connection that is ended waits for what was sent, and for that alone", async (t) => {
  const { session, stream, clock, take } = reading();
  session.send(new Uint8Array(1));
  await settle();
  void session.end();
  await settle();
  t.false(stream.writableEnded);
  take();
  await settle();
  t.true(stream.writableEnded, "it left; nobody waits for a clock");
  t.false(stream.destroyed, "the other end has a moment to say that it has it");
  await clock.advance(LIMITS.closeMs);
  t.true(stream.destroyed);
});

test("B08 nothing of bytes that are refused reaches the parser, and who sends too fast is not read meanwhile", async (t) => {
  const clock = new ManualClock();
  const guarded = (verdict: number | SyncError, waitMs: number | SyncError) => {
    const inner = new Duplex({ read: () => undefined, write: (_, __, done) => done() });
    const came: number[] = [];
    const errors: unknown[] = [];
    readGuarded({
      clock,
      stream: inner,
      guard: { inspect: () => verdict },
      rate: { take: () => waitMs },
      heard: (bytes) => void came.push(bytes.length),
      fault: (error) => void errors.push(error),
      ended: () => undefined,
    });
    return { inner, came, errors };
  };
  const refused = guarded(new SyncError("message-malformed", "no"), 0);
  refused.inner.push(new Uint8Array(5));
  await settle();
  await settle();
  t.deepEqual([refused.came, refused.errors.length], [[], 1]);
  const flooding = guarded(1, new SyncError("rate-exceeded", "no"));
  flooding.inner.push(new Uint8Array(5));
  await settle();
  await settle();
  t.deepEqual([flooding.came, flooding.errors.length], [[], 1]);
  const fast = guarded(1, 500);
  fast.inner.push(new Uint8Array(5));
  await settle();
  fast.inner.push(new Uint8Array(6));
  await settle();
  await clock.advance(499);
  t.deepEqual(fast.came, [5]);
  await clock.advance(1);
  await settle();
  t.deepEqual(fast.came, [5, 6]);
});
