/** Time for a RealClock, by hand. As on Linux, timers stand still while the machine sleeps, and the time itself does not. */
import type { TimeSource } from "../../hal/parts/real-clock.ts";
import { settle } from "./manual-clock.ts";

interface Timer {
  dueMs: number;
  readonly call: () => void;
}

export class ManualSource implements TimeSource {
  readonly #timers = new Set<Timer>();
  #nowMs = 5_000;
  #wallMs = Date.UTC(2026, 5, 1);

  monotonicMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return this.#wallMs;
  }

  after(ms: number, call: () => void): () => void {
    const timer = { dueMs: this.#nowMs + ms, call };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  get timers(): number {
    return this.#timers.size;
  }

  async advance(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    await settle();
    for (let next = this.#next(untilMs); next !== undefined; next = this.#next(untilMs)) {
      this.#pass(Math.max(0, next.dueMs - this.#nowMs));
      this.#timers.delete(next);
      next.call();
      await settle();
    }
    this.#pass(untilMs - this.#nowMs);
    await settle();
  }

  /** The machine sleeps. */
  asleep(ms: number): void {
    this.#pass(ms);
    for (const timer of this.#timers) timer.dueMs += ms;
  }

  stepWall(ms: number): void {
    this.#wallMs += ms;
  }

  #pass(ms: number): void {
    this.#nowMs += ms;
    this.#wallMs += ms;
  }

  #next(untilMs: number): Timer | undefined {
    return [...this.#timers].filter(({ dueMs }) => dueMs <= untilMs).sort((a, b) => a.dueMs - b.dueMs)[0];
  }
}
