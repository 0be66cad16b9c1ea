/** What a client writes to its machine's stores, what it lists that they do not take, and the keychains that it keeps apart. */
import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import type { Entry, EntryChange, EntryName } from "../../../src/model/entry.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import type { Owner } from "../../../src/model/owner.ts";
import { Applier, roomFor, type Take } from "../../../src/roles/client/applier.ts";
import { HistoryTrim } from "../../../src/roles/client/history-trim.ts";
import { JournalClock } from "../../../src/roles/client/journal-clock.ts";
import { NetworkPlaces } from "../../../src/roles/client/network-places.ts";
import { Staying } from "../../../src/roles/client/staying.ts";
import { CommunicationLog } from "../../../src/roles/communication-log.ts";
import { digest } from "../../../src/roles/digests.ts";
import { CLIENT_HISTORY, keepLost, readHistory } from "../../../src/store/history.ts";
import { type Listed, NotAppliedList } from "../../../src/store/not-applied.ts";
import type { PendingEdit } from "../../../src/store/pending.ts";
import type { Replica } from "../../../src/store/replica.ts";
import type { ReplicaHead } from "../../../src/store/replica-head.ts";
import { ManualClock } from "../../contract/manual-clock.ts";
import { ALICE, answeredAt, at, DEVICE, editOf, replicaOf, RUN } from "./own-copy.ts";

const BOB = "user:bob" as Owner;
const name = (key: string, other: Partial<EntryName> = {}): EntryName => ({ owner: ALICE, item: "shortcut", key, ...other });
const standing = (key: string, item = "shortcut", value: string | undefined = "x") =>
  ({ revision: 5, edit: { ...editOf(1, { key, item, value }), why: "first" } }) as const;
const listed = (key: string, because: Listed["because"], other: Partial<EntryName> = {}): Listed => ({
  ...name(key, other),
  because,
  detail: "",
});

/** A machine whose stores hold `here` over a base in which Alice's entries 1, 2 and 4 stand. Items called "own" are device-specific. */
async function applying(here: readonly Entry[], not: readonly Listed[] = []) {
  const storage = new MemoryStorage();
  const clock = new ManualClock();
  const replica = await replicaOf(storage, {}, [], { entries: [standing("1"), standing("2"), standing("4"), standing("1", "own")] });
  const notApplied = await NotAppliedList.open(storage);
  await notApplied.note([], not);
  const applied: EntryChange[] = [];
  const marks: number[] = [];
  const stores = {
    keeps: (item: string) => item !== "keychain",
    read: async (owner: Owner) => here.filter((entry) => entry.owner === owner),
    apply: async (changes: readonly EntryChange[], _: unknown, knownMark: number) => {
      marks.push(knownMark);
      applied.push(...changes);
      return changes.filter(({ key }) => key.startsWith("unfit")).map((change) => ({ ...change, reason: "no option for it" }));
    },
  };
  const travel = { isShared: (item: string) => item !== "own", incoming: (_: EntryName, value: unknown) => value };
  const log = new CommunicationLog({ storage, clock });
  const shown: number[] = [];
  const onShown = (changes: readonly unknown[]) => void shown.push(changes.length);
  const applier = new Applier({ replica, stores, travel, notApplied, log, onShown } as never);
  const list = () => notApplied.all().map(({ key, because }) => `${key} ${because}`);
  return { applier, applied, marks, replica, notApplied, list, log, shown };
}

test("M27 M32 fifty entries for which a machine has no option are one line of the log, and each is on the list", async (t) => {
  const { applier, list, log } = await applying([]);
  const names = Array.from({ length: 50 }, (_, n) => name(`unfit ${n}`));
  await applier.apply([...names, name("unfit", { owner: BOB })].map((one) => applier.take(one, "x", undefined)));
  t.is(list().length, 51);
  t.deepEqual(
    log
      .records()
      .map(({ note }) => note?.kind === "not-applied" && [note.entry.owner, note.entry.key, note.entry.more, note.reason.detail]),
    [
      [ALICE, "unfit 0", 49, "no option for it"],
      [BOB, "unfit", undefined, "no option for it"],
    ],
  );
});

test("M27 what a store dropped is listed where the fleet still has it and the store does not", async (t) => {
  const { applier, list, log } = await applying([{ ...name("2"), value: "x" }]);
  await applier.dropped([name("1"), name("2"), name("3"), name("1", { item: "own" })]);
  t.deepEqual(list(), ["1 evicted"], "2 is back, the fleet has no 3, and what is this machine's own is its own");
  await applier.dropped([name("1"), name("4")]);
  await applier.dropped([name("1")]);
  t.is(log.records().length, 2, "each is said once");
});

