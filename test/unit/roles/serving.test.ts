/** What a server gives to those who come in: where a snapshot starts, which parts it has, and whose session has ended. */
import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { deviceId, epochId, fleetId, joinId, runId } from "../../../src/model/ids.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import type { Position } from "../../../src/model/position.ts";
import type { Hello } from "../../../src/protocol/hello.ts";
import type { Offer } from "../../../src/protocol/offer.ts";
import type { Draft } from "../../../src/store/draft.ts";
import { Journal } from "../../../src/store/journal.ts";
import type { Kept } from "../../../src/store/history.ts";
import { draftOf } from "../../../src/store/draft.ts";
import { putBack } from "../../../src/roles/server/put-back.ts";
import { OwnerTable } from "../../../src/roles/server/owner-table.ts";
import { digestOfNames } from "../../../src/roles/digests.ts";
import { Reception } from "../../../src/roles/server/reception.ts";
import { ScopeTable } from "../../../src/roles/server/scope-table.ts";
import { Session } from "../../../src/roles/server/session.ts";
import { Sessions } from "../../../src/roles/server/sessions.ts";
import { SnapshotParts } from "../../../src/roles/server/snapshot-parts.ts";
import { JournalTime } from "../../../src/roles/server/journal-time.ts";
import { Machines } from "../../../src/roles/server/machines.ts";
import { DeviceAnswers } from "../../../src/store/device-answers.ts";
import { must } from "../../../src/model/assert.ts";
import { DEFAULT_CONFIG } from "../../../src/model/config.ts";
import { ManualClock } from "../../contract/manual-clock.ts";
import { ALICE } from "./own-copy.ts";
import { HELLO } from "./own-exchange.ts";

const A = deviceId("a".repeat(32));
const login = (day: number): Draft => ({ ...draftOf([]), logins: [{ owner: ALICE, day }] });
const scoped = (scope: "shared" | "device-specific"): Draft => ({ ...draftOf([]), scopes: [{ item: "timeline", scope }] });

/** A journal with these changes, each in a write of its own, and the positions it went through. */
async function journalOf(...drafts: readonly Draft[]) {
  const first = () => ({ fleet: fleetId("f".repeat(32)), epoch: { number: 1, id: epochId("e".repeat(16)), first: 1 } });
  const journal = await Journal.open(new MemoryStorage(), first);
  const at: Position[] = [journal.position];
  const append = async (draft: Draft): Promise<void> => {
    await journal.commit(1, async (transaction) => void (await transaction.append(draft)), 0);
    at.push(journal.position);
  };
  for (const draft of drafts) await append(draft);
  return { journal, at, append };
}

const sessionOf = (hello: Partial<Hello> = {}, heardMs = 1_000): Session =>
  new Session({ id: "5".repeat(16) as never, device: A, hello: { ...HELLO, number: 1, ...hello }, by: "network", heardMs });

test("P29 a partial snapshot goes on from its own start, unless a scope was changed since, or the journal does not know it", async (t) => {
  const { journal, at } = await journalOf(login(1), scoped("device-specific"), login(2), login(3));
  const reception = new Reception({
    journal,
    snapshotParts: new SnapshotParts(journal),
    scopes: await ScopeTable.open(journal.view()),
    names: { all: () => [] },
    journalTime: { now: () => 1 },
  } as never);
  const way = async (hello: Partial<Hello>) => {
    const session = sessionOf({ ...hello, purpose: "preview" });
    const welcome = await reception.welcome(session);
    return welcome.way.kind === "changes" ? "changes" : [welcome.way.start.revision, welcome.way.resume, session.transfers()];
  };
  const from = (start: Position | undefined) => ({ partial: start === undefined ? undefined : { start, after: "e/" } });
  t.deepEqual(await way(from(at[3])), [3, true, 3]);
  t.deepEqual(await way(from(at[2])), [2, true, 2]);
  t.deepEqual(await way(from(at[1])), [4, false, 4], "the scope of an item was changed since");
  const [, , , third] = at;
  if (third === undefined) throw new Error("it has a position");
  t.deepEqual(await way(from({ ...third, chainHash: "1".repeat(32) })), [4, false, 4], "it is of another history");
  t.deepEqual(await way(from({ ...third, epoch: { number: 2, id: epochId("d".repeat(16)) } })), [4, false, 4]);
  t.is(await way({ position: third }), "changes");
  t.is(await way({ position: third, ...from(at[2]) }), "changes");
});

