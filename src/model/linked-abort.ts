/**
 * An end of one's own under an end that outlives it. `AbortSignal.any` would do it, but in Node 20 the signal that lives
 * longest keeps a note of every one that was ever made from it: a printer that runs for a year would fill up with them.
 */
export interface LinkedAbort {
  /** Aborts with the parent, or by `abort`. */
  readonly signal: AbortSignal;
  /** Aborts the signal, not the parent, and lets go of the parent. */
  abort(): void;
  /** Lets go of the parent without aborting: for work that has ended by itself. */
  release(): void;
}

/** `abort` or `release` is to be called when the work is over, however it ends. */
export function linkedAbort(parent: AbortSignal): LinkedAbort {
  const own = new AbortController();
  const abort = (): void => {
    parent.removeEventListener("abort", abort);
    own.abort();
  };
  if (parent.aborted) own.abort();
  else parent.addEventListener("abort", abort, { once: true });
  return { signal: own.signal, abort, release: () => parent.removeEventListener("abort", abort) };
}
