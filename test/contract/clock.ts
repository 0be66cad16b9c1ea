/** What every Clock keeps. Time passes as the fixture says: by hand, or, on a real machine, by waiting. */
import type { ExecutionContext, TestFn } from "ava";
import type { Clock, SntpState } from "../../hal/clock.ts";

export interface ClockFixture {
  readonly clock: Clock;
  /** Lets at least this much time pass, and what follows from it happen. */
  advance(ms: number): Promise<void>;
  /** The machine is in full sleep for so long, and wakes. Undefined where a test cannot put it to sleep. */
  readonly asleep: ((ms: number) => Promise<void>) | undefined;
  /** Somebody sets the machine's date. */
  readonly stepWall: ((ms: number) => void) | undefined;
  readonly setSntp: ((state: SntpState) => void) | undefined;
}

const never = (): AbortSignal => new AbortController().signal;

export function clockContract(test: TestFn, name: string, create: (t: ExecutionContext) => Promise<ClockFixture>): void {
  const it = (title: string, body: (t: ExecutionContext, fixture: ClockFixture) => Promise<unknown>): void =>
    test(`${name}: ${title}`, async (t) => body(t, await create(t)));

  it("a boot has a name", async (t, { clock }) => {
    t.true(clock.boot.length > 0);
    t.is(clock.boot, clock.boot);
  });

  it("monotonic time is in whole milliseconds and does not go back", async (t, { clock, advance }) => {
    const before = clock.monotonicMs();
    t.true(Number.isSafeInteger(before));
    await advance(20);
    t.true(clock.monotonicMs() >= before + 20);
  });

  it("a sleep takes at least its time", async (t, { clock, advance }) => {
    const before = clock.monotonicMs();
    const sleep = clock.sleep(20, never());
    await advance(20);
    t.is(await sleep, "elapsed");
    t.true(clock.monotonicMs() >= before + 20);
  });

  it("a sleep does not end before its time", async (t, { clock, advance }) => {
    let ended = false;
    const ending = new AbortController();
    void clock.sleep(3_600_000, ending.signal).then(() => {
      ended = true;
    });
    await advance(20);
    t.false(ended);
    ending.abort();
  });

  it("sleeps end in the order of their times, not of the calls", async (t, { clock, advance }) => {
    const ends: string[] = [];
    const sleeps = [40, 10, 25].map((ms) => clock.sleep(ms, never()).then(() => ends.push(String(ms))));
    await advance(60);
    await Promise.all(sleeps);
    t.deepEqual(ends, ["10", "25", "40"]);
  });

  it("a sleep of nothing ends, later", async (t, { clock, advance }) => {
    let ended = false;
    const sleep = clock.sleep(0, never()).then(() => {
      ended = true;
    });
    t.false(ended);
    await advance(1);
    await sleep;
    t.true(ended);
  });

  it("a sleep resolves early on abort, at once if aborted before, and takes no notice afterwards", async (t, { clock, advance }) => {
    const ending = new AbortController();
    const sleep = clock.sleep(2 ** 31 - 1, ending.signal);
    ending.abort();
    t.is(await sleep, "aborted");
    t.is(await clock.sleep(10, AbortSignal.abort()), "aborted");
    const late = new AbortController();
    const elapsed = clock.sleep(5, late.signal);
    await advance(5);
    t.is(await elapsed, "elapsed");
    t.notThrows(() => late.abort());
  });

  it("a sleep can be called from the end of another", async (t, { clock, advance }) => {
    const twice = clock.sleep(5, never()).then(() => clock.sleep(5, never()));
    await advance(5);
    await advance(5);
    t.is(await twice, "elapsed");
  });

  it("time asleep counts: a wait that ended meanwhile resolves on waking, another one has the rest left", async (t, {
    clock,
    advance,
    asleep,
  }) => {
    if (asleep === undefined) return t.pass();
    const before = clock.monotonicMs();
    const short = clock.sleep(60_000, never());
    const ending = new AbortController();
    let longEnded = false;
    void clock.sleep(7_200_000, ending.signal).then(() => {
      longEnded = true;
    });
    await asleep(3_600_000);
    t.is(await short, "elapsed");
    t.true(clock.monotonicMs() >= before + 3_600_000);
    t.false(longEnded);
    await advance(3_600_000);
    t.true(longEnded);
  });

  it("the date may step either way, and monotonic time and waits do not care", async (t, { clock, advance, stepWall }) => {
    t.true(Number.isSafeInteger(clock.wallMs()));
    if (stepWall === undefined) return;
    const before = clock.monotonicMs();
    const wallMs = clock.wallMs();
    const sleep = clock.sleep(10, never());
    stepWall(-10 * 365 * 86_400_000);
    t.true(clock.wallMs() < wallMs - 9 * 365 * 86_400_000);
    t.true(clock.monotonicMs() - before < 60_000);
    stepWall(20 * 365 * 86_400_000);
    t.true(clock.wallMs() > wallMs + 9 * 365 * 86_400_000);
    await advance(10);
    t.is(await sleep, "elapsed");
  });

  it("SNTP states are told as they come, not on registering, and not after the end of it", async (t, { clock, setSntp }) => {
    if (setSntp === undefined) return t.pass();
    const heard: string[] = [];
    const end = clock.onSntp(({ kind }) => heard.push(kind));
    t.deepEqual(heard, []);
    setSntp({ kind: "asking" });
    setSntp({ kind: "answered", atMs: clock.monotonicMs() });
    t.is(clock.sntp().kind, "answered");
    end();
    end();
    setSntp({ kind: "silent" });
    t.deepEqual(heard, ["asking", "answered"]);
    t.is(clock.sntp().kind, "silent");
  });

  it("a listener that another one ended hears nothing more, not even what is just being told", async (t, { clock, setSntp }) => {
    if (setSntp === undefined) return t.pass();
    const heard: string[] = [];
    clock.onSntp(() => {
      heard.push("first");
      end();
    });
    const end = clock.onSntp(() => t.fail("ended"));
    const hear = (): void => void heard.push("the same twice");
    clock.onSntp(hear);
    clock.onSntp(hear)();
    setSntp({ kind: "silent" });
    t.deepEqual(heard, ["first", "the same twice"], "one registration's end is not the other's");
  });

  it("an abort ends its own waits, and no others", async (t, { clock, advance }) => {
    const ending = new AbortController();
    const [mine, alsoMine] = [clock.sleep(10, ending.signal), clock.sleep(3_600_000, ending.signal)];
    const other = clock.sleep(10, never());
    ending.abort();
    t.deepEqual(await Promise.all([mine, alsoMine]), ["aborted", "aborted"]);
    await advance(10);
    t.is(await other, "elapsed");
  });
}
