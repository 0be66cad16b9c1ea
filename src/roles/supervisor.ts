/** Runs a role, and runs it again after a back-off when it fails: 1, 2, 4 ... 60 s, from the start again after a quiet minute. */
import type { Clock } from "../../hal/clock.ts";
import type { Fault } from "../../hal/services.ts";
import { SyncError } from "../model/errors.ts";
import type { SyncFunction } from "../model/log-note.ts";
import type { CommunicationLog } from "./communication-log.ts";
import type { Role } from "./role.ts";

const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;
const QUIET_MS = 60_000;

export async function supervise(
  which: SyncFunction,
  make: () => Promise<Role>,
  { clock, log, onFault }: { clock: Clock; log: CommunicationLog; onFault: (fault: Fault) => void },
  signal: AbortSignal,
): Promise<void> {
  let waitMs = FIRST_MS;
  while (!signal.aborted) {
    const startedMs = clock.monotonicMs();
    try {
      const role = await make();
      await role.run(signal);
      return;
    } catch (error) {
      if (signal.aborted) return;
      if (clock.monotonicMs() - startedMs > QUIET_MS) waitMs = FIRST_MS;
      const what = error instanceof Error ? error.message : String(error);
      const code = error instanceof SyncError ? error.code : "crashed";
      log.write({ kind: "function-failed", which, code, detail: what, againS: waitMs / 1000 });
      onFault(code);
      await clock.sleep(waitMs, signal);
      waitMs = Math.min(waitMs * 2, LONGEST_MS);
    }
  }
}
