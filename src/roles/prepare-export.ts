/** [Prepare for User Data Export] (M23): who may ask for it, for whom, and what has to be true before the export opens. */
import type { Hal } from "../../hal/hal.ts";
import type { ExportedOwners } from "../../hal/restrictions.ts";
import { isProxied } from "../link/tunnel.ts";
import { SyncError } from "../model/errors.ts";
import { LIMITS } from "../model/limits.ts";
import type { Owner } from "../model/owner.ts";
import type { Refusal } from "../model/refusal.ts";
import type { ClientFunction } from "./client-function.ts";
import type { CommunicationLog } from "./communication-log.ts";
import type { ExportWindow } from "./export-window.ts";
import type { OwnerTable } from "./server/owner-table.ts";
import type { ServerFunction } from "./server-function.ts";
import { linkedAbort } from "../model/linked-abort.ts";

export interface PrepareExportParts {
  readonly hal: Pick<Hal, "clock" | "network" | "restrictions">;
  readonly server: ServerFunction;
  readonly client: ClientFunction;
  readonly window: ExportWindow;
  readonly log: CommunicationLog;
  readonly signal: AbortSignal;
}

/** `named` empty: all owners. Rejects "server-unreachable" when the own client does not come up to the server in time. */
export async function prepareExport(parts: PrepareExportParts, named: readonly Owner[]): Promise<Refusal | "done"> {
  const { server, client, window, log } = parts;
  const held = server.owners;
  const refusal = refusalOf(parts, held, named);
  if (refusal !== undefined) return refusal;
  const owners: ExportedOwners = named.length === 0 ? "all" : [...new Set(named)];
  const outcome = await inTime(parts, (signal) => client.prepared(owners, server.status()?.revision ?? 0, signal));
  if (outcome === "ended") return { word: "client-not-running" };
  window.open(owners);
  log.write({ kind: "export-prepared", owners: owners === "all" ? [] : owners, minutes: LIMITS.exportWindowMs / 60_000 });
  return "done";
}

function refusalOf({ hal, client }: PrepareExportParts, held: OwnerTable | undefined, named: readonly Owner[]): Refusal | undefined {
  if (held === undefined) return { word: "server-not-running" };
  if (!client.isOwn || isProxied(hal.network.proxy(), "localhost")) return { word: "no-own-client" };
  if ((named.length === 0 ? held.size : named.length) > LIMITS.exportOwnersMax)
    return { word: "too-many-entries", entriesMax: LIMITS.exportOwnersMax };
  if (!named.every((owner) => held.holds(owner))) return { word: "owner-unknown" };
  return hal.restrictions.importExportRunning() ? { word: "import-export-running" } : undefined;
}

async function inTime(
  { hal, signal }: PrepareExportParts,
  work: (signal: AbortSignal) => Promise<"prepared" | "ended">,
): Promise<"prepared" | "ended"> {
  const over = linkedAbort(signal);
  const late = hal.clock.sleep(LIMITS.exportPrepareMs, over.signal);
  const outcome = await Promise.race([work(over.signal), late]);
  over.abort();
  if (outcome === "prepared" || outcome === "ended") return outcome;
  if (outcome === "aborted") return "ended";
  throw new SyncError(
    "server-unreachable",
    `this machine's own client did not come up to its server within ${LIMITS.exportPrepareMs / 1000} s; no export was opened`,
  );
}
