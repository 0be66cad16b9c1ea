/** What an administrator orders on a server machine, whom it puts out of session, and when it gives way to another one. */
import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { deviceId, epochId, fleetId } from "../../../src/model/ids.ts";
import { CHAIN_START, type LineageEntry, type Position } from "../../../src/model/position.ts";
import type { Hello } from "../../../src/protocol/hello.ts";
import { digestsOf } from "../../../src/roles/digests.ts";
import { recordId } from "../../../src/roles/record-id.ts";
import { Dismissals } from "../../../src/roles/server/dismissals.ts";
import { Orders } from "../../../src/roles/server/orders.ts";
import { Session } from "../../../src/roles/server/session.ts";
import { Sessions } from "../../../src/roles/server/sessions.ts";
import { Succession } from "../../../src/roles/server/succession.ts";
import { type Kept, keepLost, SERVER_HISTORY } from "../../../src/store/history.ts";
import { Journal } from "../../../src/store/journal.ts";
import { readStoodDown } from "../../../src/store/stood-down.ts";
import { ALICE, editOf } from "./own-copy.ts";
import { HELLO } from "./own-exchange.ts";

const [OWN, A, B] = [deviceId("5".repeat(32)), deviceId("a".repeat(32)), deviceId("b".repeat(32))];
const POLICY = { loginService: {}, domains: [], departments: { on: false, ids: [] }, groups: [] } as never;

const sessionOf = (device: typeof A, hello: Partial<Hello> = {}): Session =>
  new Session({ id: "5".repeat(16) as never, device, hello: { ...HELLO, number: 1, ...hello }, by: "network", heardMs: 0 });

/** Orders over two machines with a place, this one and A; what was done is told in words. */
function ordering(knows: boolean, ...inSession: readonly Session[]) {
  const done: string[] = [];
  const sessions = new Sessions();
  for (const session of inSession) sessions.open(session);
  const storage = new MemoryStorage();
  const known = new Map([
    [OWN, { device: OWN, deviceName: "own" }],
    [A, { device: A, deviceName: "other" }],
  ]);
  const putBack: (readonly Kept[])[] = [];
  const orders = new Orders({
    storage,
    sessions,
    device: OWN,
    requests: { run: async (perform: () => Promise<unknown>) => await perform() },
    machines: {
      get: (device: typeof A) => known.get(device),
      placed: () => [...known.values()],
      remove: (device: typeof A) => ({
        writes: [{ key: "s/m/x", value: Uint8Array.of(1) }],
        take: () => done.push(`removed ${known.get(device)?.deviceName}`),
      }),
    },
    committer: {
      setScopes: async (scopes: readonly unknown[]) => void done.push(`scopes ${scopes.length}`),
      putBack: async (_: unknown, records: readonly Kept[]) => {
        putBack.push(records);
        return { entries: records.length };
      },
    },
    scopes: { of: (item: string) => ({ scope: item === "timeline" ? "shared" : "device-specific" }) },
    log: { write: () => undefined },
    putOut: (device: typeof A) => done.push(`put out ${known.get(device)?.deviceName}`),
    knowsWhoOperates: () => knows,
  } as never);
  return { orders, storage, done, putBack };
}

test("M02 a machine that is taken out is off the list durably, and out of its session; this very machine is not taken out", async (t) => {
  const { orders, storage, done } = ordering(true);
  t.deepEqual(await orders.removeMachine(OWN), { word: "own-machine", machine: "own" });
  t.deepEqual(await orders.removeMachine(B), { word: "machine-unknown" });
  t.deepEqual(done, []);
  t.is(await orders.removeMachine(A), "done");
  t.deepEqual(done, ["removed other", "put out other"]);
  t.truthy(await storage.get("s/m/x"));
});

test("M18 who operates is who is in session; before that is known, everybody else who has a place", async (t) => {
  const specific = new Map([["timeline", "device-specific"]] as const);
  const named = async (knows: boolean, ...sessions: readonly Session[]) => await ordering(knows, ...sessions).orders.setSharing(specific);
  t.is(await named(true), "done");
  t.is(await named(true, sessionOf(OWN)), "done", "its own client");
  t.is(await named(true, sessionOf(B, { purpose: "preview" })), "done", "one that only looks");
  t.deepEqual(await named(true, sessionOf(B)), { word: "machines-operating", machines: ["a"] });
  t.deepEqual(await named(false), { word: "machines-operating", machines: ["other"] });
  t.deepEqual(await named(false, sessionOf(B)), { word: "machines-operating", machines: ["a", "other"] });
  t.deepEqual(await named(false, sessionOf(A)), { word: "machines-operating", machines: ["a"] }, "it is named once");
  t.deepEqual(await named(false, sessionOf(A, { purpose: "preview" })), { word: "machines-operating", machines: ["other"] });
});

test("M17 M18 a choice that changes nothing is done, one of what is fixed is refused, whoever operates", async (t) => {
  const { orders, done } = ordering(true, sessionOf(A));
  t.is(await orders.setSharing(new Map([["timeline", "shared"]] as const)), "done");
  t.deepEqual(
    await orders.setSharing(
      new Map([
        ["timeline", "device-specific"],
        ["shortcut", "shared"],
      ] as const),
    ),
    {
      word: "scope-fixed",
      item: "shortcut",
    },
  );
  t.deepEqual(done, []);
});

