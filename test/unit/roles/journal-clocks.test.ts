import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { deviceId } from "../../../src/model/ids.ts";
import { JournalClock } from "../../../src/roles/client/journal-clock.ts";
import { JournalTime } from "../../../src/roles/server/journal-time.ts";
import { ManualClock } from "../../contract/manual-clock.ts";

const DAY_MS = 24 * 3600_000;
const [HOSTILE, HONEST] = [deviceId("aa".repeat(16)), deviceId("bb".repeat(16))];

test("P4 a machine raises journal time by a day at most, hello after hello, and another machine may still raise it", async (t) => {
  const clock = new ManualClock();
  const time = await JournalTime.open(new MemoryStorage(), clock);
  const began = time.now();
  for (let hello = 0; hello < 100; hello += 1) time.raise(time.now() + DAY_MS / 2, HOSTILE);
  t.is(time.now(), began + DAY_MS);
  time.raise(time.now() + 3_000, HONEST);
  t.is(time.now(), began + DAY_MS + 3_000);
});

test("P4 what a machine may raise it by fills up again by an hour a day", async (t) => {
  const clock = new ManualClock();
  const time = await JournalTime.open(new MemoryStorage(), clock);
  time.raise(time.now() + DAY_MS, HOSTILE);
  await clock.advance(2 * DAY_MS);
  const before = time.now();
  time.raise(before + 2 * 3600_000 + 1, HOSTILE);
  t.is(time.now(), before);
  time.raise(before + 2 * 3600_000, HOSTILE);
  t.is(time.now(), before + 2 * 3600_000);
});

test("P4 an answer of the time server counts when it comes, though its question went out before the last write, and a date that somebody sets does not", async (t) => {
  const clock = new ManualClock();
  const time = await JournalTime.open(new MemoryStorage(), clock);
  const answer = (atMs: number) => {
    clock.setSntp({ kind: "answered", atMs });
    time.answered();
  };
  answer(clock.monotonicMs());
  const [began, askedMs] = [time.now(), clock.monotonicMs() + 5];
  await clock.advance(10);
  time.write();
  clock.stepWall(400 * DAY_MS);
  t.is(time.daysAhead, 0, "by hand");
  answer(askedMs);
  t.is(time.daysAhead, 400, "by the time server");
  time.write();
  clock.stepWall(-400 * DAY_MS);
  t.is(time.daysAhead, 400, "by hand again");
  answer(clock.monotonicMs());
  t.deepEqual([time.daysAhead, time.now()], [0, began + 10]);
});

test("P4 a date is years ahead from more than half a year on, and a server that starts anew knows that it was so", async (t) => {
  const clock = new ManualClock();
  const storage = new MemoryStorage();
  const time = await JournalTime.open(storage, clock);
  for (const [days, ahead] of [
    [183, 0],
    [1, 184],
  ] as const) {
    clock.stepWall(days * DAY_MS);
    await clock.advance(1);
    clock.setSntp({ kind: "answered", atMs: clock.monotonicMs() });
    t.is(time.daysAhead, ahead);
  }
  t.false((await JournalTime.open(storage, clock)).wasAhead, "nothing was written");
  await storage.write([time.write()]);
  t.true((await JournalTime.open(storage, clock)).wasAhead);
  t.true(JournalTime.of(await storage.get("s/time"), new ManualClock("boot-2")).wasAhead);
});

test("P1 a beat that was under way for long does not set the reckoning back", async (t) => {
  const clock = new ManualClock();
  const reckoning = new JournalClock(clock, undefined);
  reckoning.hear(1_000_000);
  await clock.advance(30_000);
  reckoning.hearBeat(1_010_000);
  t.is(reckoning.estimate(), 1_027_000, "a tenth of the time since, at most");
  await clock.advance(2_500);
  reckoning.hearBeat(1_032_500);
  t.is(reckoning.estimate(), 1_032_500, "the next one on time puts it right");
});

