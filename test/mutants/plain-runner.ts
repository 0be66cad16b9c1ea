/**
 * Runs tests that were written for AVA in one plain process, one after another, until one fails: a mutant is tried in a
 * fraction of the time that AVA needs to begin. It has what our tests use of AVA, and no more.
 */
import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";

type Body = (t: Assertions) => void | Promise<void>;

export interface PlainTest {
  readonly title: string;
  readonly body: Body;
}

/** All tests of the files that were bundled, in their order. */
export const tests: PlainTest[] = [];

export const test = Object.assign((title: string, body: Body): void => void tests.push({ title, body }), {
  serial: (title: string, body: Body): void => void tests.push({ title, body }),
});

interface Expectation {
  readonly message?: string | RegExp;
  readonly code?: string;
  readonly instanceOf?: new (...args: never[]) => Error;
}

/** Equal data, whatever prototypes they have: AVA does not look at those of plain objects. */
const isSame = (a: unknown, b: unknown): boolean => isDeepStrictEqual(a, b) || isDeepStrictEqual(structuredClone(a), structuredClone(b));

/** A partial comparison: what `selector` has must be there. */
function isLike(value: unknown, selector: unknown): boolean {
  if (typeof selector !== "object" || selector === null) return Object.is(value, selector);
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(selector).every(([name, part]) => isLike(Reflect.get(value, name), part));
}

function checkError(error: unknown, { message, code, instanceOf }: Expectation): void {
  assert(error instanceof (instanceOf ?? Error));
  if (typeof message === "string") assert.equal(error.message, message);
  if (message instanceof RegExp) assert.match(error.message, message);
  if (code !== undefined) assert.equal(Reflect.get(error, "code"), code);
}

class Assertions {
  readonly title: string;
  readonly context = {};
  readonly #ends: (() => void | Promise<void>)[] = [];

  constructor(title: string) {
    this.title = title;
  }

  is(actual: unknown, expected: unknown): void {
    assert(Object.is(actual, expected));
  }

  not(actual: unknown, expected: unknown): void {
    assert(!Object.is(actual, expected));
  }

  deepEqual(actual: unknown, expected: unknown): void {
    assert(isSame(actual, expected));
  }

  notDeepEqual(actual: unknown, expected: unknown): void {
    assert(!isSame(actual, expected));
  }

  like(actual: unknown, selector: unknown): void {
    assert(isLike(actual, selector));
  }

  true(actual: unknown): void {
    assert(actual === true);
  }

  false(actual: unknown): void {
    assert(actual === false);
  }

  truthy(actual: unknown): void {
    assert(actual);
  }

  falsy(actual: unknown): void {
    assert(!actual);
  }

  regex(text: string, pattern: RegExp): void {
    assert.match(text, pattern);
  }

  notRegex(text: string, pattern: RegExp): void {
    assert.doesNotMatch(text, pattern);
  }

  throws(run: () => unknown, expectation: Expectation = {}): unknown {
    try {
      run();
    } catch (error) {
      checkError(error, expectation);
      return error;
    }
    return assert.fail("nothing was thrown");
  }

  async throwsAsync(run: Promise<unknown> | (() => Promise<unknown>), expectation: Expectation = {}): Promise<unknown> {
    try {
      await (typeof run === "function" ? run() : run);
    } catch (error) {
      checkError(error, expectation);
      return error;
    }
    return assert.fail("nothing was thrown");
  }

  notThrows(run: () => unknown): void {
    run();
  }

  async notThrowsAsync(run: Promise<unknown> | (() => Promise<unknown>)): Promise<void> {
    await (typeof run === "function" ? run() : run);
  }

  fail(why?: string): void {
    assert.fail(why);
  }

  pass(): void {}

  log(): void {}

  timeout(): void {}

  teardown(end: () => void | Promise<void>): void {
    this.#ends.push(end);
  }

  /** Ends what the test has begun, the last first. */
  async end(): Promise<void> {
    for (let end = this.#ends.pop(); end !== undefined; end = this.#ends.pop()) await end();
  }
}

/** Runs one test, and what it wants done afterwards. */
export async function runTest({ title, body }: PlainTest): Promise<void> {
  const t = new Assertions(title);
  try {
    await body(t);
  } finally {
    await t.end();
  }
}

/** A test takes a fifth of it; how busy the computer is with other things makes no difference. */
const TEST_CPU_MS_MAX = 150_000;

/** Ends the process when the test that runs keeps a fleet busy for ever, as a mutant may. */
function watch(title: string): NodeJS.Timeout {
  const began = process.cpuUsage();
  return setInterval(() => {
    const { user, system } = process.cpuUsage(began);
    if ((user + system) / 1_000 < TEST_CPU_MS_MAX) return;
    console.log(`not ok - ${title}`);
    process.exit(1);
  }, 1_000);
}

/** Ends the process: 0 when every test that was registered holds. */
export async function run(): Promise<never> {
  process.on("unhandledRejection", () => process.exit(1));
  if (tests.length === 0) process.exit(2);
  for (const one of tests) {
    const { title } = one;
    const watching = watch(title);
    try {
      await runTest(one);
      console.log(`ok - ${title}`);
    } catch (error) {
      console.log(`not ok - ${title}`);
      console.error(error);
      process.exit(1);
    } finally {
      clearInterval(watching);
    }
  }
  process.exit(0);
}
