/** Starts and stops the two functions of a machine as its administrator wants it (hal/services.ts, `synchronize`). */
import type { ClientSettings, SynchronizeChange, Synchronized } from "../../hal/services.ts";
import type { Refusal } from "../model/refusal.ts";
import type { ClientFunction } from "./client-function.ts";
import type { CommunicationLog } from "./communication-log.ts";
import type { ExportWindow } from "./export-window.ts";
import type { PreviewDesk } from "./preview-desk.ts";
import type { ServerFunction } from "./server-function.ts";
import type { Setup } from "./setup.ts";

export interface FunctionParts {
  readonly setup: Setup;
  readonly log: CommunicationLog;
  readonly server: ServerFunction;
  readonly client: ClientFunction;
  readonly preview: PreviewDesk;
  readonly window: ExportWindow;
  /** Ends what waits when the module stops. */
  readonly signal: AbortSignal;
}

/** One change at a time: whoever calls sees to that. */
export async function changeFunctions(parts: FunctionParts, change: SynchronizeChange): Promise<Refusal | Synchronized> {
  const { server, client, preview, duringOperation } = change;
  let discarded = 0;
  try {
    const refusal = server === true ? await startServer(parts) : undefined;
    if (refusal !== undefined) return refusal;
    const outcome = client ? await startClient(parts, client, preview) : client === null ? await parts.client.clear() : 0;
    if (typeof outcome !== "number") return outcome;
    discarded = outcome;
  } finally {
    // A storage that fails in the middle of it leaves the client function as it is set, and so it goes on.
    if (!parts.signal.aborted) parts.client.start();
  }
  if (duringOperation !== undefined) await parts.setup.set({ duringOperation });
  if (server === false) await stopServer(parts);
  return discarded === 0 ? "done" : { discarded };
}

/** How many edits are discarded by it. */
async function startClient(
  { client, preview, signal }: FunctionParts,
  settings: ClientSettings,
  expected: string | undefined,
): Promise<Refusal | number> {
  if (expected !== undefined) {
    const seen = await preview.preview(settings, undefined);
    if ("word" in seen) return seen;
    if (seen.id !== expected) return { word: "preview-stale" };
  }
  return await client.set(settings, signal);
}

async function startServer({ server, setup, signal, log }: FunctionParts): Promise<Refusal | undefined> {
  if (setup.state.server) return undefined;
  const refusal = await server.refusal(signal);
  if (refusal !== undefined) {
    log.refused({ of: "server-function", by: "start" }, refusal);
    return refusal;
  }
  await server.serveAgain();
  await setup.set({ server: true });
  server.start();
  await server.settled();
  log.write({ kind: "server-started" });
  return undefined;
}

async function stopServer({ server, setup, log, window }: FunctionParts): Promise<void> {
  if (!setup.state.server) return;
  await setup.set({ server: false });
  await server.stop();
  window.close();
  log.write({ kind: "server-stopped" });
}
