/** What lost, on its server: put back by edits of the server itself, all of it or nothing. And who the owners are that it counts. */
import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { type Config, DEFAULT_CONFIG } from "../../../src/model/config.ts";
import type { EntryChange } from "../../../src/model/entry.ts";
import { SyncError } from "../../../src/model/errors.ts";
import { deviceId, epochId, fleetId } from "../../../src/model/ids.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { COMMON, type Owner } from "../../../src/model/owner.ts";
import type { Value } from "../../../src/model/value.ts";
import { encodeAccepted } from "../../../src/protocol/edit.ts";
import { CommunicationLog } from "../../../src/roles/communication-log.ts";
import { draftOf } from "../../../src/store/draft.ts";
import { OwnerTable } from "../../../src/roles/server/owner-table.ts";
import { putBack, type PutBackDone } from "../../../src/roles/server/put-back.ts";
import { ScopeTable } from "../../../src/roles/server/scope-table.ts";
import { ServerHistory } from "../../../src/roles/server/server-history.ts";
import { countJoins, UnseenLosses } from "../../../src/roles/unseen-losses.ts";
import { CLIENT_HISTORY, keepLost, type Lost, readNewest, SERVER_HISTORY } from "../../../src/store/history.ts";
import { Journal, type Transaction } from "../../../src/store/journal.ts";
import { entryKey } from "../../../src/store/keys.ts";
import { NEW_OWNER, unpackEntry } from "../../../src/store/records.ts";
import { ManualClock, settle } from "../../contract/manual-clock.ts";
import { ALICE, editOf, RUN } from "./own-copy.ts";

const SERVER = deviceId("5e".repeat(16));
const BOB = "user:bob" as Owner;
const lostOf = (key: string, other: Partial<Lost> = {}): Lost => ({
  owner: ALICE,
  item: "shortcut",
  key,
  value: "lost",
  because: "evicted",
  stamp: 5,
  lostAtMs: 900,
  ...other,
});

/** A server in whose state this stands, at journal time 1,000. */
async function serving(standing: readonly EntryChange[], config: Partial<Config> = {}, policy = "delete-oldest", specific?: string) {
  const storage = new MemoryStorage();
  const clock = new ManualClock();
  const first = () => ({ fleet: fleetId("f".repeat(32)), epoch: { number: 1, id: epochId("e".repeat(16)), first: 1 } });
  const journal = await Journal.open(storage, first);
  const commit = (act: (transaction: Transaction) => Promise<void>) => journal.commit(1_000, act, Number.POSITIVE_INFINITY);
  const edits = standing.map((entry, sequence) => {
    const edit = { ...editOf(sequence), stamp: 2_000, ...entry, why: "first" } as const;
    return { edit, bytes: encodeAccepted(edit) };
  });
  if (edits.length > 0) await commit(async (transaction) => void (await transaction.append(draftOf(edits))));
  const scopes = specific === undefined ? [] : [{ item: specific, scope: "device-specific" as const }];
  if (scopes.length > 0) await commit(async (transaction) => void (await transaction.append({ ...draftOf([]), scopes })));
  const log = new CommunicationLog({ storage, clock });
  const putBackAll = async (owner: Owner, losses: readonly Lost[]) => {
    const view = journal.view();
    const tables = { owners: await OwnerTable.open(view), scopes: await ScopeTable.open(view) };
    const records = losses.map((lost) => ({ storageKey: keepLost(SERVER_HISTORY, lost, 1).key, lost }));
    let sequence = 0;
    const own = {
      device: SERVER,
      run: RUN,
      nextSequence: () => (sequence += 1),
      clock,
      log,
      history: new ServerHistory({ storage, clock, config: DEFAULT_CONFIG }),
    };
    const parts = { ...tables, ...own, config: { ...DEFAULT_CONFIG, ...config }, policy, loggedIn: new Set<Owner>() };
    const before = journal.position.revision;
    const done: unknown[] = [];
    await commit(async (transaction) => void done.push(await putBack(owner, records, transaction, parts as never)));
    return { done: done[0] as PutBackDone, changes: journal.position.revision - before };
  };
  const edit = async (entry: EntryChange) => {
    const record = await journal.stateRecord(entryKey(entry));
    return record === undefined ? undefined : unpackEntry(record).edit;
  };
  const kept = async (): Promise<(readonly [key: string, putBackMs: number | undefined])[]> => {
    const found: (readonly [string, number | undefined])[] = [];
    for await (const { lost } of readNewest(storage, SERVER_HISTORY, undefined)) found.push([lost.key, lost.putBackMs]);
    return found;
  };
  return { storage, clock, log, putBackAll, edit, kept };
}

