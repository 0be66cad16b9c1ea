/** What a server decides together, and whom it answers: pushes and offers as they come, one write for those that wait. */
import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { DEFAULT_CONFIG } from "../../../src/model/config.ts";
import { type Edit, ONE_TOUCH_LIST } from "../../../src/model/entry.ts";
import { deviceId, epochId, fleetId, joinId } from "../../../src/model/ids.ts";
import { must } from "../../../src/model/assert.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { COMMON, type Owner, userOwner } from "../../../src/model/owner.ts";
import type { DownBody } from "../../../src/protocol/down.ts";
import { encodeAccepted, encodeEdit } from "../../../src/protocol/edit.ts";
import { packRecords } from "../../../src/protocol/block.ts";
import type { Offer } from "../../../src/protocol/offer.ts";
import { packPart } from "../../../src/protocol/part.ts";
import { CommunicationLog } from "../../../src/roles/communication-log.ts";
import { Committer } from "../../../src/roles/server/committer.ts";
import { JournalTime } from "../../../src/roles/server/journal-time.ts";
import { OwnerTable } from "../../../src/roles/server/owner-table.ts";
import { ScopeTable } from "../../../src/roles/server/scope-table.ts";
import { SnapshotParts } from "../../../src/roles/server/snapshot-parts.ts";
import { UserNotices } from "../../../src/roles/server/user-notices.ts";
import { Session } from "../../../src/roles/server/session.ts";
import { Sessions } from "../../../src/roles/server/sessions.ts";
import { type Kept, keepLost, readHistory, SERVER_HISTORY } from "../../../src/store/history.ts";
import { Journal } from "../../../src/store/journal.ts";
import { entryKey, ownerKey } from "../../../src/store/keys.ts";
import { packEntry, unpackEntry, unpackOwner } from "../../../src/store/records.ts";
import { ManualClock } from "../../contract/manual-clock.ts";
import { ALICE, DEVICE, editOf, RUN } from "./own-copy.ts";
import { HELLO, SESSION } from "./own-exchange.ts";

const ANOTHER = deviceId("b".repeat(32));
const JOIN = joinId("7".repeat(16));
const bob = must(userOwner("bob"), "an owner");
const offerOf = (bytes: Uint8Array): Offer => ({
  ...{ kind: "offer", join: JOIN, holding: bob, item: undefined, baseRevision: 0, lastSequence: 2 },
  ...{ part: 0, of: 1, deflated: false, bytes },
});

/** A server that begins with nothing, one machine in session, and what is said: "> changes" goes to all. */
async function serving(usersMax = DEFAULT_CONFIG.usersMax, here: Owner | undefined = undefined, kept?: number) {
  const config = { ...DEFAULT_CONFIG, usersMax };
  const storage = new MemoryStorage();
  const clock = new ManualClock();
  const first = () => ({ fleet: fleetId("f".repeat(32)), epoch: { number: 1, id: epochId("e".repeat(16)), first: 1 } });
  const journal = await Journal.open(storage, first, kept);
  const journalTime = await JournalTime.open(storage, clock);
  const sessions = new Sessions();
  const session = new Session({ id: SESSION, device: DEVICE, hello: { ...HELLO, number: 1 }, by: "network", heardMs: 0 });
  sessions.open(session);
  const said: string[] = [];
  const answered: DownBody[] = [];
  const log = new CommunicationLog({ storage, clock });
  const committer = new Committer({
    journal,
    journalTime,
    owners: await OwnerTable.open(journal.view()),
    scopes: await ScopeTable.open(journal.view()),
    voice: {
      send: (_: unknown, __: unknown, body: DownBody) => {
        answered.push(body);
        said.push(`${body.kind} at ${journal.position.revision}`);
      },
      broadcast: (body: DownBody) => said.push(`> ${body.kind} at ${journal.position.revision}`),
    } as never,
    log,
    notices: new UserNotices({ log, config }),
    sessions,
    snapshotParts: new SnapshotParts(journal),
    config,
    restrictions: { maxUsersPolicy: () => "delete-oldest" } as never,
    users: { loggedIn: () => (here === undefined ? undefined : { owner: here }) } as never,
    storage,
    clock,
    device: deviceId("5e".repeat(16)),
    run: RUN,
  });
  const push = (number: number, ...edits: readonly Edit[]): void =>
    committer.push(session, { kind: "push", number, edits: edits.map(encodeEdit) });
  const take = (): string[] => said.splice(0);
  const standing = async (edit: Edit) => {
    const record = await journal.stateRecord(entryKey(edit));
    return record === undefined ? undefined : unpackEntry(record).edit;
  };
  const histories = async (): Promise<string[]> => {
    const keys: string[] = [];
    for await (const { owner, key } of readHistory(storage, SERVER_HISTORY)) keys.push(`${owner} ${key}`);
    return keys;
  };
  const logged = () => log.records().map(({ note }) => note?.kind);
  return { committer, session, push, take, answered, standing, histories, logged, clock, journal, journalTime, storage };
}

