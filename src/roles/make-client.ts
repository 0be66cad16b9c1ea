/** Makes the client of one run: its copy of the fleet's data, what leaves and enters the machine, its link. */
import type { ClientLink, Destination } from "../link/link.ts";
import { runId } from "../model/ids.ts";
import { randomHex } from "../model/random.ts";
import type { Refusal } from "../model/refusal.ts";
import { NotAppliedList } from "../store/not-applied.ts";
import { beginCopyOf } from "../store/copy-of.ts";
import { Replica } from "../store/replica.ts";
import { Seal } from "../store/seal.ts";
import { isLocal } from "./destination.ts";
import { SyncClient } from "./client/client.ts";
import { openMended } from "./noting-damage.ts";
import { Staying } from "./client/staying.ts";
import { Travel } from "./client/travel.ts";
import type { ClientFunctionParts } from "./client-function-parts.ts";
import type { ClientSetup, Paired, Setup } from "./setup.ts";

/** What a client that works has of the fleet, and what leaves or enters the machine by it. */
export interface Copy {
  readonly replica: Replica;
  readonly travel: Travel;
  readonly notApplied: NotAppliedList;
  /** Performs between two turns of the client: nothing changes the copy or the history meanwhile. */
  request<T>(perform: () => Promise<T | Refusal>): Promise<T | Refusal>;
  /** Shows what waits to be shown; resolves when it is done, or the client has ended; at once where nothing waits. */
  showWaiting(): Promise<void>;
}

/** The secret of the fleet of this pairing; without one, of the fleet that this very machine serves. */
export async function secretOf(paired: Paired | undefined, setup: Setup): Promise<Uint8Array> {
  return paired === undefined ? await setup.fleetSecret() : await setup.unseal(paired.fleetSecret);
}

/** The secret that a client just introduced will have; undefined while that is not known. */
export async function secretToBe(
  { kept, away }: { readonly kept: Pick<ClientSetup, "paired">; readonly away: unknown },
  setup: Setup,
): Promise<Uint8Array | undefined> {
  return away === undefined ? await secretOf(kept.paired, setup) : undefined;
}

export async function makeClient(
  {
    hal,
    config,
    links,
    setup,
    stores,
    log,
    names,
    random,
    device,
    protocol,
    audience,
    ownServer,
    mendReplica,
    onStatus,
  }: ClientFunctionParts,
  destination: Destination,
): Promise<{ readonly client: SyncClient; readonly link: ClientLink; readonly copy: Copy }> {
  const { storage, clock, power, users, restrictions } = hal;
  const paired = setup.state.client?.paired;
  const secret = await secretOf(paired, setup);
  const travel = new Travel(new Seal(secret, random));
  const { replica, notApplied } = await openMended({ storage, stores, log, mendReplica }, async () => {
    await beginCopyOf(storage, secret, stores.mark());
    return { replica: await Replica.open(storage, device), notApplied: await NotAppliedList.open(storage) };
  });
  travel.setScopes(replica.scopes.scopes());
  // The two functions of a machine start together: the client waits for its server, and a start that goes well is no Warning.
  const link = links.connect(destination, paired?.server ?? device, isLocal(destination) ? ownServer : undefined);
  const isStopped = () => setup.state.client === undefined;
  // Its hellos are counted from 1 again: it is another run, or the server would take them for overtaken ones (P14).
  const run = runId(randomHex(random, 8));
  const staying = new Staying({ notApplied, log });
  const parts = {
    link,
    replica,
    stores,
    travel,
    storage,
    names,
    notApplied,
    staying,
    clock,
    power,
    users,
    restrictions,
    config,
    log,
    random,
    device,
    run,
  };
  const showing = { onShown: audience.tell.bind(audience), isSeen: audience.sees.bind(audience) };
  const client = new SyncClient({ ...parts, ...showing, protocol, description: hal.device, onStatus, isStopped });
  const request: Copy["request"] = (perform) => client.requests.run(perform);
  const showWaiting = async () => {
    if (client.isBehind) await request(async () => "shown");
  };
  return { client, link, copy: { replica, travel, notApplied, request, showWaiting } };
}
