/** Who is in session with a server machine: what keeps it awake, whose leases end, and what is said twice. */
import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import type { CameBy } from "../../../src/link/link.ts";
import { must } from "../../../src/model/assert.ts";
import { type DeviceId, deviceId, epochId, fleetId, joinId, sessionId } from "../../../src/model/ids.ts";
import { ITEMS } from "../../../src/model/item.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { userOwner } from "../../../src/model/owner.ts";
import type { ScopeChange } from "../../../src/protocol/change.ts";
import type { Hello } from "../../../src/protocol/hello.ts";
import type { Offer } from "../../../src/protocol/offer.ts";
import { draftOf } from "../../../src/store/draft.ts";
import { newLogins } from "../../../src/roles/server/logins.ts";
import { ScopeTable } from "../../../src/roles/server/scope-table.ts";
import { Session } from "../../../src/roles/server/session.ts";
import { Sessions } from "../../../src/roles/server/sessions.ts";
import { Journal } from "../../../src/store/journal.ts";
import { ownerKey } from "../../../src/store/keys.ts";
import { NEW_OWNER, type OwnerRecord, packOwner } from "../../../src/store/records.ts";
import { PlainRecords } from "../../../src/store/state-records.ts";
import { StateView } from "../../../src/store/state-view.ts";
import { ALICE } from "./own-copy.ts";
import { HELLO } from "./own-exchange.ts";

const BOB = must(userOwner("bob"), "an owner");
const nth = (n: number): DeviceId => deviceId(`${n}`.repeat(32));

interface Kind {
  readonly by?: CameBy;
  readonly hello?: Partial<Hello>;
  readonly heardMs?: number;
}

/** The session of a machine that is called so. */
function sessionOf(n: number, name: string, { by = "network", hello = {}, heardMs = 0 }: Kind = {}): Session {
  const device = { ...HELLO.device, deviceName: name };
  return new Session({ id: sessionId(`${n}`.repeat(16)), device: nth(n), hello: { ...HELLO, device, number: 1, ...hello }, by, heardMs });
}

test("M28 M29 B01 who came by the network keeps the server machine awake, in the order of the list; its own client and a look do not", (t) => {
  const sessions = new Sessions();
  const look = { hello: { purpose: "preview" } } as const;
  t.deepEqual(sessions.keptAwakeBy, []);
  for (const session of [
    sessionOf(1, "printer 10"),
    sessionOf(2, "printer 9"),
    sessionOf(3, "own", { by: "local" as CameBy }),
    sessionOf(4, "a look", look),
  ]) {
    sessions.open(session);
    t.true(sessions.keptAwakeBy.length <= 2, "asked for with each change");
  }
  t.deepEqual(sessions.keptAwakeBy, ["printer 9", "printer 10"]);
  t.is(sessions.operating, 2);
  t.deepEqual(
    sessions.othersThan(nth(1)).map(({ device }) => device),
    [nth(2), nth(3)],
  );
  t.is(sessions.operatingAs(nth(4)), undefined);
  sessions.open(sessionOf(2, "renamed"));
  t.deepEqual(sessions.keptAwakeBy, ["printer 10", "renamed"]);
  sessions.close(nth(1));
  t.deepEqual(sessions.keptAwakeBy, ["renamed"]);
});

test("B07 a lease ends at its very moment, and the next one is known", (t) => {
  const sessions = new Sessions();
  t.is(sessions.nextEndMs(), Number.POSITIVE_INFINITY);
  for (const n of [1, 2]) sessions.open(sessionOf(n, `${n}`, { heardMs: 1_000 * n }));
  t.is(sessions.nextEndMs(), 1_000 + LIMITS.leaseMs);
  sessions.endLeases(999 + LIMITS.leaseMs);
  t.is(sessions.size, 2);
  sessions.endLeases(1_000 + LIMITS.leaseMs);
  t.deepEqual(
    sessions.all().map(({ device }) => device),
    [nth(2)],
  );
});

test("M22 who is logged in at any machine, and at this one, is logged in", (t) => {
  const sessions = new Sessions();
  sessions.open(sessionOf(1, "a", { hello: { loggedIn: [ALICE] } }));
  t.deepEqual([...sessions.loggedIn(undefined)], [ALICE]);
  t.deepEqual([...sessions.loggedIn(BOB)], [ALICE, BOB]);
});

