/** What each durable step of a client's copy leaves behind, and what the next start finds of it. */
import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import type { Storage } from "../../../hal/storage.ts";
import { must } from "../../../src/model/assert.ts";
import { deviceId, joinId } from "../../../src/model/ids.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { userOwner } from "../../../src/model/owner.ts";
import { encodeAccepted } from "../../../src/protocol/edit.ts";
import { type Change, encodeChange } from "../../../src/protocol/change.ts";
import { packPart } from "../../../src/protocol/part.ts";
import { beginCopyOf, hasCopyOf } from "../../../src/store/copy-of.ts";
import { generationPrefix, resetReplica } from "../../../src/store/generations.ts";
import { CLIENT_HISTORY, keepLost, readHistory, trimHistory } from "../../../src/store/history.ts";
import { NotAppliedList } from "../../../src/store/not-applied.ts";
import { pendingOf } from "../../../src/store/pending.ts";
import { NEW_OWNER, packOwner } from "../../../src/store/records.ts";
import { Replica } from "../../../src/store/replica.ts";
import { ALICE, answeredAt, at, DEVICE, editOf, replicaOf } from "../roles/own-copy.ts";

const JOIN = joinId("7".repeat(16));
const SCOPE = { scope: "shared", since: 3, renewed: 3, offer: { id: JOIN, base: 3 } } as const;

const change = (revision: number, other: Partial<Change> = {}): Uint8Array =>
  encodeChange({ revision, at: 200, edits: [], removals: [], adoption: undefined, logins: [], scopes: [], purges: [], ...other });

const evictionAt = (revision: number): Uint8Array => change(revision, { removals: [{ owner: ALICE, kind: "evicted" }] });

async function keysOf(storage: Storage, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const [key] of storage.range({ from: prefix, to: `${prefix}\uffff` })) keys.push(key);
  return keys;
}

/** A snapshot at this revision arrives and becomes the base. */
async function switchedTo(replica: Replica, revision: number): Promise<void> {
  await replica.beginTransfer(at(revision), 100);
  await replica.storePart({ bytes: packPart([]), last: "", end: true, revision });
  await replica.switchBase([], {});
}

test("P29 a base that another one has replaced is gone from the disk, and not only at the next start", async (t) => {
  const storage = new MemoryStorage();
  const entries = [{ revision: 5, edit: { ...editOf(1), why: "first" } } as const];
  const replica = await replicaOf(storage, {}, [], { entries });
  const old = replica.head.generation;
  t.not((await keysOf(storage, generationPrefix(old))).length, 0);
  await switchedTo(replica, 20);
  t.deepEqual(await keysOf(storage, generationPrefix(old)), []);
});

test("P29 what a block of changes touches is looked for at once, not change by change", async (t) => {
  const memory = new MemoryStorage();
  await replicaOf(memory, {}, []);
  let looks = 0;
  const storage: Storage = {
    get: (key) => memory.get(key),
    range: (options) => memory.range(options),
    write: (batch) => memory.write(batch),
    close: () => memory.close(),
    getMany(keys) {
      looks += 1;
      return memory.getMany(keys);
    },
  };
  const replica = await Replica.open(storage, DEVICE);
  const { revision } = must(replica.position, "a base");
  looks = 0;
  const login = (n: number) => change(revision + n, { logins: [{ owner: must(userOwner(`user${n}`), "an owner"), day: n }] });
  t.not(await replica.accept([login(1), login(2), login(3)], undefined), "gap");
  t.deepEqual([looks, (await replica.owners()).size], [1, 3]);
});

test("P1 a switch brings the journal time of its position: no edit made on top of it is older", async (t) => {
  const storage = new MemoryStorage();
  const replica = await replicaOf(storage, {}, []);
  await replica.beginTransfer(at(20), 300);
  await replica.storePart({ bytes: packPart([]), last: "", end: true, revision: 20 });
  await replica.replay([change(21, { removals: [{ owner: ALICE, kind: "deleted" }] })]);
  t.is(replica.head.at, 100);
  t.deepEqual([replica.head.transfer?.at, replica.head.transfer?.position.revision], [200, 21]);
  await replica.switchBase([], {});
  t.deepEqual([replica.head.at, (await Replica.open(storage, DEVICE)).head.at], [200, 200]);
});

test("P9 a switch takes off what the arriving base has answered, of a join's edits and of others", async (t) => {
  const storage = new MemoryStorage();
  const replica = await replicaOf(storage, {}, [answeredAt(editOf(1), 15), answeredAt(editOf(2), 21), pendingOf(editOf(3))]);
  await switchedTo(replica, 20);
  for (const { pending } of [replica, await Replica.open(storage, DEVICE)])
    t.deepEqual(
      [...pending.all()].map(({ edit }) => edit.id.sequence),
      [2, 3],
    );
});

