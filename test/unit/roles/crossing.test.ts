/** What a client does when the scope of an item changes, and when owners end: asked of its shower, and durable in its copy. */
import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import type { Entry, EntryName } from "../../../src/model/entry.ts";
import { joinId } from "../../../src/model/ids.ts";
import type { Scope } from "../../../src/model/item.ts";
import type { Owner } from "../../../src/model/owner.ts";
import { Crossing } from "../../../src/roles/client/crossing.ts";
import { CLIENT_HISTORY, readHistory } from "../../../src/store/history.ts";
import { type PendingEdit, pendingOf } from "../../../src/store/pending.ts";
import type { OwnerRecord, ScopeRecord } from "../../../src/store/records.ts";
import { Replica } from "../../../src/store/replica.ts";
import { ManualClock } from "../../contract/manual-clock.ts";
import { ALICE, DEVICE, editOf, replicaOf } from "./own-copy.ts";

const BOB = "user:bob" as Owner;
const OLD = { id: joinId("7".repeat(16)), base: 2 };
const record = (scope: Scope, since: number, renewed: number): ScopeRecord => ({ scope, since, renewed });

interface Given {
  /** The scope in force here, and the one that the base names. */
  readonly from?: ScopeRecord;
  readonly to?: ScopeRecord;
  readonly owners?: Readonly<Record<string, Partial<OwnerRecord>>>;
  readonly edits?: readonly PendingEdit[];
  readonly prepare?: (replica: Replica) => Promise<void>;
}

/** A machine on which Alice has one entry of the timeline and one of the shortcuts; what `follow` asks for, and leaves. */
async function followed({ from, to, owners = { [ALICE]: {} }, edits = [], prepare = async () => undefined }: Given) {
  const storage = new MemoryStorage();
  const scopes = to === undefined ? {} : { timeline: to };
  const replica = await replicaOf(storage, {}, edits, { owners, scopes });
  if (from !== undefined) await replica.write([replica.scopes.set("timeline", { ...from, offer: OLD })], {});
  await prepare(replica);
  const asked: string[] = [];
  const named = (names: readonly EntryName[]) => names.map(({ item, key }) => `${item} ${key}`).join();
  const here: Entry[] = [
    { owner: ALICE, item: "timeline", key: "1", value: "x" },
    { owner: ALICE, item: "shortcut", key: "1", value: "x" },
  ];
  const inForce = new Map<string, Scope>([["timeline", from?.scope ?? "shared"]]);
  const crossing = new Crossing({
    replica,
    clock: new ManualClock(),
    random: (size) => new Uint8Array(size).fill(1),
    stores: { owners: async () => new Set([ALICE]), read: async (owner: Owner) => (owner === ALICE ? here : []) } as never,
    travel: {
      isShared: (item: string) => inForce.get(item) !== "device-specific",
      canLeave: () => true,
      setScopes: (next: ReadonlyMap<string, Scope>) => {
        for (const [item, scope] of next) inForce.set(item, scope);
      },
    } as never,
    shower: {
      carryOver: async (locals: readonly Entry[], values: ReadonlyMap<string, unknown>, keep: string | undefined, mark?: number) =>
        void asked.push(`carry ${named(locals)} to ${values.size} ${keep} ${mark}`),
      remove: async (names: readonly EntryName[], mark: number) => void asked.push(`remove ${named(names)} ${mark}`),
    } as never,
  });
  await crossing.follow();
  const { scopes: durable, offers, pending, removed } = await Replica.open(storage, DEVICE);
  const lost: string[] = [];
  for await (const { key, because } of readHistory(storage, CLIENT_HISTORY)) lost.push(`${key} ${because}`);
  return { asked, lost, inForce: inForce.get("timeline"), scope: durable.get("timeline"), offers: offers.all(), pending, removed };
}

const WANTED = [[`item/timeline/${ALICE}`, { kind: "wanted" }]];

test("M19 a scope that is in force already asks for nothing", async (t) => {
  const { asked, scope } = await followed({ from: record("shared", 7, 7), to: record("shared", 7, 7) });
  t.deepEqual(asked, []);
  t.deepEqual(scope?.offer, OLD);
});

