import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { DEFAULT_CONFIG } from "../../../src/model/config.ts";
import type { Accepted } from "../../../src/model/entry.ts";
import { deviceId, epochId, fleetId, runId } from "../../../src/model/ids.ts";
import { encodeAccepted } from "../../../src/protocol/edit.ts";
import type { BroughtRecord } from "../../../src/roles/server/brought-record.ts";
import { type Draft, draftOf } from "../../../src/store/draft.ts";
import { Homecoming } from "../../../src/roles/server/homecoming.ts";
import { OwnerTable } from "../../../src/roles/server/owner-table.ts";
import { ScopeTable } from "../../../src/roles/server/scope-table.ts";
import { ServerHistory } from "../../../src/roles/server/server-history.ts";
import { Journal } from "../../../src/store/journal.ts";
import { readHistory, SERVER_HISTORY } from "../../../src/store/history.ts";
import { ALL_ENTRIES, entryKey, ownerKey, scopeKey } from "../../../src/store/keys.ts";
import { NEW_OWNER, type OwnerRecord, packEntry, packOwner, packScope, unpackEntry, unpackOwner } from "../../../src/store/records.ts";
import { owner } from "../../wire/samples.ts";

const ALICE = owner("user:alice");
const BOB = owner("user:bob");

const button = (key: string, stamp: number, item = "personal-button"): Accepted => ({
  id: { device: deviceId("a".repeat(32)), run: runId("1".repeat(16)), sequence: stamp },
  owner: ALICE,
  item,
  key,
  value: { name: key },
  seen: 0,
  stamp,
  certain: true,
  by: "",
  why: "first",
});

const edits = (...made: readonly Accepted[]): Draft => draftOf(made.map((edit) => ({ edit, bytes: encodeAccepted(edit) })));
const broughtEntry = (revision: number, edit: Accepted): BroughtRecord => [entryKey(edit), packEntry(revision, encodeAccepted(edit))];
const broughtOwner = (of: typeof ALICE, record: Partial<OwnerRecord>): BroughtRecord => [
  ownerKey(of),
  packOwner({ ...NEW_OWNER, ...record }),
];

/** A server that took over: so many changes of its journal are those of the one that is lost, the others its own. */
class Heir {
  readonly refused: string[] = [];
  readonly storage = new MemoryStorage();
  readonly #changes: readonly Draft[];

  constructor(...changes: readonly Draft[]) {
    this.#changes = changes;
  }

