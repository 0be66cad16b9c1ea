/** What a client writes to its machine's stores of what its copy has, and when it says that an export may open. */
import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { must } from "../../../src/model/assert.ts";
import type { Entry, EntryChange } from "../../../src/model/entry.ts";
import { SyncError } from "../../../src/model/errors.ts";
import { type Owner, userOwner } from "../../../src/model/owner.ts";
import type { Position } from "../../../src/model/position.ts";
import { Preparations } from "../../../src/roles/client/preparations.ts";
import { recover } from "../../../src/roles/client/recover.ts";
import { Shower } from "../../../src/roles/client/shower.ts";
import { switchOver } from "../../../src/roles/client/switch-over.ts";
import { CommunicationLog } from "../../../src/roles/communication-log.ts";
import { CLIENT_HISTORY, keepLost, readHistory } from "../../../src/store/history.ts";
import { NotAppliedList } from "../../../src/store/not-applied.ts";
import { type PendingEdit, pendingOf } from "../../../src/store/pending.ts";
import type { Replica } from "../../../src/store/replica.ts";
import { sameValue } from "../../../src/model/value.ts";
import { ManualClock, settle } from "../../contract/manual-clock.ts";
import { ALICE, at, editOf, replicaOf, type Standings } from "./own-copy.ts";

const BOB = "user:bob" as Owner;
const shortcut = (owner: Owner, key: string, value: string): Entry => ({ owner, item: "shortcut", key, value });
/** It stands in the base. */
const standing = (owner: Owner, key: string, value = "x") =>
  ({ revision: 5, edit: { ...editOf(1, { owner, key, value }), why: "first" } }) as const;

/** A machine whose stores hold `here` over a base in which `base` stands. Entries with the value "stays" cannot travel. */
async function machine(
  here: readonly Entry[],
  base: readonly ReturnType<typeof standing>[] = [],
  edits: readonly PendingEdit[] = [],
  owners: Standings["owners"] = {},
) {
  const storage = new MemoryStorage();
  const clock = new ManualClock();
  const log = new CommunicationLog({ storage, clock });
  const replica = await replicaOf(storage, { mark: 4 }, edits, { entries: base, owners });
  const applied: EntryChange[][] = [];
  const shown: (Position | undefined)[] = [];
  const unrecorded: Entry[] = [];
  const stores = {
    mark: () => 4 + unrecorded.length,
    editsSince: async () => unrecorded,
    owners: async () => new Set(here.map(({ owner }) => owner)),
    read: async (owner: Owner) => here.filter((entry) => entry.owner === owner),
    readAmong: async (owner: Owner) => here.filter((entry) => entry.owner === owner),
    keeps: () => true,
    apply: async (changes: readonly EntryChange[]) => {
      applied.push([...changes]);
      return [];
    },
    showPosition: async (position: Position) => void shown.push(position),
    oldestShown: (): Position | undefined => undefined,
    show: () => true,
    haveOwnOver: false,
  };
  const parts = {
    replica,
    storage,
    clock,
    log,
    stores,
    notApplied: await NotAppliedList.open(storage),
    users: { loggedIn: () => undefined },
    onShown: () => undefined,
    travel: {
      isShared: () => true,
      isApart: () => false,
      isDeviceSpecific: () => false,
      canLeave: ({ value }: Entry) => value !== "stays",
      incoming: (_: Entry, value: unknown) => value,
      outgoing: ({ value }: Entry) => value,
      isSame: (_: Entry, visible: string, local: string) => sameValue(visible, local),
    },
  };
  const shower = new Shower(parts as never);
  const written = () => applied.map((changes) => changes.map(({ owner, key, value }) => `${owner} ${key} ${value}`));
  const lost = async (): Promise<string[]> => {
    const kept: string[] = [];
    for await (const { owner, key, because, notAfter } of readHistory(storage, CLIENT_HISTORY))
      kept.push(`${owner} ${key} ${because} ${notAfter}`);
    return kept;
  };
  return { parts, storage, replica, stores, shower, shown, unrecorded, written, lost };
}

