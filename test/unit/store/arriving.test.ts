import test from "ava";
import type { Storage, Write } from "../../../hal/storage.ts";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { SyncError } from "../../../src/model/errors.ts";
import { deviceId, epochId, fleetId } from "../../../src/model/ids.ts";
import { CHAIN_START } from "../../../src/model/position.ts";
import { packPart } from "../../../src/protocol/part.ts";
import { NEW_OWNER, packOwner } from "../../../src/store/records.ts";
import { Replica } from "../../../src/store/replica.ts";

const DEVICE = deviceId("a".repeat(32));
const START = { fleet: fleetId("f".repeat(32)), epoch: { number: 1, id: epochId("e".repeat(16)) }, revision: 5, chainHash: CHAIN_START };
const keyOf = (n: number): string => `o/user:${n}`;
const partOf = (n: number, end = false) => ({ bytes: packPart([[keyOf(n), packOwner(NEW_OWNER)]]), last: keyOf(n), end, revision: 4 + n });
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A transfer on a medium that ends its writes only when it is told to. */
async function transferring() {
  const memory = new MemoryStorage();
  const held: { readonly batch: readonly Write[]; readonly end: (error?: SyncError) => Promise<void> }[] = [];
  const medium = { isSlow: false };
  const storage: Storage = {
    get: (key) => memory.get(key),
    getMany: (keys) => memory.getMany(keys),
    range: (options) => memory.range(options),
    close: () => memory.close(),
    write(batch) {
      if (!medium.isSlow) return memory.write(batch);
      return new Promise((resolve, reject) => {
        const end = async (error?: SyncError) => {
          if (error === undefined) resolve(await memory.write(batch));
          else reject(error);
          await settled();
        };
        held.push({ batch, end });
      });
    },
  };
  const replica = await Replica.open(storage, DEVICE);
  await replica.beginTransfer(START, 1);
  medium.isSlow = true;
  const endNext = async (error?: SyncError) => await held.shift()?.end(error);
  return { memory, replica, held, endNext };
}

test("P29 while a part is written the next ones are looked at, and go into one write: in their order, and as many as have a place", async (t) => {
  const { memory, replica, held, endNext } = await transferring();
  for (const n of [1, 2, 3]) await replica.storePart(partOf(n));
  t.deepEqual([held.length, replica.transfer?.after, replica.head.transfer?.after], [1, keyOf(3), ""]);
  let isTaken = false;
  const fourth = replica.storePart(partOf(4, true)).then(() => (isTaken = true));
  await settled();
  await endNext();
  t.is(replica.transfer?.after, keyOf(4), "it has a place as soon as the two that waited are being written");
  t.deepEqual([held.length, replica.head.transfer?.after, (await Replica.open(memory, DEVICE)).partsArrived], [1, keyOf(1), 1]);
  await endNext();
  t.deepEqual([replica.head.transfer?.after, isTaken], [keyOf(3), false]);
  await endNext();
  await fourth;
  const { transfer } = (await Replica.open(memory, DEVICE)).head;
  t.deepEqual([transfer?.after, transfer?.complete, transfer?.reach], [keyOf(4), true, 8]);
});

test("P29 whatever else is written waits for the parts before it, and names where they stand", async (t) => {
  const { memory, replica, held, endNext } = await transferring();
  await replica.storePart(partOf(1));
  await replica.storePart(partOf(2));
  const other = replica.write([{ key: "c/x", value: Uint8Array.of(1) }], { mark: 7 });
  await settled();
  t.is(held.length, 1);
  await endNext();
  await endNext();
  await endNext();
  await other;
  const { head, partsArrived } = await Replica.open(memory, DEVICE);
  t.deepEqual([head.mark, head.transfer?.after, partsArrived], [7, keyOf(2), 2]);
});

test("P29 after a write that failed no part is stored, and nothing else: what is durable is whole", async (t) => {
  const { memory, replica, held, endNext } = await transferring();
  for (const n of [1, 2]) await replica.storePart(partOf(n));
  await endNext(new SyncError("hal-full", "no space left"));
  t.is(held.length, 0);
  await t.throwsAsync(replica.storePart(partOf(3)), { code: "hal-full" });
  await t.throwsAsync(replica.write([], { mark: 7 }), { code: "hal-full" });
  const { head, partsArrived } = await Replica.open(memory, DEVICE);
  t.deepEqual([head.transfer?.after, partsArrived], ["", 0]);
});

test("P29 a copy is of one moment when it has come as far as the newest of its parts, whichever that was", async (t) => {
  const { replica, endNext } = await transferring();
  await replica.storePart({ ...partOf(1), revision: 12 });
  const last = replica.storePart({ ...partOf(2, true), revision: 9 });
  await settled();
  await endNext();
  await endNext();
  await last;
  t.is(replica.head.transfer?.reach, 12);
});

test("P29 a part that could not be read later is refused at once, and those before it stay", async (t) => {
  const { replica, endNext } = await transferring();
  await replica.storePart(partOf(2));
  await t.throwsAsync(replica.storePart(partOf(1)), { code: "message-malformed" });
  t.is(replica.transfer?.after, keyOf(2));
  const next = replica.storePart(partOf(3, true));
  await settled();
  await endNext();
  await endNext();
  await next;
  t.deepEqual([replica.head.transfer?.after, replica.partsArrived], [keyOf(3), 2]);
});