test("P6 marks of edits that do not travel are recorded as well: nobody looks at them again", async (t) => {
  const storage = new MemoryStorage();
  const replica = await replicaOf(storage, { mark: 3, sequence: 3, lastStamp: 9 }, []);
  await replica.record([], 5);
  const { head } = await Replica.open(storage, DEVICE);
  t.deepEqual([head.mark, head.sequence, head.lastStamp], [5, 3, 9]);
});

test("P26 M15 the end of an owner is kept in mind where this machine may hold more of the owner than the base does, and nowhere else", async (t) => {
  const minded = async (prepare: (replica: Replica) => Promise<void>, ...changes: readonly Uint8Array[]) => {
    const storage = new MemoryStorage();
    const replica = await replicaOf(storage, { mark: 4 }, []);
    await prepare(replica);
    await replica.accept(changes, undefined);
    return (await Replica.open(storage, DEVICE)).removed.all();
  };
  const known = [[ALICE, { kind: "evicted", at: 200, mark: 4 }]];
  t.deepEqual(await minded(async () => undefined, evictionAt(11)), []);
  t.deepEqual(await minded((replica) => replica.write([], { places: { server: "0".repeat(16), apart: false } }), evictionAt(11)), []);
  t.deepEqual(await minded((replica) => replica.write([], { places: { server: "0".repeat(16), apart: true } }), evictionAt(11)), known);
  t.deepEqual(await minded((replica) => replica.write([replica.offers.set("user:bob", { kind: "wanted" })], {}), evictionAt(11)), known);
  t.deepEqual(await minded((replica) => replica.write([replica.scopes.set("timeline", SCOPE)], {}), evictionAt(11)), []);
  const specific = { ...SCOPE, scope: "device-specific" } as const;
  t.deepEqual(await minded((replica) => replica.write([replica.scopes.set("timeline", specific)], {}), evictionAt(11)), known);
  const scoping = change(12, { scopes: [{ item: "timeline", scope: "device-specific" }] });
  t.deepEqual(await minded(async () => undefined, evictionAt(11), scoping), known, "with a change of scope that comes with it");
});

test("M19 changes are taken up to the first that changes a scope: this machine follows that one before it goes on", async (t) => {
  const replica = await replicaOf(new MemoryStorage(), {}, []);
  const scoping = change(12, { scopes: [{ item: "timeline", scope: "device-specific" }] });
  const took = await replica.accept([change(11), scoping, change(13)], undefined);
  t.deepEqual(took === "gap" ? took : took.changes.map(({ revision }) => revision), [11, 12]);
  t.is(replica.position?.revision, 12);
});

test("P9 an own edit that comes back in a change lies on top no longer, nor does an older one of the same entry", async (t) => {
  const storage = new MemoryStorage();
  const own = [
    pendingOf(editOf(1, { key: "k" })),
    pendingOf(editOf(2)),
    pendingOf(editOf(3, { key: "k" })),
    pendingOf(editOf(4, { key: "k" })),
  ];
  const replica = await replicaOf(storage, {}, own);
  const edit = { ...editOf(3, { key: "k" }), why: "first" } as const;
  await replica.accept([change(11, { edits: [{ edit, bytes: encodeAccepted(edit) }] })], undefined);
  for (const { pending } of [replica, await Replica.open(storage, DEVICE)])
    t.deepEqual(
      [...pending.all()].map(({ edit: { id } }) => id.sequence),
      [2, 4],
    );
});

test("P9 what the server itself wrote, in the name of its machine, is no edit of that machine's own client: what waits there still lies on top", async (t) => {
  const replica = await replicaOf(new MemoryStorage(), {}, [pendingOf(editOf(1, { key: "k" }))]);
  const edit = { ...editOf(8, { key: "k", value: undefined }), why: "server" } as const;
  await replica.accept([change(11, { edits: [{ edit, bytes: encodeAccepted(edit) }] })], undefined);
  t.deepEqual(await replica.visible([edit]), ["x"]);
});

test("P9 what an own edit showed before it came back is told with what stands now: a machine that shows the same already need not write it", async (t) => {
  const replica = await replicaOf(new MemoryStorage(), {}, [pendingOf(editOf(1)), pendingOf(editOf(2, { value: "mine" }))]);
  const edits = [editOf(1), editOf(2, { value: "moved" }), editOf(3)].map((edit) => ({ ...edit, why: "first" }) as const);
  const took = await replica.accept([change(11, { edits: edits.map((edit) => ({ edit, bytes: encodeAccepted(edit) })) })], undefined);
  if (took === "gap") return t.fail();
  t.deepEqual([...took.own.values()], ["x", "mine"]);
  t.deepEqual([...took.values.values()], ["x", "moved", "x"]);
});

