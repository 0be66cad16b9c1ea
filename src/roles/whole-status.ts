/** How the module stands on this machine: both functions, what was set, and what somebody has to hear of. */
import type { ClientStatus, ModuleStatus, ServerStatus } from "../../hal/services.ts";
import type { DeviceId } from "../model/ids.ts";
import type { ClientSetup, Setup } from "./setup.ts";

interface Parts {
  readonly device: DeviceId;
  readonly server: { status(): ServerStatus | undefined };
  readonly client: { status(): ClientStatus | undefined };
  readonly setup: Pick<Setup, "state">;
  readonly losses: { readonly known: number };
}

export function wholeStatus({ device, server, client, setup, losses }: Parts): ModuleStatus {
  const { duringOperation, storageLost } = setup.state;
  return {
    deviceId: device,
    server: server.status(),
    client: withDestination(client.status(), setup.state.client),
    ...(losses.known === 0 ? {} : { lost: losses.known }),
    ...(storageLost ? { storageLost } : {}),
    ...(duringOperation ? { duringOperation } : {}),
  };
}

/** Where the server machine is taken to be: an administrator who does not see it cannot tell that it has gone elsewhere. */
function withDestination(status: ClientStatus | undefined, setup: ClientSetup | undefined): ClientStatus | undefined {
  if (status === undefined || setup === undefined) return status;
  const { destination, searchDepth } = setup;
  return { ...status, destination, ...(searchDepth === undefined ? {} : { searched: true }) };
}
