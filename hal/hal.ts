/**
 * The hardware abstraction layer: all that the module knows of the machine it runs on. A provider implements these
 * interfaces once per platform; HAL.md is the integrator's guide, test/contract the suites that every provider passes.
 *
 * For all of them: listeners are called synchronously, in the order of what happened, and never from within the call
 * that registers them. The function that registering gives back ends it, at once and for good; calling it twice is
 * harmless. What a method throws is a SyncError with one of the codes "hal-unavailable" (try again later),
 * "hal-refused" (never for this input), "hal-full" (space), "hal-broken" (needs a technician).
 */
import type { AddressBook } from "./address-book.ts";
import type { Clock } from "./clock.ts";
import type { Device } from "./device.ts";
import type { Jobs } from "./jobs.ts";
import type { Network } from "./network.ts";
import type { NetworkSettings } from "./network-settings.ts";
import type { Panel } from "./panel.ts";
import type { Power } from "./power.ts";
import type { Restrictions } from "./restrictions.ts";
import type { Settings } from "./settings.ts";
import type { Storage } from "./storage.ts";
import type { Users } from "./users.ts";

/** Ends a registration. */
export type Unsubscribe = () => void;

export interface Hal {
  readonly device: Device;
  readonly panel: Panel;
  readonly power: Power;
  readonly clock: Clock;
  readonly users: Users;
  readonly settings: Settings;
  readonly addressBook: AddressBook;
  readonly restrictions: Restrictions;
  readonly jobs: Jobs;
  readonly network: Network;
  readonly networkSettings: NetworkSettings;
  readonly storage: Storage;
}