test("P12 P29 a snapshot begins at the newest change of a scope or after it, and a partial one of another epoch is not gone on with", async (t) => {
  const { journal, at, append } = await journalOf(login(1));
  const snapshotParts = new SnapshotParts(journal);
  t.is(snapshotParts.startFor(0).revision, 1, "for somebody who came before");
  await append(scoped("device-specific"));
  await append(login(2));
  const scopes = await ScopeTable.open(journal.view());
  const reception = new Reception({ journal, snapshotParts, scopes, names: { all: () => [] }, journalTime: { now: () => 1 } } as never);
  const way = async (start: Position | undefined) => {
    const partial = start === undefined ? undefined : { start, after: "e/" };
    const { way } = await reception.welcome(sessionOf({ purpose: "preview", partial }));
    return way.kind === "changes" ? way.kind : [way.start.epoch.number, way.start.revision, way.resume];
  };
  t.deepEqual(await way(undefined), [1, 3, false]);
  t.deepEqual(await way(at[3]), [1, 3, true]);
  await journal.beginEpoch({ id: epochId("d".repeat(16)), above: 1, first: 4, born: "restore" });
  t.true(await journal.knows(at[3] ?? journal.position), "its start is a state of this journal too");
  t.deepEqual(await way(at[3]), [2, 3, false]);
});

test("P29 a snapshot that others share is given to nobody who has been further in this epoch, also where it is not known whether that was here", async (t) => {
  const { journal, at, append } = await journalOf(login(1));
  const snapshotParts = new SnapshotParts(journal);
  t.is(snapshotParts.startFor(0).revision, 1, "for somebody who came before");
  for (const day of [2, 3]) await append(login(day));
  const names = { all: () => [] };
  const reception = new Reception({
    journal,
    snapshotParts,
    scopes: await ScopeTable.open(journal.view()),
    names,
    journalTime: { now: () => 1 },
  } as never);
  const start = async (position: Position | undefined) => {
    const { way } = await reception.welcome(sessionOf({ position, purpose: "preview" }));
    return way.kind === "changes" ? "changes" : way.start.revision;
  };
  const elsewhere = must(at[2], "a position");
  t.is(await start({ ...elsewhere, epoch: { number: 2, id: epochId("d".repeat(16)) } }), 1);
  t.is(await start({ ...elsewhere, chainHash: "1".repeat(32) }), 3);
});

test("P10 a welcome answers what was decided of the edits that its machine still has pending", async (t) => {
  const { journal } = await journalOf(login(1));
  const run = runId("1".repeat(16));
  const decided = { run, sequence: 2, outcome: "superseded", revision: 1 } as const;
  const answers = DeviceAnswers.none.after([decided], [decided]);
  await journal.commit(1, async (transaction) => transaction.setAnswers(A, answers), 0);
  const snapshotParts = new SnapshotParts(journal);
  const names = { all: () => [] };
  const reception = new Reception({
    journal,
    snapshotParts,
    scopes: await ScopeTable.open(journal.view()),
    names,
    journalTime: { now: () => 1 },
  } as never);
  const welcome = await reception.welcome(sessionOf({ pending: [{ run, first: 2, last: 3 }], purpose: "preview" }));
  t.deepEqual(welcome.answers, [decided]);
});

test("P4 a later time that a machine has reckoned is durable before anybody is told of it, whatever else is new of that machine", async (t) => {
  const { journal } = await journalOf(login(1));
  const [storage, clock] = [new MemoryStorage(), new ManualClock()];
  const journalTime = await JournalTime.open(storage, clock);
  const names = { all: () => [], learn: async () => undefined };
  const given = { journal, journalTime, storage, clock, names, snapshotParts: new SnapshotParts(journal) };
  const machines = await Machines.open(storage);
  const reception = new Reception({ ...given, machines, scopes: await ScopeTable.open(journal.view()) } as never);
  for (const later of [1_000, 60_000]) {
    const reckoned = journalTime.now() + later;
    const welcome = await reception.welcome(sessionOf({ journalTime: reckoned }));
    t.is(welcome.journalTime, reckoned);
    t.is((await JournalTime.open(storage, clock)).now(), reckoned, "as a start after a crash would have it");
  }
  t.true(machines.get(A)?.placed);
});