test("M27 an entry that the fleet has no more leaves the list; one that cannot travel stays on it while it is here", async (t) => {
  const here = [{ ...name("8"), value: "x" }];
  const not = [listed("1", "machine"), listed("5", "machine"), listed("8", "cannot-travel"), listed("9", "cannot-travel")];
  const { applier, list } = await applying(here, not);
  await applier.forgetGone();
  t.deepEqual(list(), ["1 machine", "8 cannot-travel"]);
});

test("M27 what a write shows leaves the list, what it cannot show comes on it, and nobody is told of a write that writes nothing", async (t) => {
  const { applier, applied, list, shown } = await applying([], [listed("1", "machine")]);
  const takes = [applier.take(name("1"), "x", undefined), applier.take(name("unfit"), "x", undefined)];
  await applier.apply([...takes, applier.take(name("7", { item: "keychain" }), "x", undefined), applier.keepApart(name("6"), "x")]);
  t.deepEqual(list(), ["7 unknown-item", "6 keychain-order", "unfit machine"]);
  t.deepEqual(
    applied.map(({ key }) => key),
    ["1", "unfit"],
  );
  await applier.apply([applier.keepApart(name("6"), undefined)]);
  t.deepEqual(list(), ["7 unknown-item", "unfit machine"], "whatever is not there cannot be missed");
  t.deepEqual(shown, [2]);
});

test("P11 a store is told up to which mark its edits are recorded: one that somebody makes meanwhile stays", async (t) => {
  const { applier, marks, replica } = await applying([]);
  await replica.write([], { mark: 4 });
  const takes = [applier.take(name("1"), "x", undefined)];
  await applier.apply(takes, at(10));
  await applier.apply(takes, at(10), 3);
  t.deepEqual(marks, [4, 3]);
});

test("M27 as many come back as there is room for on the shelf that was freed, those dropped last first", async (t) => {
  const elsewhere = { owner: BOB };
  const { notApplied } = await applying(
    [],
    [listed("1", "evicted"), listed("2", "machine"), listed("3", "evicted"), listed("4", "evicted", elsewhere)],
  );
  const removal = (key: string, other: Partial<EntryName> = {}): Take => ({
    name: name(key, other),
    change: { ...name(key, other), value: undefined },
  });
  const keys = (takes: readonly Take[]) => roomFor(takes, notApplied).map(({ owner, key }) => `${owner} ${key}`);
  t.deepEqual(keys([removal("9")]), [`${ALICE} 3`]);
  t.deepEqual(keys([removal("9"), removal("8")]), [`${ALICE} 1`, `${ALICE} 3`]);
  t.deepEqual(keys([removal("9"), { name: name("3") }]), [`${ALICE} 1`], "3 is being settled already");
  t.deepEqual(keys([removal("3")]), [], "one that was dropped frees nothing");
  t.deepEqual(keys([{ name: name("9"), change: { ...name("9"), value: "x" } }]), []);
  t.deepEqual(keys([removal("9", elsewhere)]), [`${BOB} 4`]);
});

const PLACES = "this machine's order";
const OWN = digest(PLACES);

/** A machine with these keychains, over a base in which keychain 1 stands and 2 was deleted. */
async function places(head: Partial<ReplicaHead>, pending: readonly PendingEdit[] = [], here: readonly Entry[] = []) {
  const storage = new MemoryStorage();
  const clock = new ManualClock();
  const log = new CommunicationLog({ storage, clock });
  const entries = [
    standing("1", "keychain"),
    { revision: 6, edit: { ...editOf(2, { key: "2", item: "keychain", value: undefined }), why: "first" } } as const,
  ];
  const replica = await replicaOf(storage, head, pending, { entries });
  const apart: boolean[] = [];
  const shows: (string | undefined)[] = [];
  const notApplied = await NotAppliedList.open(storage);
  const parts = {
    replica,
    stores: { owners: async () => new Set(here.map(({ owner }) => owner)), read: async () => here },
    travel: { keepApart: (isApart: boolean) => void apart.push(isApart), outgoing: ({ value }: Entry) => value },
    staying: new Staying({ notApplied, log }),
    description: { capabilities: { networkPlaces: PLACES } },
    clock,
    log,
    device: DEVICE,
    run: RUN,
    journalClock: new JournalClock(clock, undefined),
    shower: { showAll: async (because: string | undefined) => void shows.push(because) },
  };
  const keys = (copy: Replica = replica) => [...copy.pending.all()].map(({ edit }) => `${edit.item} ${edit.key}`);
  return { replica, parts, networkPlaces: new NetworkPlaces(parts as never), apart, shows, keys };
}

const keychain = (sequence: number) => editOf(sequence, { item: "keychain" });