test("M19 made device-specific, the machine goes on from the common data", async (t) => {
  const { asked, inForce, scope, offers } = await followed({ to: record("device-specific", 7, 0) });
  t.deepEqual(asked, ["carry timeline 1 to 0 undefined undefined"]);
  t.is(inForce, "device-specific");
  t.like(scope, { scope: "device-specific", since: 7, offer: { base: 10 } });
  t.deepEqual(offers, []);
});

test("M19 P28 made shared again, what a machine has of it is offered, under an id of its own and from the base as it is", async (t) => {
  const { asked, offers, scope } = await followed({ from: record("device-specific", 5, 0), to: record("shared", 7, 7) });
  t.deepEqual(offers, WANTED as never);
  t.deepEqual(asked, []);
  t.not(scope?.offer.id, OLD.id);
  t.is(scope?.offer.base, 10);
});

test("M12 M19 where the whole owner is on offer its data is this machine's own, and stays as it is", async (t) => {
  const prepare = (replica: Replica) => replica.write([replica.offers.set(ALICE, { kind: "wanted" })], {});
  const { asked, offers, inForce } = await followed({ from: record("device-specific", 5, 0), to: record("shared", 7, 7), prepare });
  t.deepEqual([asked, offers, inForce], [[], [[ALICE, { kind: "wanted" }]], "shared"]);
  const specific = await followed({ to: record("device-specific", 7, 0), prepare });
  t.deepEqual(specific.asked, []);
});

test("M17 the scopes that an integrator chose are in force from the beginning: they carry nothing over", async (t) => {
  const { asked, inForce, scope } = await followed({ to: record("device-specific", 1, 0) });
  t.deepEqual([asked, inForce, scope?.since], [[], "device-specific", 1]);
});

test("M33 M19 a restored state that names an older change of the same kind finds it done: nothing is carried over or offered anew", async (t) => {
  const { asked, scope, offers } = await followed({ from: record("shared", 7, 7), to: record("shared", 5, 5) });
  t.deepEqual([asked, offers], [[], []]);
  t.deepEqual(scope, { ...record("shared", 5, 5), offer: OLD });
});

test("P27 edits of the item that are pending at the change are the machine's own from then on; others travel", async (t) => {
  const edits = [pendingOf(editOf(1, { item: "timeline" })), pendingOf(editOf(2)), pendingOf(editOf(3, { item: "timeline", owner: BOB }))];
  const { asked, pending } = await followed({ to: record("device-specific", 7, 0), edits });
  t.deepEqual(
    [...pending.all()].map(({ edit }) => edit.id.sequence),
    [2],
  );
  t.deepEqual(asked, ["carry timeline 1 to 1 undefined undefined", "carry  to 1 undefined undefined"]);
});

test("M15 P26 who has ended leaves with what is this machine's own, up to what was recorded then, and is off the list", async (t) => {
  const ended = (kind: "deleted" | "evicted") => (replica: Replica) =>
    replica.write([replica.removed.add(ALICE, { kind, at: 5, mark: 4 })], {});
  const to = record("device-specific", 7, 0);
  const gone = await followed({ from: to, to, prepare: ended("deleted") });
  t.deepEqual(gone.asked, ["remove timeline 1 4"]);
  t.is(gone.removed.size, 0);
  const evicted = await followed({ from: to, to, prepare: ended("evicted") });
  t.deepEqual(evicted.asked, ["carry timeline 1 to 0 evicted 4"]);
  t.is(evicted.removed.size, 0);
});

test("P27 B02 an edit of the item that came after its owner's eviction without knowing of it has lost to that: it is in the history", async (t) => {
  const edits = [pendingOf(editOf(1, { item: "timeline", stamp: 5 })), pendingOf(editOf(2, { item: "timeline", stamp: 6 }))];
  const owners = { [ALICE]: { evicted: { revision: 8, at: 5 } } };
  const { lost, pending } = await followed({ to: record("device-specific", 9, 0), edits, owners });
  t.deepEqual([lost, pending.size], [["1 owner-evicted"], 0]);
});

test("M19 M33 a machine that was off while an item was its own and then shared anew offers what it has of it; so does one that a restored state leads back to the first scopes", async (t) => {
  const away = await followed({ from: record("shared", 5, 5), to: record("shared", 7, 7) });
  t.deepEqual(away.offers, WANTED as never);
  t.not(away.scope?.offer.id, OLD.id);
  const restored = await followed({ from: record("device-specific", 7, 0), to: record("shared", 1, 1) });
  t.deepEqual(restored.offers, WANTED as never);
});
