/**
 * B03: what somebody edits leaves for the server as soon as nothing is in its way. While its machine says that it is up to date and both
 * ends and the way between them are well, no edit waits for longer than a moment: to be recorded by the module, or to be decided by the server.
 */
import type { Faults } from "./faults.ts";

/** Over a good way and on quick disks; a beat is 2.5 s, and nothing is to wait for one. */
const EASY_MS_MAX = 1_000;
/** In bad weather, or on a slow disk. */
const HARD_MS_MAX = 15_000;

export interface Wait {
  readonly machine: string;
  /** The oldest that waits, by mark or number; undefined: nothing does. */
  readonly oldest: string | undefined;
  /** Nothing is in its way, as long as this is the same; undefined: something is. */
  readonly way: unknown;
  readonly isEasy: boolean;
}

interface Waiting {
  readonly oldest: string;
  readonly way: unknown;
  readonly sinceMs: number;
  easySinceMs: number | undefined;
}

export class WaitingChecker {
  readonly #faults: Faults;
  readonly #waiting = new Map<string, Waiting>();

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  look({ machine, oldest, way, isEasy }: Wait, nowMs: number): void {
    if (oldest === undefined || way === undefined) {
      this.#waiting.delete(machine);
      return;
    }
    const known = this.#waiting.get(machine);
    if (known?.oldest !== oldest || known.way !== way) {
      this.#waiting.set(machine, { oldest, way, sinceMs: nowMs, easySinceMs: isEasy ? nowMs : undefined });
      return;
    }
    known.easySinceMs = isEasy ? (known.easySinceMs ?? nowMs) : undefined;
    const [waitsMs, easyMs] = [nowMs - known.sinceMs, nowMs - (known.easySinceMs ?? nowMs)];
    if (waitsMs > HARD_MS_MAX || easyMs > EASY_MS_MAX)
      this.#faults.found(
        "B03",
        `${machine} is up to date and linked, and its ${oldest} waits for ${Math.round(Math.max(waitsMs, easyMs))} ms`,
      );
  }
}
