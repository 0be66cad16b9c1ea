/** How much one identity may send: messages and bytes a second, with bursts. Too much is first slowed down, then refused. */
import type { Clock } from "../../hal/clock.ts";
import { LIMITS } from "../model/limits.ts";
import { SyncError } from "../model/errors.ts";

export interface Rate {
  /** Takes note of what arrived. Gives the milliseconds to wait before more is read, or the fault of a flood. */
  take(messages: number, bytes: number): number | SyncError;
}

/** Belongs to an identity, not to a connection: to connect anew does not fill it. */
export function rate(clock: Pick<Clock, "monotonicMs">): Rate {
  const messages = bucket(LIMITS.messagesPerSecond, LIMITS.messagesBurst);
  const bytes = bucket(LIMITS.bytesPerSecond, LIMITS.bytesBurst);
  let atMs = clock.monotonicMs();
  return {
    take(messageCount, byteCount) {
      const nowMs = clock.monotonicMs();
      const forMessages = messages(messageCount, nowMs - atMs);
      const forBytes = bytes(byteCount, nowMs - atMs);
      atMs = nowMs;
      if (forMessages !== undefined && forBytes !== undefined) return Math.max(forMessages, forBytes);
      return new SyncError(
        "rate-exceeded",
        `${messageCount} messages with ${byteCount} bytes came on top of a spent burst; the connection is ended`,
      );
    },
  };
}

/** Milliseconds until the debt is paid, undefined for a debt of more than another burst. */
function bucket(perSecond: number, burst: number): (count: number, passedMs: number) => number | undefined {
  let left: number = burst;
  return (count, passedMs) => {
    left = Math.min(burst, left + (passedMs * perSecond) / 1000) - count;
    if (left >= 0) return 0;
    return left < -burst ? undefined : Math.ceil((-left * 1000) / perSecond);
  };
}
