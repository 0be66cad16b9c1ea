/** Makes the client of one run: its copy of the fleet's data, what leaves and enters the machine, its link. */
import type { ClientLink, Destination } from "../link/link.ts";
import type { EntryName } from "../model/entry.ts";
import { runId } from "../model/ids.ts";
import { randomHex } from "../model/random.ts";
import type { Refusal } from "../model/refusal.ts";
import { NotAppliedList } from "../store/not-applied.ts";
import { Replica } from "../store/replica.ts";
import { Seal } from "../store/seal.ts";
import { SyncClient } from "./client/client.ts";
import { Travel } from "./client/travel.ts";
import type { ClientFunctionParts } from "./client-function-parts.ts";

/** What a client that works has of the fleet, and what leaves or enters the machine by it. */
export interface Copy {
  readonly replica: Replica;
  readonly travel: Travel;
  readonly notApplied: NotAppliedList;
  /** Performs between two turns of the client: nothing changes the copy or the history meanwhile. */
  request<T>(perform: () => Promise<T | Refusal>): Promise<T | Refusal>;
}

export async function makeClient(
  { hal, links, setup, stores, log, names, random, device, onStatus }: ClientFunctionParts,
  destination: Destination,
  onShown: (entries: readonly EntryName[]) => void,
): Promise<{ readonly client: SyncClient; readonly link: ClientLink; readonly copy: Copy }> {
  const { storage, clock, power, users, restrictions } = hal;
  const paired = setup.state.client?.paired;
  const secret = paired === undefined ? await setup.fleetSecret() : await setup.unseal(paired.fleetSecret);
  const travel = new Travel(new Seal(secret, random));
  const [replica, notApplied] = [await Replica.open(storage, device), await NotAppliedList.open(storage)];
  travel.setScopes(replica.scopes.scopes());
  const link = links.connect(destination, paired?.server ?? device);
  const isStopped = () => setup.state.client === undefined;
  // Its hellos are counted from 1 again: it is another run, or the server would take them for overtaken ones (P14).
  const run = runId(randomHex(random, 8));
  const parts = { link, replica, stores, travel, storage, names, notApplied, clock, power, users, restrictions, log, random, device, run };
  const client = new SyncClient({ ...parts, description: hal.device, onStatus, onShown, isStopped });
  return { client, link, copy: { replica, travel, notApplied, request: (perform) => client.requests.run(perform) } };
}
