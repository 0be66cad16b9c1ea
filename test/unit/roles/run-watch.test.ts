import test from "ava";
import { deviceId, runId } from "../../../src/model/ids.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { RunWatch } from "../../../src/roles/server/run-watch.ts";

const DEVICE = deviceId("a".repeat(32));
const run = (digit: number) => runId(String(digit).repeat(16));

/** What is made of hellos of runs, "run number", half a second apart. */
function heard(...hellos: readonly string[]): string[] {
  const watch = new RunWatch();
  return hellos.map((hello, index) => {
    const [digit = 0, number = 0] = hello.split(" ").map(Number);
    return watch.hear(DEVICE, { run: run(digit), number }, index * 500);
  });
}

test("P14 a hello that a later one of its run or a later run has overtaken is known as one", (t) => {
  t.deepEqual(heard("1 1", "1 2", "1 1", "1 2"), ["current", "current", "overtaken", "overtaken"]);
  t.deepEqual(heard("1 1", "2 1", "1 2", "2 2"), ["current", "current", "overtaken", "current"]);
});

test("P14 a server that has restarted hears a late hello of a run that is gone last of all: the one that goes on comes in all the same", (t) => {
  t.deepEqual(heard("2 1", "1 1", "2 2", "2 3", "2 4"), ["current", "current", "overtaken", "current", "current"]);
});

test("P14 two machines with one key, in turn: nobody comes in, until only one of them was heard for a minute", (t) => {
  const turns = ["1 1", "2 1", "1 2", "2 2", "1 3", "2 3", "1 4", "2 4"];
  t.is(heard(...turns).at(-1), "double");
  const watch = new RunWatch();
  for (const [index, hello] of turns.entries()) {
    const [digit = 0, number = 0] = hello.split(" ").map(Number);
    watch.hear(DEVICE, { run: run(digit), number }, index * 500);
  }
  t.is(watch.hear(DEVICE, { run: run(2), number: 5 }, 10_000), "double");
  t.is(watch.hear(DEVICE, { run: run(2), number: 6 }, 10_000 + LIMITS.doubleKeyMs), "current");
});

test("P14 the run that goes on while the other one is silent is the newest from then on", (t) => {
  t.is(heard("2 1", "1 1", "2 2", "2 3", "1 2").at(-1), "overtaken");
});

test("P14 so many runs of a machine are remembered, and no more", (t) => {
  t.is(heard("1 1", "2 1", "3 1", "4 1", "1 1").at(-1), "overtaken");
  t.is(heard("1 1", "2 1", "3 1", "4 1", "5 1", "1 1").at(-1), "current");
});

/** When runs 1 and 2 speak in turn, each at these times. */
function inTurn(watch: RunWatch, ...times: readonly number[]): string | undefined {
  return times.map((nowMs, index) => watch.hear(DEVICE, { run: run(1 + (index % 2)), number: 1 + index }, nowMs)).at(-1);
}

test("P14 runs that go on in turn are two machines where they do so within a minute, and for a minute after the last turn", (t) => {
  const minute = LIMITS.doubleKeyMs;
  const turns = 2 * LIMITS.doubleKeyReturns + 1;
  const slowly = Array.from({ length: 3 * turns }, (_, index) => index * minute);
  t.not(inTurn(new RunWatch(), ...slowly), "double", "late messages, now and then");
  const watch = new RunWatch();
  const last = turns - 1;
  t.is(inTurn(watch, ...Array.from({ length: turns }, (_, index) => index)), "double");
  const other = { run: run(1 + (turns % 2)), number: 100 };
  t.is(watch.hear(DEVICE, other, last + minute - 1), "double");
  t.is(watch.hear(DEVICE, { ...other, number: 101 }, last + 2 * minute - 2), "double", "that was another turn");
  t.is(watch.hear(DEVICE, { ...other, number: 102 }, last + 2 * minute - 1), "current");
});
