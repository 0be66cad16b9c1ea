/** What a machine keeps of a server machine that it leaves: the fleet's secret, for its history (B02), and where that machine was (B06). */
import type { Hal } from "../../hal/hal.ts";
import { noteFormerServer } from "../store/former-servers.ts";
import type { Setup } from "./setup.ts";

/** Before another fleet's secret and another server machine, or none, take their place. */
export async function leaveServer({ setup, hal }: { readonly setup: Setup; readonly hal: Pick<Hal, "storage"> }): Promise<void> {
  const { client } = setup.state;
  if (client?.paired === undefined) return;
  await setup.retire(client.paired.fleetSecret);
  await noteFormerServer(hal.storage, { server: client.paired.server, destination: client.destination });
}
