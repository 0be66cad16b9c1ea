/** What a client makes of a welcome's way, of parts of a snapshot, and of changes: a table of each. */
import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { deviceId, epochId, fleetId } from "../../../src/model/ids.ts";
import { must } from "../../../src/model/assert.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { userOwner } from "../../../src/model/owner.ts";
import { unpackRecords } from "../../../src/protocol/block.ts";
import type { Changes } from "../../../src/protocol/changes.ts";
import { encodeAccepted } from "../../../src/protocol/edit.ts";
import { packPart } from "../../../src/protocol/part.ts";
import type { Welcome } from "../../../src/protocol/welcome.ts";
import { CatchUp } from "../../../src/roles/client/catch-up.ts";
import { JournalClock } from "../../../src/roles/client/journal-clock.ts";
import { CommunicationLog } from "../../../src/roles/communication-log.ts";
import { generationPrefix } from "../../../src/store/generations.ts";
import { pendingOf } from "../../../src/store/pending.ts";
import { entryKey, ownerKey } from "../../../src/store/keys.ts";
import { CLIENT_HISTORY, readHistory } from "../../../src/store/history.ts";
import { NEW_OWNER, packEntry, packOwner } from "../../../src/store/records.ts";
import { Replica } from "../../../src/store/replica.ts";
import { changesOf, partOf } from "./own-blocks.ts";
import { ALICE, at, DEVICE, editOf, replicaOf, type Standings } from "./own-copy.ts";
import { ENVELOPE, exchangeWithNobody, HELLO, welcomeTo } from "./own-exchange.ts";

const ANOTHER = deviceId("b".repeat(32));
const bob = must(userOwner("bob"), "an owner");
const keyOf = (number: number): string => entryKey(editOf(number));

/** A client at revision 10 that was told to catch up like this. */
async function told(welcome: Welcome, standings: Standings = {}, isDamaged = false) {
  const storage = new MemoryStorage();
  const whole = await replicaOf(storage, { lineage: [{ ...at(0).epoch, first: 1 }] }, [], standings);
  if (isDamaged) await storage.write([{ key: `${generationPrefix(whole.head.generation)}zzz`, value: Uint8Array.of(1) }]);
  const replica = isDamaged ? await Replica.open(storage, DEVICE) : whole;
  const { clock, exchange, enter, saidOf } = exchangeWithNobody();
  const log = new CommunicationLog({ storage, clock });
  const journalClock = new JournalClock(clock, undefined);
  const joins: unknown[] = [];
  const joiner = { forgetUnderWay: () => undefined, switchAtJoin: async (lineage: unknown) => void joins.push(lineage) } as never;
  const catchUp = new CatchUp({ replica, storage, clock, device: DEVICE, log, exchange, journalClock, joiner });
  enter(welcome);
  await catchUp.begin(welcome, HEARD);
  await catchUp.pull();
  return { storage, clock, replica, exchange, catchUp, saidOf, joins, journalClock, log };
}

test("P1 who has heard a change knows that it is not earlier by now", async (t) => {
  const { catchUp, journalClock } = await told(welcomeTo(10));
  journalClock.hear(150);
  t.not(await catchUp.changes(changesOf(11, 11), true), "gap");
  t.is(journalClock.estimate(), 200);
});

const HEARD = { time: 1, boot: "1", monotonicMs: 1 };
const NOTHING = (after: number): Changes => ({
  kind: "changes",
  first: after + 1,
  last: after,
  part: 0,
  of: 1,
  deflated: false,
  bytes: new Uint8Array(),
});

test("P16 a late word of a journal that its server has no more is forgotten when the server has nothing after what it was asked for", async (t) => {
  const { exchange, catchUp, saidOf } = await told(welcomeTo(11));
  await catchUp.changes(changesOf(12, 12), true);
  await catchUp.changes(changesOf(11, 11), false);
  await catchUp.pull();
  t.deepEqual(
    saidOf("pull-changes").map(({ after }) => after),
    [10, 11],
  );
  await catchUp.changes(changesOf(13, 13), true);
  await catchUp.changes([NOTHING(11)], false);
  t.true(catchUp.isUnderWay, "this was named after it was asked");
  await catchUp.pull();
  await catchUp.changes([NOTHING(11)], false);
  t.false(catchUp.isUnderWay);
  t.is(exchange.newest, 11);
});

