/** Whether the clock is right enough for the server function (M06). */
import type { Clock, SntpState } from "../../hal/clock.ts";
import { LIMITS } from "../model/limits.ts";
import { linkedAbort } from "../model/linked-abort.ts";

export type ClockVerdict =
  | { readonly kind: "right" }
  /** SNTP is silent, and answered within the last seven days: the machine starts with a Warning. */
  | { readonly kind: "remembered" }
  | { readonly kind: "wrong"; readonly sntp: "off" | "silent" }
  | { readonly kind: "asking" };

export function judgeClock(sntp: SntpState, wallMs: number, answeredAtMs: number | undefined): ClockVerdict {
  switch (sntp.kind) {
    case "answered":
      return { kind: "right" };
    case "asking":
      return { kind: "asking" };
    case "off":
      return { kind: "wrong", sntp: "off" };
    case "silent": {
      const ageMs = answeredAtMs === undefined ? undefined : wallMs - answeredAtMs;
      // A clock that is behind the last answer has lost its battery: it cannot say how long ago that was.
      const trusted = ageMs !== undefined && ageMs >= 0 && ageMs <= LIMITS.sntpTrustMs;
      return trusted ? { kind: "remembered" } : { kind: "wrong", sntp: "silent" };
    }
  }
}

/** Resolves when SNTP tells of anything, or has told since `known` was read; after `ms`, or when it is aborted. */
export async function awaitSntp(clock: Clock, known: SntpState, ms: number, signal: AbortSignal): Promise<void> {
  const told = linkedAbort(signal);
  const end = clock.onSntp(() => told.abort());
  if (clock.sntp().kind === known.kind) await clock.sleep(ms, told.signal);
  told.release();
  end();
}
