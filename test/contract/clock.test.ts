import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { bootTimeSource, isAwakeSince } from "../../hal/parts/boot-time.ts";
import { RealClock, systemTime } from "../../hal/parts/real-clock.ts";
import { clockContract } from "./clock.ts";
import { freshFolder } from "../fresh-folder.ts";
import { ManualClock } from "./manual-clock.ts";
import { ManualSource } from "./manual-source.ts";

clockContract(test, "manual clock", async () => {
  const clock = new ManualClock();
  return {
    clock,
    advance: (ms) => clock.advance(ms),
    asleep: (ms) => clock.wakeAfter(ms),
    stepWall: (ms) => clock.stepWall(ms),
    setSntp: (state) => clock.setSntp(state),
  };
});

clockContract(test, "real clock", async () => {
  const source = new ManualSource();
  const clock = new RealClock({ boot: "boot", source });
  return {
    clock,
    advance: (ms) => source.advance(ms),
    asleep: async (ms) => {
      source.asleep(ms);
      clock.woke();
    },
    stepWall: (ms) => source.stepWall(ms),
    setSntp: (state) => clock.setSntp(state),
  };
});

clockContract(test, "real clock on the system's time", async (t) => {
  const clock = new RealClock({ boot: "boot" });
  t.teardown(() => clock.stop());
  const advance = async (ms: number): Promise<void> => {
    await clock.sleep(ms, new AbortController().signal);
  };
  return {
    clock,
    advance,
    asleep: undefined,
    stepWall: (ms) => clock.setWallKnobs({ offsetMs: ms }),
    setSntp: (state) => clock.setSntp(state),
  };
});

test("nobody tells the real clock that the machine woke: its waits end a second late at most", async (t) => {
  const source = new ManualSource();
  const clock = new RealClock({ boot: "boot", source });
  let ended = false;
  void clock.sleep(600_000, new AbortController().signal).then(() => {
    ended = true;
  });
  source.asleep(3_600_000);
  await source.advance(1_000);
  t.true(ended);
});

test("the real clock keeps one timer for all waits, and none for no wait", async (t) => {
  const source = new ManualSource();
  const clock = new RealClock({ boot: "boot", source });
  const ending = new AbortController();
  const sleeps = [10, 20, 30].map((ms) => clock.sleep(ms, ending.signal));
  t.is(source.timers, 1);
  ending.abort();
  t.deepEqual(await Promise.all(sleeps), ["aborted", "aborted", "aborted"]);
  t.is(source.timers, 0);
});

test("a machine's date can be set wrong, drifts, and is set right by a time server", async (t) => {
  const source = new ManualSource();
  const clock = new RealClock({ boot: "boot", source });
  const right = (): number => source.wallMs();
  clock.setWallKnobs({ offsetMs: -86_400_000 });
  t.is(clock.wallMs(), right() - 86_400_000);
  clock.setWall({ wallMs: right(), atMs: clock.monotonicMs() });
  t.is(clock.wallMs(), right());
  const beforeMs = clock.monotonicMs();
  clock.setWallKnobs({ driftPpm: 200 });
  await source.advance(3_600_000);
  t.is(clock.wallMs() - right(), 720);
  t.is(clock.monotonicMs() - beforeMs, 3_600_720);
  clock.setWallKnobs({ driftPpm: -200 });
  t.is(clock.monotonicMs() - beforeMs, 3_600_720, "a turn of the knob takes nothing back");
  const asked = { wallMs: right(), atMs: clock.monotonicMs() };
  await source.advance(1_000_000);
  clock.setWall(asked);
  t.true(Math.abs(clock.wallMs() - right()) <= 201, "what was right then is carried on by monotonic time");
});

test("a sleep of the machine shows ten milliseconds after it, and the uptime is read no more often", (t) => {
  const { uptime, after } = asleepNowAndThen(t);
  const times: number[] = [after(0, 0)];
  uptime("200.00");
  times.push(after(5, 100_005), after(10, 10));
  uptime("300.00");
  times.push(after(5, 100_000), after(10, 10));
  t.deepEqual(times, [100_000, 100_005, 200_000, 200_005, 300_000]);
});

test("the uptime is read once a second while the date goes on as the fine clock does: no step of the date hides a sleep for longer", (t) => {
  const { uptime, after } = asleepNowAndThen(t);
  uptime("200.00");
  t.is(after(500, 530), 100_500, "nothing says that it slept, and it is not looked");
  t.is(after(489, 459), 100_989);
  t.is(after(11, 11), 200_000);
  uptime("300.00");
  t.is(after(20, -90_000), 300_000, "a date that was set back is looked after as well");
});

test("the machine was awake as long as two clocks agree, to a few hundredths of a second, and for a second at most", (t) => {
  for (const dateMs of [70, 100, 130]) t.true(isAwakeSince(100, dateMs), String(dateMs));
  for (const dateMs of [-100, 69, 131, 100_100]) t.false(isAwakeSince(100, dateMs), String(dateMs));
  t.true(isAwakeSince(999, 999));
  t.false(isAwakeSince(1_000, 1_000));
});

/** A system with an uptime of 100 s, and clocks that the test moves. */
function asleepNowAndThen(t: ExecutionContext) {
  const path = join(freshFolder(t), "uptime");
  const uptime = (text: string): void => writeFileSync(path, `${text} 0.00\n`);
  let [fine, date] = [7, 1_700_000_000_000];
  uptime("100.00");
  const source = bootTimeSource(path, { fineMs: () => fine, dateMs: () => date });
  /** The time when the clocks have gone on by so much. */
  const after = (fineMs: number, dateMs: number): number => {
    fine += fineMs;
    date += dateMs;
    return source();
  };
  return { uptime, after };
}

test("time since power-on goes by the system's uptime", (t) => {
  const source = bootTimeSource();
  const first = source();
  t.true(first > 0);
  t.true(source() >= first);
  const plain = bootTimeSource("/nowhere/uptime");
  const second = plain();
  t.true(plain() >= second);
  t.true(systemTime().wallMs() > 0);
});
