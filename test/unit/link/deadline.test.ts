/** Work that has only so long: when it is called off, and what it leaves behind. */
import { getEventListeners } from "node:events";
import test from "ava";
import { SyncError } from "../../../src/model/errors.ts";
import { withDeadline } from "../../../src/link/deadline.ts";
import { ManualClock, settle } from "../../contract/manual-clock.ts";

const WHAT = "no answer of 10.0.0.7:8443";
const forEver = (): Promise<never> => new Promise(() => undefined);

test("work that is late, or is called off, is refused whatever it does about it, and hears of it", async (t) => {
  const clock = new ManualClock();
  const heard: boolean[] = [];
  const work = (signal: AbortSignal): Promise<never> => {
    signal.addEventListener("abort", () => heard.push(true));
    if (signal.aborted) heard.push(true);
    return forEver();
  };
  const late = withDeadline({ clock, ms: 1_000, signal: new AbortController().signal, what: WHAT }, work);
  await clock.advance(999);
  t.deepEqual(heard, []);
  await Promise.all([clock.advance(1), t.throwsAsync(late, { instanceOf: SyncError, message: `${WHAT} within 1000 ms` })]);
  const ending = new AbortController();
  const calledOff = withDeadline({ clock, ms: 1_000, signal: ending.signal, what: WHAT }, work);
  await settle();
  ending.abort();
  await t.throwsAsync(calledOff, { message: `${WHAT}: called off` });
  await t.throwsAsync(withDeadline({ clock, ms: 1_000, signal: ending.signal, what: WHAT }, work), { message: `${WHAT}: called off` });
  t.deepEqual(heard, [true, true, true]);
});

test("work that is done in time leaves no timer and no listener, and its signal never aborts", async (t) => {
  const clock = new ManualClock();
  const { signal } = new AbortController();
  const timers: AbortSignal[] = [];
  const sleep = clock.sleep.bind(clock);
  clock.sleep = (ms, over) => {
    timers.push(over);
    return sleep(ms, over);
  };
  const given: AbortSignal[] = [];
  const result = await withDeadline({ clock, ms: 1_000, signal, what: WHAT }, async (inTime) => {
    given.push(inTime);
    return "done";
  });
  t.is(result, "done");
  t.deepEqual(getEventListeners(signal, "abort"), []);
  t.deepEqual(
    timers.map(({ aborted }) => aborted),
    [true],
  );
  await clock.advance(5_000);
  t.deepEqual(
    given.map(({ aborted }) => aborted),
    [false],
  );
  await t.throwsAsync(
    withDeadline({ clock, ms: 1_000, signal, what: WHAT }, async () => {
      throw new Error("it failed by itself");
    }),
    { message: "it failed by itself" },
  );
  t.deepEqual(getEventListeners(signal, "abort"), []);
});
