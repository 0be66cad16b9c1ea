/** What becomes of what a machine offers that joins, or whose items are shared again: M13, M14, M19, P18. */
import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { DEFAULT_CONFIG } from "../../../src/model/config.ts";
import type { Accepted, Edit } from "../../../src/model/entry.ts";
import { type DeviceId, deviceId, epochId, fleetId, type JoinId, joinId, runId } from "../../../src/model/ids.ts";
import type { Owner } from "../../../src/model/owner.ts";
import { encodeAccepted } from "../../../src/protocol/edit.ts";
import { EditQueue } from "../../../src/roles/server/edit-queue.ts";
import { OwnerTable } from "../../../src/roles/server/owner-table.ts";
import { ScopeTable } from "../../../src/roles/server/scope-table.ts";
import { type Draft, draftOf } from "../../../src/store/draft.ts";
import { Journal, type Transaction } from "../../../src/store/journal.ts";
import { entryKey } from "../../../src/store/keys.ts";
import { unpackEntry } from "../../../src/store/records.ts";

const [A, B] = [deviceId("a".repeat(32)), deviceId("b".repeat(32))];
const [JOIN, LATER_JOIN] = [joinId("7".repeat(16)), joinId("8".repeat(16))];
const NOW = 1_000;
const [alice, bob, carol] = ["user:alice", "user:bob", "user:carol"] as [Owner, Owner, Owner];

const entry = (owner: Owner, other: Partial<Edit> = {}): Edit => ({
  id: { device: B, run: runId("1".repeat(16)), sequence: 9 },
  owner,
  item: "shortcut",
  key: "k",
  value: "x",
  seen: 0,
  stamp: 77,
  certain: true,
  by: "",
  ...other,
});

interface Offered {
  readonly entries: readonly Edit[];
  readonly of?: Owner;
  readonly item?: string;
  readonly base?: number;
  readonly device?: DeviceId;
  readonly join?: JoinId;
}

/** A server with so much room, and what it decides of offers, all of one call in one write. */
async function server(usersMax = DEFAULT_CONFIG.usersMax) {
  const evicted: string[] = [];
  const log = { refused: () => undefined, write: () => undefined };
  const first = () => ({ fleet: fleetId("f".repeat(32)), epoch: { number: 1, id: epochId("e".repeat(16)), first: 1 } });
  const journal = await Journal.open(new MemoryStorage(), first);
  const commit = (act: (transaction: Transaction) => Promise<unknown>) =>
    journal.commit(NOW, async (transaction) => void (await act(transaction)), Number.POSITIVE_INFINITY);
  const change = (draft: Partial<Draft>) => commit((transaction) => transaction.append({ ...draftOf([]), ...draft }));
  const offers = async (...all: readonly Offered[]): Promise<string[]> => {
    const view = journal.view();
    const tables = { owners: await OwnerTable.open(view), scopes: await ScopeTable.open(view) };
    const history = { keepEvicted: async () => 0 };
    const config = { ...DEFAULT_CONFIG, usersMax, capacities: {} };
    const answers: string[] = [];
    await commit(async (transaction) => {
      const parts = { ...tables, config, history, log, loggedIn: new Set(), policy: "delete-oldest" };
      const queue = new EditQueue(transaction, parts as never);
      for (const { entries, of = entries[0]?.owner ?? alice, item, base = journal.position.revision, device = B, join = JOIN } of all) {
        const offer = {
          kind: "offer",
          join,
          holding: of,
          item,
          baseRevision: base,
          lastSequence: 1,
          part: 0,
          of: 1,
          deflated: false,
        } as const;
        const { outcome, revision } = await queue.offer(device, { ...offer, bytes: new Uint8Array() }, entries);
        answers.push(`${outcome} ${revision}`);
      }
      evicted.push(...queue.evictions.map(({ owner }) => owner));
    });
    return answers;
  };
  const standing = async (of: Edit): Promise<Accepted | undefined> => {
    const record = await journal.stateRecord(entryKey(of));
    return record === undefined ? undefined : unpackEntry(record).edit;
  };
  const set = (edit: Edit) => {
    const accepted = { ...edit, why: "first" } as const;
    return change({ edits: [{ edit: accepted, bytes: encodeAccepted(accepted) }] });
  };
  return { change, set, offers, standing, evicted };
}

