/**
 * Versions of the protocol. A session speaks one: the highest that both sides know, as the server's answer to the hello has
 * it; what goes to all machines goes out once in each version that somebody speaks. Two versions differ in meaning, never in
 * the layout of what both have: readers leave elements alone that they do not know (codec.ts).
 *
 * 1  the first (2026-11).
 * 2  refusals of scopes, numbers that are used twice, servers that stood down, and any word that is not known; items of
 *    owners are offered by themselves; scopes that are renewed, deletions that are purged (2026-11).
 */
export const PROTOCOL_VERSION = 2;
/** The oldest version this module still speaks. */
export const PROTOCOL_VERSION_MIN = 1;

/** What a machine speaks, ends included. */
export interface Versions {
  readonly min: number;
  readonly max: number;
}

export const SPOKEN: Versions = { min: PROTOCOL_VERSION_MIN, max: PROTOCOL_VERSION };

/** The version of a session between these two; undefined when they have none in common. */
export function agreedVersion(a: Versions, b: Versions): number | undefined {
  const version = Math.min(a.max, b.max);
  return version >= Math.max(a.min, b.min) ? version : undefined;
}
