import test from "ava";
import type { ModuleStatus, RegisteredMachine } from "../../../hal/services.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { StatusTeller } from "../../../src/roles/status-teller.ts";
import { ManualClock } from "../../contract/manual-clock.ts";

const MACHINE = { deviceId: "d", deviceName: "a", productName: "", location: "", serialNumber: "1", operating: true };

function fixture() {
  const clock = new ManualClock();
  const ending = new AbortController();
  const now = { state: "running" as "running" | "stood-down", revision: 1, machines: [] as RegisteredMachine[] };
  const told: (readonly [state: string, revision: number])[] = [];
  const status = (): ModuleStatus => ({
    deviceId: "s",
    server: { state: now.state, machines: 1, users: 0, usersMax: 10, revision: now.revision },
    client: undefined,
  });
  const teller = new StatusTeller({ clock, status, machines: () => now.machines, signal: ending.signal });
  teller.listen(({ server }) => told.push([server?.state ?? "", server?.revision ?? 0]));
  teller.mayHaveChanged("words");
  return { clock, ending, now, told, teller };
}

test("what a status says is told at once, what it counts a while later and together", async (t) => {
  const { clock, now, told, teller } = fixture();
  for (const revision of [2, 3, 4]) {
    now.revision = revision;
    teller.mayHaveChanged("words");
  }
  t.deepEqual(told, [["running", 1]]);
  t.is(clock.waits, 1);
  now.state = "stood-down";
  teller.mayHaveChanged("words");
  t.deepEqual(told.slice(1), [["stood-down", 4]]);
  now.revision = 5;
  await clock.advance(LIMITS.statusCountsMs);
  t.deepEqual(told.slice(2), [["stood-down", 5]]);
  await clock.advance(10 * LIMITS.statusCountsMs);
  t.is(told.length, 3, "nothing is told without news");
});

test("that a machine has joined is told at once; how many edits wait, and which revision it has, a while later", async (t) => {
  const clock = new ManualClock();
  let client: ModuleStatus["client"] = { state: "joining", pending: 0 };
  const told: ModuleStatus["client"][] = [];
  const status = (): ModuleStatus => ({ deviceId: "c", server: undefined, client });
  const teller = new StatusTeller({ clock, status, machines: () => [], signal: new AbortController().signal });
  teller.listen((each) => told.push(each.client));
  const isToldAtOnce = (next: NonNullable<ModuleStatus["client"]>): boolean => {
    client = next;
    teller.mayHaveChanged("words");
    return told.at(-1) === next;
  };
  t.true(isToldAtOnce({ state: "joining", pending: 0, progress: { step: "receiving", parts: 1 } }));
  t.false(isToldAtOnce({ state: "joining", pending: 0, progress: { step: "receiving", parts: 2 } }));
  t.true(isToldAtOnce({ state: "joining", pending: 0 }));
  t.true(isToldAtOnce({ state: "joining", pending: 0, revision: 0 }));
  t.false(isToldAtOnce({ state: "joining", pending: 0, revision: 7 }));
  t.false(isToldAtOnce({ state: "joining", pending: 2, revision: 7 }));
  t.true(isToldAtOnce({ state: "synchronized", pending: 2, revision: 7 }));
  await clock.advance(LIMITS.statusCountsMs);
  t.is(told.length, 4, "what was counted went with the words");
});

test("of what only counts no status is made before it is told", async (t) => {
  const { clock, now, told, teller } = fixture();
  now.state = "stood-down";
  teller.mayHaveChanged("counts");
  t.deepEqual(told, [["running", 1]]);
  await clock.advance(LIMITS.statusCountsMs);
  t.deepEqual(told.slice(1), [["stood-down", 1]]);
});

test("what is known of the machines is told as what is counted is; a contact alone is no news", async (t) => {
  const { clock, now, told, teller } = fixture();
  const steps: readonly (readonly [lastContactAt: string, waiting: number, told: number])[] = [
    ["1", 0, 2],
    ["2", 0, 2],
    ["3", 7, 3],
  ];
  for (const [lastContactAt, waiting, count] of steps) {
    now.machines = [{ ...MACHINE, lastContactAt, waiting }];
    teller.mayHaveChanged("words");
    await clock.advance(LIMITS.statusCountsMs);
    t.is(told.length, count);
  }
});

test("whoever changed something sees it at once; nothing is told when the module has ended", async (t) => {
  const { clock, ending, now, told, teller } = fixture();
  now.revision = 2;
  teller.changed();
  t.is(told.length, 2);
  now.revision = 3;
  teller.mayHaveChanged("words");
  ending.abort();
  await clock.advance(LIMITS.statusCountsMs);
  t.is(told.length, 2);
});
