/** How long to wait before the next try. */
import { LIMITS } from "../model/limits.ts";
import { type Random, randomFraction } from "../model/random.ts";

/** Half of it is chance, so that machines that lost their server together do not come back together. */
export const spread = (ms: number, random: Random): number => Math.ceil(ms * (0.5 + randomFraction(random) / 2));

/** Doubles with each failure in a row, from `backoffFirstMs` to `backoffMaxMs`. */
export const backoffMs = (failures: number, random: Random): number =>
  spread(Math.min(LIMITS.backoffMaxMs, LIMITS.backoffFirstMs * 2 ** Math.min(failures, 10)), random);
