/**
 * The machine as a module sees it under a profile without the server role: a client-only model. It is the same machine
 * in all else.
 */
import type { Device } from "../device.ts";
import type { Hal } from "../hal.ts";

export function clientOnly(hal: Hal): Hal {
  const { panel, power, clock, users, settings, addressBook, restrictions, jobs, network, networkSettings, storage } = hal;
  return {
    device: withoutServer(hal.device),
    panel,
    power,
    clock,
    users,
    settings,
    addressBook,
    restrictions,
    jobs,
    network,
    networkSettings,
    storage,
  };
}

function withoutServer(device: Device): Device {
  const { serialNumber, productName, capabilities, keyStore } = device;
  return {
    serialNumber,
    productName,
    // Name and location may change while the module runs.
    get deviceName() {
      return device.deviceName;
    },
    get location() {
      return device.location;
    },
    capabilities: { ...capabilities, server: false },
    keyStore,
  };
}