test("M13 P4 what is adopted stands in the name of the machine that offered it, as of the moment it was taken", async (t) => {
  const { offers, standing } = await server();
  const made = entry(alice, { id: { ...entry(alice).id, device: A } });
  t.deepEqual(await offers({ entries: [made] }), ["accepted 1"]);
  t.like(await standing(made), { id: { device: B }, stamp: NOW, why: "adopted", value: "x" });
});

test("P18 an offer that is said again has the answer it had; the same holding in another offer is held already", async (t) => {
  const { offers } = await server();
  const [entries, again] = [[entry(alice)], [entry(alice, { key: "l" })]];
  t.deepEqual(await offers({ entries }), ["accepted 1"]);
  t.deepEqual(await offers({ entries: [entry(bob)] }), ["accepted 2"]);
  t.deepEqual(await offers({ entries: again }), ["accepted 1"]);
  t.deepEqual(await offers({ entries: again, device: A }), ["owner-held 1"], "another machine that joined with the same number");
  t.deepEqual(await offers({ entries: again, join: LATER_JOIN }), ["owner-held 1"], "the machine has joined once more");
});

test("P18 an offer with something in it that is not of its holding, or deleted, or with nothing at all, is none", async (t) => {
  const { offers, standing } = await server();
  const entries: readonly (readonly Edit[])[] = [
    [],
    [entry(alice), entry(bob)],
    [entry(alice), entry(alice, { key: "l", value: undefined })],
  ];
  for (const each of entries) t.deepEqual(await offers({ entries: each, of: alice }), ["owner-unknown 0"]);
  t.is(await standing(entry(alice)), undefined);
});

test("M15 an owner that ended after what the offer knew is not brought back; one whose end it knew begins anew", async (t) => {
  const { change, set, offers } = await server();
  await set(entry(alice));
  await change({ removals: [{ owner: alice, kind: "deleted" }] });
  t.deepEqual(await offers({ entries: [entry(alice)], base: 1 }), ["owner-removed 2"]);
  t.deepEqual(await offers({ entries: [entry(alice)], base: 2 }), ["accepted 3"]);
});

test("M19 P18 of a machine's own items what is shared again is taken, where the machine has heard that it is, and nothing else", async (t) => {
  const { change, set, offers, standing } = await server();
  const own = entry(alice);
  const item = own.item;
  await set(entry(alice, { item: "home-settings", key: "" }));
  const offered = { entries: [own], item };
  t.deepEqual(await offers(offered), ["owner-held 1"], "what was always shared goes with its owner");
  await change({ scopes: [{ item, scope: "device-specific" }] });
  t.deepEqual(await offers(offered), ["device-specific 2"]);
  t.deepEqual(await offers({ entries: [entry(bob)] }), ["device-specific 2"], "all of a new owner's is of that item");
  await change({ scopes: [{ item, scope: "shared" }] });
  t.deepEqual(await offers({ ...offered, base: 2 }), ["device-specific 3"], "it does not know yet what stands now");
  t.deepEqual(await offers({ ...offered, base: 3 }), ["accepted 4"]);
  t.is((await standing(own))?.value, "x");
});

test("M22 each owner that an offer begins counts for the next offer of the same write", async (t) => {
  const { set, offers, evicted } = await server(2);
  await set(entry(alice));
  t.deepEqual(await offers({ entries: [entry(bob)] }, { entries: [entry(carol)] }), ["accepted 2", "accepted 3"]);
  t.deepEqual(evicted, [alice]);
});

test("M05 M22 an offer of a new user is refused where nobody can make room, and nothing of it is taken", async (t) => {
  const { offers, standing } = await server(0);
  t.deepEqual(await offers({ entries: [entry(alice)] }), ["too-many-users 0"]);
  t.is(await standing(entry(alice)), undefined);
});