test("P11 B02 what is edited while all is compared has not lost: it is in no history", async (t) => {
  const here = [shortcut(ALICE, "1", "mine"), shortcut(ALICE, "2", "edited")];
  const { shower, unrecorded, lost } = await machine(here, [standing(ALICE, "1"), standing(ALICE, "2")]);
  unrecorded.push(shortcut(ALICE, "2", "edited"));
  await shower.showOwner(ALICE, "replaced-at-join");
  t.deepEqual(await lost(), [`${ALICE} 1 replaced-at-join 100`]);
});

test("P19 what is on offer is shown as this machine has it, until it is answered", async (t) => {
  const { replica, shower, written } = await machine([], [standing(ALICE, "1"), standing(BOB, "1")]);
  await replica.write([replica.offers.set(ALICE, { kind: "wanted" })], {});
  await shower.show([shortcut(ALICE, "1", ""), shortcut(BOB, "1", "")]);
  t.deepEqual(written(), [[`${BOB} 1 x`]]);
});

test("M12 B02 what differs is replaced and kept in the history as made before the base; what cannot travel stays as it is", async (t) => {
  const here = [shortcut(ALICE, "1", "x"), shortcut(ALICE, "2", "mine"), shortcut(ALICE, "3", "stays"), shortcut(ALICE, "4", "gone")];
  const { shower, written, lost } = await machine(here, [standing(ALICE, "1"), standing(ALICE, "2"), standing(ALICE, "3")]);
  await shower.showOwner(ALICE, "replaced-at-join");
  t.deepEqual(written(), [[`${ALICE} 2 x`, `${ALICE} 4 undefined`]]);
  t.deepEqual(await lost(), [`${ALICE} 2 replaced-at-join 100`, `${ALICE} 4 replaced-at-join 100`]);
  const quietly = await machine(here, [standing(ALICE, "2")]);
  await quietly.shower.showOwner(ALICE, undefined);
  t.deepEqual(await quietly.lost(), []);
});

test("P11 B03 a comparison of all owners lets edits in between its batches, and ends with the position", async (t) => {
  const many = Array.from({ length: 1_000 }, (_, index) => shortcut(ALICE, `${index}`, "mine"));
  const { replica, shower, shown, written } = await machine([...many, shortcut(BOB, "1", "mine")], []);
  await replica.write([], { unshown: "show" });
  let between = 0;
  const progress: unknown[] = [];
  await shower.showAll(undefined, async () => {
    between += 1;
    progress.push(shower.progress);
    t.deepEqual([written().length, shown.length, replica.head.unshown], [1, 0, "show"]);
  });
  t.is(between, 1);
  t.deepEqual(progress, [{ done: 1, of: 2 }]);
  t.deepEqual(
    written().map((batch) => batch.length),
    [1_000, 1],
  );
  t.deepEqual(shown, [at(10)]);
  t.deepEqual([replica.head.unshown, shower.progress], [undefined, undefined]);
});

test("P11 a position is shown when what it stands for is written, and not while the last of that is under way", async (t) => {
  const { shower, stores, shown, written } = await machine([], [standing(ALICE, "1")]);
  const { apply } = stores;
  let end: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    end = resolve;
  });
  stores.owners = async () => new Set([ALICE]);
  stores.apply = async (changes: readonly EntryChange[]) => {
    await held;
    return await apply(changes);
  };
  const all = shower.showAll(undefined, async () => undefined);
  for (let turns = 0; turns < 20; turns += 1) await settle();
  t.deepEqual([written(), shown], [[], []]);
  end();
  await all;
  t.deepEqual([written(), shown], [[[`${ALICE} 1 x`]], [at(10)]]);
});

test("M27 what was dropped for want of room is shown when something makes room; what nobody has any more is listed no longer", async (t) => {
  const { parts, shower, written } = await machine([], [standing(ALICE, "2")]);
  const { notApplied } = parts;
  const listed = (key: string, because: "evicted" | "machine") => ({ owner: ALICE, item: "shortcut", key, because, detail: "" });
  await notApplied.note([], [listed("2", "evicted"), listed("9", "machine")]);
  await shower.show([editOf(1)]);
  t.deepEqual(written(), [[`${ALICE} 1 undefined`], [`${ALICE} 2 x`]]);
  await shower.showAll(undefined, async () => undefined);
  t.deepEqual(notApplied.all(), []);
});

