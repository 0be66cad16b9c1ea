/**
 * The clock of a real machine, and of a machine of the desk, whose date can be set wrong by knobs.
 *
 * What a platform must give: a `boot` that is new with each power-on and the same over a restart of the module; a
 * monotonic source that counts sleep; and a call of `woke` when the machine comes back from full sleep, because timers
 * of the system stand still meanwhile. Without that call waits end at most a second late.
 */
import { assert } from "../../src/model/assert.ts";
import type { Clock, SntpState } from "../clock.ts";
import type { Unsubscribe } from "../hal.ts";
import { bootTimeSource } from "./boot-time.ts";
import { Listeners } from "./listeners.ts";

/** A right date, at a moment of monotonic time. */
export interface RightTime {
  readonly wallMs: number;
  readonly atMs: number;
}

/** How a machine's date is wrong, for the desk. */
export interface WallKnobs {
  /** Milliseconds ahead of the system's date. */
  readonly offsetMs: number;
  /** How much faster than it should the machine's oscillator runs; it drives the date and the monotonic time. */
  readonly driftPpm: number;
}

/** Where time comes from; a test has its own. */
export interface TimeSource {
  /** Milliseconds that never go back and count sleep. */
  monotonicMs(): number;
  wallMs(): number;
  /** Calls back after about `ms`, and gives back what calls it off. */
  after(ms: number, call: () => void): () => void;
}

interface Wait {
  readonly dueMs: number;
  readonly end: (how: "elapsed") => void;
}

/** Timers are never set for longer: a machine that slept finds its waits again within this time. */
const RECHECK_MS = 1_000;
const SLEEP_MS_MAX = 2 ** 31 - 1;

export class RealClock implements Clock {
  readonly boot: string;
  readonly #source: TimeSource;
  readonly #sntpListeners = new Listeners<SntpState>();
  readonly #waits = new Set<Wait>();
  #sntp: SntpState = { kind: "off" };
  #knobs: WallKnobs = { offsetMs: 0, driftPpm: 0 };
  /** Where the oscillator's drift is counted from, and what had come together before. */
  #drift = { sinceMs: 0, soFarMs: 0 };
  /** What time servers have corrected. */
  #correctedMs = 0;
  #callOff: (() => void) | undefined;
  /** When the timer ends that is set. */
  #timerMs = Number.POSITIVE_INFINITY;

  constructor({ boot, source = systemTime() }: { readonly boot: string; readonly source?: TimeSource }) {
    this.boot = boot;
    this.#source = source;
  }

  monotonicMs(): number {
    return Math.floor(this.#source.monotonicMs() + this.#driftMs());
  }

  wallMs(): number {
    return Math.floor(this.#source.wallMs() + this.#driftMs() + this.#knobs.offsetMs + this.#correctedMs);
  }

  sntp(): SntpState {
    return this.#sntp;
  }

  onSntp(listener: (state: SntpState) => void): Unsubscribe {
    return this.#sntpListeners.add(listener);
  }

  sleep(ms: number, signal: AbortSignal): Promise<"elapsed" | "aborted"> {
    assert(ms >= 0 && ms <= SLEEP_MS_MAX, `a sleep of ${ms} ms is out of bounds`);
    if (signal.aborted) return Promise.resolve("aborted");
    return new Promise((resolve) => {
      const onAbort = (): void => {
        this.#waits.delete(wait);
        resolve("aborted");
        // A timer for nothing but this wait ends early, and sets the next: that costs less than to set it anew for each wait
        // that is given up.
        if (this.#waits.size === 0) this.#setTimer();
      };
      const end = (how: "elapsed"): void => {
        signal.removeEventListener("abort", onAbort);
        resolve(how);
      };
      const wait = { dueMs: this.monotonicMs() + ms, end };
      this.#waits.add(wait);
      signal.addEventListener("abort", onAbort);
      if (wait.dueMs < this.#timerMs) this.#setTimer();
    });
  }

  /** The platform tells that the machine was asleep: waits that ended meanwhile resolve now. */
  woke(): void {
    const nowMs = this.monotonicMs();
    const due = [...this.#waits].filter(({ dueMs }) => dueMs <= nowMs).sort((a, b) => a.dueMs - b.dueMs);
    for (const wait of due) {
      this.#waits.delete(wait);
      wait.end("elapsed");
    }
    this.#setTimer();
  }

  /** The SNTP client tells its state. */
  setSntp(state: SntpState): void {
    this.#sntp = state;
    this.#sntpListeners.tell(state);
  }

  /** The SNTP client, or the administrator, sets the date. It steps; monotonic time does not. */
  setWall({ wallMs, atMs }: RightTime): void {
    const shouldBeMs = wallMs + (this.monotonicMs() - atMs);
    this.#correctedMs += shouldBeMs - this.wallMs();
  }

  /** Knob of the desk. What time servers had corrected is gone with it: the date is wrong from now on. */
  setWallKnobs(change: Partial<WallKnobs>): void {
    this.#drift = { sinceMs: this.#source.monotonicMs(), soFarMs: this.#driftMs() };
    this.#knobs = { ...this.#knobs, ...change };
    if (change.offsetMs !== undefined) this.#correctedMs = 0;
  }

  /** Calls the waits' timer off; what waits then waits for ever. For the end of the process. */
  stop(): void {
    this.#waits.clear();
    this.#setTimer();
  }

  #driftMs(): number {
    if (this.#knobs.driftPpm === 0) return this.#drift.soFarMs;
    return this.#drift.soFarMs + ((this.#source.monotonicMs() - this.#drift.sinceMs) * this.#knobs.driftPpm) / 1e6;
  }

  /** One timer for all waits: for the next one due, but never for long. */
  #setTimer(): void {
    this.#callOff?.();
    this.#callOff = undefined;
    this.#timerMs = Number.POSITIVE_INFINITY;
    if (this.#waits.size === 0) return;
    let nextMs = Number.POSITIVE_INFINITY;
    for (const { dueMs } of this.#waits) nextMs = Math.min(nextMs, dueMs);
    const nowMs = this.monotonicMs();
    const waitMs = Math.min(RECHECK_MS, Math.max(0, nextMs - nowMs));
    this.#timerMs = nowMs + waitMs;
    this.#callOff = this.#source.after(waitMs, () => this.woke());
  }
}

/** The system's own time. */
export function systemTime(): TimeSource {
  const monotonicMs = bootTimeSource();
  return {
    monotonicMs,
    wallMs: () => Date.now(),
    after: (ms, call) => {
      const timer = setTimeout(call, ms);
      return () => clearTimeout(timer);
    },
  };
}
