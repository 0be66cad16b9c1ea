/**
 * Virtual time: one world whose events happen one after another, and machines' clocks in it that are wrong each in its
 * own way. After each event one `setImmediate` hop lets everything that it caused settle: Node drains all microtasks
 * before it. Code under test that waits for anything but the clock, the storage or the network breaks this, and shows
 * as a seed that does not repeat.
 */
import { createHash, type Hash } from "node:crypto";
import type { Clock, SntpState } from "../../hal/clock.ts";
import type { Unsubscribe } from "../../hal/hal.ts";
import { Listeners } from "../../hal/parts/listeners.ts";

interface Event {
  readonly dueMs: number;
  readonly number: number;
  readonly label: string;
  run: (() => void) | undefined;
}

const TRACED_MAX = 16_384;

const before = (a: Event, b: Event): boolean => a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.number < b.number);

export class World {
  readonly #heap: Event[] = [];
  readonly #trace: Hash = createHash("sha256");
  /** What happened since it was last given to the hash, which costs more by the call than by the character. */
  #traced = "";
  #nowMs: number;
  #number = 0;
  #events = 0;

  /** `nowMs`: it goes on from there. */
  constructor(nowMs = 0) {
    this.#nowMs = nowMs;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Events that happened so far. */
  get events(): number {
    return this.#events;
  }

  /** What identifies this history: two runs of one seed give the same. */
  fingerprint(): string {
    return this.#traceAll().copy().digest("hex").slice(0, 16);
  }

  /** Goes into the fingerprint. */
  note(text: string): void {
    this.#traced += text;
    if (this.#traced.length > TRACED_MAX) this.#traceAll();
  }

  #traceAll(): Hash {
    this.#trace.update(this.#traced);
    this.#traced = "";
    return this.#trace;
  }

  /** Runs `run` after `delayMs`; the function given back calls it off. */
  after(delayMs: number, label: string, run: () => void): () => void {
    const event: Event = { dueMs: this.#nowMs + Math.max(0, Math.ceil(delayMs)), number: (this.#number += 1), label, run };
    this.#push(event);
    return () => {
      event.run = undefined;
    };
  }

  /** When the next event is due; undefined when nothing is left. */
  nextDueMs(): number | undefined {
    for (;;) {
      const top = this.#heap[0];
      if (top === undefined) return undefined;
      if (top.run !== undefined) return top.dueMs;
      this.#pop();
    }
  }

  /** Lets what was started outside of any event settle. */
  async settleNow(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Runs the next event if it is due by `untilMs`; false when none is, and time stands at `untilMs` then. */
  async step(untilMs: number): Promise<boolean> {
    const dueMs = this.nextDueMs();
    if (dueMs === undefined || dueMs > untilMs) {
      this.#nowMs = Math.max(this.#nowMs, untilMs);
      return false;
    }
    const event = this.#pop();
    const run = event?.run;
    if (event === undefined || run === undefined) return true;
    this.#nowMs = Math.max(this.#nowMs, event.dueMs);
    this.#events += 1;
    this.note(`${event.dueMs} ${event.label}\n`);
    run();
    await this.settleNow();
    return true;
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let at = heap.push(event) - 1;
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = heap[parentAt];
      if (parent === undefined || before(parent, event)) break;
      heap[at] = parent;
      at = parentAt;
    }
    heap[at] = event;
  }

  #pop(): Event | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    let at = 0;
    for (;;) {
      const leftAt = 2 * at + 1;
      const left = heap[leftAt];
      const right = heap[leftAt + 1];
      if (left === undefined) break;
      const [child, childAt] = right !== undefined && before(right, left) ? [right, leftAt + 1] : [left, leftAt];
      if (before(last, child)) break;
      heap[at] = child;
      at = childAt;
    }
    heap[at] = last;
    return top;
  }
}

/**
 * One life of a machine's process: from a start to a kill or a stop. What was to happen in a life that is over never
 * happens; what was to happen while the machine is in full sleep happens when it wakes.
 */
export class Life {
  readonly #world: World;
  readonly name: string;
  #over = false;
  #asleep = false;
  #kept: (() => void)[] = [];

  constructor(world: World, name: string) {
    this.#world = world;
    this.name = name;
  }

  get nowMs(): number {
    return this.#world.nowMs;
  }

  get over(): boolean {
    return this.#over;
  }

  get asleep(): boolean {
    return this.#asleep;
  }

  after(delayMs: number, label: string, run: () => void): () => void {
    return this.#world.after(delayMs, `${this.name} ${label}`, () => this.deliver(run));
  }

