/** The one line that every screen bears (B05). "Up to date" is said only while the server is heard and nothing is unsent. */
import type { ClientStatus, ModuleStatus } from "../../hal/services.ts";
import { unreachable } from "../model/assert.ts";
import { refusalLevel } from "../model/refusal.ts";
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
export function thingsToLookAt({ client, server }: ModuleStatus): number {
  const clientWaitsForSomebody =
    client !== undefined && (client.state === "refused" || (client.state === "offline" && needsSomebody(client)));
  const serverWaitsForSomebody = server !== undefined && server.state !== "running";
  return Number(clientWaitsForSomebody) + Number(serverWaitsForSomebody);
}

/** A server that was stopped is started again one day; the other reasons stay until somebody does something. */
const needsSomebody = ({ reason }: ClientStatus): boolean =>
  reason !== undefined && reason !== "server-not-running" && refusalLevel(reason) === "Error";

function clientLine(texts: Texts["status"], { state, pending }: ClientStatus): string {
  switch (state) {
    case "restart-needed":
      return texts.restartNeeded;
    case "joining":
      return texts.joining;
    case "paused":
      return texts.paused(pending);
    case "synchronized":
      return pending === 0 ? texts.upToDate : texts.saved(pending);
    case "offline":
    case "refused":
      return texts.saved(pending);
    default:
      return unreachable(state);
  }
}