test("P1 a change takes the reckoning forward, and one of long ago does not take it back", async (t) => {
  const clock = new ManualClock();
  const reckoning = new JournalClock(clock, undefined);
  reckoning.reach(500);
  t.is(reckoning.estimate(), undefined, "nothing is known of now before the server has said it");
  reckoning.hear(1_000);
  await clock.advance(50);
  reckoning.reach(1_050);
  reckoning.reach(900);
  t.is(reckoning.estimate(), 1_050);
  reckoning.reach(3_000);
  await clock.advance(10);
  t.is(reckoning.estimate(), 3_010);
});

test("P1 a clock that runs fast is held by the beats, and never goes back", async (t) => {
  const clock = new ManualClock();
  const reckoning = new JournalClock(clock, undefined);
  let server = 1_000_000;
  reckoning.hear(server);
  let last = 0;
  for (let beat = 0; beat < 1_000; beat += 1) {
    await clock.advance(2_550);
    server += 2_500;
    reckoning.hearBeat(server);
    const now = reckoning.estimate() ?? 0;
    t.true(now > last && now - server <= 50);
    last = now;
  }
});

test("P1 after a power-off there is no reckoning to hold on to: the first word counts", async (t) => {
  const before = new ManualClock("boot-1");
  const heard = new JournalClock(before, undefined).hear(5_000_000);
  const reckoning = new JournalClock(new ManualClock("boot-2"), heard);
  reckoning.hearBeat(4_000_000);
  t.is(reckoning.estimate(), 4_000_000);
});

/** What the server machine knows of time after a power-off, with its date as it is then; it wrote the time down before. */
async function afterPowerOff(wallMs: number): Promise<{ readonly before: number; readonly after: number }> {
  const storage = new MemoryStorage();
  const clock = new ManualClock("boot-1");
  const time = await JournalTime.open(storage, clock);
  await clock.advance(60_000);
  await storage.write([time.write()]);
  const later = new ManualClock("boot-2");
  later.stepWall(clock.wallMs() + wallMs - later.wallMs());
  return { before: time.now(), after: (await JournalTime.open(storage, later)).now() };
}

test("P4 over a power-off journal time goes on with the wall clock", async (t) => {
  const { before, after } = await afterPowerOff(3600_000);
  t.is(after, before + 3600_000);
});

test("P4 B02 a time server that is years ahead after a power-off is not believed, until a machine that ran meanwhile reckons the same", async (t) => {
  const storage = new MemoryStorage();
  const year = 365 * DAY_MS;
  let boots = 0;
  /** The next start, at this date. */
  const startAfter = async (time: JournalTime | undefined, wallMs: number) => {
    if (time !== undefined) await storage.write([time.write()]);
    const clock = new ManualClock(`boot-${(boots += 1)}`);
    clock.stepWall(wallMs - clock.wallMs());
    return { clock, time: await JournalTime.open(storage, clock) };
  };
  const first = await startAfter(undefined, 10 * year);
  const began = first.time.now();
  t.is((await startAfter(first.time, 10 * year + 180 * DAY_MS)).time.now(), began + 180 * DAY_MS, "an office may be closed for months");
  const later = await startAfter(first.time, 14 * year);
  t.is(later.time.now(), began, "four years are no time off");
  later.time.raise(began + 3 * DAY_MS, HONEST);
  t.is(later.time.now(), began + 3 * DAY_MS, "as far as who ran says so");
  await storage.write([later.time.write()]);
  const again = await JournalTime.open(storage, later.clock);
  again.raise(began + 2 * year, HONEST);
  t.is(again.now(), began + 2 * year, "also after the module was restarted");
  again.raise(began + 4 * year + DAY_MS, HOSTILE);
  t.is(again.now(), began + 4 * year + DAY_MS, "all of it, and the day that any machine may say");
  again.raise(again.now() + DAY_MS, HOSTILE);
  t.is(again.now(), began + 4 * year + DAY_MS, "and no more");
  const wrong = await startAfter(again, 24 * year);
  const right = await startAfter(wrong.time, 14 * year + DAY_MS);
  const before = right.time.now();
  t.is(before, began + 4 * year + DAY_MS);
  right.time.raise(before + 3 * DAY_MS, HOSTILE);
  t.is(right.time.now(), before, "a date that was right again takes back what was said");
});