test("P29 the changes after a transfer's start are kept for it while it goes on, and for a pause", (t) => {
  const sessions = new Sessions();
  const [first, second] = [sessionOf(1, "a"), sessionOf(2, "b")];
  for (const session of [first, second]) sessions.open(session);
  t.is(sessions.firstWantedChange(0), Number.POSITIVE_INFINITY);
  first.wants(30);
  second.wants(20);
  t.is(sessions.firstWantedChange(0), 21);
  second.wants(undefined);
  t.is(sessions.firstWantedChange(LIMITS.transferPauseMs - 1), 31);
  t.is(sessions.firstWantedChange(LIMITS.transferPauseMs), Number.POSITIVE_INFINITY);
  first.hears(1, 5_000);
  t.is(first.transfers(), 30);
  t.is(sessions.firstWantedChange(LIMITS.transferPauseMs), 31, "it goes on");
});

test("B07 what was heard before, or was overtaken, renews no lease", (t) => {
  const session = sessionOf(1, "a");
  t.deepEqual(
    [
      [2, 100],
      [2, 200],
      [1, 300],
      [3, 400],
    ].map(([counter = 0, nowMs = 0]) => [session.hears(counter, nowMs), session.heardMs]),
    [
      [true, 100],
      [false, 100],
      [false, 100],
      [true, 400],
    ],
  );
});

test("P18 pieces of an offer are put together by their join, holding and item, and of so many offers at once", (t) => {
  const session = sessionOf(1, "a");
  const pieceOf = (join: string, item: string | undefined, part: number, byte: number): Offer => {
    const named = { kind: "offer", join: joinId(join.repeat(16)), holding: "user:alice", item } as const;
    return { ...named, baseRevision: 1, lastSequence: 0, part, of: 2, deflated: false, bytes: Uint8Array.of(byte) };
  };
  const offers = [
    ["7", undefined],
    ["8", undefined],
    ["7", "timeline"],
  ] as const;
  for (const [index, [join, item]] of offers.entries()) t.is(session.collect(pieceOf(join, item, 0, index)), undefined);
  for (const [index, [join, item]] of offers.entries()) t.deepEqual(session.collect(pieceOf(join, item, 1, 9)), Uint8Array.of(index, 9));
  for (let n = 0; n <= LIMITS.offersAtOnceMax; n += 1) session.collect(pieceOf("7", `item ${n}`, 0, n));
  t.is(session.collect(pieceOf("7", "item 0", 1, 9)), undefined, "it was given up for the last one");
  t.deepEqual(session.collect(pieceOf("7", `item ${LIMITS.offersAtOnceMax}`, 1, 9)), Uint8Array.of(LIMITS.offersAtOnceMax, 9));
});

test("M22 a login is news once a day, of an owner who is held", async (t) => {
  const storage = new MemoryStorage();
  const own = { own: { since: 1, adopted: undefined } };
  const records: Readonly<Record<string, Partial<OwnerRecord>>> = {
    "user:yesterday": { holdings: own, lastLoginDay: 19 },
    "user:today": { holdings: own, lastLoginDay: 20 },
    "user:tomorrow": { holdings: own, lastLoginDay: 21 },
    "user:ended": { lastLoginDay: 19 },
  };
  for (const [owner, record] of Object.entries(records))
    await storage.write([{ key: `s/${ownerKey(owner as typeof ALICE)}`, value: packOwner({ ...NEW_OWNER, ...record }) }]);
  const owners = [...Object.keys(records), "user:unknown"].map((owner) => owner as typeof ALICE);
  const logins = await newLogins(owners, 20, { view: new StateView(new PlainRecords(storage, "s/")) } as never);
  t.deepEqual(logins, [{ owner: "user:yesterday" as typeof ALICE, day: 20 }]);
});

test("M17 M19 the table of scopes follows what the journal takes, and is what the next start reads of it", async (t) => {
  const first = () => ({ fleet: fleetId("f".repeat(32)), epoch: { number: 1, id: epochId("e".repeat(16)), first: 1 } });
  const journal = await Journal.open(new MemoryStorage(), first);
  const table = await ScopeTable.open(journal.view());
  const steps: readonly (readonly ScopeChange[])[] = [
    [{ item: "timeline", scope: "device-specific" }],
    [{ item: "timeline", scope: "shared" }],
    [
      { item: "timeline", scope: "device-specific" },
      { item: "shortcut", scope: "device-specific" },
    ],
  ];
  for (const scopes of steps) {
    await journal.commit(1, async (transaction) => void (await transaction.append({ ...draftOf([]), scopes })), Number.POSITIVE_INFINITY);
    table.follow(scopes, journal.position.revision);
    const opened = await ScopeTable.open(journal.view());
    for (const { id } of ITEMS) t.deepEqual(table.of(id), opened.of(id), `${id} at ${journal.position.revision}`);
    t.is(table.changed, journal.position.revision);
  }
});