test("P16 P29 a snapshot is shown although somebody named what its server has no more", async (t) => {
  const { replica, catchUp } = await told(welcomeTo(12, SNAPSHOT));
  await catchUp.part(partOf("", [1], { end: true }));
  await catchUp.changes(changesOf(13, 13), true);
  await catchUp.pull();
  await catchUp.changes([NOTHING(12)], false);
  t.is(replica.head.transfer?.position.revision, 12);
  t.true(catchUp.isReadyToSwitch);
});

const SNAPSHOT = { way: { kind: "snapshot", start: at(12), resume: false } } as const;

test("P12 who goes on under another epoch knows the epochs that it went through, after the next start too", async (t) => {
  const epoch = { number: 2, id: epochId("d".repeat(16)) };
  const lineage = [
    { ...at(0).epoch, first: 1 },
    { ...epoch, first: 11, born: "restore" as const },
  ];
  const { storage, replica, catchUp } = await told(welcomeTo(10, { lineage, position: { ...at(10), epoch } }));
  t.false(catchUp.isUnderWay);
  for (const { head } of [replica, await Replica.open(storage, DEVICE)]) {
    t.deepEqual(head.lineage, lineage);
    t.deepEqual(head.position, { ...at(10), epoch });
  }
});

test("P29 a part is taken when it is the next one, and no part of another transfer is", async (t) => {
  const { replica, exchange, catchUp, saidOf } = await told(welcomeTo(12, SNAPSHOT));
  t.is(saidOf("pull-part")[0]?.after, "");
  await catchUp.part(partOf(keyOf(1), [2]));
  t.is(replica.transfer?.after, "", "one is missing before it");
  t.true(exchange.isAwaiting, "what was asked for is still to come");
  await catchUp.part(partOf("", [1]));
  await catchUp.part(partOf("", [1]));
  t.is(replica.transfer?.after, keyOf(1));
  await t.throwsAsync(catchUp.part(partOf(keyOf(1), [2], { revision: 11 })), { code: "message-malformed" }, "older than its snapshot");
  t.is(replica.transfer?.after, keyOf(1));
  await catchUp.part(partOf(keyOf(1), [2], { end: true }));
  t.true(replica.head.transfer?.complete);
  await catchUp.part(partOf(keyOf(2), [3]));
  t.is(replica.transfer?.after, keyOf(2), "nothing comes after the last one");
  t.deepEqual(
    saidOf("pull-part").map(({ after }) => after),
    ["", keyOf(1)],
  );
});

test("P29 a copy is ready when it has reached what its parts show and what the server named", async (t) => {
  const { replica, catchUp } = await told(welcomeTo(13, SNAPSHOT));
  await catchUp.part(partOf("", [1], { end: true, revision: 14 }));
  t.false(catchUp.isReadyToSwitch);
  t.is(await catchUp.changes(changesOf(13, 13), false), "passed-over");
  t.false(catchUp.isReadyToSwitch, "a part shows revision 14");
  t.is(await catchUp.changes(changesOf(14, 14), false), "passed-over");
  t.true(catchUp.isReadyToSwitch);
  t.is(replica.position?.revision, 10, "until it switches");
  const named = await told(welcomeTo(13, SNAPSHOT));
  await named.catchUp.part(partOf("", [1], { end: true }));
  t.false(named.catchUp.isReadyToSwitch, "the server named revision 13");
});

test("P29 a transfer goes on from where it was where both sides know its start, and begins anew where not", async (t) => {
  const { replica, catchUp } = await told(welcomeTo(12, SNAPSHOT));
  await catchUp.part(partOf("", [1]));
  const again = async (start: number, resume: boolean) => {
    await catchUp.begin(welcomeTo(12, { way: { kind: "snapshot", start: at(start), resume } }), HEARD);
    return replica.transfer?.after;
  };
  t.is(await again(12, true), keyOf(1));
  t.is(await again(12, false), "");
  await catchUp.part(partOf("", [1]));
  t.is(await again(11, true), "");
});

