/** A clock whose time passes only when a test says so. */
import type { Clock, SntpState } from "../../hal/clock.ts";
import type { Unsubscribe } from "../../hal/hal.ts";
import { Listeners } from "../../hal/parts/listeners.ts";

interface Wait {
  readonly dueMs: number;
  readonly end: (how: "elapsed") => void;
}

/** Lets everything that is ready run: Node empties its microtasks before the next immediate. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export class ManualClock implements Clock {
  readonly boot: string;
  readonly #waits = new Set<Wait>();
  readonly #sntp = new Listeners<SntpState>();
  #nowMs = 1_000;
  #wallOffsetMs = Date.UTC(2026, 0, 1);
  #state: SntpState = { kind: "off" };

  constructor(boot = "boot-1") {
    this.boot = boot;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return this.#nowMs + this.#wallOffsetMs;
  }

  sntp(): SntpState {
    return this.#state;
  }

  onSntp(listener: (state: SntpState) => void): Unsubscribe {
    return this.#sntp.add(listener);
  }

  sleep(ms: number, signal: AbortSignal): Promise<"elapsed" | "aborted"> {
    if (signal.aborted) return Promise.resolve("aborted");
    return new Promise((resolve) => {
      const onAbort = (): void => {
        this.#waits.delete(wait);
        resolve("aborted");
      };
      const end = (how: "elapsed"): void => {
        this.#waits.delete(wait);
        signal.removeEventListener("abort", onAbort);
        resolve(how);
      };
      const wait = { dueMs: this.#nowMs + ms, end };
      this.#waits.add(wait);
      signal.addEventListener("abort", onAbort);
    });
  }

  /** Lets time pass, wait by wait, and whatever follows from each. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    await settle();
    for (let next = this.#next(untilMs); next !== undefined; next = this.#next(untilMs)) {
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      next.end("elapsed");
      await settle();
    }
    this.#nowMs = untilMs;
    await settle();
  }

  /** The machine slept: time has passed, and nothing ran meanwhile. */
  async wakeAfter(ms: number): Promise<void> {
    this.#nowMs += ms;
    await this.advance(0);
  }

  /** Somebody sets the date. */
  stepWall(ms: number): void {
    this.#wallOffsetMs += ms;
  }

  setSntp(state: SntpState): void {
    this.#state = state;
    this.#sntp.tell(state);
  }

  get waits(): number {
    return this.#waits.size;
  }

  #next(untilMs: number): Wait | undefined {
    return [...this.#waits].filter(({ dueMs }) => dueMs <= untilMs).sort((a, b) => a.dueMs - b.dueMs)[0];
  }
}