test("P11 B03 what is shown beside is of one moment, its position and the newest known edit with it, and edits made since are not forgotten meanwhile", async (t) => {
  const { replica, stores, shower } = await machine([], [standing(ALICE, "1"), standing(ALICE, "2")]);
  const calls: unknown[] = [];
  let end: () => void = () => undefined;
  const holding: number[] = [];
  Object.assign(stores, {
    oldestShown: () => at(9),
    apply: async (changes: readonly EntryChange[], position: Position | undefined, mark: number, isOfAll: boolean) => {
      calls.push([changes.map(({ value }) => value), position?.revision, mark, isOfAll]);
      await new Promise<void>((resolve) => (end = resolve));
      return [];
    },
    keepEdits: (mark: number) => {
      holding.push(mark);
      return () => void holding.pop();
    },
  });
  const moment = must(await shower.moment([shortcut(ALICE, "1", ""), shortcut(ALICE, "2", "")], undefined, true), "the copy is whole");
  // The copy goes on before it is written, and while it is.
  await replica.record([pendingOf(editOf(5, { key: "2", value: "newer" }))], 5);
  await replica.write([], { position: at(12) });
  const writing = shower.showBeside(moment);
  await settle();
  t.deepEqual([calls, holding], [[[["x", "x"], 10, 4, true]], [4]]);
  const acting = [
    shower.showOwner(ALICE, undefined),
    shower.showAll(undefined, async () => undefined),
    shower.show([shortcut(ALICE, "1", "")]),
    shower.showOwn([shortcut(ALICE, "2", "")]),
    shower.showBeside(moment),
  ];
  await settle();
  t.is(calls.length, 1, "whatever else is to be shown waits");
  end();
  await writing;
  Object.assign(stores, { apply: async () => [] });
  end();
  for (const act of acting) {
    end();
    await act;
  }
  t.deepEqual(holding, []);
});

test("B03 a write beside that fails holds nobody up: who waited for it goes on, and edits are forgotten again", async (t) => {
  const { stores, shower, written } = await machine([], [standing(ALICE, "1")]);
  const { apply } = stores;
  const holding: number[] = [];
  Object.assign(stores, {
    apply: () => Promise.reject(new SyncError("hal-full", "no room")),
    keepEdits: (mark: number) => {
      holding.push(mark);
      return () => void holding.pop();
    },
  });
  const moment = must(await shower.moment([shortcut(ALICE, "1", "")]), "the copy is whole");
  await t.throwsAsync(shower.showBeside(moment), { code: "hal-full" });
  Object.assign(stores, { apply });
  await shower.show([shortcut(ALICE, "1", "")]);
  t.deepEqual([written(), holding], [[[`${ALICE} 1 x`]], []]);
});

test("P11 B03 while a batch is written the next is compared, with what was recorded by then; one that fails is the last", async (t) => {
  const user = (index: number) => must(userOwner(`u${index}`), "an owner");
  const owners = [0, 1, 2, 3].map(user);
  const base = owners.flatMap((owner) => Array.from({ length: 1_000 }, (_, index) => standing(owner, `${index}`)));
  const { replica, shower, stores, shown } = await machine([], base);
  stores.owners = async () => new Set(owners);
  const order: string[] = [];
  const ends: ((refused: readonly never[]) => void)[] = [];
  let isBroken = false;
  stores.apply = async (changes: readonly EntryChange[]) => {
    order.push(`apply ${changes[0]?.owner} ${changes[0]?.value}`);
    if (isBroken) throw new SyncError("hal-full", "no room");
    return await new Promise<never[]>((resolve) => ends.push(resolve as never));
  };
  stores.read = async (owner: Owner) => {
    order.push(`compare ${owner}`);
    return [];
  };
  const end = async (breaks = false) => {
    for (let turns = 0; turns < 1_000 && order.at(-1)?.startsWith("compare") !== true; turns += 1) await settle();
    isBroken = breaks;
    order.push("written");
    ends.shift()?.([]);
  };
  let sequence = 0;
  const all = shower.showAll(undefined, async () => {
    sequence += 1;
    const edit = editOf(sequence, { owner: user(sequence), key: "0", value: `edited ${sequence}` });
    await replica.record([pendingOf(edit)], sequence);
  });
  await end();
  await end();
  await end(true);
  await t.throwsAsync(all, { code: "hal-full" });
  t.deepEqual(order, [
    "compare user:u0",
    "apply user:u0 x",
    "compare user:u1",
    "written",
    "apply user:u1 edited 1",
    "compare user:u2",
    "written",
    "apply user:u2 edited 2",
    "compare user:u3",
    "written",
    "apply user:u3 edited 3",
  ]);
  t.deepEqual([shown, shower.progress], [[], undefined]);
});

