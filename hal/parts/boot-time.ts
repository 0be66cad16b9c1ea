/**
 * Milliseconds since the machine was switched on, sleep included. Node's own monotonic clock stands still while Linux
 * sleeps (CLOCK_MONOTONIC); /proc/uptime does not (CLOCK_BOOTTIME), but is coarse. So the fine clock gives the
 * milliseconds and the coarse one says by how much it has fallen behind.
 *
 * A platform without /proc/uptime has to hand RealClock a source of its own that counts sleep; what is given here then
 * is the plain monotonic clock, which is right only for a machine whose system never suspends.
 */
import { openSync, readSync } from "node:fs";

/** /proc/uptime has hundredths of a second; what differs by more than this was sleep. */
const COARSE_MS = 30;
const TEXT_BYTES_MAX = 64;
/** The coarse clock is not read anew so soon: a machine asks for the time some forty times for each edit, and reading costs the most of it. */
const LOOK_MS = 10;

/** Since the system was started, or something like it; the same in all processes. */
function systemFine(): () => number {
  const originMs = Number(process.hrtime.bigint()) / 1e6 - performance.now();
  return () => originMs + performance.now();
}

/** Opens the source; what its calls give never goes back. A sleep shows as soon as the machine has been awake for LOOK_MS. */
export function bootTimeSource(path = "/proc/uptime", fineMs: () => number = systemFine()): () => number {
  const coarseMs = uptimeReader(path);
  if (coarseMs === undefined) return fineMs;
  let lookedMs = fineMs();
  let behindMs = coarseMs() - lookedMs;
  return () => {
    const fine = fineMs();
    if (fine - lookedMs < LOOK_MS) return fine + behindMs;
    lookedMs = fine;
    const nowBehindMs = coarseMs() - fine;
    if (nowBehindMs > behindMs + COARSE_MS) behindMs = nowBehindMs;
    return fine + behindMs;
  };
}

function uptimeReader(path: string): (() => number) | undefined {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return undefined; // No such file: not a Linux system.
  }
  const text = Buffer.alloc(TEXT_BYTES_MAX);
  return () => Number.parseFloat(text.toString("latin1", 0, readSync(file, text, 0, TEXT_BYTES_MAX, 0))) * 1_000;
}
