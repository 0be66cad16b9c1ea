/**
 * Time. `monotonicMs` is what leases, waits and journal time are measured with: it never goes back, is not moved by
 * SNTP or by people, and counts the time the machine slept (CLOCK_BOOTTIME on Linux, not CLOCK_MONOTONIC). It starts
 * anew with each power-on, which gives it a new `boot`; a restart of the module alone keeps both.
 *
 * `wallMs` is the machine's idea of the date. It labels things for people; before an SNTP answer it may be years off,
 * and it may step in either direction at any time.
 */
import type { Unsubscribe } from "./hal.ts";

export type SntpState =
  /** No time server is set. */
  | { readonly kind: "off" }
  /** Set, and the first answer is still awaited. */
  | { readonly kind: "asking" }
  /** The last poll was answered; `atMs` in monotonic time. */
  | { readonly kind: "answered"; readonly atMs: number }
  /** Set, but the last poll was not answered in a way that can be believed. */
  | { readonly kind: "silent" };

export interface Clock {
  /** Names this power-on; two clocks with the same boot count the same milliseconds. */
  readonly boot: string;
  monotonicMs(): number;
  /** Milliseconds since 1970, UTC. */
  wallMs(): number;
  sntp(): SntpState;
  onSntp(listener: (state: SntpState) => void): Unsubscribe;
  /**
   * Resolves "elapsed" after at least `ms` (0 to 2^31-1), or "aborted" soon after the signal aborts, at once if it has.
   * It never rejects. Time asleep counts: a wait that ended during sleep resolves on waking.
   */
  sleep(ms: number, signal: AbortSignal): Promise<"elapsed" | "aborted">;
}