/** What `recover` and `switchOver` bring together, each noting that it was asked. */
async function steps(kind: "join" | "rejoin", unshown: "replaced-at-join" | "show" | undefined, owners: Standings["owners"] = {}) {
  const { parts, storage, replica, stores, lost } = await machine([], [], [], owners);
  const asked: string[] = [];
  const note =
    (what: string) =>
    async (...given: readonly unknown[]) =>
      void asked.push([what, ...given.slice(0, 1)].join(" ").trim());
  await replica.write([], { unshown });
  const given = {
    ...parts,
    catchUp: { switchOver: async () => kind },
    crossing: { follow: note("follow") },
    shower: { showAll: note("show all"), show: async (names: readonly unknown[]) => void asked.push(`show ${names.length}`) },
    joiner: { noticeHeld: note("notice") },
  } as never;
  return { given, asked, storage, replica, stores, lost, notApplied: parts.notApplied };
}

test("P17 B02 a switch shows all, keeps at a join what goes by it, and notices what it brought of what is on offer", async (t) => {
  const noRecord = async () => undefined;
  const join = await steps("join", "replaced-at-join");
  await switchOver(join.given, noRecord);
  t.deepEqual(join.asked, ["follow", "show all replaced-at-join", "notice"]);
  const rejoin = await steps("rejoin", "show");
  await switchOver(rejoin.given, noRecord);
  t.deepEqual(rejoin.asked, ["follow", "show all", "notice"]);
});

test("M15 P24 whose deletion came with the base itself, and not as a change, leaves the history with the switch to it, or with the next start", async (t) => {
  for (const act of [switchOver, recover]) {
    const made = await steps("rejoin", "show", { [ALICE]: { deleted: { revision: 9, at: 50 } } });
    const entry = { ...editOf(1), because: "superseded", lostAtMs: 1 } as const;
    await made.storage.write([keepLost(CLIENT_HISTORY, entry, 1), keepLost(CLIENT_HISTORY, { ...entry, owner: BOB }, 2)]);
    await act(made.given, async () => undefined);
    t.deepEqual(await made.lost(), [`${BOB} 1 superseded 1`]);
  }
});

test("P17 M27 a start shows what was not shown yet, tries again what was not applied but for want of room, and notices what is held", async (t) => {
  const noRecord = async () => undefined;
  const list = async (given: Awaited<ReturnType<typeof steps>>) =>
    await given.notApplied.note(
      [],
      (["machine", "evicted", "cannot-travel", "unreadable"] as const).map((because, index) => ({
        owner: ALICE,
        item: "shortcut",
        key: `${index}`,
        because,
        detail: "",
      })),
    );
  const behind = await steps("join", "replaced-at-join");
  await list(behind);
  await recover(behind.given, noRecord);
  t.deepEqual(behind.asked, ["follow", "show all replaced-at-join", "show 2", "notice"]);
  const current = await steps("join", undefined);
  current.stores.oldestShown = () => at(10);
  await recover(current.given, noRecord);
  t.deepEqual(current.asked, ["follow", "show 0", "notice"]);
  const more = await steps("join", undefined);
  more.stores.oldestShown = () => at(10);
  more.stores.haveOwnOver = true;
  await recover(more.given, noRecord);
  t.deepEqual(more.asked, ["follow", "show all", "show 0", "notice"], "what the stores show beyond it may be unknown by now");
  const older = await steps("join", undefined);
  older.stores.oldestShown = () => at(9);
  await recover(older.given, noRecord);
  t.deepEqual(older.asked, ["follow", "show all", "show 0", "notice"]);
  const unshown = await steps("join", "replaced-at-join");
  unshown.stores.oldestShown = () => at(10);
  await recover(unshown.given, noRecord);
  t.deepEqual(unshown.asked, ["follow", "show all replaced-at-join", "show 0", "notice"], "whatever the stores say of themselves");
  const other = await steps("join", undefined);
  Object.assign(other.stores, { oldestShown: () => at(10), show: () => false });
  await recover(other.given, noRecord);
  t.deepEqual(other.asked, ["follow", "show all", "show 0", "notice"], "one shows another journal");
  const damaged = await steps("join", "show");
  Object.defineProperty(damaged.replica, "isDamaged", { value: true });
  await recover(damaged.given, noRecord);
  t.deepEqual(damaged.asked, [], "what a damaged copy has not is not gone");
});

