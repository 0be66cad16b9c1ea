/**
 * Makes a failure smaller: decisions are left out, half of them, a quarter, and so on down to one by one, as long as
 * the same rule is still broken (delta debugging). Time bounds it: the smallest found so far is what counts.
 */
import { kindOf } from "./report.ts";
import type { Pool } from "./pool.ts";
import type { Job } from "./worker.ts";

export interface Shrunk {
  readonly only: readonly number[];
  readonly runs: number;
}

export async function shrink(
  pool: Pick<Pool, "run" | "size">,
  job: Job,
  failed: Failed,
  { deadlineMs, nowMs }: { readonly deadlineMs: number; readonly nowMs: () => number },
): Promise<Shrunk> {
  let runs = 0;
  const stillFails = async (only: readonly number[]): Promise<boolean> => {
    runs += 1;
    const { fault } = await pool.run({ ...job, only });
    return fault !== undefined && kindOf(fault) === kindOf(failed.fault);
  };
  const only = await smallest(failed.made, stillFails, { atOnce: pool.size, isOver: () => nowMs() > deadlineMs });
  return { only, runs };
}

export interface Failed {
  readonly fault: string;
  readonly made: readonly number[];
}

/** A subset that still fails, and from which no single part of the last size can be left out. `stillFails` may run several at once. */
export async function smallest(
  all: readonly number[],
  stillFails: (subset: readonly number[]) => Promise<boolean>,
  { atOnce, isOver }: { readonly atOnce: number; readonly isOver: () => boolean },
): Promise<readonly number[]> {
  let kept = all;
  for (let size = Math.ceil(all.length / 2); size >= 1 && !isOver(); ) {
    const next = await without(kept, size, stillFails, atOnce, isOver);
    if (next.length < kept.length) kept = next;
    else if (size === 1) break;
    else size = Math.ceil(size / 2);
    size = Math.min(size, Math.max(1, Math.ceil(kept.length / 2)));
  }
  return kept;
}

/** One pass: parts of this size are left out one after the other, those that can be for good. */
async function without(
  all: readonly number[],
  size: number,
  stillFails: (subset: readonly number[]) => Promise<boolean>,
  atOnce: number,
  isOver: () => boolean,
): Promise<readonly number[]> {
  let kept = all;
  let at = 0;
  while (at < kept.length && !isOver()) {
    const starts = Array.from({ length: atOnce }, (_, n) => at + n * size).filter((start) => start < kept.length);
    const candidates = starts.map((start) => kept.filter((_, index) => index < start || index >= start + size));
    const fails = await Promise.all(candidates.map(stillFails));
    const first = fails.indexOf(true);
    if (first < 0) at += starts.length * size;
    else [kept, at] = [candidates[first] ?? kept, starts[first] ?? at];
  }
  return kept;
}
