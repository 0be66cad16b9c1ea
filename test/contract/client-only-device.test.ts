import test from "ava";
import { clientOnly } from "../../hal/runtime/client-only.ts";
import type { Device } from "../../hal/device.ts";
import { MemoryStorage } from "../../hal/sim/memory-storage.ts";
import { createSimHal } from "../../hal/sim/sim-hal.ts";
import { NodeNetwork } from "../../hal/parts/node-network.ts";
import { seededDice } from "../fleet/random.ts";
import { deviceContract } from "./device.ts";
import { ManualClock } from "./manual-clock.ts";

async function clientOnlyDevice(serialNumber: string, key: number, seed: string): Promise<Device> {
  const hal = await createSimHal({
    clock: new ManualClock(),
    random: seededDice(seed).bytes,
    storage: new MemoryStorage(),
    machineStorage: new MemoryStorage(),
    network: new NodeNetwork({ address: "127.0.0.1" }),
    deviceKey: new Uint8Array(32).fill(key),
    device: { serialNumber, productName: "Sim MFP", deviceName: "sim", location: "here", server: true },
  });
  return clientOnly(hal).device;
}

deviceContract(test, "device under a profile without the server role", async () => ({
  device: await clientOnlyDevice("A", 1, "first"),
  another: await clientOnlyDevice("B", 2, "another"),
  restart: () => clientOnlyDevice("A", 1, "second"),
}));
