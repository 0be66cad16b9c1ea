/** The machine's stores as one, and when they are written what other machines edit. */
import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import type { EntryName } from "../../../src/model/entry.ts";
import { SyncError } from "../../../src/model/errors.ts";
import { epochId, fleetId } from "../../../src/model/ids.ts";
import type { Position } from "../../../src/model/position.ts";
import { encodeAccepted } from "../../../src/protocol/edit.ts";
import { MachineStores } from "../../../src/roles/client/machine-stores.ts";
import { ShowingLater } from "../../../src/roles/client/showing-later.ts";
import { WholeActs } from "../../../src/roles/whole-act.ts";
import { entryKey } from "../../../src/store/keys.ts";
import { pendingOf } from "../../../src/store/pending.ts";
import { ManualClock, settle } from "../../contract/manual-clock.ts";
import { ALICE, at, DEVICE, editOf, replicaOf } from "./own-copy.ts";

const OTHER = "b".repeat(32) as typeof DEVICE;

/** A store that keeps one item, with edits of these marks, and shows a position. */
function storeOf(item: string, marks: readonly number[], shown: Position | undefined) {
  const forgotten: number[] = [];
  const written: unknown[] = [];
  const edits = marks.map((mark) => ({ ...editOf(mark, { item }), mark }));
  const store = {
    items: new Set([item]),
    mark: () => marks.at(-1) ?? 0,
    editsSince: async (mark: number) => edits.filter((edit) => edit.mark > mark),
    forgetEdits: async (mark: number) => void forgotten.push(mark),
    appliedPosition: () => shown,
    owners: async () => [ALICE],
    read: async () => edits,
    edit: async (changes: readonly unknown[]) => void written.push(changes.length),
    apply: async (changes: readonly unknown[], position: Position | undefined, mark: number) => {
      written.push([changes.length, position?.revision, mark]);
      return [];
    },
  };
  return { store, forgotten, written };
}

function both(first: ReturnType<typeof storeOf>, second: ReturnType<typeof storeOf>): MachineStores {
  return new MachineStores([first.store, second.store] as never);
}

test("edits of both stores come in the order in which they were made, and the newest mark is that of either", async (t) => {
  const stores = both(storeOf("a", [1, 4], undefined), storeOf("b", [2, 3], undefined));
  t.is(stores.mark(), 4);
  t.is(both(storeOf("a", [], undefined), storeOf("b", [7], undefined)).mark(), 7);
  t.deepEqual(
    (await stores.editsSince(1)).map(({ mark }) => mark),
    [2, 3, 4],
  );
});

test("edits that an act still needs are not forgotten, until it ends", async (t) => {
  const [a, b] = [storeOf("a", [], undefined), storeOf("b", [], undefined)];
  const stores = both(a, b);
  const [early, late] = [stores.keepEdits(3), stores.keepEdits(6)];
  await stores.forgetEdits(9);
  early();
  await stores.forgetEdits(9);
  late();
  await stores.forgetEdits(9);
  t.deepEqual(
    [a.forgotten, b.forgotten],
    [
      [3, 6, 9],
      [3, 6, 9],
    ],
  );
});

test("an act needs the edits that come after its beginning, and none once it has ended, however it ends", async (t) => {
  const [a, b] = [storeOf("a", [5], undefined), storeOf("b", [], undefined)];
  const stores = both(a, b);
  const storage = new MemoryStorage();
  const device = { keyStore: { seal: async (bytes: Uint8Array) => bytes } };
  const users = { policy: () => ({ departments: {}, groups: [] }) };
  const acts = new WholeActs({ storage, stores, users, device, random: (bytes: number) => new Uint8Array(bytes) } as never);
  const outcomes = [async () => await stores.forgetEdits(9), () => Promise.reject(new Error("refused"))];
  for (const perform of outcomes) await acts.stage({ changes: [], by: "" }, perform).catch(() => undefined);
  await stores.forgetEdits(9);
  t.deepEqual(a.forgotten, [5, 9]);
  const turns: string[] = [];
  const act = (name: string) =>
    acts.stage({ changes: [], by: "" }, async () => {
      turns.push(`${name} begins`);
      await settle();
      turns.push(`${name} ends`);
    });
  await Promise.all(["one", "two"].map(act));
  t.deepEqual(turns, ["one begins", "one ends", "two begins", "two ends"]);
});

