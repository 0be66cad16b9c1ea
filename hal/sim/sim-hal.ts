/** A whole simulated machine: the same rules as a real one, and knobs. It lives exactly as long as one power-on. */
import type { Random } from "../../src/model/random.ts";
import type { Clock } from "../clock.ts";
import type { Hal } from "../hal.ts";
import type { Network } from "../network.ts";
import type { Storage } from "../storage.ts";
import { SimDevice, type SimDeviceFacts } from "./sim-device.ts";
import { SimItemStores } from "./sim-item-stores.ts";
import { SimJobs } from "./sim-jobs.ts";
import { SimNetworkSettings } from "./sim-network-settings.ts";
import { SimPanel } from "./sim-panel.ts";
import { SimPower } from "./sim-power.ts";
import { SimRestrictions } from "./sim-restrictions.ts";
import { SimUsers } from "./sim-users.ts";

export interface SimHal extends Hal {
  readonly device: SimDevice;
  readonly power: SimPower;
  readonly users: SimUsers;
  readonly panel: SimPanel;
  readonly restrictions: SimRestrictions;
  readonly jobs: SimJobs;
  readonly networkSettings: SimNetworkSettings;
  readonly stores: SimItemStores;
}

export interface SimHalParts {
  readonly clock: Clock;
  readonly random: Random;
  /** The module's. */
  readonly storage: Storage;
  /** The printer's own database; it outlives the module and its storage. */
  readonly machineStorage: Storage;
  readonly network: Network;
  /** 32 bytes, the same at each start: what the machine's platform would keep in hardware. */
  readonly deviceKey: Uint8Array;
  readonly device: SimDeviceFacts;
  /** As in ../parts/scram-proof.ts. */
  readonly iterations?: number;
}

/** Resolves once the machine's own stores are read; rejects as their storage does. */
export async function createSimHal(parts: SimHalParts): Promise<SimHal> {
  const { clock, random, storage, machineStorage, network, deviceKey } = parts;
  const device = new SimDevice({ random, deviceKey, facts: parts.device });
  const power = new SimPower({ clock });
  const stores = new SimItemStores({ storage: machineStorage, clock, keyStore: device.keyStore });
  await stores.open();
  return {
    device,
    panel: new SimPanel({ power, language: parts.device.language }),
    power,
    clock,
    users: new SimUsers({ random, ...(parts.iterations === undefined ? {} : { iterations: parts.iterations }) }),
    settings: stores.settings,
    addressBook: stores.addressBook,
    restrictions: new SimRestrictions({ power, clock }),
    jobs: new SimJobs({ power, clock }),
    network,
    networkSettings: new SimNetworkSettings(),
    storage,
    stores,
  };
}
