import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { must } from "../../../src/model/assert.ts";
import { DEFAULT_CONFIG } from "../../../src/model/config.ts";
import { type Accepted, ONE_TOUCH_LIST } from "../../../src/model/entry.ts";
import { deviceId, runId } from "../../../src/model/ids.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { COMMON, type Owner, userOwner } from "../../../src/model/owner.ts";
import type { Value } from "../../../src/model/value.ts";
import { encodeAccepted } from "../../../src/protocol/edit.ts";
import { OwnerTable } from "../../../src/roles/server/owner-table.ts";
import { Room, tooMany } from "../../../src/roles/server/room.ts";
import { entryKey, ownerKey } from "../../../src/store/keys.ts";
import { NEW_OWNER, packEntry, packOwner } from "../../../src/store/records.ts";
import { PlainRecords } from "../../../src/store/state-records.ts";
import { StateView } from "../../../src/store/state-view.ts";

const shortcut = (key: string, value: string | undefined): Accepted => ({
  id: { device: deviceId("a".repeat(32)), run: runId("1".repeat(16)), sequence: 1 },
  owner: must(userOwner("alice"), "an owner"),
  item: "shortcut",
  key,
  value,
  seen: 0,
  stamp: 1,
  certain: true,
  by: "",
  why: "first",
});

/** Room for one shortcut, and one that stands. */
async function fullRoom(storage = new MemoryStorage()): Promise<{ view: StateView; room: Room; stands: Accepted }> {
  const stands = shortcut("stands", "x");
  await storage.write([{ key: `s/${entryKey(stands)}`, value: packEntry(1, encodeAccepted(stands)) }]);
  const view = new StateView(new PlainRecords(storage, "s/"));
  const config = { ...DEFAULT_CONFIG, capacities: { shortcut: 1 } };
  return { view, room: new Room(view, { config, owners: await OwnerTable.open(view) }), stands };
}

test("looking takes no room; what was taken does, and what was deleted gives it back", async (t) => {
  const { room } = await fullRoom();
  t.deepEqual(await room.look(shortcut("more", "y")), { kind: "refused", refusal: { word: "too-many-entries", entriesMax: 1 } });
  t.is((await room.look(shortcut("stands", "changed"))).kind, "admitted");
  const deletion = await room.look(shortcut("stands", undefined));
  t.is((await room.look(shortcut("more", "y"))).kind, "refused", "it was only looked at");
  if (deletion.kind === "admitted") room.take(deletion);
  const more = await room.look(shortcut("more", "y"));
  if (more.kind === "refused") return t.fail("refused");
  room.take(more);
  t.is((await room.look(shortcut("third", "z"))).kind, "refused");
  t.is((await room.look(shortcut("unknown", undefined))).kind, "admitted", "what goes needs no room");
});

test("what was deleted before its list is read is not among what lives there", async (t) => {
  const { room } = await fullRoom();
  const deletion = await room.look(shortcut("stands", undefined));
  if (deletion.kind === "admitted") room.take(deletion);
  t.is((await room.look(shortcut("more", "y"))).kind, "admitted");
});

test("a list is read when something is added to it, not when what stands in it changes or goes", async (t) => {
  const storage = new MemoryStorage();
  let listsRead = 0;
  const { room } = await fullRoom(storage);
  const range = storage.range.bind(storage);
  storage.range = (options) => {
    listsRead += 1;
    return range(options);
  };
  for (const value of ["changed", "again", undefined]) {
    const admitted = await room.look(shortcut("stands", value));
    if (admitted.kind === "refused") return t.fail("refused");
    room.take(admitted);
  }
  t.is(listsRead, 0);
  t.is((await room.look(shortcut("stands", "anew"))).kind, "admitted", "what was deleted before the list was read has left room");
  t.is(listsRead, 1);
});

/** An edit of any entry, stamped with its number. */
const entryOf = (owner: Owner, item: string, key: string, value: Value | undefined, stamp = 1): Accepted => ({
  ...shortcut(key, "x"),
  owner,
  item,
  value,
  stamp,
});
const ALICE = must(userOwner("alice"), "an owner");
const oneTouch = (key: string, number: number): Accepted =>
  entryOf(COMMON, "common-address", key, { subdbid: ONE_TOUCH_LIST, indxid: `${number}` });
const listed = (key: string): Accepted => entryOf(COMMON, "common-address", key, { subdbid: "1", indxid: "5" });
const turn = (key: string, stamp: number): Accepted => entryOf(ALICE, "timeline", key, { stamp }, stamp);
const groupOwner = (n: number): Owner => `group:${n}` as Owner;
const groupAddress = (n: number, key: string): Accepted => entryOf(groupOwner(n), "group-address", key, { name: key });