test("P6 stores show what the oldest of them shows, and nothing while one shows nothing or another journal", (t) => {
  const other = { ...at(3), epoch: { number: 2, id: epochId("d".repeat(16)) } };
  const elsewhere = { ...at(3), fleet: fleetId("1".repeat(32)) };
  const rows: readonly (readonly [
    first: Position | undefined,
    second: Position | undefined,
    shows: boolean,
    oldest: number | undefined,
  ])[] = [
    [at(10), at(10), true, 10],
    [at(3), at(10), true, 3],
    [at(10), at(3), true, 3],
    [at(11), at(10), false, 10],
    [undefined, at(10), false, undefined],
    [at(10), undefined, false, undefined],
    [at(10), other, false, 3],
    [at(10), elsewhere, false, 3],
  ];
  for (const [first, second, shows, oldest] of rows) {
    const stores = both(storeOf("a", [], first), storeOf("b", [], second));
    t.is(stores.show(at(10)), shows);
    t.is(stores.oldestShown()?.revision, oldest);
  }
});

test("what is applied goes to the store that keeps it, and only a store that is behind is told of a position alone", async (t) => {
  const [a, b] = [storeOf("a", [], at(10)), storeOf("b", [], at(9))];
  const stores = both(a, b);
  await stores.apply([editOf(1, { item: "a" }), editOf(2, { item: "c" })], at(10), 7);
  await stores.showPosition(at(10), 8);
  t.deepEqual([a.written, b.written], [[[1, 10, 7]], [[0, 10, 8]]]);
  t.deepEqual(
    [["a"], ["a", "b"], ["c"]].map((items) => stores.spanOf(items.map((item) => editOf(1, { item })))),
    [1, 2, 0],
  );
});

/** A copy at revision 10 whose stores are written through this. */
async function showing() {
  const clock = new ManualClock();
  const replica = await replicaOf(new MemoryStorage(), {}, []);
  const shown: string[][] = [];
  const sizes: number[] = [];
  const wakes: number[] = [];
  const world = { isImporting: false, isFull: false, writeMs: 12, isSeen: (_: EntryName) => false };
  const show = async (names: readonly EntryName[], values: ReadonlyMap<string, unknown>) => {
    await clock.advance(world.writeMs);
    if (world.isFull) throw new SyncError("hal-full", "no room");
    sizes.push(values.size);
    shown.push(names.map((name) => (values.has(entryKey(name)) ? `${name.key} ${String(values.get(entryKey(name)))}` : name.key)));
  };
  const later = new ShowingLater({
    replica,
    shower: { show },
    clock,
    restrictions: { importExportRunning: () => world.isImporting },
    device: DEVICE,
    isSeen: (name: EntryName) => world.isSeen(name),
    wake: () => void wakes.push(clock.monotonicMs()),
  } as never);
  const change = (key: string, more: object = {}, device = OTHER) => {
    const edit = { ...editOf(1, { key, id: { ...editOf(1).id, device } }), why: "first" } as const;
    const edits = [{ edit, bytes: encodeAccepted(edit) }];
    return { revision: 11, at: 1, edits, removals: [], adoption: undefined, logins: [], scopes: [], purges: [], ...more };
  };
  const take = async (key: string, before: number, value?: string, changes = [change(key)], own: object = new Map()) => {
    const name = editOf(1, { key });
    const values = new Map(value === undefined ? [] : [[entryKey(name), value]]);
    await later.take({ entries: new Map([[entryKey(name), name]]), changes, values, own } as never, before);
  };
  return { clock, replica, later, shown, sizes, wakes, world, change, take };
}

test("what others edit is shown at once after a rest, then a few times a second, together, as the newest change has it", async (t) => {
  const { clock, later, shown, sizes, wakes, take } = await showing();
  await take("a", 10, "1");
  t.deepEqual(shown, [["a 1"]]);
  await take("b", 11, "1");
  await take("b", 12, "2");
  await take("c", 13, "1");
  await take("c", 14);
  t.is(shown.length, 1);
  t.is(later.revision, 11, "nobody is told of what the stores do not show");
  await clock.advance(200);
  t.deepEqual(wakes, [1_112], "it is due once");
  await later.showWaiting();
  t.deepEqual(shown.at(-1), ["b 2", "c"]);
  t.is(later.revision, 10, "where the base stands");
  await later.showWaiting();
  t.is(shown.length, 2);
  await take("d", 15, "1");
  await clock.advance(100);
  t.is(wakes.length, 2);
  await clock.advance(100);
  await later.showWaiting();
  t.deepEqual(shown.at(-1), ["d 1"], "nothing of before comes again");
  t.deepEqual(sizes, [1, 1, 1], "nor is it kept");
});

test("how long what others edit waits depends on how long a write of the stores takes", async (t) => {
  for (const [writeMs, dueMs] of [
    [0, undefined],
    [1, 1_051],
    [2, 1_102],
    [11, 1_111],
    [500, 1_600],
  ] as const) {
    const { shown, wakes, world, clock, take } = await showing();
    world.writeMs = writeMs;
    await take("a", 10);
    await take("b", 11);
    await clock.advance(200);
    t.deepEqual([shown.length, wakes], dueMs === undefined ? [2, []] : [1, [dueMs]], `${writeMs} ms`);
  }
});