test("P15 a machine that is behind, and said that it takes what follows, is told that the changes follow its welcome", async (t) => {
  const { journal, at } = await journalOf(login(1), login(2));
  const learnt: unknown[] = [];
  const known = [[A, "Stock"] as const];
  const reception = new Reception({
    journal,
    snapshotParts: new SnapshotParts(journal),
    scopes: await ScopeTable.open(journal.view()),
    names: { all: () => known, learn: async (names: unknown) => void learnt.push(names) },
    machines: { place: () => ({ writes: [], take: () => undefined }) },
    clock: { wallMs: () => 1 },
    journalTime: { now: () => 1, isDue: false },
  } as never);
  const welcome = async (hello: Partial<Hello>) => await reception.welcome(sessionOf({ purpose: "rejoin", ...hello }));
  t.true((await welcome({ position: at[1], follows: true })).follows);
  t.is((await welcome({ position: at[1] })).follows, undefined, "an older one asks for them");
  t.is((await welcome({ position: at[2], follows: true })).follows, undefined, "there are none");
  t.is((await welcome({ purpose: "preview", position: at[1], follows: true })).follows, undefined, "whoever only looks takes none");
  t.is((await welcome({ follows: true })).follows, undefined, "it gets a snapshot");
  t.deepEqual((await welcome({})).names, known);
  t.deepEqual((await welcome({ names: digestOfNames([]) })).names, known, "it knows others");
  t.deepEqual((await welcome({ names: digestOfNames(known) })).names, []);
});

test("names of machines have one digest in whatever order they are known", (t) => {
  const names = [[A, "Stock"] as const, [deviceId("b".repeat(32)), "Empfang"] as const];
  t.is(digestOfNames(names), digestOfNames([...names].reverse()));
  t.not(digestOfNames(names), digestOfNames(names.slice(1)));
});

test("P29 a part that was made once is given to all, and never one that is older than the transfer it is for", async (t) => {
  const { journal, append } = await journalOf(login(1));
  const parts = new SnapshotParts(journal);
  const first = await parts.part("", 1, "columns");
  t.is(first.revision, 1);
  await append(login(2));
  t.is(await parts.part("", 1, "columns"), first);
  t.is((await parts.part("", 2, "columns")).revision, 2);
});

test("P29 a snapshot starts where the one before it did, as long as it may: not before what is asked for, nor too far back", async (t) => {
  const { journal, append } = await journalOf(login(1));
  const parts = new SnapshotParts(journal);
  t.is(parts.startFor(0).revision, 1);
  const old = await parts.part("", 1, "columns");
  await append(login(2));
  t.is(parts.startFor(1).revision, 1);
  t.is(parts.startFor(2).revision, 2);
  t.not(await parts.part("", 0, "columns"), old, "the parts of before are gone with their start");
  for (let day = 3; day < 3 + LIMITS.partAgeRevisionsMax; day += 1) await append(login(day));
  t.is(parts.startFor(0).revision, 2);
  await append(login(9_999));
  t.is(parts.startFor(0).revision, journal.position.revision);
  await journal.beginEpoch({ id: epochId("d".repeat(16)), above: 1, first: journal.position.revision + 1, born: "restore" });
  t.is(parts.startFor(0).epoch.number, 2, "nor in another epoch");
});

test("B07 a session ends with its lease, not before, and with it whoever was logged in there", (t) => {
  const sessions = new Sessions();
  const session = sessionOf({ loggedIn: [ALICE] });
  sessions.open(session);
  t.is(sessions.nextEndMs(), 1_000 + LIMITS.leaseMs);
  sessions.endLeases(1_000 + LIMITS.leaseMs - 1);
  t.deepEqual([...sessions.loggedIn(undefined)], [ALICE]);
  sessions.endLeases(sessions.nextEndMs());
  t.deepEqual([sessions.size, sessions.loggedIn(undefined).size, sessions.nextEndMs()], [0, 0, Number.POSITIVE_INFINITY]);
});

