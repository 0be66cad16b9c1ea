/** What every Device keeps. */
import type { ExecutionContext, TestFn } from "ava";
import type { Device } from "../../hal/device.ts";
import { rejects } from "./throws.ts";

export interface DeviceFixture {
  readonly device: Device;
  /** Another machine of the same model. */
  readonly another: Device;
  /** The same machine after a restart. */
  restart(): Promise<Device>;
}

export function deviceContract(test: TestFn, name: string, create: (t: ExecutionContext) => Promise<DeviceFixture>): void {
  const it = (title: string, body: (t: ExecutionContext, fixture: DeviceFixture) => Promise<unknown>): void =>
    test(`${name}: ${title}`, async (t) => body(t, await create(t)));

  it("a machine has a serial number and a product name", async (t, { device, another }) => {
    t.true(device.serialNumber.length >= 1 && device.serialNumber.length <= 64);
    t.not(device.serialNumber, another.serialNumber);
    t.true(device.productName.length > 0);
  });

  it("name, location and abilities are there, and the serial number stays over a restart", async (t, { device, restart }) => {
    t.is(typeof device.deviceName, "string");
    t.is(typeof device.location, "string");
    t.is(typeof device.capabilities.server, "boolean");
    t.is(typeof device.capabilities.networkPlaces, "string");
    t.is((await restart()).serialNumber, device.serialNumber);
  });

  it("what was sealed is opened as it was, also after a restart", async (t, { device, restart }) => {
    for (const length of [0, 1, 32, 16 * 1024]) {
      const secret = new Uint8Array(length).fill(length % 251);
      const sealed = await device.keyStore.seal(secret);
      t.deepEqual(await device.keyStore.open(sealed), secret);
      t.deepEqual(await (await restart()).keyStore.open(sealed), secret);
    }
  });

  it("a sealed secret shows nothing, and never looks the same twice", async (t, { device }) => {
    const secret = Uint8Array.from(Buffer.from("open sesame ".repeat(10)));
    const [one, two] = [await device.keyStore.seal(secret), await device.keyStore.seal(secret)];
    t.notDeepEqual(one, two);
    t.false(Buffer.from(one).includes("sesame"));
  });

  it("what was changed, cut, or sealed elsewhere is refused", async (t, { device, another }) => {
    const sealed = await device.keyStore.seal(Uint8Array.from([1, 2, 3]));
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Uint8Array.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await rejects(t, "hal-refused", () => device.keyStore.open(changed));
      await rejects(t, "hal-refused", () => device.keyStore.open(sealed.subarray(0, at)));
    }
    await rejects(t, "hal-refused", () => another.keyStore.open(sealed));
    await rejects(t, "hal-refused", () => device.keyStore.open(Uint8Array.from([...sealed, 0])));
  });

  it("more than a small secret is refused", async (t, { device }) => {
    await rejects(t, "hal-refused", () => device.keyStore.seal(new Uint8Array(16 * 1024 + 1)));
  });
}