/** Room where these stand; with it what becomes of an edit: whether it is taken, and what goes or moves by it. */
async function roomWith(...standing: readonly Accepted[]): Promise<(edit: Accepted) => Promise<string>> {
  const storage = new MemoryStorage();
  const held = packOwner({ ...NEW_OWNER, holdings: { own: { since: 1, adopted: undefined } } });
  for (const edit of standing) {
    const entry = { key: `s/${entryKey(edit)}`, value: packEntry(1, encodeAccepted(edit)) };
    await storage.write([entry, { key: `s/${ownerKey(edit.owner)}`, value: held }]);
  }
  const view = new StateView(new PlainRecords(storage, "s/"));
  const room = new Room(view, { config: DEFAULT_CONFIG, owners: await OwnerTable.open(view) });
  return async (edit) => {
    const admitted = await room.look(edit);
    if (admitted.kind === "refused") return admitted.refusal.word;
    room.take(admitted);
    const { dropped, moved } = admitted;
    const goes = dropped.length === 0 ? "" : `, ${dropped.map(({ key }) => key).join(" ")} goes`;
    return `taken${goes}${moved === undefined ? "" : `, ${moved.taken} is ${moved.number}`}`;
  };
}

const many = (count: number, of: (n: number) => Accepted): Accepted[] => Array.from({ length: count }, (_, at) => of(at + 1));

test("M17 the timeline keeps the newest ones: the oldest goes by when it was made, of two of one time the first by its key", async (t) => {
  const take = await roomWith(turn("k", 50), turn("old", 20), turn("older", 20), ...many(7, (n) => turn(`t${n}`, 100 + n)));
  t.is(await take(turn("new", 200)), "taken, old goes");
  t.is(await take(turn("new", 201)), "taken", "the same again takes no more room");
  t.is(await take(turn("newer", 202)), "taken, older goes", "what goes is gone for what comes after it");
  t.is(await take(turn("late", 1)), "taken, late goes");
  t.is(await take(entryOf(ALICE, "timeline", "unknown", undefined, 203)), "taken", "a deletion drives nothing out");
  t.is(await take(entryOf(ALICE, "timeline", "k", undefined, 203)), "taken");
  t.is(await take(turn("room again", 204)), "taken");
});

test("M17 one-touch buttons and the other common addresses have room of their own; who changes the list needs some there", async (t) => {
  const buttons = await roomWith(listed("listed"), ...many(LIMITS.oneTouchMax, (n) => oneTouch(`b${n}`, n)));
  t.is(await buttons(oneTouch("more", 7)), "too-many-entries");
  t.is(await buttons(listed("other")), "taken");
  t.is(await buttons(oneTouch("listed", 7)), "too-many-entries", "from the list to the buttons");
  const unnumbered = entryOf(COMMON, "common-address", "listed", { subdbid: ONE_TOUCH_LIST });
  t.is(await buttons(unnumbered), "too-many-entries", "as a button without a number");
  t.is(await buttons(oneTouch("b9", 10)), "taken, 10 is 9", "no number is free but its own");
  t.is(await buttons(entryOf(COMMON, "common-address", "b9", undefined)), "taken");
  t.is(await buttons(oneTouch("listed", 9)), "taken");
  t.is(await buttons(oneTouch("b10", 10)), "taken", "its own number is its own");
  const lists = await roomWith(...many(LIMITS.commonAddressesMax, (n) => listed(`l${n}`)));
  t.is(await lists(listed("more")), "too-many-entries");
  t.is(await lists(oneTouch("button", 1)), "taken");
  t.is(await lists({ ...listed("l1"), value: { subdbid: "1", indxid: "6" } }), "taken");
});

test("M17 a number that is taken moves to the next free one, one that its entry has stays", async (t) => {
  const take = await roomWith(oneTouch("a", 1), oneTouch("b", 2), oneTouch("c", 9));
  t.is(await take(oneTouch("d", 1)), "taken, 1 is 3");
  t.is(await take(oneTouch("a", 2)), "taken, 2 is 4", "the entry itself had another number");
  t.is(await take(oneTouch("e", 1)), "taken", "which is free now");
  t.is(await take(oneTouch("b", 2)), "taken");
});

test("M17 as many groups have an address list as there may be; a list that is there takes more, one that is emptied makes room", async (t) => {
  const take = await roomWith(...many(LIMITS.groupListsMax - 1, (n) => groupAddress(n, "x")));
  t.is(await take(groupAddress(100, "x")), "taken");
  t.is(await take(groupAddress(101, "x")), "too-many-lists", "also for what this write has taken");
  t.is(await take(groupAddress(100, "y")), "taken");
  t.is(await take(groupAddress(1, "y")), "taken");
  t.is(await take(entryOf(groupOwner(2), "group-address", "x", undefined)), "taken");
  t.is(await take(groupAddress(101, "x")), "taken");
});

test("M17 what an offer has too many of is told before anything is looked at", (t) => {
  const config = { ...DEFAULT_CONFIG, capacities: { shortcut: 2 } };
  t.is(
    tooMany(
      many(2, (n) => shortcut(`s${n}`, "x")),
      config,
    ),
    undefined,
  );
  t.deepEqual(
    tooMany(
      many(3, (n) => shortcut(`s${n}`, "x")),
      config,
    ),
    { word: "too-many-entries", entriesMax: 2 },
  );
});
