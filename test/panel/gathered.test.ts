import test from "ava";
import { LIMITS } from "../../src/model/limits.ts";
import { Gathered } from "../../src/panel/gathered.ts";
import { ManualClock, settle } from "../contract/manual-clock.ts";

test("the first change is seen at once, those after it together, and the last is never missed", async (t) => {
  const clock = new ManualClock();
  let times = 0;
  const gathered = new Gathered({ clock, signal: new AbortController().signal, perform: async () => void (times += 1) });
  for (let change = 0; change < 50; change += 1) void gathered.changed();
  await settle();
  t.is(times, 1);
  await clock.advance(LIMITS.panelGatherMs);
  await settle();
  t.is(times, 2);
  await clock.advance(LIMITS.panelGatherMs);
  await settle();
  t.is(times, 2, "nothing is due any more");
  void gathered.changed();
  await settle();
  t.is(times, 3, "after a rest a change is seen at once again");
});