const entry = (key: string, value: Value | undefined, other: Partial<EntryChange> = {}): EntryChange => ({
  owner: ALICE,
  item: "shortcut",
  key,
  value,
  ...other,
});

test("B02 what is put back is an edit of now, what stands already needs none, and all of it is noted", async (t) => {
  const { clock, putBackAll, edit, kept } = await serving([entry("a", "other"), entry("b", "lost")]);
  const { done, changes } = await putBackAll(ALICE, [lostOf("a"), lostOf("b"), lostOf("c")]);
  t.deepEqual([done.entries, changes], [2, 1]);
  t.like(await edit(entry("a", "")), { value: "lost", stamp: 1_000, seen: 1, by: "put-back", why: "server" });
  t.like(await edit(entry("b", "")), { value: "lost", stamp: 2_000 });
  t.like(await edit(entry("c", "")), { value: "lost" });
  t.deepEqual(
    (await kept()).sort(),
    ["a", "b", "c"].map((key) => [key, clock.wallMs()] as const),
  );
});

test("B02 where one of the records cannot be put back none is, and nothing says so", async (t) => {
  const rows: readonly (readonly [word: string, losses: readonly Lost[], config?: Partial<Config>, policy?: string])[] = [
    ["device-specific", [lostOf("a"), lostOf("", { item: "timeline" })]],
    ["too-many-entries", [lostOf("a"), lostOf("b")], { capacities: { shortcut: 1 } }],
    ["too-many-users", [lostOf("a")], { usersMax: 1 }, "discard-new"],
  ];
  for (const [word, losses, config, policy] of rows) {
    const { putBackAll, edit, kept } = await serving([entry("z", "x", { owner: BOB })], config, policy, "timeline");
    const { done, changes } = await putBackAll(ALICE, losses);
    t.is(Reflect.get(done, "word"), word);
    t.is(changes, 0, word);
    t.is(await edit(entry("a", "")), undefined);
    t.deepEqual(await kept(), []);
  }
});

test("B02 M22 whoever has to make room for the owner leaves in the same change, and is kept", async (t) => {
  const ofBob = [entry("z", "x", { owner: BOB }), entry("deleted", undefined, { owner: BOB })];
  const { putBackAll, edit, kept } = await serving(ofBob, { usersMax: 1 });
  const { done, changes } = await putBackAll(ALICE, [lostOf("a")]);
  t.deepEqual(done.evictions, [{ owner: BOB, entries: 1 }]);
  t.is(changes, 1);
  t.is(await edit(entry("z", "", { owner: BOB })), undefined);
  t.deepEqual((await kept()).map(([key]) => key).sort(), ["a", "z"]);
  const full = await serving([entry("z", "x", { owner: BOB })], { usersMax: 1 }, "discard-new");
  const { done: nothing } = await full.putBackAll(ALICE, [lostOf("a", { value: undefined })]);
  t.is(nothing.entries, 0, "a deletion of what is not there holds nobody");
});

test("B02 what is put back makes room as any edit does: the timeline drops its oldest, a number that is taken becomes the next", async (t) => {
  const timeline = { item: "timeline" };
  const job = { function: "copy", settings: {} };
  const full = Array.from({ length: LIMITS.timelineMax }, (_, index) => entry(`${index}`, job, timeline));
  const { putBackAll, edit } = await serving(full);
  await putBackAll(ALICE, [lostOf("new", { ...timeline, value: { ...job, settings: { copies: 2 } } })]);
  t.deepEqual(
    (await Promise.all([...full, entry("new", "", timeline)].map(edit))).filter((of) => of?.value !== undefined).length,
    LIMITS.timelineMax,
  );
  const button = { name: "x", subdbid: "11", indxid: "8" };
  const list = { owner: COMMON, item: "common-address" } as const;
  const numbered = await serving([entry("x", button, list)]);
  await numbered.putBackAll(COMMON, [lostOf("y", { ...list, value: button })]);
  t.like((await numbered.edit(entry("y", "", list)))?.value, { indxid: "9" });
  t.is(numbered.log.records().at(-1)?.code, "number-moved");
});