test("P29 a transfer under way ends where changes are offered in its place, for good", async (t) => {
  const { storage, catchUp, saidOf } = await told(welcomeTo(12, SNAPSHOT));
  await catchUp.part(partOf("", [1]));
  await catchUp.begin(welcomeTo(12), HEARD);
  await catchUp.changes(changesOf(11, 12), false);
  t.false(catchUp.isUnderWay);
  t.is(saidOf("pull-part").length, 2, "nothing more is asked for of it");
  t.is((await Replica.open(storage, DEVICE)).head.transfer, undefined);
});

test("P15 changes that go to all are passed over while others are being asked for: those bring them", async (t) => {
  const { replica, catchUp, saidOf } = await told(welcomeTo(12));
  t.deepEqual(saidOf("pull-changes"), [{ kind: "pull-changes", after: 10 }]);
  t.is(await catchUp.changes(changesOf(13, 13), true), "passed-over");
  t.is(await catchUp.changes(changesOf(11, 11), true), "passed-over");
  t.is(replica.position?.revision, 10);
  await catchUp.changes(changesOf(11, 12), false);
  t.is(replica.position?.revision, 12);
  t.true(catchUp.isUnderWay, "revision 13 was named meanwhile");
  await catchUp.pull();
  t.is(saidOf("pull-changes").at(-1)?.after, 12);
  await catchUp.changes(changesOf(13, 13), false);
  t.false(catchUp.isUnderWay);
  await catchUp.changes(changesOf(14, 14), true);
  t.is(replica.position?.revision, 14);
});

test("P15 what the server says will follow its welcome is not asked for; what is missing after that is", async (t) => {
  const { exchange, catchUp, saidOf } = await told(welcomeTo(12, { follows: true }));
  t.deepEqual(saidOf("pull-changes"), []);
  t.true(exchange.isAwaiting, "and is missed where it does not come");
  await catchUp.changes(changesOf(11, 11), false);
  await catchUp.pull();
  t.deepEqual(saidOf("pull-changes"), [{ kind: "pull-changes", after: 11 }]);
  const same = await told(welcomeTo(10, { follows: true }));
  t.false(same.exchange.isAwaiting, "nothing is missing");
  t.false(same.catchUp.isUnderWay);
});

test("P16 what follows a welcome may turn out to be nothing: what was named before it is forgotten", async (t) => {
  const { exchange, catchUp } = await told(welcomeTo(12, { follows: true }));
  await catchUp.changes([NOTHING(10)], false);
  t.false(catchUp.isUnderWay);
  t.is(exchange.newest, 10);
});

test("P15 a change after one that is missing is a gap, and nothing of it is taken", async (t) => {
  const { replica, catchUp } = await told(welcomeTo(10));
  t.is(await catchUp.changes(changesOf(12, 12), true), "gap");
  t.is(await catchUp.changes([...changesOf(11, 11), ...changesOf(13, 13)], true), "gap");
  t.is(replica.position?.revision, 10);
  const took = await catchUp.changes(changesOf(9, 11), true);
  t.deepEqual(
    typeof took === "string" ? took : Array.from(took.entries.values(), ({ key }) => key),
    ["11"],
    "what it has already it passes over",
  );
});

test("P29 changes are laid over no copy of which parts are still to come", async (t) => {
  const { replica, catchUp } = await told(welcomeTo(12, SNAPSHOT));
  await catchUp.part(partOf("", [1]));
  t.is(await catchUp.changes(changesOf(13, 13), false), "gap");
  t.is(replica.head.transfer?.position.revision, 12);
});

test("P14 a block comes together from its pieces alone: pieces for all, and pieces that were asked for, are two blocks", async (t) => {
  const { exchange, catchUp, replica } = await told(welcomeTo(12));
  const [asked1, asked2] = changesOf(11, 12, 2);
  const [all1] = changesOf(11, 11, 2);
  if (asked1 === undefined || asked2 === undefined || all1 === undefined) throw new Error("two pieces of each");
  t.is(await catchUp.changes([asked1], false), "more");
  t.is(await catchUp.changes([all1], true), "passed-over");
  t.true(exchange.isAwaiting);
  const took = await catchUp.changes([asked2], false);
  t.deepEqual(typeof took === "string" ? took : took.changes.map(({ revision }) => revision), [11, 12]);
  t.false(exchange.isAwaiting);
  t.is(await catchUp.changes([asked2], false), "gap", "a piece without the one before it");
  t.is(replica.position?.revision, 12);
});

