/** Entries that came together are kept together by the simulated machine's stores: nobody can tell, and older databases open. */
import test from "ava";
import { aesKeyStore } from "../../hal/parts/aes-key-store.ts";
import { compareKeys } from "../../hal/parts/storage-rules.ts";
import { encodeBundle, nameIn, placeIn, placesIn } from "../../hal/sim/entry-bundles.ts";
import { entryKey, toBytes } from "../../hal/sim/machine-records.ts";
import { MemoryStorage } from "../../hal/sim/memory-storage.ts";
import { SimItemStores } from "../../hal/sim/sim-item-stores.ts";
import type { Entry, EntryChange } from "../../src/model/entry.ts";
import type { Value } from "../../src/model/value.ts";
import { seededDice } from "../fleet/random.ts";
import { everything, ONE, ownerNamed, positionAt, TEN } from "./item-store-samples.ts";
import { ManualClock } from "./manual-clock.ts";

const keyStore = aesKeyStore({ key: new Uint8Array(32).fill(9), random: (bytes) => new Uint8Array(bytes).fill(3) });

async function openStores(storage: MemoryStorage): Promise<SimItemStores> {
  const stores = new SimItemStores({ storage, clock: new ManualClock(), keyStore });
  await stores.open();
  return stores;
}

const button = (key: string, name: string): EntryChange => ({
  owner: ONE,
  item: "personal-button",
  key,
  value: { name, function: "copy", $settings: [new Uint8Array([1])] },
});
const buttons = (count: number): EntryChange[] =>
  Array.from({ length: count }, (_, index) => button(`k${String(index).padStart(3, "0")}`, "of all"));
const recordsOf = (storage: MemoryStorage): string[] => [...storage.medium.content.ascending("e/", "e0")].map(([key]) => key);

test("entries of an owner who has none come into few records, and are read as they were written", async (t) => {
  const storage = new MemoryStorage();
  const { settings } = await openStores(storage);
  await settings.apply(buttons(100), positionAt(1), 0);
  t.is(recordsOf(storage).length, 7, "sixteen a record");
  const again = await openStores(new MemoryStorage(storage.medium));
  t.deepEqual(await again.settings.read(ONE), buttons(100) as Entry[]);
  t.deepEqual(await again.settings.read(ONE, new Set(["shortcut"])), []);
  t.deepEqual(await again.settings.read(ONE, new Set(["personal-button"])), buttons(100) as Entry[]);
});

test("where one entry stands is found without reading the others, whatever people call them", (t) => {
  const dice = seededDice("places");
  const letters = ['"', "\\", ",", "[", "]", "k", "1", "é", "\u{1f5a8}", " "];
  for (let round = 0; round < 200; round += 1) {
    const names = Array.from({ length: 60 }, () => Array.from({ length: dice.between(0, 4) }, () => dice.pick(letters)).join(""));
    const keys = [...new Set(names)].map((key) => nameIn({ item: dice.pick(["personal-button", "shortcut"]), key }));
    const entry = (order: number) => ({ order, shelf: dice.pick(["personal-button", "one-touch"]), kept: { value: 1 } });
    const bytes = encodeBundle(keys.slice(0, 16), new Map(keys.map((name, index) => [name, entry(index * 7)])));
    const places = placesIn(bytes);
    for (const name of keys) t.deepEqual(placeIn(bytes, name), places.get(name), name);
  }
});

test("large values are fewer in a record", async (t) => {
  const storage = new MemoryStorage();
  const { settings } = await openStores(storage);
  await settings.apply(
    buttons(8).map((change) => ({ ...change, value: { name: "x".repeat(50), function: "copy", text: "y".repeat(7_000) } })),
    positionAt(1),
    0,
  );
  t.is(recordsOf(storage).length, 4);
});

test("one that is set later goes before what its bundle has, and both are gone when it is removed", async (t) => {
  const storage = new MemoryStorage();
  const stores = await openStores(storage);
  await stores.settings.apply(buttons(10), positionAt(1), 0);
  await stores.settings.apply([button("k004", "later"), button("k0045", "between")], positionAt(2), 0);
  const read = async () => (await stores.settings.read(ONE)).map(({ key, value }) => `${key} ${(value as { name: string }).name}`);
  t.deepEqual((await read()).slice(3, 7), ["k003 of all", "k004 later", "k0045 between", "k005 of all"]);
  await stores.settings.apply([{ ...button("k004", ""), value: undefined }], positionAt(3), 0);
  t.deepEqual((await read()).slice(3, 6), ["k003 of all", "k0045 between", "k005 of all"]);
  t.deepEqual(recordsOf(storage).length, 2, "nothing of it is left behind");
  await stores.settings.apply(
    (await stores.settings.read(ONE)).map((entry) => ({ ...entry, value: undefined })),
    positionAt(4),
    0,
  );
  t.deepEqual([await stores.settings.owners(), recordsOf(storage)], [[], []]);
  await stores.settings.apply(buttons(10), positionAt(5), 0);
  t.is((await stores.settings.read(ONE)).length, 10, "the owner may come again");
});

