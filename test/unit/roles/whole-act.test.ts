/** An act on several stores: all of it or nothing, whatever a store refuses and wherever it was cut off. */
import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import type { Write } from "../../../hal/storage.ts";
import type { EntryChange } from "../../../src/model/entry.ts";
import { SyncError } from "../../../src/model/errors.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import type { Owner } from "../../../src/model/owner.ts";
import type { Value } from "../../../src/model/value.ts";
import { CommunicationLog } from "../../../src/roles/communication-log.ts";
import { MachineStores } from "../../../src/roles/client/machine-stores.ts";
import { WholeActs } from "../../../src/roles/whole-act.ts";
import { readHead } from "../../../src/store/intent.ts";
import { entryKey } from "../../../src/store/keys.ts";
import { ManualClock } from "../../contract/manual-clock.ts";
import { ALICE } from "./own-copy.ts";

const SETTING = "shortcut";
const ADDRESS = "personal-address";
const KEPT = "c/h/1";

/** One of the two stores: what stands in it, and the edits that were made. */
function storeOf(item: string, marks: { last: number }) {
  const standing = new Map<string, EntryChange>();
  const edits: (EntryChange & { readonly mark: number; readonly by: string })[] = [];
  const store = {
    items: new Set([item]),
    refusal: undefined as SyncError | undefined,
    forgottenTo: 0,
    mark: () => marks.last,
    editsSince: async (mark: number) => edits.filter((edit) => edit.mark > mark),
    forgetEdits: async (mark: number) => void (store.forgottenTo = mark),
    owners: async (): Promise<Owner[]> => [ALICE],
    read: async () => [...standing.values()],
    edit: async (changes: readonly EntryChange[], by: string) => {
      if (store.refusal !== undefined) throw store.refusal;
      for (const change of changes) {
        edits.push({ ...change, mark: (marks.last += 1), by });
        if (change.value === undefined) standing.delete(entryKey(change));
        else standing.set(entryKey(change), change);
      }
    },
  };
  return { store, edits };
}

const change = (item: string, key: string, value: Value | undefined, note?: { readonly key: string; readonly value: Uint8Array }) => ({
  owner: ALICE,
  item,
  key,
  value,
  ...(note === undefined ? {} : { note }),
});

/** A storage that cuts the machine off in a write that `isLast` names: nothing of it is there. */
function cutStorage() {
  const storage = new MemoryStorage();
  const cut = { isLast: (_: readonly Write[]): boolean => false };
  const write = storage.write.bind(storage);
  storage.write = async (batch) => {
    if (cut.isLast(batch)) throw new SyncError("hal-unavailable", "cut off");
    await write(batch);
  };
  return { storage, cut };
}

function machine() {
  const { storage, cut } = cutStorage();
  const marks = { last: 0 };
  const [settings, addresses] = [storeOf(SETTING, marks), storeOf(ADDRESS, marks)];
  let policy = { departments: { on: false, ids: [] as string[] }, groups: [{ id: "1", name: "one" }] };
  const groupsSet: string[] = [];
  const users = {
    policy: () => policy,
    setGroupManagement: async (wanted: typeof policy) => {
      groupsSet.push(wanted.groups.map(({ name }) => name).join());
      policy = wanted;
    },
  };
  const keyStore = { seal: async (bytes: Uint8Array) => bytes, open: async (bytes: Uint8Array) => bytes };
  const log = new CommunicationLog({ storage: new MemoryStorage(), clock: new ManualClock() });
  /** The module starts anew over the same stores. */
  const start = () => {
    const stores = new MachineStores([settings.store, addresses.store] as never);
    const random = (bytes: number) => new Uint8Array(bytes).fill(5);
    return { stores, acts: new WholeActs({ storage, stores, users, device: { keyStore }, random, log } as never) };
  };
  const reads = async () =>
    (await Promise.all([settings.store.read(), addresses.store.read()])).flat().map(({ key, value }) => `${key} ${String(value)}`);
  const wanted = { departments: policy.departments, groups: [{ id: "1", name: "two" }] };
  return {
    storage,
    cut,
    settings,
    addresses,
    start,
    reads,
    log,
    groupsSet,
    wanted,
    users,
    isIntended: async () => (await readHead(storage)) !== undefined,
  };
}

