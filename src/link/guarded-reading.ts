/**
 * What a stream brings passes the frame guard, and where there is one the rate of its sender, before anybody parses it. Nothing stands
 * between whoever writes and the stream: a stream of its own around it would cost each message twice.
 */
import type { Duplex } from "node:stream";
import type { Clock } from "../../hal/clock.ts";
import { SyncError } from "../model/errors.ts";
import type { FrameGuard } from "./frame-guard.ts";
import type { Rate } from "./rate.ts";

interface Parts {
  readonly clock: Clock;
  readonly stream: Duplex;
  readonly guard: FrameGuard;
  /** undefined: as fast as it comes. */
  readonly rate: Rate | undefined;
  /** Hears what passes, in its order. */
  readonly heard: (bytes: Uint8Array) => void;
  /** Hears the first fault; of what comes with it or after it nothing passes. */
  readonly fault: (why: SyncError) => void;
  /** The other side says no more. */
  readonly ended: () => void;
}

/**
 * Reads until the stream ends or has a fault. Gives what lets it go on after whoever hears it has paused it: not while its
 * sender is too fast.
 */
export function readGuarded({ clock, stream, guard, rate, heard, fault, ended }: Parts): { resume(): void } {
  const gone = new AbortController();
  let isWaiting = false;
  let isOver = false;
  const end = (): void => {
    isOver = true;
    gone.abort();
  };
  const waitFor = async (ms: number): Promise<void> => {
    isWaiting = true;
    stream.pause();
    if ((await clock.sleep(ms, gone.signal)) === "aborted") return;
    isWaiting = false;
    stream.resume();
  };
  const refuse = (why: SyncError): void => {
    end();
    fault(why);
  };
  stream.on("data", (bytes: Uint8Array) => {
    if (isOver) return;
    const packets = guard.inspect(bytes);
    if (packets instanceof SyncError) return refuse(packets);
    const waitMs = rate?.take(packets, bytes.length) ?? 0;
    if (waitMs instanceof SyncError) return refuse(waitMs);
    heard(bytes);
    if (waitMs > 0) void waitFor(waitMs);
  });
  stream.once("end", ended);
  stream.once("close", end);
  return {
    resume() {
      if (!isWaiting) stream.resume();
    },
  };
}