test("P7 P8 a push is answered when it is durable, after all have been told; what waits goes into one write", async (t) => {
  const { committer, push, take, answered } = await serving();
  push(1, editOf(1), editOf(2));
  t.deepEqual(take(), []);
  await committer.flush();
  t.deepEqual(take(), ["> changes at 1", "answers at 1"]);
  const [answers] = answered;
  t.deepEqual(answers?.kind === "answers" ? answers.answers.map(({ outcome, revision }) => [outcome, revision]) : [], [
    ["accepted", 1],
    ["accepted", 1],
  ]);
});

test("P4 journal time is durable with each change: after a power-off with the date of long ago it goes on from there", async (t) => {
  const { committer, push, clock, journalTime, storage } = await serving();
  await clock.advance(50_000);
  push(1, editOf(1));
  await committer.flush();
  const later = new ManualClock("boot-2");
  later.stepWall(-86_400_000);
  t.true((await JournalTime.open(storage, later)).now() >= journalTime.now());
});

test("P7 one push of a session waits at a time: however often it comes before it is decided, it is decided once", async (t) => {
  const { committer, push, take } = await serving();
  for (let time = 0; time < 5; time += 1) push(1, editOf(1));
  push(2, editOf(2));
  await committer.flush();
  t.deepEqual(take(), ["> changes at 1", "answers at 1"]);
  push(2, editOf(2));
  await committer.flush();
  t.deepEqual(take(), ["> changes at 2", "answers at 2"]);
});

test("P7 P18 a push waits for no offer of its machine, and for no other machine's push", async (t) => {
  const { committer, session, push, take, answered } = await serving();
  const other = new Session({ id: SESSION, device: ANOTHER, hello: { ...HELLO, number: 1 }, by: "network", heardMs: 0 });
  committer.push(other, { kind: "push", number: 1, edits: [encodeEdit({ ...editOf(1), id: { ...editOf(1).id, device: ANOTHER } })] });
  committer.offer(session, offerOf(packRecords([encodeEdit(editOf(2, { owner: bob }))])));
  push(1, editOf(3));
  await committer.flush();
  t.deepEqual(
    answered.map(({ kind }) => kind),
    ["answers", "offer-answer", "answers"],
  );
  t.like(answered[1], { holding: bob, outcome: "accepted", revision: 2 });
  t.deepEqual(take().slice(0, 1), ["> changes at 3"]);
});

test("P18 an offer that cannot be read is answered, so that its machine's join comes to its end; nothing of it is taken", async (t) => {
  const { committer, session, answered, journal } = await serving();
  committer.offer(session, offerOf(Uint8Array.of(0xff)));
  await committer.flush();
  t.like(answered, [{ kind: "offer-answer", join: JOIN, holding: bob, item: undefined, outcome: "too-many-entries", revision: 0 }]);
  t.is(journal.position.revision, 0);
});

test("P18 an offer in pieces is decided, and answered, when all of it is there", async (t) => {
  const { committer, session, take } = await serving();
  const bytes = packRecords([encodeEdit(editOf(1, { owner: bob })), encodeEdit(editOf(2, { owner: bob }))]);
  const half = Math.ceil(bytes.length / 2);
  committer.offer(session, { ...offerOf(bytes.subarray(0, half)), of: 2 });
  await committer.flush();
  t.deepEqual(take(), []);
  committer.offer(session, { ...offerOf(bytes.subarray(half)), of: 2, part: 1 });
  await committer.flush();
  t.deepEqual(take(), ["> changes at 1", "offer-answer at 1"]);
});

test("M15 P26 whoever is deleted leaves the server's history with it; common data and strangers are not deleted", async (t) => {
  const { committer, push, storage, histories, journal, logged } = await serving();
  push(1, editOf(1));
  await committer.flush();
  const lost = { ...editOf(1), because: "restored", lostAtMs: 1 } as const;
  await storage.write([keepLost(SERVER_HISTORY, lost, 1), keepLost(SERVER_HISTORY, { ...lost, owner: bob }, 2)]);
  t.deepEqual([await committer.delete(COMMON), await committer.delete(bob)], [{ word: "common-kept" }, { word: "owner-unknown" }]);
  t.deepEqual([journal.position.revision, logged()], [1, []]);
  t.is(await committer.delete(ALICE), "done");
  t.deepEqual([journal.position.revision, await histories(), logged()], [2, [`${bob} 1`], ["owner-deleted"]]);
  const record = await journal.stateRecord(ownerKey(ALICE));
  t.is(record === undefined ? undefined : unpackOwner(record).deleted?.revision, 2);
});

