import { setImmediate as hop } from "node:timers/promises";
import test from "ava";
import type { Hal } from "../../hal/hal.ts";
import { Supervisor, type SupervisorParts, Unstoppable } from "../../hal/runtime/supervisor.ts";
import type { RuntimeTime } from "../../hal/runtime/time.ts";
import type { ActiveModule, Administration } from "../../hal/services.ts";

/** Time that goes only when the test says so. */
class HandTime implements RuntimeTime {
  #nowMs = 0;
  #waits: { readonly dueMs: number; readonly done: () => void }[] = [];
  nowMs(): number {
    return this.#nowMs;
  }
  wait(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.#waits.push({ dueMs: this.#nowMs + ms, done: resolve });
      signal.addEventListener("abort", () => resolve());
    });
  }
  async pass(ms: number): Promise<void> {
    this.#nowMs += ms;
    const due = this.#waits.filter(({ dueMs }) => dueMs <= this.#nowMs);
    this.#waits = this.#waits.filter(({ dueMs }) => dueMs > this.#nowMs);
    for (const { done } of due) done();
    await settle();
  }
}

const settle = async (): Promise<void> => {
  for (let i = 0; i < 3; i += 1) await hop();
};

interface Life {
  readonly fail: (reason: Error) => void;
}

// The supervisor hands both through and looks at neither.
const HAL = {} as Hal;
const ADMINISTRATION = {} as Administration;

interface Options extends Partial<Pick<SupervisorParts, "obstacle" | "lifecycle">> {
  /** What `activate` does after it was counted; nothing: it works. */
  readonly activate?: (attempt: number) => Promise<void>;
  readonly deactivate?: () => Promise<void>;
  /** What the machine does when it is told of the services. */
  readonly onModule?: (administration: Administration | undefined) => void;
}

function bench(options: Options = {}) {
  const time = new HandTime();
  const transcript: string[] = [];
  const lives: Life[] = [];
  const ending = new AbortController();
  const supervisor = new Supervisor({
    time,
    hal: HAL,
    config: { port: 8443 },
    machine: {
      onModule(administration) {
        transcript.push(administration === ADMINISTRATION ? "services on" : "services off");
        options.onModule?.(administration);
      },
    },
    bundle: {
      async activate(): Promise<ActiveModule> {
        transcript.push("activate");
        let fail: (reason: Error) => void = () => undefined;
        const crashed = new Promise<never>((_, reject) => {
          fail = reject;
        });
        lives.push({ fail });
        await options.activate?.(lives.length);
        return {
          administration: ADMINISTRATION,
          crashed,
          async deactivate() {
            transcript.push("deactivate");
            await options.deactivate?.();
          },
        };
      },
    },
    lifecycle: options.lifecycle ?? { stopTimeoutMs: 5_000, restart: { policy: "on-crash", maxPerHour: 30 } },
    obstacle: options.obstacle ?? (() => undefined),
    onState: (state, why) => transcript.push(why === "" ? state : `${state}: ${why}`),
  });
  return { supervisor, time, transcript, lives, ending, done: supervisor.run(ending.signal) };
}

const START = ["resolved: all it asks for is there", "starting", "activate", "active", "services on"];

test("a module is resolved, started, and stopped when the runtime ends", async (t) => {
  const { supervisor, transcript, ending, done } = bench();
  supervisor.start();
  await settle();
  t.is(supervisor.state, "active");
  ending.abort();
  await done;
  t.deepEqual(transcript, [...START, "services off", "stopping: the runtime ends", "deactivate", "resolved"]);
});

test("a module that nobody wants stays installed", async (t) => {
  const { supervisor, transcript, ending, done } = bench();
  await settle();
  t.is(supervisor.state, "installed");
  ending.abort();
  await done;
  t.deepEqual(transcript, []);
});

test("stopped by an order it is at rest, and it can be started again", async (t) => {
  const { supervisor, transcript, ending, done } = bench();
  supervisor.start();
  await settle();
  supervisor.stop();
  await settle();
  t.is(supervisor.state, "resolved");
  supervisor.start();
  await settle();
  ending.abort();
  await done;
  const stop = ["services off", "stopping: stopped by an order", "deactivate", "resolved"];
  t.deepEqual(transcript.slice(START.length, START.length + 4), stop);
  t.deepEqual(transcript.slice(START.length + 4, START.length + 8), START.slice(1));
});

test("after a crash it is stopped, and started again when the back-off is over, not before", async (t) => {
  const { supervisor, time, transcript, lives, ending, done } = bench();
  supervisor.start();
  await settle();
  transcript.length = 0;
  lives[0]?.fail(new TypeError("no journal"));
  await settle();
  t.deepEqual(transcript, [
    "services off",
    "stopping: TypeError: no journal",
    "deactivate",
    "resolved",
    "resolved: crash 1 within an hour: TypeError: no journal; started again in 500 ms",
  ]);
  await time.pass(499);
  t.is(supervisor.state, "resolved");
  await time.pass(1);
  t.is(supervisor.state, "active");
  ending.abort();
  await done;
});

