import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import type { Storage, Write } from "../../../hal/storage.ts";
import { epochId, fleetId } from "../../../src/model/ids.ts";
import { EMPTY_HEAD, type ReplicaHead } from "../../../src/store/replica-head.ts";
import { headWhole, headWrites, readReplicaHead, REPLICA_BASE, REPLICA_META, REPLICA_OWN } from "../../../src/store/replica-now.ts";

const HEAD: ReplicaHead = {
  ...EMPTY_HEAD,
  position: {
    fleet: fleetId("f".repeat(32)),
    epoch: { number: 2, id: epochId("e".repeat(16)) },
    revision: 5,
    chainHash: "0123456789abcdef".repeat(2),
  },
  at: 1_790_000_000_000,
  generation: 3,
  sequence: 7,
  mark: 9,
  lastStamp: 1_790_000_000_123,
  heard: { time: 1_790_000_000_000, boot: "boot", monotonicMs: 1_000 },
};

const moved = (head: ReplicaHead, revision: number): ReplicaHead => ({
  ...head,
  position: head.position && { ...head.position, revision, chainHash: "fedcba9876543210".repeat(2) },
  at: head.at + 1_000,
  heard: head.heard && { ...head.heard, time: head.heard.time + 990, monotonicMs: head.heard.monotonicMs + 995 },
  sequence: 12,
  mark: 11,
  lastStamp: head.lastStamp - 500,
});

const keysOf = (writes: readonly Write[]): string[] => writes.map(({ key }) => key);

test("what moves on with an edit is written by itself, in few bytes, and read as it was", async (t) => {
  const storage = new MemoryStorage();
  await storage.write(headWhole(HEAD));
  const { position, at, heard } = moved(HEAD, 6);
  const accepted = { ...HEAD, position, at, heard };
  const { sequence, mark, lastStamp } = moved(HEAD, 6);
  const recorded = { ...accepted, sequence, mark, lastStamp };
  const steps = [headWrites(HEAD, accepted), headWrites(accepted, recorded), headWrites(recorded, recorded)];
  t.deepEqual(steps.map(keysOf), [[REPLICA_BASE], [REPLICA_OWN], []]);
  for (const step of steps) {
    t.true((step[0]?.value?.length ?? 0) <= 40);
    if (step.length > 0) await storage.write(step);
  }
  t.deepEqual(await readReplicaHead(storage), recorded);
});

test("whichever of what moves on has moved, it is written, and nothing else", (t) => {
  const base: readonly Partial<ReplicaHead>[] = [{ at: HEAD.at + 1 }, { heard: HEAD.heard && { ...HEAD.heard, monotonicMs: 2_000 } }];
  for (const other of base) t.deepEqual(keysOf(headWrites(HEAD, { ...HEAD, ...other })), [REPLICA_BASE], JSON.stringify(other));
  const own: readonly Partial<ReplicaHead>[] = [{ sequence: 8 }, { mark: 10 }, { lastStamp: HEAD.lastStamp + 1 }];
  for (const other of own) t.deepEqual(keysOf(headWrites(HEAD, { ...HEAD, ...other })), [REPLICA_OWN], JSON.stringify(other));
});

test("a head that is written whole while another function reads it is read as it was or as it is, and never half", async (t) => {
  const before = moved(HEAD, 6);
  const after = { ...moved(before, 7), generation: 4 };
  for (let reads = 0; reads <= 6; reads += 1) {
    const storage = new MemoryStorage();
    await storage.write([...headWhole(HEAD), ...headWrites(HEAD, before)]);
    let left = reads;
    const writesAfterRead = async <T>(value: T): Promise<T> => {
      left -= 1;
      if (left === 0) await storage.write(headWrites(before, after));
      return value;
    };
    const busy: Pick<Storage, "get" | "getMany"> = {
      get: async (key) => await writesAfterRead(await storage.get(key)),
      getMany: async (keys) => {
        const values: (Uint8Array | undefined)[] = [];
        for (const key of keys) values.push(await busy.get(key));
        return values;
      },
    };
    t.deepEqual(await readReplicaHead(busy), reads === 0 || reads > 3 ? before : after, `after read ${reads}`);
  }
});

test("whatever else changes, the head stands whole, and nothing older stands over it", async (t) => {
  const position = HEAD.position && { ...HEAD.position, epoch: { number: 3, id: epochId("d".repeat(16)) } };
  const others: Partial<ReplicaHead>[] = [
    { position },
    { position: undefined },
    { generation: 4 },
    { heard: undefined },
    { heard: { time: 1, boot: "another", monotonicMs: 1 } },
    { unshown: "show" },
    { lineage: [] },
    { places: { server: "a", apart: true } },
  ];
  for (const other of others) {
    const storage = new MemoryStorage();
    await storage.write(headWhole(HEAD));
    const before = moved(HEAD, 6);
    await storage.write(headWrites(HEAD, before));
    const after = { ...before, ...other };
    await storage.write(headWrites(before, after));
    t.deepEqual(await readReplicaHead(storage), after, JSON.stringify(other));
    t.deepEqual(await storage.getMany([REPLICA_BASE, REPLICA_OWN]), [undefined, undefined]);
  }
});

test("before there is a base the head stands whole", (t) => {
  const writes = headWrites(EMPTY_HEAD, { ...EMPTY_HEAD, mark: 1 });
  t.deepEqual(keysOf(writes), [REPLICA_META, REPLICA_BASE, REPLICA_OWN]);
  t.deepEqual(
    writes.map(({ value }) => value !== undefined),
    [true, false, false],
  );
});

test("a small record without a time is of a base that heard none, or of an older store", async (t) => {
  const storage = new MemoryStorage();
  const unheard = { ...HEAD, heard: undefined };
  await storage.write(headWhole(unheard));
  await storage.write(headWrites(unheard, { ...moved(unheard, 6), heard: undefined }));
  t.is((await readReplicaHead(storage))?.heard, undefined);
  const older = await storage.get(REPLICA_BASE);
  await storage.write(headWhole(HEAD));
  await storage.write([{ key: REPLICA_BASE, value: older }]);
  t.deepEqual((await readReplicaHead(storage))?.heard, HEAD.heard);
});

test("P1 a head that names earlier bases is read as it was, with network places and without", async (t) => {
  const earlier = [{ epoch: { number: 1, id: epochId("d".repeat(16)) }, revision: 4, at: 1_789_999_999_999, heard: undefined }];
  for (const places of [undefined, { server: "digest", apart: true }]) {
    for (const kept of [[], earlier]) {
      const storage = new MemoryStorage();
      await storage.write(headWhole({ ...HEAD, places, earlier: kept }));
      t.deepEqual(await readReplicaHead(storage), { ...HEAD, places, earlier: kept });
    }
  }
});
