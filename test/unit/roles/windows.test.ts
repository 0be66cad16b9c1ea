import test from "ava";
import { LIMITS } from "../../../src/model/limits.ts";
import type { Owner } from "../../../src/model/owner.ts";
import { ExportWindow } from "../../../src/roles/export-window.ts";
import { UsersPolicyLock } from "../../../src/roles/users-policy-lock.ts";
import { ManualClock } from "../../contract/manual-clock.ts";

/** What is held and allowed now. */
function restrictions() {
  const open = new Set<object>();
  const begin = (what: unknown) => {
    const one = { what };
    open.add(one);
    return { release: () => void open.delete(one) };
  };
  return { open, hold: begin, allowExport: begin };
}

test("M23 an export that was prepared is open for its whole time, and no longer for being opened before", async (t) => {
  const clock = new ManualClock();
  const held = restrictions();
  const window = new ExportWindow({ clock, restrictions: held as never });
  t.deepEqual(window.status(), {});
  window.open("all");
  await clock.advance(LIMITS.exportWindowMs - 1_500);
  t.deepEqual(window.status(), { exportWindow: { owners: "all", secondsLeft: 2 } });
  window.open(["user:alice" as Owner]);
  t.is(held.open.size, 1, "the one before it is closed");
  await clock.advance(LIMITS.exportWindowMs - 1);
  t.deepEqual(window.status(), { exportWindow: { owners: ["user:alice" as Owner], secondsLeft: 1 } });
  await clock.advance(1);
  t.deepEqual(window.status(), {});
  window.close();
  window.close();
  t.is(held.open.size, 0);
});

test("M22 the choice is locked while both functions run, once, and open again when one of them ends", (t) => {
  let both = false;
  const held = restrictions();
  const lock = new UsersPolicyLock({ restrictions: held as never, bothRun: () => both });
  for (const [run, holds] of [
    [false, 0],
    [true, 1],
    [true, 1],
    [false, 0],
    [false, 0],
    [true, 1],
  ] as const) {
    both = run;
    lock.evaluate();
    t.is(held.open.size, holds);
  }
  lock.release();
  t.is(held.open.size, 0, "a module that ends leaves nothing locked");
});
