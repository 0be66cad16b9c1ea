/** The machine's stores as one, and when they are written what other machines edit. */
import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import type { EntryName } from "../../../src/model/entry.ts";
import { SyncError } from "../../../src/model/errors.ts";
import { epochId, fleetId } from "../../../src/model/ids.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import type { Position } from "../../../src/model/position.ts";
import { encodeAccepted } from "../../../src/protocol/edit.ts";
import { MachineStores } from "../../../src/roles/client/machine-stores.ts";
import { ShowingLater } from "../../../src/roles/client/showing-later.ts";
import { WholeActs } from "../../../src/roles/whole-act.ts";
import { entryKey } from "../../../src/store/keys.ts";
import { pendingOf } from "../../../src/store/pending.ts";
import { ManualClock, settle } from "../../contract/manual-clock.ts";
import { ALICE, at, DEVICE, editOf, replicaOf, RUN } from "./own-copy.ts";

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
  const world = {
    isImporting: false,
    isFull: false,
    isSlow: false,
    isElsewhere: false,
    listed: 0,
    writeMs: 12,
    room: [] as EntryName[],
    shown: undefined as Position | undefined,
    isSeen: (_: EntryName) => false,
  };
  const slow: (() => void)[] = [];
  const told: boolean[] = [];
  const further: number[] = [];
  const show = async (names: readonly EntryName[], values: ReadonlyMap<string, unknown>) => {
    if (world.isSlow) await new Promise<void>((resolve) => slow.push(resolve));
    else await clock.advance(world.writeMs);
    if (world.isFull) throw new SyncError("hal-full", "no room");
    sizes.push(values.size);
    shown.push(names.map((name) => (values.has(entryKey(name)) ? `${name.key} ${String(values.get(entryKey(name)))}` : name.key)));
  };
  const later = new ShowingLater({
    replica,
    shower: {
      show,
      moment: async (names: readonly EntryName[], values: ReadonlyMap<string, unknown>, isOfAll: boolean) => {
        told.push(isOfAll);
        return { names, values, position: replica.position };
      },
      showBeside: async ({ names, values }: { names: readonly EntryName[]; values: ReadonlyMap<string, unknown> }) => {
        await show(names, values);
        return world.room;
      },
    },
    clock,
    restrictions: { importExportRunning: () => world.isImporting },
    notApplied: {
      get size() {
        return world.listed;
      },
    },
    stores: { haveOwnOver: false, oldestShown: () => world.shown, areElsewhere: () => world.isElsewhere },
    device: DEVICE,
    run: RUN,
    isSeen: (name: EntryName) => world.isSeen(name),
    wake: () => void wakes.push(clock.monotonicMs()),
    onFurther: () => void further.push(later.revision ?? 0),
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
    if (!world.isSlow) await later.ended();
  };
  /** The write under way ends. */
  const written = async () => {
    slow.shift()?.();
    await later.ended();
  };
  return { clock, replica, later, shown, sizes, wakes, told, further, world, change, take, written };
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
  for (let key = 0; key < LIMITS.showingWaitingMax; key += 1) await many.take(`${key}`, 11);
  t.deepEqual([many.shown.length, many.shown.at(-1)?.length], [2, LIMITS.showingWaitingMax]);
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

test("B05 what is taken while the stores are written waits for the next write, together, and nobody is told of more than they show", async (t) => {
  const { later, replica, shown, told, wakes, further, world, take, written, clock } = await showing();
  world.isSlow = true;
  await take("a", 9, "1");
  await replica.write([], { position: at(12) });
  await take("b", 10, "1");
  await take("a", 11, "2");
  t.deepEqual([shown, later.isWaiting, later.revision], [[], true, 9]);
  await later.showSoon();
  t.is(told.length, 1, "one write at a time");
  await written();
  t.deepEqual([shown, later.isWaiting, later.revision, further], [[["a 1"]], true, 10, [10]]);
  await clock.advance(LIMITS.showingRestMs);
  t.is(wakes.length, 1);
  await later.showSoon();
  await written();
  t.deepEqual([shown.at(-1), later.isWaiting, later.revision, further], [["b 1", "a 2"], false, 12, [10, 12]]);
});

test("M15 what is acted upon at once waits for the write under way, and takes all along", async (t) => {
  const { later, shown, world, change, take, written } = await showing();
  world.isSlow = true;
  await take("a", 9, "1");
  await take("b", 10, "1");
  const ended = take("c", 11, undefined, [change("c", { removals: [{ owner: ALICE, kind: "deleted" }] })]);
  await written();
  await settle();
  t.deepEqual(shown, [["a 1"]]);
  await written();
  await ended;
  t.deepEqual([shown.at(-1), later.isWaiting], [["b 1", "c"], false]);
});

test("more does not wait than is written at once: then the client waits for the write under way", async (t) => {
  const { shown, told, world, take, written } = await showing();
  world.isSlow = true;
  await take("first", 9, "1");
  for (let key = 1; key < LIMITS.showingWaitingMax; key += 1) await take(`${key}`, 10);
  const full = take("last", 11);
  await settle();
  t.is(told.length, 1);
  await written();
  await full;
  t.deepEqual([told.length, shown], [2, [["first 1"]]]);
});

test("B03 what the stores refuse amid other work is said by the next step of the client, waits again, and is read anew", async (t) => {
  const { later, shown, wakes, world, take, clock, written } = await showing();
  world.isFull = true;
  await take("a", 9, "1");
  t.deepEqual([later.isWaiting, later.revision, wakes], [true, 9, [clock.monotonicMs()]]);
  await t.throwsAsync(later.showSoon(), { code: "hal-full" });
  await take("b", 10, "1");
  for (const again of [() => later.showWaiting(), () => later.showWith([])]) await t.throwsAsync(again(), { code: "hal-full" });
  world.isFull = false;
  await later.showSoon();
  await later.ended();
  t.deepEqual([shown, later.isWaiting], [[["a", "b 1"]], false]);
  await written();
});

test("what there is room for after a write is shown with the next, and so is what an answer uncovers", async (t) => {
  const { later, shown, world, take } = await showing();
  world.room = [editOf(1, { key: "room" })];
  await take("a", 9, "1");
  t.true(later.isWaiting);
  await later.showWith([editOf(2, { key: "uncovered" })]);
  t.deepEqual([shown, later.isWaiting], [[["a 1"], ["room", "uncovered"]], false]);
});

test("M24 while an import or export runs nothing is begun, and what is being written is waited for", async (t) => {
  const { later, told, world, take, written } = await showing();
  world.isSlow = true;
  await take("a", 9, "1");
  await take("b", 10, "1");
  world.isImporting = true;
  let isOver = false;
  const waited = later.showWaiting().then(() => void (isOver = true));
  await settle();
  t.false(isOver);
  await written();
  await waited;
  await later.showSoon();
  t.deepEqual([told.length, later.isWaiting], [1, true]);
});

test("B05 own edits that come back as the author's stores show them are not written there again: all stores are told where the base stands", async (t) => {
  const key = entryKey(editOf(1, { key: "b" }));
  const run = "9".repeat(16) as typeof RUN;
  const rows = [
    ["of this run", {}, 0, [[]]],
    ["of a run before, which may have died before its stores showed it", { run }, 0, [["b x"]]],
    ["where something is not shown", {}, 1, [["b x"]]],
  ] as const;
  for (const [what, other, listed, expected] of rows) {
    const { shown, told, world, change, take } = await showing();
    world.listed = listed;
    const edit = { ...editOf(1, { key: "b" }), why: "first" as const };
    const own = { ...edit, id: { ...edit.id, ...other } };
    await take("b", 10, "x", [change("b", { edits: [{ edit: own, bytes: encodeAccepted(own) }] })], new Map([[key, "x"]]));
    t.deepEqual([shown, told] as unknown, [expected, [listed === 0 && !("run" in other)]], what);
  }
  const { later, shown, world, change, take, written } = await showing();
  world.isSlow = true;
  await take("a", 9, "1");
  await take("b", 10, "other");
  await take("b", 11, "x", [change("b", {}, DEVICE)], new Map([[key, "x"]]));
  await written();
  await later.showSoon();
  await written();
  t.deepEqual(shown.at(-1), ["b x"], "what waited for an older write is shown as it came to be");
});

test("stores that had no part in the last changes are told where the base stands, once nothing waits", async (t) => {
  const { later, told, wakes, world, clock } = await showing();
  for (const [isElsewhere, shown, wakesThen] of [
    [false, at(3), 0],
    [true, undefined, 0],
    [true, at(3), 1],
  ] as const) {
    Object.assign(world, { isElsewhere, shown });
    later.showPosition();
    await clock.advance(1);
    t.is(wakes.length, wakesThen);
  }
  await later.showSoon();
  await later.ended();
  t.deepEqual([told, later.isWaiting], [[true], false]);
});
