/** Work that has only so long. */
import type { Clock } from "../../hal/clock.ts";
import { SyncError } from "../model/errors.ts";

interface Bounds {
  readonly clock: Clock;
  readonly ms: number;
  readonly signal: AbortSignal;
  /** What did not happen when it is late or called off: "no answer of 10.0.0.7:8443". */
  readonly what: string;
}

/**
 * Gives the work a signal that aborts when the time is up or `signal` aborts, and rejects "server-unreachable" then,
 * whatever the work does about it. The signal never aborts once the work is done.
 */
export async function withDeadline<T>({ clock, ms, signal, what }: Bounds, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const over = new AbortController();
  const timer = new AbortController();
  const cancel = (): void => over.abort();
  signal.addEventListener("abort", cancel, { once: true });
  if (signal.aborted) over.abort();
  void clock.sleep(ms, timer.signal).then((outcome) => {
    if (outcome === "elapsed") over.abort();
  });
  const late = new Promise<never>((_resolve, reject) => {
    const why = (): void => reject(new SyncError("server-unreachable", signal.aborted ? `${what}: called off` : `${what} within ${ms} ms`));
    if (over.signal.aborted) why();
    else over.signal.addEventListener("abort", why, { once: true });
  });
  try {
    return await Promise.race([work(over.signal), late]);
  } finally {
    timer.abort();
    signal.removeEventListener("abort", cancel);
  }
}
