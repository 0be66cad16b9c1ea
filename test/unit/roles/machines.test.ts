import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { SyncError } from "../../../src/model/errors.ts";
import { deviceId } from "../../../src/model/ids.ts";
import { carryOut, Machines } from "../../../src/roles/server/machines.ts";

const [FIRST, SECOND] = [deviceId("11".repeat(16)), deviceId("22".repeat(16))];
const candidate = (device: typeof FIRST, serialNumber: string) => ({ device, serialNumber, deviceName: "Printer" });

test("a pin that could not be written is none: what the server knows is what is durable", async (t) => {
  const storage = new MemoryStorage();
  const machines = await Machines.open(storage);
  await carryOut(machines.pin(candidate(FIRST, "SN-1"), 1), storage);
  const full = { write: () => Promise.reject(new SyncError("hal-full", "no space")) };
  const failing = new Proxy(storage, { get: (target, name) => (name === "write" ? full.write : Reflect.get(target, name, target)) });
  // A machine with the same serial number would take over the pin of the first.
  await t.throwsAsync(carryOut(machines.pin(candidate(SECOND, "SN-1"), 2), failing), { message: "no space" });
  t.is(machines.get(SECOND), undefined);
  t.is(machines.get(FIRST)?.serialNumber, "SN-1");
  await t.throwsAsync(carryOut(machines.remove(FIRST), failing));
  t.not(machines.get(FIRST), undefined);
  t.is((await Machines.open(storage)).get(FIRST)?.serialNumber, "SN-1");
});

test("a machine with the serial number of another takes over its pin, in one write", async (t) => {
  const storage = new MemoryStorage();
  const machines = await Machines.open(storage);
  await carryOut(machines.pin(candidate(FIRST, "SN-1"), 1), storage);
  await carryOut(machines.pin(candidate(SECOND, "SN-1"), 2), storage);
  for (const known of [machines, await Machines.open(storage)]) {
    t.is(known.get(FIRST), undefined);
    t.is(known.get(SECOND)?.placed, false);
  }
});

test("machines that were paired and never came make room for one another, the oldest first; a place stays", async (t) => {
  const storage = new MemoryStorage();
  const machines = await Machines.open(storage);
  const nth = (n: number) => deviceId(n.toString(16).padStart(32, "0"));
  for (let n = 1; n <= 33; n += 1) {
    await carryOut(machines.pin(candidate(nth(n), `SN-${n}`), n), storage);
    const description = { serialNumber: `SN-${n}`, deviceName: "Printer", productName: "", location: "" };
    if (n === 1) await carryOut(machines.place(nth(1), { device: description } as never, n), storage);
  }
  t.not(machines.get(nth(2)), undefined, "as many as may be");
  await carryOut(machines.pin(candidate(nth(34), "SN-34"), 34), storage);
  for (const known of [machines, await Machines.open(storage)]) {
    t.deepEqual(
      [1, 2, 3, 34].map((n) => known.get(nth(n)) !== undefined),
      [true, false, true, true],
    );
  }
});
