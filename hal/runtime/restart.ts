/** When a module that crashed is started again. Pure: crashes in, milliseconds out. */

export const RESTART = {
  /** A crash that happens once is hardly noticed. */
  firstMs: 500,
  /** One that repeats costs a start a minute at most. */
  maxMs: 60_000,
  /** After this long without a crash the next one is a first one again. */
  stableMs: 5 * 60_000,
  hourMs: 3_600_000,
} as const;

/**
 * How long to wait before the next start. `crashesAtMs`: monotonic times of the crashes so far, ascending, the newest
 * last (at least one). It doubles from crash to crash; over `maxPerHour` it waits until the oldest one is an hour ago.
 * It never gives up: a printer in a cellar must come back without a visit.
 */
export function restartDelayMs(crashesAtMs: readonly number[], maxPerHour: number): number {
  const newest = crashesAtMs.at(-1) ?? 0;
  const hour = crashesAtMs.filter((at) => newest - at < RESTART.hourMs);
  const oldestOfTooMany = hour.at(-maxPerHour - 1);
  if (oldestOfTooMany !== undefined) return Math.max(RESTART.maxMs, oldestOfTooMany + RESTART.hourMs - newest);
  let repeats = 0;
  for (let i = crashesAtMs.length - 1; i > 0; i -= 1) {
    const gap = (crashesAtMs[i] ?? 0) - (crashesAtMs[i - 1] ?? 0);
    if (gap >= RESTART.stableMs) break;
    repeats += 1;
  }
  return Math.min(RESTART.maxMs, RESTART.firstMs * 2 ** Math.min(repeats, 20));
}

/** The crashes that can still matter for a later delay. */
export const recentCrashes = (crashesAtMs: readonly number[], nowMs: number): readonly number[] =>
  crashesAtMs.filter((at) => nowMs - at < RESTART.hourMs);