const BOTH = { changes: [change(SETTING, "s", "new"), change(ADDRESS, "a", "new")], by: "import" };
const note = { key: KEPT, value: Uint8Array.of(2) };

test("M34 an act makes the edits that make a difference, and leaves nothing to be completed", async (t) => {
  const { start, reads, settings, addresses, isIntended, groupsSet, wanted } = machine();
  const { acts } = start();
  await settings.store.edit([change(SETTING, "same", "x")], "alice");
  t.is(await acts.perform({ ...BOTH, changes: [...BOTH.changes, change(SETTING, "same", "x")], groups: wanted }), 2);
  t.deepEqual(await reads(), ["same x", "s new", "a new"]);
  t.deepEqual([settings.edits.length, addresses.edits.length, settings.edits.at(-1)?.by], [2, 1, "import"]);
  t.deepEqual(groupsSet, ["two"]);
  t.false(await isIntended());
  t.is(await acts.perform({ ...BOTH, groups: wanted }), 0, "all of it is there already");
  t.deepEqual([settings.edits.length, groupsSet], [2, ["two"]]);
  const alone = machine();
  await alone.start().acts.perform({ changes: [change(SETTING, "s", "new")], by: "import", groups: alone.wanted });
  t.deepEqual([await alone.reads(), alone.groupsSet], [["s new"], ["two"]], "groups are a store, too");
});

test("M34 what a person edits while an act is being written down stays", async (t) => {
  const { start, reads, settings } = machine();
  const { read } = settings.store;
  let isFirst = true;
  settings.store.read = async () => {
    const stands = await read();
    if (isFirst) await settings.store.edit([change(SETTING, "s", "a person's")], "alice");
    isFirst = false;
    return stands;
  };
  await start().acts.perform(BOTH);
  t.deepEqual(await reads(), ["s a person's", "a new"]);
});

test("M34 groups that an administrator has set since stay, whether the act goes on or is taken back", async (t) => {
  for (const code of ["hal-full", "hal-unavailable"] as const) {
    const { start, addresses, groupsSet, wanted, users } = machine();
    addresses.store.refusal = new SyncError(code, "no");
    addresses.store.edit = async () => {
      await users.setGroupManagement({ ...wanted, groups: [{ id: "1", name: "three" }] });
      throw new SyncError(code, "no");
    };
    await t.throwsAsync(start().acts.perform({ ...BOTH, groups: wanted }), { code });
    addresses.store.edit = async () => undefined;
    await start().acts.recover();
    t.deepEqual(groupsSet, ["two", "three"], code);
  }
});

test("M34 what the second store refuses is taken back in the first, a person's newer edit and the groups as they were", async (t) => {
  const { start, reads, settings, addresses, isIntended, groupsSet, wanted } = machine();
  const { acts } = start();
  await settings.store.edit([change(SETTING, "s", "old")], "alice");
  addresses.store.refusal = new SyncError("hal-full", "no room");
  await t.throwsAsync(acts.perform({ ...BOTH, groups: wanted }), { code: "hal-full" });
  t.deepEqual(await reads(), ["s old"]);
  t.deepEqual(groupsSet, ["two", "one"]);
  t.false(await isIntended());
});

test("M34 an act that was cut off is completed by the next start, once, and what a person has edited since stays", async (t) => {
  const { start, reads, addresses, settings, log, isIntended } = machine();
  addresses.store.refusal = new SyncError("hal-unavailable", "cut off");
  await t.throwsAsync(start().acts.perform(BOTH), { code: "hal-unavailable" });
  t.true(await isIntended());
  t.deepEqual(await reads(), ["s new"]);
  await settings.store.edit([change(SETTING, "s", "a person's")], "alice");
  addresses.store.refusal = undefined;
  const { acts } = start();
  await acts.recover();
  t.deepEqual(await reads(), ["s a person's", "a new"]);
  t.false(await isIntended());
  t.is(log.records().at(-1)?.code, "act-completed");
  await acts.recover();
  t.is(addresses.edits.length, 1);
});

