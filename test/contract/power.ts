/** What every Power keeps. The fixture's knobs are what people, visitors and the machine's timers do. */
import type { ExecutionContext, TestFn } from "ava";
import type { Power, PowerState } from "../../hal/power.ts";

export interface PowerFixture {
  readonly power: Power;
  /** The machine goes to sleep, as deep as it may. Resolves when it has done so much of it as it can for now. */
  fallAsleep(): Promise<void>;
  /** A key is pressed. */
  pressKey(): void;
  /** A connection arrives at a port of the module. */
  visit(): void;
  /** Lets time pass, and what follows from it happen. */
  advance(ms: number): Promise<void>;
}

export function powerContract(test: TestFn, name: string, create: (t: ExecutionContext) => Promise<PowerFixture>): void {
  const it = (title: string, body: (t: ExecutionContext, fixture: PowerFixture, states: PowerState[]) => Promise<unknown>): void =>
    test(`${name}: ${title}`, async (t) => {
      const fixture = await create(t);
      const states: PowerState[] = [];
      fixture.power.onState((state) => states.push(state));
      await body(t, fixture, states);
    });

  it("without a hold it sleeps fully, by way of partial sleep, and a key makes it active", async (t, f, states) => {
    t.is(f.power.state, "active");
    await f.fallAsleep();
    t.is(f.power.state, "full-sleep");
    f.pressKey();
    t.deepEqual(states, ["partial-sleep", "full-sleep", "active"]);
  });

  it("listeners end at once, and ending twice is harmless", async (t, f, states) => {
    const heard: PowerState[] = [];
    const end = f.power.onState((state) => heard.push(state));
    t.deepEqual(heard, [], "never from within the call that registers");
    await f.fallAsleep();
    end();
    end();
    f.pressKey();
    t.deepEqual(heard, ["partial-sleep", "full-sleep"]);
    t.is(states.length, 3);
  });

  it("a hold keeps it from full sleep; when it ends, the machine goes on falling asleep", async (t, f) => {
    const hold = f.power.holdFromFullSleep("a-test", 60_000);
    await f.fallAsleep();
    t.is(f.power.state, "partial-sleep");
    hold.release();
    await f.advance(1);
    t.is(f.power.state, "full-sleep");
  });

  it("holds of one reason count one by one, and a second release takes nobody else's", async (t, f) => {
    const first = f.power.holdFromFullSleep("same", 60_000);
    const second = f.power.holdFromFullSleep("same", 60_000);
    await f.fallAsleep();
    first.release();
    first.release();
    await f.advance(1);
    t.is(f.power.state, "partial-sleep");
    second.release();
    await f.advance(1);
    t.is(f.power.state, "full-sleep");
  });

  it("a hold lapses by itself, unless it is renewed", async (t, f) => {
    const hold = f.power.holdFromFullSleep("a-test", 10_000);
    await f.fallAsleep();
    await f.advance(9_000);
    hold.renew();
    await f.advance(9_000);
    t.is(f.power.state, "partial-sleep");
    await f.advance(1_500);
    t.is(f.power.state, "full-sleep");
  });

  it("a hold that was released or has lapsed is not renewed", async (t, f) => {
    const released = f.power.holdFromFullSleep("released", 10_000);
    const lapsed = f.power.holdFromFullSleep("lapsed", 1_000);
    await f.advance(2_000);
    released.release();
    released.renew();
    lapsed.renew();
    lapsed.release();
    await f.fallAsleep();
    t.is(f.power.state, "full-sleep");
  });

  it("everybody is asked before full sleep, and waited for", async (t, f) => {
    const order: string[] = [];
    let ready: () => void = () => undefined;
    f.power.onState((state) => order.push(state));
    f.power.beforeSleep(async () => void order.push("quick"), 1_000);
    f.power.beforeSleep(async () => {
      await new Promise<void>((resolve) => {
        ready = resolve;
      });
      order.push("slow");
    }, 5_000);
    const sleeping = f.fallAsleep();
    await f.advance(1_000);
    t.is(f.power.state, "partial-sleep");
    ready();
    await sleeping;
    await f.advance(1);
    t.deepEqual(order, ["partial-sleep", "quick", "slow", "full-sleep"]);
  });

  it("whoever is late, fails or throws does not keep the machine awake", async (t, f) => {
    f.power.beforeSleep(() => new Promise<never>(() => undefined), 2_000);
    f.power.beforeSleep(() => Promise.reject(new Error("not ready")), 1_000);
    f.power.beforeSleep(() => {
      throw new Error("not even a promise");
    }, 1_000);
    const sleeping = f.fallAsleep();
    await f.advance(1_900);
    t.is(f.power.state, "partial-sleep");
    await f.advance(200);
    await sleeping;
    t.is(f.power.state, "full-sleep");
  });

  it("a limit above five seconds is five seconds", async (t, f) => {
    f.power.beforeSleep(() => new Promise<never>(() => undefined), 3_600_000);
    const sleeping = f.fallAsleep();
    await f.advance(5_100);
    await sleeping;
    t.is(f.power.state, "full-sleep");
  });

  it("who has ended its registration is not asked", async (t, f) => {
    const end = f.power.beforeSleep(async () => t.fail("asked"), 1_000);
    end();
    end();
    await f.fallAsleep();
    t.is(f.power.state, "full-sleep");
  });

  it("a hold taken while everybody prepares calls the sleep off, and everybody is asked again for the next one", async (t, f) => {
    let asked = 0;
    const holds: { release(): void }[] = [];
    f.power.beforeSleep(async () => {
      asked += 1;
      if (asked === 1) holds.push(f.power.holdFromFullSleep("at-the-last-moment", 60_000));
    }, 1_000);
    await f.fallAsleep();
    await f.advance(10);
    t.is(f.power.state, "partial-sleep");
    for (const hold of holds) hold.release();
    await f.advance(10);
    t.is(f.power.state, "full-sleep");
    t.is(asked, 2);
  });

  it("a hold that came and went while everybody prepares calls that attempt off as well", async (t, f, states) => {
    let [asked, preparing] = [0, 0];
    f.power.beforeSleep(async () => {
      asked += 1;
      preparing += 1;
      t.is(preparing, 1, "nobody is asked again before it has answered");
      t.false(states.includes("full-sleep"));
      if (asked === 1) f.power.holdFromFullSleep("briefly", 60_000).release();
      await Promise.resolve();
      preparing -= 1;
    }, 1_000);
    await f.fallAsleep();
    await f.advance(10);
    t.is(f.power.state, "full-sleep");
    t.is(asked, 2, "what was prepared before the hold may be out of date");
  });

  it("a hold taken when partial sleep is told keeps it there, and nobody is asked to prepare", async (t, f) => {
    const holds: { release(): void }[] = [];
    const end = f.power.onState(() => holds.push(f.power.holdFromFullSleep("at-the-telling", 60_000)));
    let asked = 0;
    f.power.beforeSleep(async () => {
      asked += 1;
    }, 1_000);
    await f.fallAsleep();
    await f.advance(10);
    t.is(f.power.state, "partial-sleep");
    t.is(asked, 0);
    end();
    for (const hold of holds) hold.release();
    await f.advance(10);
    t.is(f.power.state, "full-sleep");
    t.is(asked, 1);
  });

  it("each function has its own limit, and one that is late is not asked twice at the same time", async (t, f) => {
    const asked: string[] = [];
    f.power.beforeSleep(() => {
      asked.push("never ready");
      return new Promise<never>(() => undefined);
    }, 1_000);
    f.power.beforeSleep(async () => void asked.push("quick"), 4_000);
    const sleeping = f.fallAsleep();
    await f.advance(900);
    t.is(f.power.state, "partial-sleep");
    await f.advance(200);
    await sleeping;
    t.is(f.power.state, "full-sleep", "the limit of the one that is ready is waited for by nobody");
    t.deepEqual(asked, ["never ready", "quick"]);
  });

  it("a state is told when it is so, and waking in the same call, before anything that comes of it", async (t, f) => {
    const order: string[] = [];
    f.power.onState((state) => {
      order.push(`${state} ${f.power.state}`);
      queueMicrotask(() => order.push("what comes of it"));
    });
    f.power.wakeOn("connection");
    await f.fallAsleep();
    await f.advance(0);
    order.length = 0;
    f.visit();
    order.push("the visitor");
    f.pressKey();
    order.push("the key");
    await f.advance(0);
    t.deepEqual(order, ["partial-sleep partial-sleep", "the visitor", "active active", "the key", "what comes of it", "what comes of it"]);
  });

  it("a listener that another one ended hears nothing more", async (t, f) => {
    const end = f.power.onState(() => endOther());
    const endOther = f.power.onState(() => t.fail("ended"));
    await f.fallAsleep();
    end();
    t.is(f.power.state, "full-sleep");
  });

  it("a hold knows its reason, and lapses on its own where another of that reason is renewed", async (t, f) => {
    const [brief, renewed] = [f.power.holdFromFullSleep("same", 1_000), f.power.holdFromFullSleep("same", 10_000)];
    t.is(brief.reason, "same");
    await f.fallAsleep();
    await f.advance(2_000);
    brief.release();
    renewed.renew();
    await f.advance(9_000);
    t.is(f.power.state, "partial-sleep");
    await f.advance(2_000);
    t.is(f.power.state, "full-sleep");
  });

  it("a key while everybody prepares calls the sleep off", async (t, f, states) => {
    f.power.beforeSleep(() => new Promise<never>(() => undefined), 2_000);
    const sleeping = f.fallAsleep();
    await f.advance(1_000);
    f.pressKey();
    await f.advance(5_000);
    await sleeping;
    t.is(f.power.state, "active");
    t.false(states.includes("full-sleep"));
  });

  it("a connection wakes it to partial sleep, where that was asked for; without a hold it sleeps again later", async (t, f, states) => {
    await f.fallAsleep();
    f.visit();
    t.is(f.power.state, "full-sleep", "nobody asked for it");
    const end = f.power.wakeOn("connection");
    const second = f.power.wakeOn("connection");
    end();
    end();
    f.visit();
    t.is(f.power.state, "partial-sleep");
    await f.advance(1_000);
    t.is(f.power.state, "partial-sleep", "the visitor has some time");
    await f.advance(10 * 60_000);
    t.is(f.power.state, "full-sleep");
    second();
    f.visit();
    t.is(f.power.state, "full-sleep");
    t.false(states.includes("active"), "a connection lights no panel");
  });

  it("a connection to a machine that is awake changes nothing", async (t, f, states) => {
    f.power.wakeOn("connection");
    f.visit();
    const hold = f.power.holdFromFullSleep("a-test", 3_600_000);
    await f.fallAsleep();
    f.visit();
    hold.release();
    await f.advance(1);
    t.deepEqual(states, ["partial-sleep", "full-sleep"]);
  });

  it("what a visitor's hold kept awake sleeps again when it ends", async (t, f) => {
    f.power.wakeOn("connection");
    await f.fallAsleep();
    f.visit();
    const hold = f.power.holdFromFullSleep("clients-operating", 3_600_000);
    await f.advance(30 * 60_000);
    t.is(f.power.state, "partial-sleep");
    hold.release();
    await f.advance(1);
    t.is(f.power.state, "full-sleep");
  });
}