test("M23 an export is prepared when the machine stands where the server stood, and has nothing of the chosen owners under way", async (t) => {
  const prepared = async (
    change: (replica: Replica, state: { phase: string; underWay: boolean; importing: boolean }) => Promise<void> | void,
    revision = 10,
    edits: readonly PendingEdit[] = [],
  ) => {
    const { parts, replica } = await machine([shortcut(ALICE, "1", "x"), shortcut(BOB, "1", "x")], [], edits);
    const state = { phase: "in", underWay: false, importing: false };
    await change(replica, state);
    const shown: string[] = [];
    const preparations = new Preparations({
      ...parts,
      exchange: state,
      catchUp: { isUnderWay: state.underWay },
      restrictions: { importExportRunning: () => state.importing },
      shower: { showOwner: async (owner: Owner) => void shown.push(owner) },
    } as never);
    const outcome = preparations.add([ALICE], revision, new AbortController().signal);
    await preparations.perform();
    preparations.end();
    return [await outcome, ...shown].join(" ");
  };
  const nothing = () => undefined;
  t.is(await prepared(nothing), `prepared ${ALICE}`);
  t.is(await prepared(nothing, 11), "ended", "the server is further");
  t.is(await prepared(nothing, 10, [pendingOf(editOf(1))]), "ended", "an edit of Alice is pending");
  t.is(await prepared(nothing, 10, [pendingOf(editOf(1, { owner: BOB }))]), `prepared ${ALICE}`);
  t.is(await prepared(nothing, 10, [{ ...pendingOf(editOf(1)), answer: { outcome: "accepted", revision: 12 } }]), `prepared ${ALICE}`);
  t.is(await prepared((replica) => replica.write([replica.offers.set(ALICE, { kind: "wanted" })], {})), "ended");
  t.is(await prepared((replica) => replica.write([replica.offers.set(BOB, { kind: "wanted" })], {})), `prepared ${ALICE}`);
  t.is(await prepared((replica) => replica.write([], { unshown: "show" })), "ended");
  t.is(await prepared((_, state) => void (state.phase = "asked")), "ended");
  t.is(await prepared((_, state) => void (state.underWay = true)), "ended");
  t.is(await prepared((_, state) => void (state.importing = true)), "ended");
});

test("M23 whoever waits for an export hears of its end, whichever comes first: the signal, the client's end, or that it is prepared; then it waits no more", async (t) => {
  const { parts } = await machine([shortcut(BOB, "1", "x")], [standing(ALICE, "1", "x")], [], { [ALICE]: {} });
  const shown: string[] = [];
  const preparations = new Preparations({
    ...parts,
    exchange: { phase: "in" },
    catchUp: { isUnderWay: false },
    restrictions: { importExportRunning: () => false },
    shower: { showOwner: async (owner: Owner) => void shown.push(owner) },
  } as never);
  const signal = new AbortController();
  const [aborted, all] = [preparations.add("all", 11, signal.signal), preparations.add("all", 10, new AbortController().signal)];
  await preparations.perform();
  t.is(await all, "prepared");
  t.deepEqual(shown.sort(), [ALICE, BOB], "what the fleet has, and what is here");
  signal.abort();
  t.is(await aborted, "ended");
  t.true(preparations.isEmpty);
  t.is(await preparations.add("all", 10, signal.signal), "ended", "it was over before");
  preparations.end();
  t.is(await preparations.add("all", 10, new AbortController().signal), "ended");
});