test("B02 more than a change takes is put back in several, each within its limit", async (t) => {
  const text = "x".repeat(16_000);
  const inOne = Math.floor(
    LIMITS.holdingBytesMax / encodeAccepted({ ...editOf(1, { key: "1000", value: text, by: "put-back" }), why: "server" }).length,
  );
  const losses = Array.from({ length: 2 * inOne + 1 }, (_, index) => lostOf(`${1_000 + index}`, { value: text }));
  const { putBackAll } = await serving([]);
  const { done, changes } = await putBackAll(ALICE, losses);
  t.deepEqual([done.entries, changes], [losses.length, 3]);
});

test("M05 an owner is counted while it is held, and no longer", async (t) => {
  const { storage } = await serving([entry("a", "x"), entry("1", { name: "n" }, { owner: COMMON, item: "common-address" })]);
  const first = () => ({ fleet: fleetId("f".repeat(32)), epoch: { number: 1, id: epochId("e".repeat(16)), first: 1 } });
  const journal = await Journal.open(storage, first);
  const table = await OwnerTable.open(journal.view());
  t.deepEqual([[...table.all()], table.size, table.users.size], [[ALICE, COMMON], 2, 1]);
  const group = "group:1" as Owner;
  const days = { lastLoginDay: 7, begunDay: 3 };
  table.note(group, { ...NEW_OWNER, ...days, holdings: { "": { since: 1, adopted: undefined } } });
  t.deepEqual([table.size, table.users.size, table.groups.size, table.daysOf(group)], [3, 1, 1, days]);
  table.note(group, { ...NEW_OWNER, ...days });
  t.false(table.holds(group));
  const removals = [{ owner: ALICE, kind: "deleted" as const }];
  const committed = await journal.commit(
    2_000,
    async (transaction) => void (await transaction.append({ ...draftOf([]), removals })),
    Number.POSITIVE_INFINITY,
  );
  await table.follow(committed?.state ?? journal.view(), [ALICE]);
  t.deepEqual([[...table.all()], table.holds(ALICE)], [[COMMON], false]);
  await table.follow(journal.view(), [BOB]);
  t.false(table.holds(BOB));
});

test("B05 what lost is counted until somebody looks; what a join replaced and what was put back is not", async (t) => {
  const storage = new MemoryStorage();
  const clock = new ManualClock();
  let changes = 0;
  const losses = new UnseenLosses({ storage, clock, onChange: () => (changes += 1) });
  const lose = async (key: string, lostAtMs: number, other: Partial<Lost> = {}) =>
    await storage.write([keepLost(CLIENT_HISTORY, lostOf(key, { because: "superseded", lostAtMs, ...other }), 1)]);
  const counted = async () => {
    losses.look();
    for (let turn = 0; turn < 5; turn += 1) await settle();
    return losses.known;
  };
  await lose("a", 100);
  await lose("b", 110, { because: "replaced-at-join" });
  await lose("c", 120, { putBackMs: 5 });
  t.is(await counted(), 1);
  await lose("d", 130);
  t.is(await counted(), 1, "nobody has noted it");
  losses.noted({ kind: "backed-up" });
  t.is(await counted(), 1, "that is about something else");
  losses.noted({ kind: "put-back", owner: ALICE, entries: 1 });
  t.is(await counted(), 2);
  await lose("e", 140);
  await clock.advance(60_000);
  t.is(await counted(), 3, "it is counted anew while there is something");
  t.is(changes, 3);
  await losses.seen();
  t.deepEqual([losses.known, await losses.all()], [0, 0]);
  await lose("f", 150);
  await clock.advance(60_000);
  t.is(await counted(), 0, "where there is nothing it is not read again and again");
});