test("a start that fails is a crash, without a deactivate", async (t) => {
  const { supervisor, time, transcript, ending, done } = bench({
    activate: async (attempt) => {
      if (attempt === 1) throw new Error("port 8443 is taken");
    },
  });
  supervisor.start();
  await settle();
  t.is(supervisor.state, "resolved");
  t.false(transcript.includes("deactivate"));
  t.true(transcript.includes("resolved: Error: port 8443 is taken"));
  await time.pass(500);
  t.is(supervisor.state, "active");
  ending.abort();
  await done;
});

test("what nobody caught is a crash of the module that runs", async (t) => {
  const { supervisor, transcript, ending, done } = bench();
  supervisor.start();
  await settle();
  supervisor.crash(new Error("out of nowhere"));
  supervisor.crash(new Error("and another"));
  await settle();
  t.true(transcript.includes("stopping: Error: out of nowhere"));
  t.is(transcript.filter((line) => line === "deactivate").length, 1);
  ending.abort();
  await done;
});

test("services that fail as soon as the machine looks at them are a crash of the module", async (t) => {
  const { supervisor, transcript, ending, done } = bench({
    onModule(administration) {
      if (administration !== undefined) throw new Error("no status");
    },
  });
  supervisor.start();
  await settle();
  t.true(transcript.includes("stopping: Error: no status"));
  t.true(transcript.includes("deactivate"));
  ending.abort();
  await done;
});

test("what fails while no module runs is not the module's crash", async (t) => {
  const { supervisor, ending, done } = bench();
  supervisor.crash(new Error("of the provider"));
  supervisor.start();
  await settle();
  t.is(supervisor.state, "active");
  ending.abort();
  await done;
});

test("the crash of a life that is over does not end the next one", async (t) => {
  const { supervisor, time, lives, ending, done } = bench();
  supervisor.start();
  await settle();
  supervisor.stop();
  await settle();
  supervisor.start();
  await settle();
  lives[0]?.fail(new Error("late"));
  await time.pass(10_000);
  t.is(supervisor.state, "active");
  t.is(lives.length, 2);
  ending.abort();
  await done;
});

test("an order to stop ends the back-off, and a later order to start does not wait for it", async (t) => {
  const { supervisor, lives, ending, done } = bench();
  supervisor.start();
  await settle();
  lives[0]?.fail(new Error("x"));
  await settle();
  supervisor.stop();
  await settle();
  supervisor.start();
  await settle();
  t.is(supervisor.state, "active");
  ending.abort();
  await done;
});

test("the runtime ends during a back-off at once", async (t) => {
  const { supervisor, lives, ending, done } = bench();
  supervisor.start();
  await settle();
  lives[0]?.fail(new Error("x"));
  await settle();
  ending.abort();
  await t.notThrowsAsync(done);
});

test('a manifest with the policy "never" leaves a crashed module at rest', async (t) => {
  const { supervisor, time, lives, ending, done } = bench({
    lifecycle: { stopTimeoutMs: 5_000, restart: { policy: "never", maxPerHour: 1 } },
  });
  supervisor.start();
  await settle();
  lives[0]?.fail(new Error("x"));
  await settle();
  await time.pass(3_600_000);
  t.is(supervisor.state, "resolved");
  t.is(lives.length, 1);
  ending.abort();
  await done;
});

test("without what it asks for it is not started, and says why", async (t) => {
  const { supervisor, transcript, ending, done } = bench({ obstacle: () => "this machine does not provide panel@2" });
  supervisor.start();
  await settle();
  t.deepEqual(transcript, ["installed: not started: this machine does not provide panel@2"]);
  ending.abort();
  await done;
});

test("a module that does not stop in time is Unstoppable: the process has to end", async (t) => {
  const { supervisor, time, ending, done } = bench({ deactivate: () => new Promise(() => undefined) });
  const outcome = t.throwsAsync(done, { instanceOf: Unstoppable, message: /deactivate of the module did not end within 5000 ms/ });
  supervisor.start();
  await settle();
  ending.abort();
  await settle();
  supervisor.start();
  await time.pass(4_999);
  t.is(supervisor.state, "stopping");
  await time.pass(1);
  await outcome;
});

test("a start that hangs is given up when the runtime ends", async (t) => {
  const { supervisor, time, ending, done } = bench({ activate: () => new Promise(() => undefined) });
  const outcome = t.throwsAsync(done, { instanceOf: Unstoppable });
  supervisor.start();
  await settle();
  await time.pass(60_000);
  t.is(supervisor.state, "starting");
  ending.abort();
  await settle();
  await time.pass(5_000);
  await outcome;
});

test("a stop that fails is told as a crash and does not keep the runtime", async (t) => {
  const { supervisor, ending, done } = bench({
    deactivate: async () => {
      throw new Error("disk gone");
    },
  });
  supervisor.start();
  await settle();
  ending.abort();
  await t.notThrowsAsync(done);
  t.is(supervisor.state, "resolved");
});
