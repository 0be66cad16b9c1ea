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
/** Neither of them is asked anew so soon: a machine asks for the time some forty times for each edit. */
const LOOK_MS = 10;
/** As long as the date goes on as fast as the fine clock, the coarse one is read so seldom. */
const LOOK_AGAIN_MS = 1_000;

/** What is asked before the coarse clock is. */
interface Clocks {
  readonly fineMs: () => number;
  /** The system's date, which goes on while it sleeps. */
  readonly dateMs: () => number;
}

/** The fine one counts since the system was started, or something like it; the same in all processes. */
function systemClocks(): Clocks {
  const originMs = Number(process.hrtime.bigint()) / 1e6 - performance.now();
  return { fineMs: () => originMs + performance.now(), dateMs: () => Date.now() };
}

/** Opens the source; what its calls give never goes back. A sleep shows as soon as the machine has been awake for LOOK_MS. */
export function bootTimeSource(path = "/proc/uptime", { fineMs, dateMs }: Clocks = systemClocks()): () => number {
  const coarseMs = uptimeReader(path);
  if (coarseMs === undefined) return fineMs;
  let lookedMs = fineMs();
  let askedMs = lookedMs;
  let dateThenMs = dateMs();
  let behindMs = coarseMs() - lookedMs;
  return () => {
    const fine = fineMs();
    if (fine - askedMs < LOOK_MS) return fine + behindMs;
    askedMs = fine;
    const date = dateMs();
    if (isAwakeSince(fine - lookedMs, date - dateThenMs)) return fine + behindMs;
    lookedMs = fine;
    dateThenMs = date;
    const nowBehindMs = coarseMs() - fine;
    if (nowBehindMs > behindMs + COARSE_MS) behindMs = nowBehindMs;
    return fine + behindMs;
  };
}

/**
 * Whether the machine has surely not slept since the last look, by how far the fine clock and the date have gone on since. A sleep that
 * a step of the date makes up for is seen with the next look.
 */
export const isAwakeSince = (fineMs: number, dateMs: number): boolean => fineMs < LOOK_AGAIN_MS && Math.abs(dateMs - fineMs) <= COARSE_MS;

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
