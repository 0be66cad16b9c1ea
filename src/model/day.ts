/** Days, as logins are counted (M22): whole days since 1970, UTC. */
import type { JournalTime } from "./ids.ts";

const DAY_MS = 24 * 3600 * 1000;

/** So many days in milliseconds. */
export const daysMs = (days: number): number => days * DAY_MS;

export const dayOf = (at: JournalTime): number => Math.floor(at / DAY_MS);