test("M18 M19 a scope is in force, and durable, when whoever changed it hears so: what comes after it is judged by it", async (t) => {
  const { committer, push, answered, journal } = await serving();
  await committer.setScopes([{ item: "shortcut", scope: "device-specific" }]);
  t.is(journal.position.revision, 1);
  push(1, editOf(1));
  await committer.flush();
  t.like(answered, [{ kind: "answers", answers: [{ outcome: "device-specific" }] }]);
});

test("B02 what is put back comes after what waited, and what goes along with it is written only if it is done", async (t) => {
  const { committer, push, take, storage, journal, standing } = await serving();
  const kept = (key: string, item = "shortcut"): Kept => {
    const lost = { ...editOf(7, { key, item }), because: "restored", lostAtMs: 1 } as const;
    return { storageKey: keepLost(SERVER_HISTORY, lost, 1).key, lost };
  };
  push(1, editOf(1));
  const also = (key: string) => [{ key, value: Uint8Array.of(1) }];
  t.like(await committer.putBack(ALICE, [kept("1"), kept("7")], also("x/done")), { entries: 1 });
  t.deepEqual(take(), ["> changes at 1", "answers at 1", "> changes at 2"]);
  t.is((await standing(editOf(7)))?.by, "put-back");
  await committer.setScopes([{ item: "shortcut", scope: "device-specific" }]);
  t.deepEqual(await committer.putBack(ALICE, [kept("8")], also("x/refused")), { word: "device-specific" });
  t.deepEqual([await storage.get("x/done"), await storage.get("x/refused")], [Uint8Array.of(1), undefined]);
  t.is(journal.position.revision, 3);
});

test("M05 M17 M32 what is refused for want of room, and what gets another number, is in the log", async (t) => {
  const full = await serving(0);
  full.push(1, editOf(1));
  await full.committer.flush();
  t.deepEqual(full.logged(), ["refused", "users-near-limit"]);
  const { committer, push, logged } = await serving();
  const address = (sequence: number, key: string) =>
    editOf(sequence, { owner: COMMON, item: "common-address", key, value: { name: key, subdbid: ONE_TOUCH_LIST, indxid: "5" } });
  push(1, address(1, "a"), address(2, "b"));
  await committer.flush();
  t.deepEqual(logged(), ["number-moved"]);
});

test("B06 what is brought is answered by its number once it was decided, also where nothing of it is taken", async (t) => {
  const { committer, session, answered, journal } = await serving();
  committer.bring(session, { kind: "bring", number: 3, common: 0, bytes: packPart([]) });
  t.deepEqual(answered, []);
  await committer.flush();
  t.deepEqual(answered, [{ kind: "brought", number: 3 }]);
  t.is(journal.position.revision, 0);
});

test("P7 a push that was decided is answered alike, at once; one before it was answered already", async (t) => {
  const { committer, push, take, answered } = await serving();
  push(1, editOf(1));
  await committer.flush();
  push(2, editOf(2));
  await committer.flush();
  take();
  push(2, editOf(2));
  push(1, editOf(1));
  t.deepEqual(take(), ["answers at 2"]);
  t.deepEqual(answered.at(-1), answered.at(-2));
  await committer.flush();
  t.deepEqual(take(), [], "and nothing is decided again");
});

test("P6 an edit that is nobody's, or another machine's, spoils its push: it is not answered, and nothing of it is taken", async (t) => {
  const { committer, push, take } = await serving();
  push(1, editOf(1), editOf(2, { id: { device: deviceId("b".repeat(32)), run: RUN, sequence: 2 } }));
  push(1, editOf(0));
  await committer.flush();
  t.deepEqual(take(), []);
});

test("M17 P6 what the timeline drops the server deletes itself: each deletion has a name of its own, and stands against what was made before it", async (t) => {
  const { committer, push, standing, answered } = await serving();
  const turn = (sequence: number, key = sequence): Edit => editOf(sequence, { item: "timeline", key: `${key}`, stamp: sequence });
  push(1, ...Array.from({ length: 12 }, (_, index) => turn(index + 1)), turn(13, 1));
  await committer.flush();
  const dropped = await Promise.all([turn(1), turn(2)].map(standing));
  t.deepEqual(
    dropped.map((edit) => [edit?.value, edit?.why, edit?.id.device]),
    [1, 2].map(() => [undefined, "server", deviceId("5e".repeat(16))]),
  );
  t.is(new Set(dropped.map((edit) => edit?.id.sequence)).size, 2);
  const [answers] = answered;
  t.is(answers?.kind === "answers" ? answers.answers.at(-1)?.outcome : "", "superseded", "the first again, made before it was dropped");
});