test("P15 whoever catches up asks for one thing at a time", async (t) => {
  const { catchUp, saidOf } = await told(welcomeTo(12));
  await catchUp.pull();
  await catchUp.pull();
  t.is(saidOf("pull-changes").length, 1);
});

test("P29 a damaged copy is not gone on from: the next hello names none, until its snapshot begins or another server may be there", async (t) => {
  const { storage, replica, exchange, catchUp } = await told(welcomeTo(12));
  await storage.write([{ key: `${generationPrefix(replica.head.generation)}zzz`, value: Uint8Array.of(1) }]);
  const damaged = await Replica.open(storage, DEVICE);
  t.true(damaged.isDamaged);
  const { clock } = exchangeWithNobody();
  const log = new CommunicationLog({ storage, clock });
  const joiner = { forgetUnderWay: () => undefined } as never;
  const parts = { storage, clock, device: DEVICE, log, exchange, journalClock: new JournalClock(clock, undefined), joiner };
  const again = new CatchUp({ ...parts, replica: damaged });
  await again.begin(welcomeTo(12), HEARD);
  t.deepEqual([again.wantsAll, exchange.phase, again.isUnderWay], [true, "silent", false]);
  again.forgetServer();
  t.false(again.wantsAll);
  await again.begin(welcomeTo(12), HEARD);
  await again.begin(welcomeTo(12, SNAPSHOT), HEARD);
  t.deepEqual([again.wantsAll, again.isUnderWay], [false, true]);
  t.false(catchUp.wantsAll);
});

/** A whole snapshot has arrived, of the server that the welcome names. */
async function arrived(welcome: Partial<Welcome>) {
  const all = await told(welcomeTo(12, { ...SNAPSHOT, ...welcome }));
  await all.catchUp.part(partOf("", [1], { end: true }));
  return all;
}

test("P12 P17 a snapshot of the copy's own fleet is a return, of another one a join", async (t) => {
  const same = await arrived({});
  t.is(await same.catchUp.switchOver(), "rejoin");
  t.deepEqual([same.replica.position?.revision, same.joins.length], [12, 0]);
  t.deepEqual(same.replica.head.lineage, [{ ...at(0).epoch, first: 1 }]);
  const other = { ...at(12), fleet: fleetId("1".repeat(32)) };
  const joined = await arrived({ position: other, way: { kind: "snapshot", start: other, resume: false } });
  t.is(await joined.catchUp.switchOver(), "join");
  t.deepEqual(joined.joins, [[{ ...at(0).epoch, first: 1 }]]);
});

test("P12 M33 a return to another epoch lowers what pending edits have seen to what both have in common", async (t) => {
  const epoch = { number: 2, id: epochId("d".repeat(16)) };
  const lineage = [
    { ...at(0).epoch, first: 1 },
    { ...epoch, first: 6, born: "restore" as const },
  ];
  const position = { ...at(12), epoch };
  const { replica, catchUp } = await arrived({ lineage, position, way: { kind: "snapshot", start: position, resume: false } });
  await replica.write([replica.pending.add(pendingOf(editOf(40, { seen: 9 })))], {});
  t.is(await catchUp.switchOver(), "rejoin");
  t.deepEqual(
    [...replica.pending.all()].map(({ edit }) => edit.seen),
    [5],
  );
  t.deepEqual(replica.head.lineage, lineage);
});

