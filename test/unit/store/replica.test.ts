import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { must } from "../../../src/model/assert.ts";
import { deviceId, epochId, fleetId } from "../../../src/model/ids.ts";
import { userOwner } from "../../../src/model/owner.ts";
import { CHAIN_START } from "../../../src/model/position.ts";
import { packPart } from "../../../src/protocol/part.ts";
import { generationPrefix, REPLICA_META } from "../../../src/store/generations.ts";
import { CLIENT_HISTORY, keepLost, type Lost } from "../../../src/store/history.ts";
import { Replica } from "../../../src/store/replica.ts";
import { EMPTY_HEAD, packReplicaHead } from "../../../src/store/replica-head.ts";
import { NEW_OWNER, packOwner } from "../../../src/store/records.ts";

const DEVICE = deviceId("a".repeat(32));
const START = { fleet: fleetId("f".repeat(32)), epoch: { number: 1, id: epochId("e".repeat(16)) }, revision: 5, chainHash: CHAIN_START };

test("P29 what is left of a transfer that was dropped, and not cleared to its end, is not in the next one", async (t) => {
  const storage = new MemoryStorage();
  await storage.write([
    { key: REPLICA_META, value: packReplicaHead({ ...EMPTY_HEAD, position: START, generation: 3 }) },
    { key: `${generationPrefix(4)}o/user:ghost`, value: packOwner(NEW_OWNER) },
  ]);
  const replica = await Replica.open(storage, DEVICE);
  await replica.beginTransfer(START, 1);
  const part = packPart([["o/user:alice", packOwner(NEW_OWNER)]]);
  await replica.storePart({ bytes: part, last: "o/user:alice", end: true, revision: 5 });
  await replica.switchBase([], {});
  t.deepEqual([...(await replica.owners()).keys()], [must(userOwner("alice"), "an owner")]);
});

test("B02 what is lost at one moment, edits and data of several entries, is kept in records of its own", (t) => {
  const owner = must(userOwner("alice"), "an owner");
  const lost = (key: string): Lost => ({ owner, item: "shortcut", key, value: "x", because: "owner-held", stamp: 0, lostAtMs: 1_000 });
  const records = [
    { key: "a", sequence: 0 },
    { key: "b", sequence: 0 },
    { key: "a", sequence: 1 },
    { key: "a", sequence: 2 },
  ].map(({ key, sequence }) => keepLost(CLIENT_HISTORY, lost(key), sequence));
  t.is(new Set(records.map(({ key }) => key)).size, 4);
});
