import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { SyncError } from "../../../src/model/errors.ts";
import { deviceId } from "../../../src/model/ids.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import type { Hello } from "../../../src/protocol/hello.ts";
import { carryOut, machineAnew, Machines } from "../../../src/roles/server/machines.ts";

const [FIRST, SECOND] = [deviceId("11".repeat(16)), deviceId("22".repeat(16))];
const candidate = (device: typeof FIRST, serialNumber: string) => ({ device, serialNumber, deviceName: "Printer" });

const nth = (n: number) => deviceId(n.toString(16).padStart(32, "0"));
/** What of a hello says which machine it is. */
const helloOf = (serialNumber: string, location = ""): Hello =>
  ({ device: { serialNumber, deviceName: "Printer", productName: "", location } }) as never;

test("M02 the server machine has a place of its own, and the others are as many as there are places left", async (t) => {
  const machines = await Machines.open(new MemoryStorage());
  const own = nth(100);
  for (let n = 1; n < LIMITS.machinesMax; n += 1) {
    t.true(machines.hasRoomFor(nth(n), own), `machine ${n}`);
    machines.place(nth(n), helloOf(`SN-${n}`), n).take();
  }
  const look = () => [nth(99), nth(1), own].map((device) => machines.hasRoomFor(device, own));
  t.deepEqual(look(), [false, true, true], "one more, one that has its place, its own");
  machines.place(own, helloOf("SN-own"), 1).take();
  t.deepEqual(look(), [false, true, true], "its own client takes nobody's place");
  machines.remove(nth(2)).take();
  t.deepEqual(look(), [true, true, true]);
});

test("M02 P14 who is paired again keeps the place, also with another key in the same hardware; until its hello it is met anew", async (t) => {
  const machines = await Machines.open(new MemoryStorage());
  machines.pin(candidate(FIRST, "SN-1"), 1).take();
  t.deepEqual([machines.get(FIRST)?.placed, machines.isMetAnew(FIRST)], [false, true]);
  machines.place(FIRST, helloOf("SN-1"), 2).take();
  t.deepEqual([machines.get(FIRST)?.placed, machines.isMetAnew(FIRST)], [true, false]);
  machines.pin(candidate(FIRST, "SN-1"), 3).take();
  t.deepEqual([machines.get(FIRST)?.placed, machines.isMetAnew(FIRST)], [true, true]);
  machines.pin(candidate(SECOND, "SN-1"), 4).take();
  t.deepEqual([machines.get(FIRST), machines.get(SECOND)?.placed, machines.isMetAnew(SECOND)], [undefined, true, true]);
});

test("M31 what a machine says of itself is written when it says something new, and its hardware is what its key was pinned for", async (t) => {
  const machines = await Machines.open(new MemoryStorage());
  machines.pin(candidate(FIRST, "SN-1"), 1).take();
  const writesOf = (hello: Hello, wallMs: number): number => {
    const { writes, take } = machines.place(FIRST, hello, wallMs);
    take();
    return writes.length;
  };
  const hellos = [
    helloOf("SN-1"),
    helloOf("SN-1"),
    helloOf("SN-1", "2nd floor"),
    helloOf("SN-1", "2nd floor"),
    helloOf("SN-of another", "2nd floor"),
  ];
  t.deepEqual(
    hellos.map(writesOf),
    [1, 0, 1, 0, 0],
    "its place, nothing new, where it stands, nothing new, and an image in other hardware",
  );
  t.like(machines.get(FIRST), { serialNumber: "SN-1", location: "2nd floor", lastContactMs: 4, placed: true });
});

test("M02 a machine whose record was damaged keeps its place, and is what its next hello says", async (t) => {
  const storage = new MemoryStorage();
  await storage.write([machineAnew(FIRST, "Printer")]);
  const machines = await Machines.open(storage);
  t.like(machines.get(FIRST), { serialNumber: "", placed: true });
  await carryOut(machines.place(FIRST, helloOf("SN-1"), 5), storage);
  t.is((await Machines.open(storage)).get(FIRST)?.serialNumber, "SN-1");
});

test("M09 a machine is awaited for a while after it was paired, until its hello", async (t) => {
  const machines = await Machines.open(new MemoryStorage());
  t.false(machines.awaitsOne(0));
  machines.pin(candidate(FIRST, "SN-1"), 1_000).take();
  const times = [
    1_000,
    1_000 + LIMITS.pairedLatelyMs,
    1_001 + LIMITS.pairedLatelyMs,
    1_000 - LIMITS.pairedLatelyMs,
    999 - LIMITS.pairedLatelyMs,
  ];
  t.deepEqual(
    times.map((wallMs) => machines.awaitsOne(wallMs)),
    [true, true, false, true, false],
  );
  machines.place(FIRST, { device: { ...helloOf("SN-1").device, productName: "MFP" } } as never, 1_000).take();
  t.false(machines.awaitsOne(1_000));
});

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
