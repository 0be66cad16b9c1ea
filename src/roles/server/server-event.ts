/** What happens to a server machine, as its one loop hears of it. */
import type { Clock } from "../../../hal/clock.ts";
import type { DeviceId } from "../../model/ids.ts";
import type { CameBy } from "../../link/link.ts";
import { LIMITS } from "../../model/limits.ts";
import type { Up } from "../../protocol/up.ts";

export interface Arrival {
  readonly kind: "message";
  readonly from: DeviceId;
  readonly message: Up;
  readonly by: CameBy;
}

export type ServerEvent =
  | Arrival
  | { readonly kind: "gone"; readonly device: DeviceId }
  | { readonly kind: "tick" }
  /** A lease may have ended. */
  | { readonly kind: "look" }
  | { readonly kind: "policy" }
  | { readonly kind: "woken" }
  | { readonly kind: "request"; readonly perform: () => Promise<void> };

/**
 * Whether all that came before is decided first: who comes in, leaves or orders something builds on that. Who pulls takes what
 * there is.
 */
export function settles(event: ServerEvent): boolean {
  if (event.kind !== "message") return event.kind === "request" || event.kind === "policy";
  const { kind } = event.message.body;
  return kind !== "pull-part" && kind !== "pull-changes";
}

/** What is due at once is under way already: whoever looks again waits this long. */
const LOOK_MS_MIN = 50;

/** A tick with each beat, and a look at the moment when a lease ends: M28 and B07 count to the second. */
export async function tick(
  clock: Clock,
  signal: AbortSignal,
  nextEndMs: (nowMs: number) => number,
  put: (event: ServerEvent) => void,
): Promise<void> {
  let beatAtMs = clock.monotonicMs() + LIMITS.beatMs;
  for (;;) {
    const nowMs = clock.monotonicMs();
    const lookAtMs = Math.max(nowMs + LOOK_MS_MIN, nextEndMs(nowMs));
    if ((await clock.sleep(Math.max(0, Math.min(beatAtMs, lookAtMs) - nowMs), signal)) === "aborted") return;
    const isBeat = clock.monotonicMs() >= beatAtMs;
    if (isBeat) beatAtMs = clock.monotonicMs() + LIMITS.beatMs;
    put({ kind: isBeat ? "tick" : "look" });
  }
}