test("M25 at the parting of the orders only edits of keychains that nobody has yet stay here; what was answered, and all else, goes its way", async (t) => {
  const pending = [answeredAt(keychain(1), 12), answeredAt(keychain(2), undefined), answeredAt(editOf(3), undefined)];
  const { networkPlaces, apart, keys, replica } = await places({}, pending);
  await networkPlaces.hear("another order");
  t.deepEqual(keys(), ["keychain 1", "shortcut 3"]);
  t.deepEqual([apart, replica.head.places], [[true], { server: "another order", apart: true }]);
  t.false(networkPlaces.isReturnDue);
  await networkPlaces.hear(OWN);
  t.true(networkPlaces.isReturnDue, "they are kept apart until the comparison is made");
});

test("M25 an order that was told before, or of which an older server says nothing, changes nothing", async (t) => {
  const same = await places({ places: { server: OWN, apart: false } });
  const { head } = same.replica;
  for (const told of [undefined, OWN]) await same.networkPlaces.hear(told);
  t.is(same.replica.head, head);
  const other = await places({ places: { server: "another order", apart: true } });
  await other.networkPlaces.hear("another order");
  t.deepEqual(other.apart, []);
  const forgotten = await places({ places: { server: "another order", apart: false } });
  await forgotten.networkPlaces.hear("another order");
  t.deepEqual(forgotten.apart, [true], "what was told before, and not followed, is followed");
});

test("M25 a start keeps apart what was kept apart, and parts when this machine's order has changed with it", async (t) => {
  for (const [told, isApart] of [
    [undefined, false],
    [{ server: OWN, apart: false }, false],
    [{ server: OWN, apart: true }, true],
    [{ server: "another order", apart: true }, true],
    [{ server: "another order", apart: false }, true],
  ] as const) {
    const { networkPlaces, apart, replica } = await places({ places: told });
    const { head } = replica;
    await networkPlaces.recall();
    t.deepEqual(apart, [isApart]);
    t.is(replica.head !== head, told?.server === "another order" && !told.apart, "it is parted once");
  }
});

test("M25 B02 back in order, keychains that the fleet never had become edits of now; what it has or had is shown, into the history", async (t) => {
  const here = ["1", "2", "3", "4"].map((key) => ({ ...name(key, { item: "keychain" }), value: "mine" }));
  const head = { places: { server: OWN, apart: true }, sequence: 40, lastStamp: 900 };
  const { networkPlaces, replica, apart, shows } = await places(head, [], [...here, { ...name("5"), value: "mine" }]);
  await networkPlaces.comeBack(async () => undefined);
  const edits = [...replica.pending.all()].map(({ edit }) => [edit.key, edit.id.sequence, edit.seen, edit.stamp]);
  t.deepEqual(edits, [
    ["3", 41, at(10).revision, 900],
    ["4", 42, at(10).revision, 900],
  ]);
  const { sequence, places: told, unshown } = replica.head;
  t.deepEqual([sequence, told, unshown], [42, { server: OWN, apart: false }, "replaced-at-reordering"]);
  t.deepEqual([apart, shows], [[false], ["replaced-at-reordering"]]);
});

test("M25 I26 while there is no room for them among the pending edits the keychains stay apart, and nothing is replaced", async (t) => {
  const here = [{ ...name("3", { item: "keychain" }), value: "mine" }];
  const { parts, replica, apart, shows } = await places({ places: { server: OWN, apart: true } }, [], here);
  const full = {
    head: replica.head,
    pending: { size: LIMITS.pendingMax },
    visible: async () => [undefined],
    stateRecord: async () => undefined,
  };
  await new NetworkPlaces({ ...parts, replica: full } as never).comeBack(async () => undefined);
  t.deepEqual([apart, shows, replica.head.places?.apart], [[], [], true]);
});

test("B02 what is too old in a history goes once the time in the fleet is known, and then every day", async (t) => {
  const storage = new MemoryStorage();
  const clock = new ManualClock();
  const day = 24 * 3600 * 1000;
  const now = 17 * day;
  const replica = { head: { heard: undefined } as Pick<ReplicaHead, "heard"> };
  const trim = new HistoryTrim({ storage, clock, config: { historyDays: 7 }, replica: replica as never });
  const lose = async (lostAtMs: number) =>
    await storage.write([keepLost(CLIENT_HISTORY, { ...name("1"), value: "x", because: "superseded", stamp: 1, lostAtMs }, 1)]);
  const kept = async () => {
    await trim.ifDue();
    const times: number[] = [];
    for await (const { lostAtMs } of readHistory(storage, CLIENT_HISTORY)) times.push(lostAtMs / day);
    return times;
  };
  await lose(9 * day);
  await lose(11 * day);
  t.deepEqual(await kept(), [9, 11], "nobody knows what time it is");
  replica.head = { heard: { time: now, boot: clock.boot, monotonicMs: clock.monotonicMs() } };
  t.deepEqual(await kept(), [11]);
  await lose(9 * day);
  await clock.advance(day / 2);
  t.deepEqual(await kept(), [9, 11], "it was done today");
  await clock.advance(day);
  t.deepEqual(await kept(), []);
});