test("M34 taking back that was cut off goes on at the next start, also where the store would take it by then", async (t) => {
  const { start, reads, settings, addresses, isIntended } = machine();
  await settings.store.edit([change(SETTING, "s", "old")], "alice");
  addresses.store.refusal = new SyncError("hal-full", "no room");
  const { acts } = start();
  const edit = settings.store.edit;
  let edits = 0;
  settings.store.edit = async (changes, by) => {
    edits += 1;
    if (edits === 2) throw new SyncError("hal-unavailable", "cut off");
    await edit(changes, by);
  };
  await t.throwsAsync(acts.perform(BOTH), { code: "hal-unavailable" });
  t.deepEqual([await reads(), await isIntended()], [["s new"], true]);
  addresses.store.refusal = undefined;
  await start().acts.recover();
  t.deepEqual(await reads(), ["s old"]);
});

test("M34 an act comes after one that could not be ended, which is ended first", async (t) => {
  const { start, reads, addresses } = machine();
  addresses.store.refusal = new SyncError("hal-unavailable", "cut off");
  const { acts } = start();
  await t.throwsAsync(acts.perform(BOTH), { code: "hal-unavailable" });
  await t.throwsAsync(acts.perform({ ...BOTH, changes: [change(SETTING, "s", "newer"), change(ADDRESS, "b", "newer")] }), {
    code: "hal-unavailable",
  });
  addresses.store.refusal = undefined;
  await acts.perform({ ...BOTH, changes: [change(SETTING, "s", "newer"), change(ADDRESS, "b", "newer")] });
  t.deepEqual(await reads(), ["s newer", "a new", "b newer"]);
});

test("M34 edits that an act needs are kept until it is over, in the power-on that completes it too", async (t) => {
  const { start, addresses, settings } = machine();
  await settings.store.edit([change(SETTING, "before", "x")], "alice");
  addresses.store.refusal = new SyncError("hal-unavailable", "cut off");
  await t.throwsAsync(start().acts.perform(BOTH));
  const { acts, stores } = start();
  addresses.store.edit = async () => await stores.forgetEdits(99);
  addresses.store.refusal = undefined;
  await acts.recover();
  t.is(settings.store.forgottenTo, 1, "what was made before it may go");
  await stores.forgetEdits(99);
  t.is(settings.store.forgottenTo, 99);
});

test("B02 P23 what is put back is noted with the end of the act; what a deletion has erased meanwhile is not put back", async (t) => {
  const { storage, cut, settings, start, reads } = machine();
  const { acts } = start();
  const changes = [change(SETTING, "s", "lost", note)];
  t.is(await acts.perform({ changes, by: "put-back" }), 1);
  t.deepEqual(await reads(), [], "its record is gone");
  await storage.write([{ key: KEPT, value: Uint8Array.of(1) }]);
  cut.isLast = (batch) => batch.some(({ key }) => key === KEPT);
  await t.throwsAsync(acts.perform({ changes, by: "put-back" }));
  t.deepEqual([await reads(), await storage.get(KEPT)], [["s lost"], Uint8Array.of(1)], "it is not said before it is so");
  cut.isLast = () => false;
  await start().acts.recover();
  t.deepEqual(await storage.get(KEPT), note.value);
  await storage.write([{ key: KEPT, value: Uint8Array.of(1) }]);
  t.is(await acts.perform({ changes, by: "put-back" }), 0);
  t.is(settings.edits.length, 1);
  t.deepEqual(await storage.get(KEPT), note.value, "what stands there already was put back as well");
});

test("M34 an act that is not begun comes to nothing, and a start clears what it has written down", async (t) => {
  const { storage, start, reads, isIntended } = machine();
  const { acts } = start();
  t.is(await acts.stage(BOTH, async ({ edits }) => edits), 2);
  t.deepEqual([await reads(), await isIntended()], [[], false]);
  await start().acts.recover();
  const left: string[] = [];
  for await (const [key] of storage.range({ from: "m/", to: "m0" })) left.push(key);
  t.deepEqual(left, []);
});

