import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import test from "ava";
import { bootTimeSource } from "../../hal/parts/boot-time.ts";
import { RealClock, systemTime } from "../../hal/parts/real-clock.ts";
import { clockContract } from "./clock.ts";
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
  const path = join(mkdtempSync(join(tmpdir(), "uptime-")), "uptime");
  t.teardown(() => rmSync(dirname(path), { recursive: true }));
  const uptime = (text: string): void => writeFileSync(path, `${text} 0.00\n`);
  let fine = 7;
  uptime("100.00");
  const source = bootTimeSource(path, () => fine);
  const times: number[] = [source()];
  uptime("200.00");
  for (fine of [12, 22]) times.push(source());
  uptime("300.00");
  for (fine of [27, 37]) times.push(source());
  t.deepEqual(times, [100_000, 100_005, 200_000, 200_005, 300_000]);
});

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