test("P4 a wall clock that was set back takes journal time back by nothing", async (t) => {
  const { before, after } = await afterPowerOff(-3600_000);
  t.is(after, before);
});

/** What a date set by somebody while the server works does to journal time, over a power-off of a minute; SNTP answers before or after it. */
async function afterDateWasSet(byMs: number, answers: "before" | "after" | "never", restarts = 0): Promise<number> {
  const storage = new MemoryStorage();
  const clock = new ManualClock("boot-1");
  let time = await JournalTime.open(storage, clock);
  const offMs = 60_000;
  await clock.advance(10_000);
  if (answers === "before") clock.setSntp({ kind: "answered", atMs: clock.monotonicMs() - 11_000 });
  clock.stepWall(byMs);
  await clock.advance(10_000);
  if (answers === "after") {
    clock.stepWall(-byMs);
    clock.setSntp({ kind: "answered", atMs: clock.monotonicMs() });
  }
  for (let restart = 0; restart < restarts; restart += 1) {
    await storage.write([time.write()]);
    await clock.advance(10_000);
    time = await JournalTime.open(storage, clock);
  }
  await clock.advance(10_000);
  const before = time.now();
  await storage.write([time.write()]);
  const right = clock.wallMs() - (answers === "after" ? 0 : byMs) + offMs;
  const later = new ManualClock("boot-2");
  later.stepWall(right - later.wallMs());
  return (await JournalTime.open(storage, later)).now() - before - offMs;
}

test("P4 B02 a date that somebody sets on the server machine ages nothing at its next start, when the date is right again", async (t) => {
  const years = 3 * 365 * DAY_MS;
  for (const byMs of [-years, years])
    for (const answers of ["before", "after", "never"] as const)
      for (const restarts of [0, 1, 2]) t.is(await afterDateWasSet(byMs, answers, restarts), 0, `${byMs} ${answers} ${restarts}`);
});

test("P4 the date goes by what SNTP answers while the server works, so that no drift of months counts as time off", async (t) => {
  const storage = new MemoryStorage();
  const clock = new ManualClock("boot-1");
  const time = await JournalTime.open(storage, clock);
  await clock.advance(10_000);
  time.write();
  clock.stepWall(3600_000);
  await clock.advance(10_000);
  clock.setSntp({ kind: "answered", atMs: clock.monotonicMs() });
  await clock.advance(10_000);
  await storage.write([time.write()]);
  const later = new ManualClock("boot-2");
  later.stepWall(clock.wallMs() + 60_000 - later.wallMs());
  t.is((await JournalTime.open(storage, later)).now(), time.now() + 60_000);
});

test("P4 over a restart of the module journal time goes on with the monotonic clock, whatever the date says", async (t) => {
  const storage = new MemoryStorage();
  const clock = new ManualClock();
  const time = await JournalTime.open(storage, clock);
  await storage.write([time.write()]);
  const before = time.now();
  clock.stepWall(-3600_000);
  await clock.advance(5_000);
  t.is((await JournalTime.open(storage, clock)).now(), before + 5_000);
});

test("P4 a time that was raised is due to be written, before anybody is told of it", async (t) => {
  const clock = new ManualClock();
  const time = await JournalTime.open(new MemoryStorage(), clock);
  time.write();
  t.false(time.isDue);
  time.raise(time.now(), HONEST);
  t.false(time.isDue, "nothing was raised by it");
  time.raise(time.now() + 1, HONEST);
  t.true(time.isDue);
  time.write();
  t.false(time.isDue);
});

test("P2 P4 over a power-off a machine tells the journal time that it heard last, and stamps nothing by it", async (t) => {
  const clock = new ManualClock("boot-2");
  const journalClock = new JournalClock(clock, { time: 7_000, boot: "boot-1", monotonicMs: 1 });
  await clock.advance(60_000);
  t.is(journalClock.estimate(), 7_000);
  t.deepEqual(journalClock.stamp(clock.monotonicMs(), "boot-2", 40), { stamp: 40, certain: false });
});
