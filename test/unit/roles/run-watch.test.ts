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