  /** Runs it now, on waking, or never. */
  deliver(run: () => void): void {
    if (this.#over) return;
    if (this.#asleep) this.#kept.push(run);
    else run();
  }

  fallAsleep(): void {
    this.#asleep = true;
  }

  /** What was kept happens in its order, each as an event of its own. */
  wake(): void {
    this.#asleep = false;
    for (const run of this.#kept.splice(0)) this.after(0, "kept", run);
  }

  end(): void {
    this.#over = true;
    this.#kept = [];
  }
}

export interface ClockFault {
  /** Milliseconds that the wall clock is ahead of the truth. */
  readonly offsetMs: number;
  /** How much faster than the truth it runs, in parts per million. */
  readonly driftPpm: number;
}

/** 2026-11-22T08:00:00Z: when every simulated world begins. */
export const WORLD_BEGAN = Date.UTC(2026, 10, 22, 8);

/** The hardware behind a machine's clock: it outlives processes; a power-off gives it a new boot. */
export class ClockHardware {
  readonly #world: World;
  readonly #listeners = new Listeners<SntpState>();
  #boots = 0;
  #bootAtMs = 0;
  #offsetMs: number;
  #driftPpm: number;
  #sntp: SntpState = { kind: "off" };

  constructor(world: World, fault: ClockFault) {
    this.#world = world;
    this.#offsetMs = fault.offsetMs;
    this.#driftPpm = fault.driftPpm;
  }

  get boot(): string {
    return `boot-${this.#boots}`;
  }

  /** Goes on as that one, which is off. */
  goOnFrom(before: ClockHardware): void {
    this.#boots = before.#boots;
    this.#offsetMs = before.#offsetMs;
    this.#driftPpm = before.#driftPpm;
  }

  get rate(): number {
    return 1 + this.#driftPpm / 1e6;
  }

  /** The machine is switched on: milliseconds count from 0 again, and what SNTP said is forgotten. */
  powerOn(timeServer: "set" | "not set"): void {
    this.#boots += 1;
    this.#bootAtMs = this.#world.nowMs;
    this.#sntp = { kind: timeServer === "set" ? "asking" : "off" };
  }

  monotonicMs(): number {
    return Math.floor((this.#world.nowMs - this.#bootAtMs) * this.rate + 1e-6);
  }

  wallMs(): number {
    return Math.floor(WORLD_BEGAN + this.#world.nowMs * this.rate + this.#offsetMs);
  }

  /** Sets the wall clock ahead of (or, negative, behind) the truth. */
  setWall(offsetMs: number): void {
    this.#offsetMs = offsetMs - this.#world.nowMs * (this.rate - 1);
  }

  sntp(): SntpState {
    return this.#sntp;
  }

  /** `lieMs`: an answer that is off by so much; the date is set before anybody hears of it, as on a machine. */
  setSntp(kind: SntpState["kind"], lieMs = 0): void {
    this.#sntp = kind === "answered" ? { kind, atMs: this.monotonicMs() } : { kind };
    if (kind === "answered") this.setWall(lieMs);
    this.#listeners.tell(this.#sntp);
  }

  /** The clock as one life of a process sees it. */
  view(life: Life): Clock {
    return {
      boot: this.boot,
      monotonicMs: () => this.monotonicMs(),
      wallMs: () => this.wallMs(),
      sntp: () => this.#sntp,
      onSntp: (listener) => this.#onSntp(life, listener),
      sleep: (ms, signal) => this.#sleep(life, ms, signal),
    };
  }

  #onSntp(life: Life, listener: (state: SntpState) => void): Unsubscribe {
    let ended = false;
    // What was told while the machine slept and is heard on waking is not heard by one that has ended meanwhile.
    const end = this.#listeners.add((state) => life.deliver(() => !ended && listener(state)));
    return () => {
      ended = true;
      end();
    };
  }

  #sleep(life: Life, ms: number, signal: AbortSignal): Promise<"elapsed" | "aborted"> {
    if (signal.aborted) return Promise.resolve("aborted");
    if (!(ms >= 0 && ms < 2 ** 31)) throw new RangeError(`sleep: ${ms} ms is out of bounds`);
    return new Promise((resolve) => {
      const aborted = (): void => {
        callOff();
        resolve("aborted");
      };
      const callOff = life.after(ms / this.rate + 0.001, "timer", () => {
        signal.removeEventListener("abort", aborted);
        resolve("elapsed");
      });
      signal.addEventListener("abort", aborted, { once: true });
    });
  }
}
