/** The small things that others wait with: events, requests, moments, a role that failed. */
import test from "ava";
import type { Power, PowerState } from "../../../hal/power.ts";
import { SyncError } from "../../../src/model/errors.ts";
import { Mailbox } from "../../../src/roles/mailbox.ts";
import { Requests } from "../../../src/roles/requests.ts";
import { supervise } from "../../../src/roles/supervisor.ts";
import { TurningPoint } from "../../../src/roles/turning-point.ts";
import { onWaking } from "../../../src/roles/waking.ts";
import { ManualClock, settle } from "../../contract/manual-clock.ts";

test("a mailbox gives all that came, in its order, at once or when something comes", async (t) => {
  const { signal } = new AbortController();
  const mailbox = new Mailbox<number>();
  mailbox.put(1);
  mailbox.put(2);
  t.deepEqual(await mailbox.take(signal), [1, 2]);
  t.deepEqual(mailbox.takeNow(), []);
  const taking = mailbox.take(signal);
  mailbox.put(3);
  mailbox.put(4);
  t.deepEqual(await taking, [3, 4]);
});

test("whoever waits at a mailbox is let go when its time is over, also the second time and by another signal", async (t) => {
  const mailbox = new Mailbox<number>();
  const [first, second] = [new AbortController(), new AbortController()];
  const waits = mailbox.take(first.signal);
  mailbox.put(1);
  t.deepEqual(await waits, [1]);
  for (const one of [first, second]) {
    let given: readonly number[] | undefined;
    void mailbox.take(one.signal).then((events) => (given = events));
    await settle();
    t.is(given, undefined);
    one.abort();
    await settle();
    t.deepEqual(given, []);
    t.deepEqual(await mailbox.take(one.signal), [], "at once when it is over already");
  }
});

const NOT_RUNNING = { word: "server-not-running" } as const;
const STALE = { word: "preview-stale" } as const;

test("a request is performed when its role comes to it, and ends as what it performs", async (t) => {
  const put: (() => Promise<void>)[] = [];
  const requests = new Requests(NOT_RUNNING, (perform) => put.push(perform));
  const good = requests.run(async () => "done" as const);
  const bad = t.throwsAsync(
    requests.run(() => Promise.reject(new SyncError("hal-full", "no space"))),
    { code: "hal-full" },
  );
  for (const perform of put.splice(0)) await perform();
  t.is(await good, "done");
  await bad;
});

test("whoever waits for a role that ends is refused, in the words of its end, and nothing of it is done any more", async (t) => {
  const put: (() => Promise<void>)[] = [];
  const requests = new Requests(NOT_RUNNING, (perform) => put.push(perform));
  let performed = 0;
  const run = () =>
    requests.run(async () => {
      performed += 1;
      return "done" as const;
    });
  const ends: unknown[] = [];
  void run().then((end) => ends.push(end));
  requests.end(STALE);
  requests.end(NOT_RUNNING);
  void run().then((end) => ends.push(end));
  await settle();
  t.deepEqual(ends, [STALE, STALE], "and so is whoever comes later");
  for (const perform of put) await perform();
  t.is(performed, 0);
  const other = new Requests(NOT_RUNNING, () => undefined);
  const waiting = other.run(async () => "done" as const);
  other.end();
  t.deepEqual(await waiting, NOT_RUNNING);
});

test("a moment that comes again and again lets go those who waited for it, once each", async (t) => {
  const point = new TurningPoint();
  const told: string[] = [];
  void point.next().then(() => told.push("first"));
  point.tell();
  await settle();
  void point.next().then(() => told.push("second"));
  await settle();
  t.deepEqual(told, ["first"]);
  point.tell();
  await settle();
  t.deepEqual(told, ["first", "second"]);
});

test("M30 coming out of full sleep is told, and no other change of the machine's state", (t) => {
  let told = 0;
  const listeners = new Set<(state: PowerState) => void>();
  const power: Pick<Power, "state" | "onState"> = {
    state: "active",
    onState: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const end = onWaking(power as Power, () => (told += 1));
  const go = (state: PowerState): void => {
    for (const listener of listeners) listener(state);
  };
  for (const [state, expected] of [
    ["partial-sleep", 0],
    ["active", 0],
    ["full-sleep", 0],
    ["full-sleep", 0],
    ["active", 1],
    ["partial-sleep", 1],
    ["full-sleep", 1],
    ["partial-sleep", 2],
  ] as const) {
    go(state);
    t.is(told, expected, state);
  }
  end();
  t.is(listeners.size, 0);
});

interface Failure {
  readonly againS: number;
  readonly code: string;
}

/** A role that fails each time after so many milliseconds; what is logged of it, second by second. */
async function failures(afterMs: number, times: number, error: Error = new SyncError("hal-full", "no space")): Promise<Failure[]> {
  const clock = new ManualClock();
  const failed: Failure[] = [];
  const faults: string[] = [];
  const ending = new AbortController();
  const log = { write: (note: Failure) => failed.push({ againS: note.againS, code: note.code }) };
  const make = async () => ({
    run: async (signal: AbortSignal) => {
      await clock.sleep(afterMs, signal);
      throw error;
    },
  });
  const parts = { clock, log, onFault: (fault: string) => faults.push(fault) };
  const supervised = supervise("server", make, parts as never, ending.signal);
  for (let s = 0; failed.length < times && s < 10_000; s += 1) await clock.advance(1_000);
  ending.abort();
  await settle();
  await supervised;
  if (faults.length !== failed.length) throw new Error("each failure is told");
  return failed;
}

test("a role that fails is run again after 1, 2, 4 ... 60 s; after a quiet minute from the start again", async (t) => {
  t.deepEqual(
    (await failures(0, 9)).map(({ againS }) => againS),
    [1, 2, 4, 8, 16, 32, 60, 60, 60],
  );
  t.deepEqual(
    (await failures(60_000, 3)).map(({ againS }) => againS),
    [1, 2, 4],
    "a minute is not quite quiet",
  );
  t.deepEqual(
    (await failures(60_001, 3)).map(({ againS }) => againS),
    [1, 1, 1],
  );
});

test("what a role failed of is said by its code, and what is no word of ours as a crash", async (t) => {
  t.is((await failures(0, 1))[0]?.code, "hal-full");
  t.is((await failures(0, 1, new TypeError("a bug")))[0]?.code, "crashed");
});

test("a role that ends when it is told to has not failed", async (t) => {
  t.deepEqual(await failures(60_000, 0), []);
});