test("M15 P26 whose end a snapshot brings is to leave this machine with the switch, in the same epoch and in another one; who was gone before is not", async (t) => {
  const lineage = [
    { ...at(0).epoch, first: 1 },
    { number: 2, id: epochId("d".repeat(16)), first: 11, born: "restore" as const },
  ];
  const position = { ...at(12), epoch: { number: 2, id: epochId("d".repeat(16)) } };
  const elsewhere = { lineage, position, way: { kind: "snapshot", start: position, resume: false } } as const;
  const gone = { deleted: { revision: 4, at: 40 } };
  const ended = packOwner({ ...NEW_OWNER, revision: 11, deleted: { revision: 11, at: 150 } });
  const longGone = packOwner({ ...NEW_OWNER, revision: 4, ...gone });
  const bytes = packPart([
    [ownerKey(ALICE), ended],
    [ownerKey(bob), longGone],
  ]);
  for (const welcome of [{}, elsewhere]) {
    const owners = { [ALICE]: { revision: 3, holdings: { shortcut: { since: 3, adopted: undefined } } }, [bob]: { revision: 4, ...gone } };
    const { storage, catchUp } = await told(welcomeTo(12, { ...SNAPSHOT, ...welcome }), { owners });
    await catchUp.part(partOf("", [], { end: true, last: ownerKey(bob), bytes }));
    t.is(await catchUp.switchOver(), "rejoin");
    const removed = (await Replica.open(storage, DEVICE)).removed.all();
    t.like(removed, [[ALICE, { kind: "deleted", at: 150 }]]);
    t.is(removed.length, 1);
  }
});

test("B02 M33 what this machine had made, and a snapshot has replaced or a restore has undone, is in its history and its log", async (t) => {
  const lineage = [
    { ...at(0).epoch, first: 1 },
    { number: 2, id: epochId("d".repeat(16)), first: 6, born: "restore" as const },
  ];
  const position = { ...at(12), epoch: { number: 2, id: epochId("d".repeat(16)) } };
  const elsewhere = { lineage, position, way: { kind: "snapshot", start: position, resume: false } } as const;
  const own = (revision: number, key: string) => ({
    revision,
    edit: { ...editOf(revision, { key, value: `${key} here` }), why: "first" } as const,
  });
  const standings = { entries: [own(3, "a"), own(8, "b")] };
  const theirs = { ...editOf(11, { key: "a", value: "elsewhere" }), id: { ...editOf(11).id, device: ANOTHER }, why: "later" } as const;
  const others = [entryKey(theirs), packEntry(11, encodeAccepted(theirs))] as const;
  const lostAfter = async (welcome: Partial<Welcome>, records: readonly (readonly [string, Uint8Array])[]) => {
    const { storage, catchUp, log } = await told(welcomeTo(12, { ...SNAPSHOT, ...welcome }), standings);
    await catchUp.part(partOf("", [], { end: true, last: records.at(-1)?.[0] ?? "", bytes: packPart(records) }));
    await catchUp.switchOver();
    const lost: string[] = [];
    for await (const { key, value } of readHistory(storage, CLIENT_HISTORY)) lost.push(`${key} ${JSON.stringify(value)}`);
    return [lost.sort(), log.records().length > 0] as const;
  };
  const second = [entryKey(own(8, "b").edit), packEntry(8, encodeAccepted(own(8, "b").edit))] as const;
  t.deepEqual(await lostAfter({}, [others, second]), [[`a "a here"`], true], "replaced by a later one");
  const first = [entryKey(own(3, "a").edit), packEntry(3, encodeAccepted(own(3, "a").edit))] as const;
  t.deepEqual(await lostAfter(elsewhere, [first]), [[`b "b here"`], true], "undone by a restore");
});

test("P29 M33 after a damaged copy that comes back in another epoch everything is shown anew, and what goes is kept", async (t) => {
  const position = { ...at(12), epoch: { number: 2, id: epochId("d".repeat(16)) } };
  const lineage = [
    { ...at(0).epoch, first: 1 },
    { ...position.epoch, first: 11, born: "restore" as const },
  ];
  const welcome = welcomeTo(12, { lineage, position, way: { kind: "snapshot", start: position, resume: false } });
  for (const isDamaged of [false, true]) {
    const { replica, catchUp } = await told(welcome, {}, isDamaged);
    await catchUp.part(partOf("", [1], { end: true }));
    await catchUp.switchOver();
    t.is(replica.head.unshown === "restored", isDamaged);
  }
});