test("what somebody has before them waits for less, and no longer than a frame of a screen", async (t) => {
  for (const [writeMs, dueMs] of [
    [0, undefined],
    [1, 1_006],
    [2, 1_012],
    [500, 1_520],
  ] as const) {
    const { shown, wakes, world, clock, take } = await showing();
    world.isSeen = () => true;
    world.writeMs = writeMs;
    await take("a", 10);
    await take("b", 11);
    await clock.advance(1_000);
    t.deepEqual([shown.length, wakes], dueMs === undefined ? [2, []] : [1, [dueMs]], `${writeMs} ms`);
  }
});

test("what somebody sees takes along what waited for nobody, as soon as it may", async (t) => {
  const { clock, later, shown, wakes, world, take } = await showing();
  world.isSeen = ({ key }) => key === "seen";
  await take("a", 10, "1");
  await take("b", 11, "1");
  await take("seen", 12, "1");
  await take("c", 13, "1");
  await clock.advance(19);
  t.deepEqual([shown.length, wakes], [1, []]);
  await clock.advance(1);
  t.deepEqual(wakes, [1_032], "sooner than was meant for the others");
  await later.showWaiting();
  t.deepEqual(shown.at(-1), ["b 1", "seen 1", "c 1"]);
  await take("d", 14, "1");
  await clock.advance(50);
  await take("seen", 15, "2");
  t.deepEqual(shown.at(-1), ["d 1", "seen 2"], "the stores were left alone for long enough");
  await clock.advance(2_000);
  t.is(wakes.length, 1, "nobody is woken for what is shown");
  await take("e", 16, "1");
  await take("f", 17, "1");
  later.end();
  await clock.advance(2_000);
  t.is(wakes.length, 1, "nor when it has ended");
});

test("an own edit that comes back as it was made waits, one that came to be something else does not", async (t) => {
  const key = entryKey(editOf(1, { key: "b" }));
  for (const [before, after, shows] of [
    ["x", "x", 1],
    ["x", "y", 2],
    [undefined, "x", 2],
  ] as const) {
    const { shown, change, take } = await showing();
    await take("a", 10);
    await take("b", 11, after, [change("b", {}, DEVICE)], new Map(before === undefined ? [] : [[key, before]]));
    t.is(shown.length, shows, `${before} ${after}`);
  }
  const { shown, replica, change, take } = await showing();
  await take("a", 10);
  await replica.record([pendingOf(editOf(2, { key: "b", value: "newer" }))], 2);
  await take("b", 11, "older", [change("b", {}, DEVICE)], new Map([[key, "newer"]]));
  t.is(shown.length, 1, "a newer one lies on it");
});

test("what an author did not make, ends, scopes and offers wait for nothing, nor does more than is written at once", async (t) => {
  const adoption = { holding: ALICE, item: undefined, join: "7".repeat(16), device: OTHER };
  const cases = [{ removals: [{ owner: ALICE, kind: "deleted" }] }, { scopes: [{ item: "timeline", scope: "shared" }] }, { adoption }];
  for (const more of cases) {
    const { shown, change, take } = await showing();
    await take("a", 10);
    await take("b", 11, undefined, [change("b"), change("b", more)]);
    t.is(shown.length, 2);
  }
  const own = await showing();
  await own.take("a", 10);
  await own.take("b", 11, undefined, [own.change("b", {}, DEVICE)]);
  t.is(own.shown.length, 2);
  for (const hold of ["offers", "removed"] as const) {
    const { replica, shown, take } = await showing();
    await take("a", 10);
    const write =
      hold === "offers" ? replica.offers.set(ALICE, { kind: "wanted" }) : replica.removed.add(ALICE, { kind: "evicted", at: 1, mark: 1 });
    await replica.write([write], {});
    await take("b", 11);
    t.is(shown.length, 2, hold);
  }
  const many = await showing();
  await many.take("a", 10);
  for (let key = 0; key < 500; key += 1) await many.take(`${key}`, 11);
  t.deepEqual([many.shown.length, many.shown.at(-1)?.length], [2, 500]);
});

test("M24 what waits when an import begins goes on waiting; when the stores do not take it, it waits as well", async (t) => {
  const { clock, later, shown, world, take } = await showing();
  await take("a", 10);
  await take("b", 11);
  world.isImporting = true;
  await clock.advance(200);
  await later.showWaiting();
  t.is(shown.length, 1);
  t.true(later.isWaiting);
  world.isImporting = false;
  world.isFull = true;
  await t.throwsAsync(later.showWaiting(), { code: "hal-full" });
  t.true(later.isWaiting);
  world.isFull = false;
  await later.showWaiting();
  t.deepEqual(shown.at(-1), ["b"]);
});
