/** How long a server machine stays awake, and what it says of that. */
import test from "ava";
import { SimPower } from "../../../hal/sim/sim-power.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { SleepHold } from "../../../src/roles/server/sleep-hold.ts";
import { ManualClock } from "../../contract/manual-clock.ts";

function holding() {
  const clock = new ManualClock();
  const power = new SimPower({ clock });
  return { clock, power, hold: new SleepHold({ power, clock }), holds: () => power.holds().length };
}

test("M28 a server that starts stays awake for one lease, in which nobody knows who operates, and says that it awaits them", async (t) => {
  const { clock, hold, holds } = holding();
  t.is(hold.knowsFrom(clock.monotonicMs()), Number.POSITIVE_INFINITY);
  hold.awaitClients();
  const untilMs = clock.monotonicMs() + LIMITS.leaseMs;
  t.deepEqual([holds(), hold.knowsFrom(clock.monotonicMs())], [1, untilMs]);
  t.deepEqual([hold.shown([]), hold.shown(["a"])], [{ awaitsMachines: true }, { keptAwakeBy: ["a"] }]);
  await clock.advance(LIMITS.leaseMs - 1);
  hold.evaluate(0);
  t.is(holds(), 1);
  await clock.advance(1);
  hold.evaluate(0);
  t.deepEqual([holds(), hold.knowsFrom(clock.monotonicMs()), hold.shown([])], [0, Number.POSITIVE_INFINITY, {}]);
  hold.evaluate(1);
  hold.evaluate(2);
  t.is(holds(), 1, "one hold, however many operate");
  hold.evaluate(0);
  t.is(holds(), 0);
});

test("M28 a hold that is not renewed lapses after two leases; renewed with each beat it stays", async (t) => {
  const { clock, hold, holds } = holding();
  hold.evaluate(1);
  await clock.advance(LIMITS.leaseMs);
  hold.renew();
  await clock.advance(2 * LIMITS.leaseMs - 1);
  t.is(holds(), 1);
  await clock.advance(1);
  t.is(holds(), 0);
});

test("M28 the machine of a server that failed stays awake for a lease at most, where it was awake; of one that was stopped it does not", async (t) => {
  const failed = holding();
  failed.hold.evaluate(1);
  failed.hold.end("failed");
  t.is(failed.holds(), 1);
  await failed.clock.advance(LIMITS.leaseMs);
  t.is(failed.holds(), 0);
  failed.hold.end("failed");
  t.is(failed.holds(), 0, "it was not awake for anybody");
  const stopped = holding();
  stopped.hold.evaluate(1);
  stopped.hold.end("stopped");
  t.is(stopped.holds(), 0);
});
