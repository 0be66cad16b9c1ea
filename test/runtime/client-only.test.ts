import test from "ava";
import { clientOnly } from "../../hal/runtime/client-only.ts";
import type { Device } from "../../hal/device.ts";
import type { Hal } from "../../hal/hal.ts";

test("under a profile without the server role the machine is a client-only model, and the same in all else", (t) => {
  const device = {
    serialNumber: "S1",
    productName: "P",
    deviceName: "before",
    location: "hall",
    capabilities: { server: true, networkPlaces: "a,b" },
    keyStore: { seal: async (bytes: Uint8Array) => bytes, open: async (bytes: Uint8Array) => bytes },
  } satisfies Device;
  const hal = { device, panel: "the panel", storage: "the storage" } as unknown as Hal;
  const seen = clientOnly(hal);
  t.deepEqual(seen.device.capabilities, { server: false, networkPlaces: "a,b" });
  t.is(seen.panel, hal.panel);
  t.is(seen.device.keyStore, device.keyStore);
  device.deviceName = "renamed";
  t.is(seen.device.deviceName, "renamed");
  t.true(device.capabilities.server);
});