test("P29 what a transfer still wants is kept until it has been silent for a minute", (t) => {
  const sessions = new Sessions();
  const session = sessionOf();
  sessions.open(session);
  t.is(sessions.firstWantedChange(1_000), Number.POSITIVE_INFINITY);
  session.wants(7);
  t.is(sessions.firstWantedChange(1_000 + LIMITS.transferPauseMs - 1), 8);
  t.is(sessions.firstWantedChange(1_000 + LIMITS.transferPauseMs), Number.POSITIVE_INFINITY);
  session.heardMs = 2_000;
  t.is(session.transfers(), 7);
  t.is(sessions.firstWantedChange(2_000 + LIMITS.transferPauseMs - 1), 8);
  session.wants(undefined);
  t.deepEqual([session.transfers(), sessions.firstWantedChange(2_000)], [0, Number.POSITIVE_INFINITY]);
});

test("P18 P28 the pieces of an offer come together by join, holding and item: one of another item is none of them", (t) => {
  const session = sessionOf();
  const piece = (item: string | undefined, part: number, byte: number): Offer => ({
    kind: "offer",
    join: joinId("7".repeat(16)),
    holding: ALICE,
    item,
    baseRevision: 1,
    lastSequence: 1,
    part,
    of: 2,
    deflated: false,
    bytes: Uint8Array.of(byte),
  });
  t.is(session.collect(piece("timeline", 0, 1)), undefined);
  t.is(session.collect(piece("previous-settings", 0, 2)), undefined);
  t.is(session.collect(piece(undefined, 0, 3)), undefined);
  t.deepEqual(session.collect(piece("timeline", 1, 4)), Uint8Array.of(1, 4));
  t.deepEqual(session.collect(piece(undefined, 1, 5)), Uint8Array.of(3, 5));
  t.deepEqual(session.collect(piece("previous-settings", 1, 6)), Uint8Array.of(2, 6));
  t.is(session.collect(piece("timeline", 1, 4)), undefined, "a piece without those before it");
});

test("B02 M20 what has become device-specific since it was lost is not put back, and nothing else with it", async (t) => {
  const { journal } = await journalOf(scoped("device-specific"));
  const view = journal.view();
  const tables = { owners: await OwnerTable.open(view), scopes: await ScopeTable.open(view), config: DEFAULT_CONFIG };
  const kept = (item: string): Kept => ({
    storageKey: `s/h/${item}`,
    lost: { owner: ALICE, item, key: "1", value: { name: "x" }, because: "evicted", stamp: 1, lostAtMs: 1 },
  });
  const parts = { ...tables, clock: new ManualClock(), device: A, run: runId("1".repeat(16)), loggedIn: new Set(), nextSequence: () => 1 };
  const tried = async (...items: readonly string[]) => {
    const outcomes: unknown[] = [];
    const policy = { inForce: () => "delete-oldest" };
    const decide = (transaction: Parameters<Parameters<Journal["commit"]>[1]>[0]) =>
      putBack(ALICE, items.map(kept), transaction, { ...parts, policy, history: {}, log: {} } as never);
    await journal.commit(1, async (transaction) => void outcomes.push(await decide(transaction)), 0);
    return outcomes[0];
  };
  t.deepEqual(await tried("shortcut", "timeline"), { word: "device-specific" });
  t.is(journal.position.revision, 1);
  t.like(await tried("shortcut"), { entries: 1 });
  t.is(journal.position.revision, 2);
});

test("B07 P30 a message that was heard before, or was overtaken, renews no lease", (t) => {
  const session = sessionOf();
  t.true(session.hears(3, 2_000));
  t.false(session.hears(3, 30_000), "a broker says it again");
  t.false(session.hears(2, 31_000), "it was overtaken");
  t.is(session.lapsesAtMs, 2_000 + LIMITS.leaseMs);
  t.true(session.hears(4, 3_000));
  t.is(session.lapsesAtMs, 3_000 + LIMITS.leaseMs);
});
