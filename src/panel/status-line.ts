/** The one line that every screen bears (B05). "Up to date" is said only while the server is heard and nothing is unsent. */
import type { ClientStatus, JoinProgress, ModuleStatus } from "../../hal/services.ts";
import { unreachable } from "../model/assert.ts";
import { clientWaitsForSomebody } from "../model/attention.ts";
import type { Texts } from "./texts/texts.ts";

/** "" when neither function is started. */
export function statusLine({ status: texts }: Texts, status: ModuleStatus): string {
  const { client, server } = status;
  const things = thingsToLookAt(status);
  if (things > 0) return texts.things(things, client?.pending ?? 0);
  if (client !== undefined) return clientLine(texts, client);
  return server === undefined ? "" : texts.server(server.machines);
}

/** What does not pass by itself. */
export function thingsToLookAt({ client, server, lost, storageLost }: ModuleStatus): number {
  const clientWaits = client !== undefined && clientWaitsForSomebody(client);
  const serverWaitsForSomebody = server !== undefined && server.state !== "running";
  const another = server?.otherServer !== undefined;
  return (
    Number(clientWaits) +
    Number(serverWaitsForSomebody) +
    Number(another) +
    (client?.keptHere ?? 0) +
    Number(lost !== undefined) +
    Number(storageLost === true)
  );
}

function clientLine(texts: Texts["status"], { state, pending, progress, reason }: ClientStatus): string {
  switch (state) {
    case "restart-needed":
      return texts.restartNeeded;
    case "joining":
      return progress === undefined ? texts.joining : joiningLine(texts, progress);
    case "paused":
      return texts.paused(pending);
    case "synchronized":
      return pending === 0 ? texts.upToDate : texts.saved(pending);
    case "offline":
      return reason === "server-not-running" ? texts.serverStopped(pending) : texts.saved(pending);
    case "refused":
      return texts.saved(pending);
    default:
      return unreachable(state);
  }
}

function joiningLine({ receiving, showing, handingOver }: Texts["status"], progress: JoinProgress): string {
  switch (progress.step) {
    case "receiving":
      return receiving(progress.parts);
    case "showing":
      return showing(progress.done, progress.of);
    case "handing-over":
      return handingOver(progress.left);
    default:
      return unreachable(progress);
  }
}