test("B06 what lies beyond the parting from a server that took over is brought before anything is asked, a message at a time", async (t) => {
  const epoch = { number: 2, id: epochId("d".repeat(16)) };
  const lineage = [
    { ...at(0).epoch, first: 1 },
    { ...epoch, first: 6, born: "promotion" as const },
  ];
  const position = { ...at(12), epoch };
  const welcome = welcomeTo(12, { lineage, position, way: { kind: "snapshot", start: position, resume: false } });
  const entries = [{ revision: 8, edit: { ...editOf(1), why: "first" } } as const];
  const { exchange, catchUp, saidOf } = await told(welcome, { entries });
  t.deepEqual(
    saidOf("bring").map(({ number, common }) => [number, common]),
    [[1, 5]],
  );
  catchUp.brought({ kind: "brought", number: 2 });
  t.true(exchange.isAwaiting, "that is the answer to something else");
  catchUp.brought({ kind: "brought", number: 1 });
  t.false(exchange.isAwaiting);
  t.is(saidOf("pull-part").length, 0);
  await catchUp.pull();
  t.is(saidOf("pull-part").length, 1);
  const nothing = await told(welcomeTo(12), { entries });
  t.is(nothing.saidOf("bring").length, 0, "in the same epoch there is nothing to bring");
});

test("B05 until it is known how far, whoever was welcomed is on the way, whatever the way is", async (t) => {
  for (const other of [{}, SNAPSHOT]) {
    const { catchUp } = await told(welcomeTo(10));
    t.false(catchUp.isUnderWay);
    const beginning = catchUp.begin(welcomeTo(12, other), HEARD);
    t.true(catchUp.isUnderWay);
    await beginning;
  }
});

test("P1 P29 the time that was heard goes along with the beginning of a transfer, and that of the copy is known after the switch", async (t) => {
  const { storage, replica, catchUp, journalClock } = await told(welcomeTo(12, SNAPSHOT));
  t.deepEqual((await Replica.open(storage, DEVICE)).head.heard, HEARD);
  await catchUp.part(partOf("", [1], { end: true }));
  await replica.replay(changesOf(13, 13).flatMap(({ bytes }) => unpackRecords(bytes)));
  journalClock.hear(150);
  await catchUp.switchOver();
  t.is(journalClock.estimate(), 200);
});

test("P14 a piece of a block that another session began does not go on in this one", async (t) => {
  for (const broadcast of [true, false]) {
    const welcome = welcomeTo(10);
    const { exchange, catchUp } = await told(welcome);
    const [first, second] = changesOf(11, 11, 2);
    if (first === undefined || second === undefined) return t.fail();
    t.is(await catchUp.changes([first], broadcast), "more");
    exchange.reset();
    exchange.hello(HELLO);
    exchange.enter({ envelope: ENVELOPE, body: welcome }, welcome);
    await catchUp.begin(welcome, HEARD);
    t.is(await catchUp.changes([second], broadcast), "gap");
  }
});

test("P14 part of a block that was asked for is a sign of life, part of one for all is none", async (t) => {
  for (const [broadcast, isOverdue] of [
    [false, false],
    [true, true],
  ] as const) {
    const { clock, exchange, catchUp } = await told(welcomeTo(broadcast ? 10 : 11));
    if (broadcast) exchange.awaitReply();
    await clock.advance(LIMITS.answerMs);
    const [first] = changesOf(11, 11, 2);
    if (first !== undefined) t.is(await catchUp.changes([first], broadcast), "more");
    await clock.advance(1);
    t.is(exchange.isOverdue, isOverdue);
  }
});

test("P16 B08 what a machine has of its fleet is brought to no other fleet", async (t) => {
  const elsewhere = { ...at(12), fleet: fleetId("1".repeat(32)), epoch: { number: 9, id: epochId("9".repeat(16)) } };
  const lineage = [{ ...elsewhere.epoch, first: 1, born: "promotion" as const }];
  const { saidOf } = await told(
    welcomeTo(12, { position: elsewhere, lineage, way: { kind: "snapshot", start: elsewhere, resume: false } }),
  );
  t.deepEqual([saidOf("bring").length, saidOf("pull-part").length], [0, 1]);
});

test("P29 after its last part the changes since that copy are asked for, and not those since the base", async (t) => {
  const { catchUp, saidOf } = await told(welcomeTo(14, SNAPSHOT));
  await catchUp.part(partOf("", [1], { end: true }));
  await catchUp.pull();
  t.deepEqual(
    saidOf("pull-changes").map(({ after }) => after),
    [12],
  );
});
