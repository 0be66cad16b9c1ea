/** The runtime's own time: it must be able to give up on a module also while the machine's clock stands still in full sleep. */
import { setTimeout as sleep } from "node:timers/promises";

export interface RuntimeTime {
  /** Monotonic. */
  nowMs(): number;
  /** Resolves after `ms`, or when the signal aborts; never rejects. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export const processTime: RuntimeTime = {
  nowMs: () => performance.now(),
  wait: (ms, signal) =>
    sleep(ms, undefined, { signal }).catch((cause: unknown) => {
      if (!signal.aborted) throw cause;
    }),
};
