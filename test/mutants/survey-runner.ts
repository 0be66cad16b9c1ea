/**
 * The child of a survey (build/mutating/survey.ts): the bundled tests with all of Stryker's changes in the product, of which one
 * at a time is switched on. `cover FILE` runs every test and writes which changes it passes; `ask FILE FROM` asks, for each
 * question of the file from that one on, the tests that pass it until one fails. What it has to say are lines that begin with "@".
 */
import { readFileSync, writeFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { type PlainTest, runTest, tests } from "./plain-runner.ts";

/** How often each change was passed. */
export type Passes = Readonly<Record<string, number>>;

export interface Coverage {
  /** While the modules were loaded. */
  readonly static: Passes;
  /** By the number of the test. */
  readonly perTest: Readonly<Record<string, Passes>>;
  readonly tests: readonly Covered[];
}

export interface Covered {
  readonly title: string;
  /** Processor time. */
  readonly ms: number;
  /** Whoever fails as it is says nothing. */
  readonly holds: boolean;
}

export interface Question {
  readonly id: string;
  readonly tests: readonly number[];
  /** How often these tests pass the change as it is: a hundred times that is a loop without end. */
  readonly passes: number;
}

/** What Stryker's changes look at: `globalThis.__stryker__`. */
interface Switchboard {
  activeMutant?: string;
  currentTestId?: string;
  hitCount?: number;
  hitLimit?: number;
  mutantCoverage?: Pick<Coverage, "static" | "perTest">;
}

/** A test with a change in it may take so much more processor time than without. */
const TIMES = 10;
const CPU_MS_MIN = 1_000;
/**
 * And so much longer by the clock than it took of the processor: one that looks again and again for what does not come any more
 * takes no processor time, and is never still. Less than the parent's patience, so that it can be named.
 */
const TIMES_WAITED = 60;
const WAIT_MS_MIN = 60_000;
const WAIT_MS_MAX = 4 * 60_000;
/** How often a test that runs is looked at, and how many looks in a row have to see nothing under way. */
const LOOK_MS = 100;
const STILL_LOOKS = 10;

/** The changed sources use what they find there, also those that are not loaded before somebody needs them. */
const board: Switchboard = Reflect.get(globalThis, "__stryker__") ?? {};
Reflect.set(globalThis, "__stryker__", board);

/** Ends the process when something goes round without ever coming back to its timers: another thread looks at the processor time. */
class Watchdog {
  /** Milliseconds of processor time at which it is too late. */
  readonly #lateAt = new Float64Array(new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT)).fill(Number.POSITIVE_INFINITY);

  start(): void {
    const look = `
      const lateAt = require("node:worker_threads").workerData;
      setInterval(() => {
        const { user, system } = process.cpuUsage();
        if ((user + system) / 1_000 > lateAt[0]) process.kill(process.pid, "SIGKILL");
      }, 500);`;
    new Worker(look, { eval: true, workerData: this.#lateAt }).unref();
  }

  /** So much more processor time from now on. */
  allow(cpuMs: number): void {
    const { user, system } = process.cpuUsage();
    this.#lateAt[0] = (user + system) / 1_000 + cpuMs;
  }
}

const watchdog = new Watchdog();

const say = (what: unknown): void => console.log(`@${JSON.stringify(what)}`);

let fail: (error: unknown) => void = () => undefined;

/** Throws when the test fails, says so after its end, is busy for too long or does not end; then it may still be at work. */
async function tried(one: PlainTest, cpuMsMax: number, waitMsMax: number): Promise<void> {
  const began = process.cpuUsage();
  const beganMs = performance.now();
  // Who comes back to its timers ends sooner, and without the process.
  watchdog.allow(2 * cpuMsMax);
  const failed = new Promise<never>((_resolve, reject) => {
    fail = reject;
  });
  const stillness = new Stillness();
  const watching = setInterval(() => {
    if (cpuMsSince(began) > cpuMsMax || performance.now() - beganMs > waitMsMax) fail(new Overdue());
    else if (stillness.lasts()) fail(new Error("it waits for what will not come"));
  }, LOOK_MS);
  try {
    await Promise.race([runTest(one), failed]);
  } finally {
    clearInterval(watching);
  }
}

class Overdue extends Error {}

/** A test that waits while nothing is under way in the whole process, no timer, no file, no socket, waits for ever. */
class Stillness {
  readonly #before = countOf(process.getActiveResourcesInfo());
  #looks = 0;

  /** Asked with each look, by the one timer that is no part of the test. */
  lasts(): boolean {
    const now = countOf(process.getActiveResourcesInfo());
    const own = (kind: string) => (kind === "Timeout" ? 1 : 0);
    const isStill = [...now].every(([kind, count]) => count <= (this.#before.get(kind) ?? 0) + own(kind));
    this.#looks = isStill ? this.#looks + 1 : 0;
    return this.#looks > STILL_LOOKS;
  }
}

function countOf(kinds: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

function cpuMsSince(began: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1_000;
}

async function cover(file: string): Promise<void> {
  const covered: Covered[] = [];
  for (const [at, one] of tests.entries()) {
    board.currentTestId = `t${at}`;
    const began = process.cpuUsage();
    const holds = await tried(one, Number.POSITIVE_INFINITY, WAIT_MS_MAX).then(
      () => true,
      () => false,
    );
    covered.push({ title: one.title, ms: cpuMsSince(began), holds });
    say({ covered: one.title });
  }
  const { static: loading = {}, perTest = {} } = board.mutantCoverage ?? {};
  writeFileSync(file, JSON.stringify({ static: loading, perTest, tests: covered } satisfies Coverage));
}

async function ask(file: string, from: number): Promise<void> {
  watchdog.start();
  const { questions, ms }: { questions: Question[]; ms: number[] } = JSON.parse(readFileSync(file, "utf8"));
  for (const { id, tests: chosen, passes } of questions.slice(from)) {
    Object.assign(board, { activeMutant: id, hitCount: 0, hitLimit: 100 * passes + 1_000 });
    const by = await firstToNotice(chosen, ms);
    say({ id, by });
  }
}

async function firstToNotice(chosen: readonly number[], ms: readonly number[]): Promise<string | undefined> {
  for (const at of chosen) {
    const one = tests[at];
    if (one === undefined) continue;
    const own = ms[at] ?? 0;
    try {
      await tried(one, Math.max(CPU_MS_MIN, TIMES * own), Math.min(WAIT_MS_MAX, Math.max(WAIT_MS_MIN, TIMES_WAITED * own)));
    } catch (error) {
      if (error instanceof Overdue) {
        say({ id: board.activeMutant, by: `${one.title} (which did not end)` });
        process.exit(0);
      }
      return one.title;
    }
  }
  return undefined;
}

/** Ends the process. */
export async function survey(): Promise<never> {
  process.on("unhandledRejection", (error) => fail(error));
  process.on("uncaughtException", (error) => fail(error));
  const [way, file = "", from = "0"] = process.argv.slice(2);
  await (way === "cover" ? cover(file) : ask(file, Number(from)));
  process.exit(0);
}
