import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import type { Storage } from "../../../hal/storage.ts";
import { SyncError } from "../../../src/model/errors.ts";
import { deviceId, epochId, fleetId, runId } from "../../../src/model/ids.ts";
import type { Position } from "../../../src/model/position.ts";
import { CHAIN_START } from "../../../src/model/position.ts";
import { mendReplica } from "../../../src/store/mend-replica.ts";
import { Pending, pendingOf } from "../../../src/store/pending.ts";
import { EMPTY_HEAD, type ReplicaHead } from "../../../src/store/replica-head.ts";
import { headWhole, headWrites, readReplicaHead } from "../../../src/store/replica-now.ts";

const at = (revision: number): Position => ({
  fleet: fleetId("f".repeat(32)),
  epoch: { number: 1, id: epochId("e".repeat(16)) },
  revision,
  chainHash: CHAIN_START,
});

/** Written whole at revision 5 with edit 7, then moved on to revision 9 and edit 9. */
const WHOLE: ReplicaHead = { ...EMPTY_HEAD, position: at(5), at: 500, generation: 2, sequence: 7, mark: 7, lastStamp: 70 };
const MOVED: ReplicaHead = { ...WHOLE, position: at(9), at: 900, sequence: 9, mark: 9, lastStamp: 90 };

const pending = (sequence: number) =>
  new Pending().add(
    pendingOf({
      id: { device: deviceId("d".repeat(32)), run: runId("a".repeat(16)), sequence },
      owner: "user:alice" as never,
      item: "display-language",
      key: "",
      value: "de",
      seen: 5,
      stamp: sequence * 10,
      certain: true,
      by: "alice",
    }),
  );

/** What the head is once these records could not be read; the stores have seen edit 12 and show revision 8. */
async function mended(
  damaged: readonly string[],
  { whole = WHOLE, moved = MOVED, shown = [at(8)] as readonly Position[], also = ["8", "9"] } = {},
) {
  const storage = new MemoryStorage();
  await storage.write([
    ...headWhole(whole),
    ...also.map((sequence) => pending(Number(sequence))),
    { key: "c/s/2/z/1", value: Uint8Array.of(1) },
  ]);
  await storage.write(headWrites(whole, moved));
  const rotten = new Set(damaged);
  const storageRead: Storage = {
    get: async (key) => {
      if (rotten.has(key)) throw new SyncError("storage-damaged", key);
      return await storage.get(key);
    },
    getMany: (keys) => storage.getMany(keys),
    range: (options) => storage.range(options),
    write: (batch) => storage.write(batch),
    close: () => storage.close(),
  };
  await mendReplica(storageRead, { mark: () => 12, oldestShown: () => shown[0] });
  const head = await readReplicaHead(storage);
  const notes = [...(await keysOf(storage))].filter((key) => key.endsWith("zzz"));
  return { head, notes, keys: await keysOf(storage) };
}

async function keysOf(storage: Storage): Promise<string[]> {
  const keys: string[] = [];
  for await (const [key] of storage.range({ from: "c/", to: "c0", keysOnly: true })) keys.push(key);
  return keys;
}

const KEY = (sequence: number): string => `c/p/${String(sequence).padStart(16, "0")}`;

test("a copy of which nothing is damaged stays as it is", async (t) => {
  const { head, notes } = await mended([]);
  t.deepEqual(head, MOVED);
  t.deepEqual(notes, []);
});

test("up to where edits are recorded is told by the edits that are pending; the base is right, and compared", async (t) => {
  const { head, notes } = await mended(["c/own"]);
  t.like(head, { position: at(9), mark: 9, sequence: 12, lastStamp: 90, unshown: "restored", generation: 2 });
  t.deepEqual(notes, []);
  t.is((await mended(["c/own"], { also: [] })).head?.mark, 7, "or by the whole head alone");
  const outOfStep = { whole: { ...WHOLE, sequence: 8 }, moved: { ...MOVED, sequence: 10 } };
  t.is((await mended(["c/own"], outOfStep)).head?.mark, 7, "where numbers are no marks they tell nothing");
});

test("a base whose position is lost is that which the stores showed, and is fetched anew", async (t) => {
  const { head, notes } = await mended(["c/base"]);
  t.like(head, { position: at(8), at: 500, mark: 9, sequence: 9, unshown: "restored" });
  t.deepEqual(notes, ["c/s/2/zzz"]);
  t.deepEqual((await mended(["c/base"], { shown: [at(4)] })).head?.position, at(5), "the stores may be behind the head");
  t.deepEqual((await mended(["c/base"], { shown: [] })).head?.position, at(5));
});

test("over a head that is lost the counters still count; without them all that the stores have is recorded", async (t) => {
  const { head, notes } = await mended(["c/meta"]);
  t.like(head, { position: at(8), at: 0, mark: 9, sequence: 9, generation: 3, transfer: undefined, unshown: "restored" });
  t.deepEqual(notes, ["c/s/3/zzz"]);
  t.like((await mended(["c/meta", "c/own"])).head, { position: at(8), mark: 0, sequence: 12 });
  t.like(
    (await mended(["c/meta"], { shown: [] })).head,
    { position: undefined, mark: 12, sequence: 12 },
    "what was never shown is joined anew",
  );
});

test("an edit that cannot be read is recorded once more, with those after it; the record goes", async (t) => {
  const { head, keys } = await mended([KEY(8)]);
  t.like(head, { position: at(9), mark: 7, sequence: 9 });
  t.deepEqual(
    keys.filter((key) => key.startsWith("c/p/")),
    [KEY(9)],
  );
  const outOfStep = { whole: { ...WHOLE, sequence: 8 }, moved: { ...MOVED, sequence: 10 } };
  t.is((await mended([KEY(8)], outOfStep)).head?.mark, 0, "where numbers are no marks, all that the stores have");
});
