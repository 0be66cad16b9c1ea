import { createHash } from "node:crypto";
import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { must } from "../../../src/model/assert.ts";
import { deviceId, epochId, fleetId } from "../../../src/model/ids.ts";
import { userOwner } from "../../../src/model/owner.ts";
import { CHAIN_START } from "../../../src/model/position.ts";
import { type Change, encodeChange } from "../../../src/protocol/change.ts";
import { encodeAccepted } from "../../../src/protocol/edit.ts";
import { packPart } from "../../../src/protocol/part.ts";
import { chainAfter } from "../../../src/store/chain.ts";
import { generationPrefix } from "../../../src/store/generations.ts";
import { CLIENT_HISTORY, keepLost, type Lost } from "../../../src/store/history.ts";
import { entryKey } from "../../../src/store/keys.ts";
import { type Laid, layChanges } from "../../../src/store/lay-changes.ts";
import { Replica } from "../../../src/store/replica.ts";
import { EMPTY_HEAD } from "../../../src/store/replica-head.ts";
import { headWhole } from "../../../src/store/replica-now.ts";
import { NEW_OWNER, packOwner } from "../../../src/store/records.ts";
import { editOf, replicaOf } from "../roles/own-copy.ts";

const DEVICE = deviceId("a".repeat(32));
const START = { fleet: fleetId("f".repeat(32)), epoch: { number: 1, id: epochId("e".repeat(16)) }, revision: 5, chainHash: CHAIN_START };

/** A change that makes the entry with its own revision as its key. */
function changeAt(revision: number): Uint8Array {
  const edit = { ...editOf(revision), why: "first" } as const;
  const edits = [{ edit, bytes: encodeAccepted(edit) }];
  return encodeChange({ revision, at: 200, edits, removals: [], adoption: undefined, logins: [], scopes: [], purges: [] });
}

test("P29 what is left of a transfer that was dropped, and not cleared to its end, is not in the next one", async (t) => {
  const storage = new MemoryStorage();
  await storage.write([
    ...headWhole({ ...EMPTY_HEAD, position: START, generation: 3 }),
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

test("P12 the chain hash of a change has in it the hash before it and all of its bytes", (t) => {
  const before = "0123456789abcdef".repeat(2);
  const change = Uint8Array.of(1, 2, 3);
  const digest = createHash("sha256").update(Buffer.from(before, "hex")).update(change).digest("hex");
  t.is(chainAfter(before, change), digest.slice(0, 32));
});

test("P15 P29 changes that a view has are passed over, each of the others is laid on the one before it, and none after one that is missing", async (t) => {
  const changes = [4, 5, 6, 7].map(changeAt);
  const laid = async (chosen: readonly Uint8Array[], isLast?: (change: Change) => boolean) =>
    await layChanges((await replicaOf(new MemoryStorage(), {}, [])).baseView(false), chosen, START, isLast === undefined ? {} : { isLast });
  const [, , six, seven] = changes as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  const chainHash = chainAfter(chainAfter(START.chainHash, six), seven);
  const all = await laid(changes);
  t.like(all, { position: { ...START, revision: 7, chainHash } });
  t.deepEqual(
    all === "gap" ? all : [...all.touched.keys()],
    [6, 7].map((key) => entryKey(editOf(key))),
  );
  t.like(await laid([six, six, seven]), { position: { ...START, revision: 7, chainHash }, changes: { length: 2 } }, "said twice");
  t.is(await laid([six, changeAt(8)]), "gap");
  t.is(await laid([seven]), "gap");
  t.like(await laid(changes, ({ revision }) => revision === 6), { position: { revision: 6 }, changes: { length: 1 } });
  t.like(await laid([]), { position: START, touched: new Map(), changes: { length: 0 } });
});

test("what changes wrote need not be read again: as the last of them wrote it, unless a later one had written it before", async (t) => {
  const owner = editOf(1).owner;
  const made = (revision: number, key: string, value: string | undefined, removals: Change["removals"] = []) => {
    const edit = { ...editOf(revision, { key, value }), why: "first" } as const;
    const edits = [{ edit, bytes: encodeAccepted(edit) }];
    return encodeChange({ revision, at: 200, edits, removals, adoption: undefined, logins: [], scopes: [], purges: [] });
  };
  const entries = ["g", "l"].map((key, index) => ({ revision: 7 + index, edit: { ...editOf(3, { key }), why: "first" } as const }));
  const replica = await replicaOf(new MemoryStorage(), {}, [], { owners: { [owner]: {} }, entries });
  const laid = async (...changes: readonly Uint8Array[]) => {
    const { values, touched } = must(await layChanges(replica.baseView(false), changes, START), "no gap") as Laid;
    return [Object.fromEntries([...values].map(([key, value]) => [key.slice(-1), value])), [...touched.keys()].map((key) => key.slice(-1))];
  };
  t.deepEqual(await laid(made(6, "a", "x"), made(7, "b", undefined), made(8, "a", "y")), [{ a: "y", b: undefined }, ["a", "b"]]);
  t.deepEqual(await laid(made(6, "l", "x"), made(7, "b", "z")), [{ b: "z" }, ["b"]], "the base is newer");
  const end = { owner, kind: "deleted" } as const;
  t.deepEqual(await laid(made(6, "a", "x"), made(7, "b", "z"), made(8, "c", "z", [end])), [{ c: "z" }, ["a", "b", "g", "c"]]);
});