test("acts that stand on others of the same write find what those have bundled", async (t) => {
  const storage = new MemoryStorage();
  const { settings } = await openStores(storage);
  const remove = (key: string): EntryChange => ({ ...button(key, ""), value: undefined });
  await Promise.all([
    settings.apply(buttons(5), positionAt(1), 0),
    settings.apply([remove("k001")], positionAt(2), 0),
    settings.apply([remove("k003"), button("k002", "later")], positionAt(3), 0),
    settings.edit([remove("k002")], ""),
  ]);
  t.deepEqual(
    (await settings.read(ONE)).map(({ key }) => key),
    ["k000", "k004"],
  );
});

test("a machine that is small drops the oldest of a bundle first, also of one that is being made", async (t) => {
  const storage = new MemoryStorage();
  const stores = await openStores(storage);
  stores.knobs.capacity.set("personal-button", 6);
  const evicted: string[] = [];
  stores.settings.onEvicted((names) => void evicted.push(...names.map(({ key }) => key)));
  await stores.settings.apply(buttons(8), positionAt(1), 0);
  await stores.settings.apply([button("z", "one more"), button("k003", "later"), button("zz", "and one more")], positionAt(2), 0);
  t.deepEqual(evicted, ["k000", "k001", "k002", "k004"]);
  const left = (await stores.settings.read(ONE)).map(({ key }) => key);
  t.deepEqual(left, ["k003", "k005", "k006", "k007", "z", "zz"]);
});

test("secrets are sealed in bundles as well", async (t) => {
  const storage = new MemoryStorage();
  const stores = await openStores(storage);
  const secret = (key: string): EntryChange => ({ owner: ONE, item: "keychain", key, value: { user: "u", password: `SECRET-${key}` } });
  const secrets = ["a", "b", "c", "d", "e"].map(secret);
  await stores.settings.apply(secrets, positionAt(1), 0);
  for (const [, bytes] of storage.medium.content.ascending("", "~")) t.false(Buffer.from(bytes).includes("SECRET"));
  t.deepEqual(await stores.settings.read(ONE), secrets as Entry[]);
});

test("a database from before there were bundles opens, and its owners go on entry by entry", async (t) => {
  const storage = new MemoryStorage();
  const old = buttons(6);
  await storage.write([
    ...old.map((change, index) => ({
      key: entryKey("settings", change),
      value: toBytes({ order: index + 1, shelf: "personal-button", value: { name: "of old", function: "copy" } }),
    })),
    { key: "o/settings/user:1", value: toBytes({ "personal-button": 6 }) },
    { key: "s", value: toBytes({ mark: 0, order: 6 }) },
  ]);
  const { settings } = await openStores(storage);
  t.deepEqual(await settings.owners(), [ONE]);
  await settings.apply(
    [button("k001", "new"), { ...button("k002", ""), value: undefined }, button("k009", "new"), button("k008", "new")],
    positionAt(1),
    0,
  );
  t.is(recordsOf(storage).length, 7);
  t.deepEqual(
    (await settings.read(ONE)).map(({ key }) => key),
    ["k000", "k001", "k003", "k004", "k005", "k008", "k009"],
  );
});

test("whatever is done to a store, it has what a list of entries by name would have", async (t) => {
  for (let seed = 1; seed <= 12; seed += 1) {
    const dice = seededDice(`bundles ${seed}`);
    const storage = new MemoryStorage();
    let stores = await openStores(storage);
    const expected = new Map<string, Entry>();
    for (let step = 1; step <= 30; step += 1) {
      const changes = Array.from({ length: dice.between(1, 90) }, (): EntryChange => {
        const owner = dice.pick([ONE, TEN, ownerNamed("user:x")]);
        const [item, key] = [dice.pick(["personal-button", "shortcut"]), `k${dice.between(0, 60)}`];
        const value: Value | undefined = dice.chance(0.6) ? { name: `n${step}`, function: "copy" } : undefined;
        return { owner, item, key, value };
      });
      // Now and then somebody goes altogether, and two acts share a write.
      const gone = dice.chance(0.2) ? [...expected.values()].filter(({ owner }) => owner === ONE) : [];
      const all = [...gone.map((entry): EntryChange => ({ ...entry, value: undefined })), ...changes];
      const middle = dice.between(0, all.length);
      await Promise.all([
        stores.settings.apply(all.slice(0, middle), positionAt(step), 1e9),
        stores.settings.apply(all.slice(middle), positionAt(step), 1e9),
      ]);
      for (const { value, ...name } of all) {
        const text = `${name.owner}\0${name.item}\0${name.key}`;
        if (value === undefined) expected.delete(text);
        else expected.set(text, { ...name, value });
      }
      if (dice.chance(0.2)) stores = await openStores(new MemoryStorage(storage.medium));
      const sorted = [...expected].sort(([a], [b]) => compareKeys(a, b)).map(([, entry]) => entry);
      t.deepEqual(await everything(stores.settings), sorted);
      if (expected.size === 0) t.deepEqual(recordsOf(storage), []);
    }
  }
});