test("B05 what the server machine lost counts like its own: who made room, and what a restore undid; no further than it is shown", async (t) => {
  const storage = new MemoryStorage();
  const losses = new UnseenLosses({ storage, clock: new ManualClock(), onChange: () => undefined });
  const counted = async (kind?: "owner-evicted" | "restored" | "took-over" | "server-started") => {
    if (kind === "owner-evicted") losses.noted({ kind, owner: ALICE, entries: 1 });
    else if (kind === "took-over") losses.noted({ kind, hadData: true });
    else if (kind !== undefined) losses.noted({ kind });
    losses.look();
    for (let turn = 0; turn < 40; turn += 1) await settle();
    return losses.known;
  };
  const lose = (key: string, because: Lost["because"]) =>
    storage.write([keepLost(SERVER_HISTORY, lostOf(key, { because, lostAtMs: 100 }), 1)]);
  t.is(await counted(), 0);
  for (const [index, kind] of (["owner-evicted", "restored", "took-over", "server-started"] as const).entries()) {
    await lose(`${index}`, index === 0 ? "evicted" : "restored");
    t.is(await counted(kind), index + 1, kind);
  }
  for (let more = 0; more < LIMITS.historyShownMax; more += 1) await lose(`more ${more}`, "restored");
  t.deepEqual([await counted("restored"), await losses.all()], [LIMITS.historyShownMax, LIMITS.historyShownMax + 4]);
  await losses.seen();
  t.is(losses.known, 0);
});

test("B05 what a join replaces counts where the machine had lost what it knew, until somebody has looked", async (t) => {
  const storage = new MemoryStorage();
  const losses = new UnseenLosses({ storage, clock: new ManualClock(), onChange: () => undefined });
  const lose = (key: string, lostAtMs: number, because: Lost["because"] = "replaced-at-join") =>
    storage.write([keepLost(CLIENT_HISTORY, lostOf(key, { because, lostAtMs }), 1)]);
  await lose("a", 100, "superseded");
  await losses.seen();
  await countJoins(storage);
  t.is(await losses.all(), 0, "what was seen stays seen");
  await lose("b", 110);
  t.is(await losses.all(), 1);
  await losses.seen();
  await lose("c", 120);
  t.is(await losses.all(), 0, "the next join is one like others");
});

test("B05 what cannot be read now is counted the next time, and what is noted while it is read once more", async (t) => {
  const storage = new MemoryStorage();
  await storage.write([keepLost(CLIENT_HISTORY, lostOf("a", { because: "superseded" }), 1)]);
  let reads = 0;
  let isFull = false;
  const reading = {
    get: async (key: string) => {
      reads += 1;
      if (isFull) throw new SyncError("hal-full", "no room");
      await settle();
      return await storage.get(key);
    },
    range: (options: Parameters<typeof storage.range>[0]) => storage.range(options),
  };
  const losses = new UnseenLosses({ storage: reading as never, clock: new ManualClock(), onChange: () => undefined });
  losses.look();
  losses.noted({ kind: "put-back", owner: ALICE, entries: 1 });
  losses.look();
  for (let turn = 0; turn < 8; turn += 1) await settle();
  t.deepEqual([losses.known, reads], [1, 2]);
  losses.noted({ kind: "put-back", owner: ALICE, entries: 1 });
  losses.look();
  losses.noted({ kind: "put-back", owner: ALICE, entries: 1 });
  for (let turn = 0; turn < 8; turn += 1) await settle();
  t.is(reads, 4, "also where the count was the same");
  isFull = true;
  losses.noted({ kind: "put-back", owner: ALICE, entries: 1 });
  losses.look();
  for (let turn = 0; turn < 4; turn += 1) await settle();
  isFull = false;
  losses.look();
  for (let turn = 0; turn < 8; turn += 1) await settle();
  t.is(reads, 6, "it is tried again although nothing new was noted");
});

test("B02 the server's history is looked through once an hour, and not with each beat", async (t) => {
  const storage = new MemoryStorage();
  const clock = new ManualClock();
  let reads = 0;
  const range: typeof storage.range = (options) => {
    reads += 1;
    return storage.range(options);
  };
  const history = new ServerHistory({ storage: { write: async () => undefined, range } as never, clock, config: DEFAULT_CONFIG });
  const beats = async (count: number, ms: number) => {
    for (let beat = 0; beat < count; beat += 1) {
      await clock.advance(ms);
      await history.trim(1_000);
    }
    return reads;
  };
  t.is(await beats(10, 1_000), 0);
  t.is(await beats(1, 3_600_000), 1);
  t.is(await beats(10, 1_000), 1);
});
