import test from "ava";
import { RESTART, recentCrashes, restartDelayMs } from "../../hal/runtime/restart.ts";

/** The delays of a module that crashes `runsMs` after each start. */
function delays(count: number, runsMs: number, maxPerHour: number): number[] {
  const crashes: number[] = [];
  const found: number[] = [];
  let nowMs = 1_000;
  for (let i = 0; i < count; i += 1) {
    nowMs += runsMs;
    crashes.push(nowMs);
    const delayMs = restartDelayMs(crashes, maxPerHour);
    found.push(delayMs);
    nowMs += delayMs;
  }
  return found;
}

test("a module that crashes at once is started again later and later, up to once a minute", (t) => {
  t.deepEqual(delays(10, 10, 100), [500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
});

test("a module that ran well for a while starts soon again", (t) => {
  t.deepEqual(delays(4, RESTART.stableMs, 100), [500, 500, 500, 500]);
});

test("one that ran a little shorter than that does not", (t) => {
  t.deepEqual(delays(3, RESTART.stableMs - 2_001, 100), [500, 1_000, 2_000]);
});

test("after as many crashes as an hour may have, it waits until the oldest of them is an hour old", (t) => {
  const [first, second, third, fourth] = delays(4, 10, 3);
  t.deepEqual([first, second, third], [500, 1_000, 2_000]);
  t.is(fourth, RESTART.hourMs - (10 + 500 + 10 + 1_000 + 10 + 2_000));
});

test("it never gives up", (t) => {
  t.true(delays(500, 1, 3).every((delayMs) => delayMs > 0 && delayMs <= RESTART.hourMs));
});

test("crashes older than an hour are forgotten", (t) => {
  t.deepEqual(recentCrashes([0, 1, RESTART.hourMs], RESTART.hourMs), [1, RESTART.hourMs]);
});
