import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import type { Accepted } from "../../../src/model/entry.ts";
import type { Owner } from "../../../src/model/owner.ts";
import { encodeAccepted } from "../../../src/protocol/edit.ts";
import { ALL_ENTRIES, ALL_OWNERS, ALL_SCOPES, entryKey } from "../../../src/store/keys.ts";
import { HeldLists } from "../../../src/store/held-lists.ts";
import { NEW_OWNER, packEntry, packOwner, packScope } from "../../../src/store/records.ts";
import { recordsBeyond } from "../../../src/store/state-reading.ts";
import { PlainRecords } from "../../../src/store/state-records.ts";
import { StateView } from "../../../src/store/state-view.ts";
import { accepted } from "../../wire/samples.ts";

const PREFIX = "s/s/";
const key = (name: string): string => entryKey({ owner: "user:alice" as Owner, item: "shortcut", key: name });
const record = (name: string, value: Accepted["value"], revision = 1): Uint8Array =>
  packEntry(revision, encodeAccepted({ ...accepted, owner: "user:alice" as Owner, item: "shortcut", key: name, value }));

/** A storage with these entries, each with its name as its value, and how often it was asked. */
async function fixture(names: string) {
  const storage = new MemoryStorage();
  await storage.write([...names].map((name) => ({ key: PREFIX + key(name), value: record(name, name) })));
  const asked: (readonly string[])[] = [];
  const getMany = storage.getMany.bind(storage);
  storage.getMany = (keys) => {
    asked.push(keys.map((one) => one.slice(PREFIX.length)));
    return getMany(keys);
  };
  return { storage, asked, view: new StateView(new PlainRecords(storage, PREFIX)) };
}

const range = { from: key("b"), to: key("d") };

async function namesIn(view: StateView): Promise<string> {
  let names = "";
  for await (const [found] of view.range(range)) names += found.at(-1);
  return [...names].sort().join("");
}

test("a record is read once, and as this view has changed it", async (t) => {
  const { asked, view } = await fixture("ab");
  await view.load([key("a"), key("a"), key("c")]);
  await view.load([key("a"), key("b")]);
  t.deepEqual(asked, [[key("a"), key("c")], [key("b")]]);
  t.is(view.entry(key("a"))?.edit.value, "a");
  t.is(view.entry(key("c")), undefined);
  t.is(view.entry(key("a")), view.entry(key("a")), "what was made of it as well");
  view.set(key("a"), record("a", "changed"));
  t.is(view.entry(key("a"))?.edit.value, "changed");
  view.set(key("a"), undefined);
  t.is(view.entry(key("a")), undefined, "what was taken out is not there, though the storage has it");
});

test("a range has what this view has set in it and not what it has taken out, from its first key to before its end", async (t) => {
  const { view } = await fixture("abcde");
  t.is(await namesIn(view), "bc");
  view.set(key("b"), record("b", "changed"));
  view.set(key("c"), undefined);
  view.set(key("c1"), record("c1", "new"));
  view.set(key("a1"), record("a1", "before it"));
  view.set(key("d"), record("d", "at its end"));
  t.is(await namesIn(view), "1b");
  t.deepEqual(
    [...(await view.values(range))].sort(),
    [
      [key("b"), "changed"],
      [key("c1"), "new"],
    ].sort(),
  );
});

test("values are those of entries that have one, as this view has changed them", async (t) => {
  const { storage, view } = await fixture("bc");
  await storage.write([{ key: PREFIX + key("c1"), value: record("c1", undefined) }]);
  view.set(key("b"), record("b", undefined));
  t.deepEqual([...(await view.values(range))], [[key("c"), "c"]], "a deletion is no value");
});

test("a range that was loaded is read without asking again, and stays as it was changed", async (t) => {
  const { asked, view } = await fixture("abc");
  view.set(key("b"), record("b", "changed"));
  t.deepEqual((await view.loadRange(range)).sort(), [key("b"), key("c")]);
  await view.load([key("b"), key("c")]);
  t.deepEqual(asked, [[key("b")]].slice(0, asked.length), "nothing more than what was set is read");
  t.is(view.entry(key("c"))?.edit.value, "c");
  t.is(view.entry(key("b"))?.edit.value, "changed");
});

test("what was written beyond a revision is told, of entries, owners and scopes", async (t) => {
  const { storage, view } = await fixture("");
  const owner = (revision: number) => packOwner({ ...NEW_OWNER, revision });
  const scope = (since: number) => packScope({ scope: "shared", since, renewed: 9 });
  const records: [string, Uint8Array][] = [
    ...[4, 5, 6].map((revision): [string, Uint8Array] => [key(`${revision}`), record(`${revision}`, "x", revision)]),
    ...[4, 5, 6].map((revision): [string, Uint8Array] => [`o/user:${revision}`, owner(revision)]),
    ...[4, 5, 6].map((revision): [string, Uint8Array] => [`x/item${revision}`, scope(revision)]),
  ];
  await storage.write(records.map(([name, value]) => ({ key: PREFIX + name, value })));
  for (const all of [ALL_ENTRIES, ALL_OWNERS, ALL_SCOPES]) {
    const found: (string | undefined)[] = [];
    for await (const [name] of recordsBeyond(view, 5, all)) found.push(name.at(-1));
    t.deepEqual(found, ["6"], all.from);
  }
});

test("lists that are known to be held are those that were written, all of them, until something may be held no longer", (t) => {
  const held = new HeldLists();
  const [alice, common] = ["user:alice" as Owner, "common" as Owner];
  const view = new StateView({ ...new PlainRecords(new MemoryStorage(), PREFIX), held } as never);
  view.holds(alice, new Set([""]));
  t.false(held.has(alice, ""), "not before it is durable");
  view.written();
  t.true(held.has(alice, ""));
  t.false(held.has(common, ""));
  held.note(new Map([[common, new Set(["1", "2"])]]));
  t.true(held.has(common, "1") && held.has(common, "2"));
  t.false(held.has(common, "3"));
  view.forgetHeld();
  t.false(held.has(alice, ""));
  view.written();
  t.false(held.has(alice, ""), "and what the view was to hold as well");
  held.note(new Map([[common, new Set(Array.from({ length: 2_049 }, (_, n) => `${n}`))]]));
  t.false(held.has(common, "1"), "beyond their bound all are forgotten, and learnt anew");
});