test("P1 P6 what was recorded last is kept in mind: the number, the time and the mark from which the next edit goes on", async (t) => {
  const storage = new MemoryStorage();
  const replica = await replicaOf(storage, {}, []);
  await replica.record([editOf(4, { stamp: 70 }), editOf(6, { stamp: 90 })].map(pendingOf), 8);
  await replica.record([], 9);
  for (const { head } of [replica, await Replica.open(storage, DEVICE)]) t.like(head, { sequence: 6, lastStamp: 90, mark: 9 });
});

test("B02 what an arriving change replaces of this machine's own is kept in the same write, and nothing else of it is", async (t) => {
  const standing = (key: string, other = {}) => ({ revision: 5, edit: { ...editOf(1, { key, ...other }), why: "first" } }) as const;
  const entries = [standing("mine"), standing("seen"), standing("theirs", { id: { ...editOf(1).id, device: deviceId("b".repeat(32)) } })];
  const storage = new MemoryStorage();
  const replica = await replicaOf(storage, {}, [], { entries });
  const later = (key: string, why: "later" | "seen") =>
    ({ ...editOf(9, { key, value: "new", id: { ...editOf(9).id, device: deviceId("c".repeat(32)) } }), why }) as const;
  const edits = [later("mine", "later"), later("seen", "seen"), later("theirs", "later")].map((edit) => ({
    edit,
    bytes: encodeAccepted(edit),
  }));
  const kept = { key: "kept", value: Uint8Array.of(1) };
  const heard = { time: 300, wallMs: 1, monotonicMs: 1, boot: "b" } as never;
  const took = await replica.accept([change(11, { edits })], heard, async (overtaken) => {
    t.deepEqual(
      overtaken.map(({ key }) => key),
      ["mine"],
    );
    return [kept];
  });
  t.true(took !== "gap" && took.overtaken.length === 1);
  t.deepEqual(await storage.get("kept"), kept.value);
  t.deepEqual(replica.head.heard, heard);
});

test("P9 what leaves with a change uncovers what stands below it: such an entry is told as touched", async (t) => {
  const own = [answeredAt(editOf(1), 11), answeredAt(editOf(2), 12)];
  const replica = await replicaOf(new MemoryStorage(), {}, own);
  const took = await replica.accept([change(11)], undefined);
  if (took === "gap") return t.fail();
  t.deepEqual(
    [...took.entries.values()].map(({ key }) => key),
    ["1"],
    "its answer was of revision 11",
  );
  t.deepEqual(
    [...replica.pending.all()].map(({ edit: { id } }) => id.sequence),
    [2],
  );
});

test("P29 a transfer that takes the place of another leaves nothing of it, has a generation of its own, and brings the time that was heard", async (t) => {
  const storage = new MemoryStorage();
  const replica = await replicaOf(storage, {}, []);
  const heard = { time: 300, wallMs: 1, monotonicMs: 1, boot: "b" } as never;
  await replica.beginTransfer(at(20), 100, heard);
  const [first, base] = [replica.head.transfer?.generation, replica.head.generation];
  await replica.storePart({ bytes: packPart([["o/user:alice", packOwner(NEW_OWNER)]]), last: "o/user:alice", end: false, revision: 20 });
  await replica.write([], {});
  t.not((await keysOf(storage, generationPrefix(must(first, "a transfer")))).length, 0);
  await replica.beginTransfer(at(21), 100);
  t.deepEqual(await keysOf(storage, generationPrefix(must(first, "a transfer"))), []);
  t.is(new Set([base, first, replica.head.transfer?.generation]).size, 3);
  t.deepEqual(replica.head.heard, heard);
  await t.throwsAsync(replica.replay([change(22)]), { message: /after the last part/ });
});

test("P29 what a switch has not shown yet is told to the next start; what it is to be kept as stays", async (t) => {
  for (const [unshown, after] of [
    [undefined, "show"],
    ["replaced-at-join", "replaced-at-join"],
  ] as const) {
    const storage = new MemoryStorage();
    const replica = await replicaOf(storage, { unshown }, []);
    await switchedTo(replica, 20);
    t.deepEqual([replica.head.unshown, (await Replica.open(storage, DEVICE)).head.unshown], [after, after]);
  }
});