  async open(capacities: Readonly<Record<string, number>> = {}, usersMax = DEFAULT_CONFIG.usersMax) {
    const { storage } = this;
    const first = () => ({ fleet: fleetId("f".repeat(32)), epoch: { number: 1, id: epochId("e".repeat(16)), first: 1 } });
    const journal = await Journal.open(storage, first);
    for (const [index, change] of this.#changes.entries())
      await journal.commit(index + 1, async (transaction) => void (await transaction.append(change)), Number.POSITIVE_INFINITY);
    const parts = {
      config: { ...DEFAULT_CONFIG, capacities, usersMax },
      owners: await OwnerTable.open(journal.view()),
      scopes: await ScopeTable.open(journal.view()),
      history: new ServerHistory({ storage, clock: { monotonicMs: () => 0 } as never, config: DEFAULT_CONFIG }),
      log: { refused: (what: string) => void this.refused.push(what) } as never,
      device: deviceId("5".repeat(32)),
      run: runId("5".repeat(16)),
      nextSequence: () => 1,
      servesSince: 400,
      policy: "delete-oldest" as const,
      loggedIn: new Set<typeof ALICE>(),
    };
    return {
      revision: () => journal.position.revision,
      /** Takes the records; gives the keys of Alice's entries that stand then. */
      take: async (records: readonly BroughtRecord[], common: number): Promise<string[]> => {
        await journal.commit(1_000, (transaction) => new Homecoming(transaction, parts).take(records, common), Number.POSITIVE_INFINITY);
        const standing: string[] = [];
        for await (const [, record] of journal.view().range(ALL_ENTRIES)) {
          const { key, value } = unpackEntry(record).edit;
          if (value !== undefined) standing.push(key);
        }
        return standing;
      },
      stamps: async (): Promise<Record<string, number>> => {
        const stamps: Record<string, number> = {};
        for await (const [, record] of journal.view().range(ALL_ENTRIES)) {
          const { key, stamp } = unpackEntry(record).edit;
          stamps[key] = stamp;
        }
        return stamps;
      },
      owner: async (of: typeof ALICE): Promise<OwnerRecord> => {
        const record = await journal.stateRecord(ownerKey(of));
        return record === undefined ? NEW_OWNER : unpackOwner(record);
      },
      scopes: parts.scopes,
      /** Entries of which the server's history has something, and why. */
      lost: async (): Promise<string[]> => {
        const lost: string[] = [];
        for await (const { owner: of, key, because } of readHistory(storage, SERVER_HISTORY)) lost.push(`${of} ${key} ${because}`);
        return lost;
      },
      standing: async (edit: Accepted): Promise<Accepted | undefined> => {
        const record = await journal.stateRecord(entryKey(edit));
        return record === undefined ? undefined : unpackEntry(record).edit;
      },
    };
  }
}

test("B06 P22 an end that is brought is one as of then: what was made here after it stays, what was made before it goes", async (t) => {
  const heir = await new Heir(edits(button("common", 500)), edits(button("before", 100)), edits(button("after", 101))).open();
  const end = broughtOwner(ALICE, { deleted: { revision: 9, at: 100 } });
  t.deepEqual(await heir.take([end], 1), ["after"]);
  t.is((await heir.owner(ALICE)).deleted?.at, 100);
  const { revision } = heir;
  const before = revision();
  t.deepEqual(await heir.take([end], 1), ["after"]);
  t.is(revision(), before, "brought once more, it is there once");
  t.deepEqual(
    await heir.take([broughtOwner(ALICE, { deleted: { revision: 1, at: 900 } })], 1),
    ["after"],
    "common to both: it is known here",
  );
});

test("B06 what was made before an end that is brought does not come with it, what was made after it does", async (t) => {
  const heir = await new Heir(edits(button("common", 1))).open();
  const records = [
    broughtOwner(ALICE, { deleted: { revision: 9, at: 100 } }),
    broughtEntry(8, button("before", 99)),
    broughtEntry(10, button("after", 101)),
  ];
  t.deepEqual(await heir.take(records, 1), ["after"]);
});

test("B06 P3 what is stamped in a future that this server does not know is older than what was made here, however often it is brought", async (t) => {
  const world = new Heir(
    edits(button("common", 1)),
    edits({ ...button("both", 500), id: { ...button("", 1).id, device: deviceId("b".repeat(32)) } }),
  );
  const heir = await world.open();
  const records = [
    broughtOwner(BOB, { deleted: { revision: 7, at: 9_000 } }),
    broughtEntry(8, button("both", 9_000)),
    broughtEntry(9, button("alone", 9_001)),
  ];
  t.deepEqual(await heir.take(records, 1), ["alone", "both", "common"]);
  t.is((await heir.owner(BOB)).deleted?.at, 400);
  t.deepEqual(await heir.stamps(), { alone: 400, both: 500, common: 1 });
  const before = heir.revision();
  await heir.take(records, 1);
  t.is(heir.revision(), before, "brought once more, it is there once");
});

test("B06 M17 a scope that is brought is in force, unless it was set here since; what is device-specific is not brought", async (t) => {
  const scoped = (scope: "shared" | "device-specific"): Draft => ({ ...edits(), scopes: [{ item: "timeline", scope }] });
  const brought: BroughtRecord = [scopeKey("timeline"), packScope({ scope: "device-specific", since: 9, renewed: 0 })];
  const entry = broughtEntry(8, button("of the timeline", 1, "timeline"));
  const news = await new Heir(edits(button("common", 1))).open();
  t.deepEqual(await news.take([brought, entry], 1), ["common"]);
  t.false(news.scopes.isShared("timeline"));
  const since = await new Heir(edits(button("common", 1)), scoped("device-specific"), scoped("shared")).open();
  t.deepEqual(await since.take([brought, entry], 1), ["common", "of the timeline"]);
  t.true(since.scopes.isShared("timeline"));
});

test("B06 M22 a login that is brought counts for whoever is held here, and never makes the last one earlier", async (t) => {
  const heir = await new Heir(edits(button("common", 1))).open();
  t.deepEqual(await heir.take([broughtOwner(ALICE, { lastLoginDay: 20 }), broughtOwner(BOB, { lastLoginDay: 20 })], 1), ["common"]);
  t.is((await heir.owner(ALICE)).lastLoginDay, 20);
  t.is((await heir.owner(BOB)).lastLoginDay, 0, "nobody here");
  await heir.take([broughtOwner(ALICE, { lastLoginDay: 10 })], 1);
  t.is((await heir.owner(ALICE)).lastLoginDay, 20);
});

test("B06 M17 what is brought needs room like anything else: what has none is refused and told, one by one", async (t) => {
  const world = new Heir(edits(button("common", 1)));
  const heir = await world.open({ "personal-button": 2 });
  t.deepEqual(await heir.take([broughtEntry(8, button("first", 2)), broughtEntry(9, button("second", 3))], 1), ["common", "first"]);
  t.is(world.refused.length, 1);
});

test("B06 P3 what is brought from the future is of when this server began: an end, and the stamp of an entry", async (t) => {
  const heir = await new Heir(edits(button("common", 1))).open();
  await heir.take([broughtEntry(8, button("entry", 5_000))], 1);
  t.like(await heir.standing(button("entry", 0)), { stamp: 400, seen: 8, why: "brought" });
  await heir.take([broughtOwner(ALICE, { deleted: { revision: 9, at: 9_000 } })], 1);
  t.is((await heir.owner(ALICE)).deleted?.at, 400);
});

test("B06 P23 a deletion that is brought leaves nothing, an eviction leaves the owner's data in the history", async (t) => {
  const evicted = await new Heir(edits(button("common", 1), button("more", 2))).open();
  t.deepEqual(await evicted.take([broughtOwner(ALICE, { evicted: { revision: 9, at: 100 } })], 1), []);
  t.deepEqual(await evicted.lost(), [`${ALICE} common evicted`, `${ALICE} more evicted`]);
  t.deepEqual(await evicted.take([broughtOwner(ALICE, { deleted: { revision: 10, at: 2_000 } })], 1), []);
  t.deepEqual(await evicted.lost(), [], "and what the history had of it goes");
  const deleted = await new Heir(edits(button("common", 1))).open();
  t.deepEqual(await deleted.take([broughtOwner(ALICE, { deleted: { revision: 9, at: 100 } })], 1), []);
  t.deepEqual(await deleted.lost(), []);
});

test("B06 M22 whoever ends by what is brought makes room for who comes with it; beyond the limit each newcomer is a change of its own", async (t) => {
  const [carol, dave, erin] = [owner("user:carol"), owner("user:dave"), owner("user:erin")];
  const of = (name: typeof ALICE, stamp: number) => ({ ...button(String(name), stamp), owner: name });
  const ended = await new Heir(edits(button("common", 1), of(BOB, 2))).open({}, 2);
  t.deepEqual(await ended.take([broughtOwner(ALICE, { deleted: { revision: 9, at: 100 } }), broughtEntry(10, of(carol, 200))], 1), [
    BOB,
    carol,
  ]);
  t.deepEqual(await ended.lost(), []);
  t.is((await ended.owner(ALICE)).evicted, undefined, "nobody has to go for it");
  const full = await new Heir(edits(of(ALICE, 1), of(BOB, 2))).open({}, 2);
  const before = full.revision();
  const records = [broughtEntry(8, of(carol, 200)), broughtEntry(9, of(dave, 201)), broughtEntry(10, of(erin, 202))];
  t.is((await full.take(records, 1)).length, 2);
  t.is(full.revision(), before + 3, "one makes room for one (P26)");
  t.true((await full.standing(of(erin, 0))) !== undefined, "the last of them too");
});

test("B06 what changes nothing here is no change: a scope that is in force, the deletion of what nobody has", async (t) => {
  const heir = await new Heir(edits(button("common", 1))).open();
  const before = heir.revision();
  const nobodys: Accepted = { ...button("gone", 9), owner: BOB, value: undefined };
  await heir.take([[scopeKey("timeline"), packScope({ scope: "shared", since: 9, renewed: 9 })], broughtEntry(8, nobodys)], 1);
  t.is(heir.revision(), before);
  await heir.take([broughtEntry(8, { ...button("gone", 9), value: undefined })], 1);
  t.is(heir.revision(), before + 1, "of an owner who is held a deletion is kept: something older may come");
});

test("B06 M22 whoever has made room for others that are brought does not come back with them, whatever time is on what is brought", async (t) => {
  const world = new Heir(edits(button("one", 1), button("two", 2)));
  const heir = await world.open({ "personal-button": 2 }, 1);
  const records = [
    broughtEntry(7, button("third", 4_000)),
    broughtEntry(8, { ...button("carol", 200), owner: owner("user:carol") }),
    broughtEntry(9, { ...button("dave", 201), owner: owner("user:dave") }),
    broughtEntry(10, button("back", 5_000)),
  ];
  t.deepEqual(await heir.take(records, 1), ["dave"]);
  t.is(world.refused.length, 1, "the third, for which there was no room then");
});