test("B02 M33 what is put back goes as the fleet of today seals it", async (t) => {
  const { orders, storage, putBack } = ordering(true);
  const write = keepLost(SERVER_HISTORY, { ...editOf(1), because: "evicted", lostAtMs: 1 }, 1);
  await storage.write([write]);
  const order = { sealed: () => "sealed anew", also: [] };
  t.deepEqual(await orders.putBack(ALICE, [recordId("unknown")], order), { word: "nothing-kept" });
  t.deepEqual(await orders.putBack(ALICE, [recordId(write.key)], order), { entries: 1 });
  t.deepEqual(
    putBack[0]?.map(({ lost }) => lost.value),
    ["sealed anew"],
  );
});

test("M10 when settings change here, who differs from them is put out and told which, and nobody else", (t) => {
  const sessions = new Sessions();
  const own = digestsOf(POLICY);
  sessions.open(sessionOf(A, { digests: { ...own, networkPlaces: "0" } }));
  sessions.open(sessionOf(B, { digests: { ...own, domains: "other", networkPlaces: "0" } }));
  const said: unknown[] = [];
  const voice = { send: (device: typeof A, _: unknown, body: unknown) => void said.push([device, body]) };
  const dismissals = new Dismissals({ sessions, voice, users: { policy: () => POLICY }, log: { refused: () => undefined } } as never);
  dismissals.comparePolicies();
  const refusal = { word: "settings-differ", parts: ["domains"] };
  t.deepEqual(said, [[B, { kind: "server-end", reason: "put-out", refusal }]]);
  t.deepEqual(
    sessions.all().map(({ device }) => device),
    [A],
    "its session is over",
  );
  dismissals.everybody({ word: "stood-down" });
  t.is(sessions.size, 0);
});

const FLEET = fleetId("f".repeat(32));
const FIRST: LineageEntry = { number: 1, id: epochId("e".repeat(16)), first: 1 };
const TAKEN: LineageEntry = {
  number: 2,
  id: epochId("d".repeat(16)),
  first: 1,
  born: "promotion",
  mandate: { at: 5, id: epochId("d".repeat(16)) },
};
const there = (revision: number, { number, id }: LineageEntry): Position => ({
  fleet: FLEET,
  epoch: { number, id },
  revision,
  chainHash: CHAIN_START,
});

/** A server in its first epoch, and what the hellos that it has heard make of it. */
async function serving() {
  const storage = new MemoryStorage();
  const journal = await Journal.open(storage, () => ({ fleet: FLEET, epoch: FIRST }));
  const told: string[] = [];
  const log = {
    refused: (_: unknown, { word }: { word: string }) => told.push(word),
    write: ({ kind }: { kind: string }) => told.push(kind),
  };
  const random = (size: number) => new Uint8Array(size).fill(7);
  const succession = new Succession({ journal, journalTime: { now: () => 10 }, storage, random, log, stoodDown: undefined } as never);
  const heed = (hello: Partial<Hello>) => succession.heed({ ...HELLO, number: 1, ...hello });
  return { storage, journal, succession, told, heed };
}

test("B06 P16 a server that hears of one that took its place gives way, durably, and says it once", async (t) => {
  const { storage, succession, told, heed } = await serving();
  t.is(await heed({}), "served");
  t.is(await heed({ position: there(0, FIRST), lineage: [FIRST] }), "served");
  t.is(await heed({ position: there(3, TAKEN), lineage: [FIRST, TAKEN] }), "stood-down");
  t.deepEqual(await readStoodDown(storage), { number: 2, mandate: TAKEN.mandate });
  t.true(succession.hasStoodDown);
  t.is(await heed({ position: there(4, { ...TAKEN, number: 9 }), lineage: [FIRST, TAKEN] }), "stood-down");
  t.is((await readStoodDown(storage))?.number, 2, "what it gave way to stays noted");
  t.deepEqual(told, ["stood-down"]);
});

test("B06 P16 a transfer that began elsewhere tells of another server as well", async (t) => {
  const { heed } = await serving();
  t.is(await heed({ partial: { start: there(3, TAKEN), after: "" } }), "stood-down");
});

test("P16 a copy that is ahead of this journal in an epoch of it begins another epoch", async (t) => {
  const { journal, told, heed } = await serving();
  t.is(await heed({ position: there(3, FIRST), lineage: [FIRST] }), "served");
  t.is(journal.position.epoch.number, 2);
  t.deepEqual(told, ["epoch-begun"]);
});

test("B06 who looks at what it inherits: one that only looks, has no copy, and serves by a later mandate", async (t) => {
  const { succession } = await serving();
  const isHeir = (hello: Partial<Hello>) =>
    succession.isHeir({ ...HELLO, number: 1, purpose: "preview", lineage: [FIRST, TAKEN], ...hello });
  t.true(isHeir({}));
  t.false(isHeir({ purpose: "join" }));
  t.false(isHeir({ position: there(3, TAKEN) }));
  t.false(isHeir({ lineage: [FIRST] }));
  t.false(isHeir({ lineage: [] }));
});