test("P20 P21 a copy that begins anew has nothing of the one before: no base, edits, offers, scopes, removals or lists", async (t) => {
  const storage = new MemoryStorage();
  const replica = await replicaOf(storage, {}, [pendingOf(editOf(1))]);
  await replica.beginTransfer(at(20), 100);
  await replica.write(
    [
      replica.offers.set("user:bob", { kind: "wanted" }),
      replica.scopes.set("timeline", SCOPE),
      replica.removed.add(ALICE, { kind: "deleted", at: 1, mark: 1 }),
    ],
    {},
  );
  const list = await NotAppliedList.open(storage);
  await list.note([], [{ owner: ALICE, item: "shortcut", key: "1", because: "evicted", detail: "" }]);
  await storage.write([keepLost(CLIENT_HISTORY, { ...editOf(1), because: "superseded", lostAtMs: 1 }, 1)]);
  await resetReplica(storage, 9);
  t.deepEqual(await keysOf(storage, "c/"), [...(await keysOf(storage, "c/h/")), "c/meta"]);
  const { head, offers, scopes, removed, pending } = await Replica.open(storage, DEVICE);
  t.deepEqual([head.mark, head.sequence, head.position, head.transfer], [9, 9, undefined, undefined]);
  t.deepEqual([offers.size, scopes.items().length, removed.size, pending.size], [0, 0, 0, 0]);
  t.is((await NotAppliedList.open(storage)).size, 0);
  t.is((await keysOf(storage, "c/h/")).length, 1, "but its history");
});

test("P21 a copy of another fleet goes before a client works in this one; of the same fleet it stays, whichever machine serves", async (t) => {
  const storage = new MemoryStorage();
  const [one, other] = [Uint8Array.of(1), Uint8Array.of(2)];
  t.false(await hasCopyOf(storage, one), "there is none");
  await beginCopyOf(storage, one, 0);
  await replicaOf(storage, {}, [pendingOf(editOf(1))]);
  t.deepEqual([await hasCopyOf(storage, one), await hasCopyOf(storage, other), await hasCopyOf(storage, undefined)], [true, false, true]);
  await beginCopyOf(storage, one, 5);
  t.is((await Replica.open(storage, DEVICE)).pending.size, 1);
  await beginCopyOf(storage, other, 5);
  const { head, pending } = await Replica.open(storage, DEVICE);
  t.deepEqual([head.position, head.mark, pending.size], [undefined, 5, 0]);
  t.false(await hasCopyOf(storage, other), "until it has joined there");
});

test("B02 a history keeps the newest of what was lost, as many as there is room for and as long as it may", async (t) => {
  const storage = new MemoryStorage();
  const lost = (lostAtMs: number, sequence: number) =>
    keepLost(CLIENT_HISTORY, { ...editOf(sequence), because: "superseded", lostAtMs }, sequence);
  const day = 24 * 3600 * 1000;
  await storage.write(Array.from({ length: LIMITS.historyRecordsMax + 2 }, (_, index) => lost(day + index, index)));
  await trimHistory(storage, CLIENT_HISTORY, undefined);
  const count = async () => {
    let kept = 0;
    for await (const _ of readHistory(storage, CLIENT_HISTORY)) kept += 1;
    return kept;
  };
  t.is(await count(), LIMITS.historyRecordsMax);
  t.is((await keysOf(storage, CLIENT_HISTORY.from))[0], lost(day + 2, 2).key);
  await trimHistory(storage, CLIENT_HISTORY, day + 3);
  t.is((await keysOf(storage, CLIENT_HISTORY.from))[0], lost(day + 3, 3).key, "so long, and not a moment more");
  t.is(await count(), LIMITS.historyRecordsMax - 1);
});

test("M27 the list of what is not shown: what one write shows of it goes, unless it says again why not", async (t) => {
  const storage = new MemoryStorage();
  const list = await NotAppliedList.open(storage);
  const name = (key: string) => ({ owner: ALICE, item: "shortcut", key });
  const not = (key: string, because: "machine" | "evicted" = "machine") => ({ ...name(key), because, detail: "" });
  t.is((await list.note([], [not("1"), not("2")])).length, 2);
  t.deepEqual(await list.note([name("1"), name("2")], [not("2")]), [], "that is no news");
  for (const read of [list, await NotAppliedList.open(storage)]) t.deepEqual(read.all(), [not("2")]);
  t.deepEqual(await list.note([], [not("2", "evicted")]), [not("2", "evicted")], "another reason is news");
  const many = Array.from({ length: LIMITS.notAppliedMax }, (_, index) => not(`k${index}`));
  await list.note([], many);
  t.is((await NotAppliedList.open(storage)).size, LIMITS.notAppliedMax);
});