test("M22 B02 who makes room is told in the log, and is in the history for its days, counted by journal time", async (t) => {
  const { committer, push, histories, logged, clock } = await serving(1);
  push(1, editOf(1));
  await committer.flush();
  push(2, editOf(2, { owner: must(userOwner("bob"), "an owner") }));
  await committer.flush();
  t.deepEqual(await histories(), [`${ALICE} 1`]);
  t.true(logged().includes("owner-evicted"));
  const day = 24 * 3_600_000;
  await clock.advance((DEFAULT_CONFIG.historyDays - 1) * day);
  await committer.tidy();
  t.is((await histories()).length, 1);
  await clock.advance(2 * day);
  await committer.tidy();
  t.deepEqual(await histories(), []);
});

test("M15 M22 who is deleted is held no more, and who logs in is known by the day: once", async (t) => {
  const { committer, push, journal, clock, logged } = await serving();
  push(1, editOf(1));
  await committer.flush();
  await clock.advance(24 * 3_600_000);
  for (let time = 0; time < 2; time += 1) {
    committer.logins([ALICE, bob]);
    await committer.flush();
  }
  t.is(journal.position.revision, 2);
  t.is(await committer.delete(ALICE), "done");
  t.deepEqual(await committer.delete(ALICE), { word: "owner-unknown" });
  t.deepEqual(await committer.delete(bob), { word: "owner-unknown" });
  t.is(journal.position.revision, 3);
  t.deepEqual(
    logged().filter((kind) => kind === "owner-deleted"),
    ["owner-deleted"],
  );
});

test("M22 who has logged in since makes no room for a new user before somebody who has not", async (t) => {
  const { committer, push, histories, clock } = await serving(2);
  push(1, editOf(1), editOf(2, { owner: bob }));
  await committer.flush();
  await clock.advance(24 * 3_600_000);
  committer.logins([ALICE]);
  await committer.flush();
  push(2, editOf(3, { owner: must(userOwner("carol"), "an owner") }));
  await committer.flush();
  t.deepEqual(await histories(), [`${bob} 2`]);
});

test("M22 P26 nobody makes room who is logged in at the server machine itself", async (t) => {
  const { committer, push, answered } = await serving(1, ALICE);
  push(1, editOf(1));
  await committer.flush();
  push(2, editOf(2, { owner: bob }));
  await committer.flush();
  const last = answered.at(-1);
  t.is(last?.kind === "answers" ? last.answers[0]?.outcome : "", "too-many-users");
});

test("P29 changes that a transfer still wants are kept, however many come", async (t) => {
  const { committer, session, push, journal } = await serving(undefined, undefined, 2);
  session.wants(0);
  for (let sequence = 1; sequence <= 20; sequence += 1) {
    push(sequence, editOf(sequence));
    await committer.flush();
  }
  t.true(journal.keepsAfter(0));
  session.wants(undefined);
  push(21, editOf(21));
  await committer.flush();
  t.false(journal.keepsAfter(0));
});

test("P25 what was deleted long ago is remembered one by one no longer, be it of one owner alone", async (t) => {
  const { committer, push, standing, clock, journal } = await serving();
  const [set, gone] = [editOf(1), editOf(2, { key: "1", value: undefined, seen: 1 })];
  push(1, set);
  await committer.flush();
  push(2, gone);
  await committer.flush();
  await clock.advance(LIMITS.tombstoneMs + 24 * 3_600_000);
  const before = journal.position.revision;
  await committer.tidy();
  t.true(committer.isDue);
  await committer.flush();
  t.is(journal.position.revision, before + 1);
  t.is(await standing(set), undefined);
});

test("B06 M22 P3 who makes room for what is brought to an heir is told in the log as well; what comes from the future is of when it was made the server", async (t) => {
  const { committer, session, push, standing, logged, clock, journal } = await serving(1);
  const mandate = { at: clock.wallMs(), id: "7".repeat(16) } as never;
  await clock.advance(60_000);
  push(1, editOf(1));
  await committer.flush();
  const brought = { ...editOf(2, { owner: must(userOwner("bob"), "an owner"), stamp: clock.wallMs() + 3_600_000 }), why: "first" } as const;
  const bytes = packPart([[entryKey(brought), packEntry(9, encodeAccepted(brought))]]);
  const bring = { kind: "bring", number: 1, common: 1, bytes } as const;
  committer.bring(session, bring);
  await committer.flush();
  await journal.beginEpoch({ id: epochId("c".repeat(16)), above: 1, first: 2, born: "restore" });
  committer.bring(session, bring);
  await committer.flush();
  t.is(await standing(brought), undefined, "it is no heir, and takes nothing; a restored state is none either");
  await journal.beginEpoch({ id: epochId("d".repeat(16)), above: 2, first: 2, born: "promotion", mandate });
  await committer.inherit(session, bring);
  t.like(await standing(brought), { why: "brought", stamp: Reflect.get(mandate, "at") });
  t.deepEqual(
    logged().filter((kind) => kind === "owner-evicted"),
    ["owner-evicted"],
  );
});