test("M34 an act has nothing of one that was written down before it and not begun", async (t) => {
  const { start, reads, addresses } = machine();
  const { acts } = start();
  const more = [change(ADDRESS, "b", "not begun"), change(ADDRESS, "c", "not begun")];
  await acts.stage({ ...BOTH, changes: [...BOTH.changes, ...more] }, async () => undefined);
  addresses.store.refusal = new SyncError("hal-unavailable", "cut off");
  await t.throwsAsync(acts.perform(BOTH));
  addresses.store.refusal = undefined;
  await start().acts.recover();
  t.deepEqual(await reads(), ["s new", "a new"]);
});

test("B08 what is written down of an act has no password in the clear", async (t) => {
  const { storage, start } = machine();
  const secrets = [change(ADDRESS, "a", { cn: "name", pwd: "hunter2" }), change("keychain", "k", "hunter3")];
  const written: string[] = [];
  await start().acts.stage({ changes: secrets, by: "import" }, async () => {
    for await (const [, bytes] of storage.range({ from: "m/", to: "m0" })) written.push(Buffer.from(bytes).toString("latin1"));
  });
  t.is(written.length, 2);
  t.false(written.some((text) => text.includes("hunter")));
});

/** Edits of one store, one after the other, with what else happens before each of them. */
function portioned(before: (portion: number) => Promise<void> | void = () => undefined) {
  const made = machine();
  const { store } = made.addresses;
  const edit = store.edit;
  const sizes: number[] = [];
  store.edit = async (changes, by) => {
    await before(sizes.length);
    sizes.push(changes.length);
    await edit(changes, by);
  };
  return { ...made, sizes, edit };
}

const MANY = Array.from({ length: 2 * LIMITS.actPortionMax + 1 }, (_, at) => change(ADDRESS, `${at}`, "new"));

test("M34 an act that is too large for the memory is done in portions, and is all there in the end", async (t) => {
  const { start, sizes, reads } = portioned();
  const wanted = { departments: { on: false, ids: [] }, groups: [] };
  t.is(await start().acts.perform({ changes: MANY, by: "import", groups: wanted }), MANY.length);
  t.deepEqual(sizes, [LIMITS.actPortionMax, LIMITS.actPortionMax, 1]);
  t.is((await reads()).filter((entry) => entry.endsWith(" new")).length, MANY.length);
});

test("M34 what a person edits between two portions of an act stays", async (t) => {
  const last = `${MANY.length - 1}`;
  const { start, edit, reads } = portioned(async (portion) => {
    if (portion === 1) await edit([change(ADDRESS, "0", "a person's"), change(ADDRESS, last, "a person's")], "alice");
  });
  await start().acts.perform({ changes: MANY, by: "import", groups: { departments: { on: false, ids: [] }, groups: [] } });
  const theirs = (await reads()).filter((entry) => entry.endsWith("a person's"));
  t.deepEqual(theirs, ["0 a person's", `${last} a person's`]);
});

test("M34 of an act whose last portion does not fit nothing is there; one that is cut off between two portions is completed by a start", async (t) => {
  const groups = { departments: { on: false, ids: [] }, groups: [] };
  let isFull = false;
  const full = portioned((portion) => {
    if (isFull || portion < 2) return;
    isFull = true;
    throw new SyncError("hal-full", "no room");
  });
  await t.throwsAsync(full.start().acts.perform({ changes: MANY, by: "import", groups }), { code: "hal-full" });
  t.deepEqual(await full.reads(), []);
  t.false(await full.isIntended());
  const cut = portioned((portion) => {
    if (portion === 1) throw new SyncError("hal-unavailable", "cut off");
  });
  await t.throwsAsync(cut.start().acts.perform({ changes: MANY, by: "import", groups }), { code: "hal-unavailable" });
  cut.addresses.store.edit = cut.edit;
  await cut.start().acts.recover();
  t.is((await cut.reads()).length, MANY.length);
  t.is(cut.addresses.edits.length, MANY.length, "nothing is edited twice");
});
