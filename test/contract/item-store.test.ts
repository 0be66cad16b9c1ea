import test, { type ExecutionContext } from "ava";
import { aesKeyStore } from "../../hal/parts/aes-key-store.ts";
import { MemoryStorage } from "../../hal/sim/memory-storage.ts";
import { SimItemStores } from "../../hal/sim/sim-item-stores.ts";
import type { Write } from "../../hal/storage.ts";
import { must } from "../../src/model/assert.ts";
import type { EntryChange, EntryName } from "../../src/model/entry.ts";
import { SyncError } from "../../src/model/errors.ts";
import { itemOf } from "../../src/model/item.ts";
import { everything, type ItemStoreFixture, ownerNamed, positionAt } from "./item-store-samples.ts";
import { itemStoreContract } from "./item-store.ts";
import { ManualClock, settle } from "./manual-clock.ts";
import { rejects } from "./throws.ts";

const ALICE = ownerNamed("user:alice");
const keyStore = aesKeyStore({ key: new Uint8Array(32).fill(9), random: (bytes) => new Uint8Array(bytes).fill(3) });

async function openStores(storage: MemoryStorage, clock = new ManualClock()): Promise<SimItemStores> {
  const stores = new SimItemStores({ storage, clock, keyStore });
  await stores.open();
  return stores;
}

const fixtureOf =
  (which: "settings" | "addressBook") =>
  async (_: ExecutionContext): Promise<ItemStoreFixture> => {
    const storage = new MemoryStorage();
    const clock = new ManualClock();
    const pair = (stores: SimItemStores) =>
      which === "settings" ? { store: stores.settings, other: stores.addressBook } : { store: stores.addressBook, other: stores.settings };
    const stores = await openStores(storage, clock);
    return {
      ...pair(stores),
      restart: async () => {
        storage.kill();
        return pair(await openStores(new MemoryStorage(storage.medium), clock));
      },
      time: clock,
      shrink: (item, entries) => void stores.knobs.capacity.set(item, entries),
      lose: (item) => {
        stores.knobs.unsupported = (change) => (change.item === item ? "the option for it is not installed" : undefined);
      },
    };
  };

itemStoreContract(test, "simulated settings", fixtureOf("settings"));
itemStoreContract(test, "simulated address book", fixtureOf("addressBook"));

/** A storage that counts its writes, and is killed instead of doing another one after so many. */
function mortalStorage(writesMax = Number.POSITIVE_INFINITY): { readonly storage: MemoryStorage; writes(): number } {
  const storage = new MemoryStorage();
  const write = storage.write.bind(storage);
  let writes = 0;
  storage.write = async (batch: readonly Write[]) => {
    if (writes === writesMax) storage.kill();
    writes += 1;
    await write(batch);
  };
  return { storage, writes: () => writes };
}

const timeline = (key: string): EntryChange => ({ owner: ALICE, item: "timeline", key, value: { job: key } });
const setting = (item: string, value: string, key = ""): EntryChange => ({ owner: ALICE, item, key, value });

test("a person's act is one write of the machine, whatever its size", async (t) => {
  const { storage, writes } = mortalStorage();
  const stores = await openStores(storage);
  const changes = Array.from({ length: 300 }, (_, index) => ({
    owner: ALICE,
    item: "personal-address",
    key: `k${index}`,
    value: { cn: "n" },
  }));
  await stores.addressBook.edit(changes, "import");
  t.is(writes(), 1);
  await stores.addressBook.apply(changes, positionAt(1), 300);
  t.is(writes(), 2);
  await stores.addressBook.forgetEdits(300);
  t.is(writes(), 3);
  await stores.addressBook.forgetEdits(300);
  await stores.addressBook.apply([], undefined, 300);
  t.is(writes(), 3, "what changes nothing writes nothing");
});

test("acts at the same time are one write, in which each is judged after those before it", async (t) => {
  const { storage, writes } = mortalStorage();
  const stores = await openStores(storage);
  const { settings, addressBook } = stores;
  const max = must(itemOf("personal-address"), "an item").entriesMax;
  const address = (key: string): EntryChange => ({ owner: ALICE, item: "personal-address", key, value: { cn: "n" } });
  await addressBook.edit(
    Array.from({ length: max - 1 }, (_, index) => address(`k${index}`)),
    "",
  );
  const outcomes = await Promise.allSettled([
    addressBook.edit([address("last")], ""),
    addressBook.edit([address("too many"), address("k0")], ""),
    settings.edit([setting("display-language", "de")], ""),
    addressBook.edit([{ ...address("k1"), value: undefined }, address("in its place")], ""),
    settings.apply([setting("display-language", "fr")], positionAt(5), max),
    settings.forgetEdits(max + 1),
    settings.apply([setting("display-language", "en")], positionAt(6), max),
    settings.edit([setting("initial-screen", "copy")], ""),
  ]);
  t.is(writes(), 2);
  t.deepEqual(
    outcomes.map(({ status }) => status),
    ["fulfilled", "rejected", ...Array.from({ length: 6 }, () => "fulfilled")],
  );
  const again = await openStores(new MemoryStorage(storage.medium));
  for (const one of [stores, again]) {
    t.is(one.settings.mark(), max + 4);
    t.is((await one.addressBook.read(ALICE)).length, max);
    t.deepEqual(
      (await one.settings.read(ALICE)).map(({ value }) => value),
      ["en", "copy"],
      "not before its edit was forgotten",
    );
    t.deepEqual(
      (await one.settings.editsSince(0)).map(({ mark, seen }) => [mark, seen?.revision]),
      [[max + 4, undefined]],
    );
  }
});

test("a write that fails is the failure of the act that does not fit, not of what was waiting with it", async (t) => {
  const storage = new MemoryStorage();
  const write = storage.write.bind(storage);
  storage.write = async (batch: readonly Write[]) => {
    if (batch.length > 40) throw new SyncError("hal-full", "no space left");
    await write(batch);
  };
  const stores = await openStores(storage);
  const heard: number[] = [];
  stores.settings.onEdit((edits) => heard.push(...edits.map(({ mark }) => mark)));
  const address = (index: number): EntryChange => ({ owner: ALICE, item: "personal-address", key: `k${index}`, value: { cn: "n" } });
  const [first, second, third] = await Promise.allSettled([
    stores.settings.edit([setting("display-language", "de")], ""),
    stores.addressBook.edit(
      Array.from({ length: 60 }, (_, index) => address(index)),
      "import",
    ),
    stores.settings.edit([setting("initial-screen", "copy")], ""),
  ]);
  t.deepEqual([first, second?.status, third], [{ status: "fulfilled", value: [1] }, "rejected", { status: "fulfilled", value: [2] }]);
  t.deepEqual(heard, [1, 2]);
  t.deepEqual(await stores.addressBook.read(ALICE), []);
  t.is((await openStores(new MemoryStorage(storage.medium))).settings.mark(), 2);
});

test("a crash before each write leaves the state after a whole act, never half of one", async (t) => {
  const acts: readonly ((stores: SimItemStores) => Promise<unknown>)[] = [
    (stores) => stores.settings.edit([setting("display-language", "de"), setting("keychain", "secret", "nas")], ALICE),
    (stores) => stores.settings.apply([setting("initial-screen", "copy"), setting("display-language", "fr")], positionAt(1), 0),
    (stores) =>
      stores.settings.edit(
        Array.from({ length: 11 }, (_, index) => timeline(`t${index}`)),
        ALICE,
      ),
    (stores) => stores.settings.apply([setting("display-language", "fr")], positionAt(2), 13),
    (stores) => stores.settings.forgetEdits(13),
    (stores) => stores.settings.apply([{ ...timeline("t3"), value: undefined }], positionAt(3), 13),
  ];
  const picture = async (stores: SimItemStores): Promise<unknown> => [
    await everything(stores.settings),
    await stores.settings.editsSince(0),
    stores.settings.mark(),
    stores.settings.appliedPosition(),
  ];
  const whole = await openStores(new MemoryStorage());
  const pictures = [await picture(whole)];
  for (const act of acts) {
    await act(whole);
    pictures.push(await picture(whole));
  }
  for (let done = 0; done < acts.length; done += 1) {
    const { storage, writes } = mortalStorage(done);
    const stores = await openStores(storage);
    void acts.reduce<Promise<unknown>>((before, act) => before.then(() => act(stores)), Promise.resolve());
    while (writes() <= done) await settle();
    await settle();
    t.deepEqual(await picture(await openStores(new MemoryStorage(storage.medium))), pictures[done], `killed at write ${done}`);
  }
});

test("a secret is nowhere on the machine's medium as it is", async (t) => {
  const storage = new MemoryStorage();
  const stores = await openStores(storage);
  const secret = { user: "alice", password: "open-sesame" };
  await stores.settings.edit([{ owner: ALICE, item: "keychain", key: "nas", value: secret }], ALICE);
  await stores.settings.apply([{ owner: ALICE, item: "keychain", key: "ldap", value: secret }], positionAt(1), 1);
  t.deepEqual(
    (await stores.settings.read(ALICE)).map(({ value }) => value),
    [secret, secret],
  );
  t.deepEqual(
    (await stores.settings.editsSince(0)).map(({ value }) => value),
    [secret],
  );
  for await (const [key, value] of storage.range({ from: "", to: "\uffff" })) {
    t.notRegex(Buffer.from(value).toString("latin1"), /sesame|b3Blbi1zZXNhbWU/, key);
  }
});

test("whoever asks for some items gets all entries of these, in their order", async (t) => {
  const { settings } = await openStores(new MemoryStorage());
  await settings.edit([timeline("2"), timeline("1"), setting("display-language", "de"), setting("home-settings", "x")], "");
  const all = await settings.read(ALICE);
  for (const among of [["timeline", "display-language"], ["home-settings"], ["personal-address"], []]) {
    const some = await settings.read(ALICE, new Set(among));
    const wanted = all.filter(({ item }) => among.includes(item));
    t.deepEqual(
      some.filter(({ item }) => among.includes(item)),
      wanted,
      among.join(),
    );
  }
});

test("the eleventh entry of the timeline pushes the oldest out, which is an eviction", async (t) => {
  const stores = await openStores(new MemoryStorage());
  const evicted: EntryName[] = [];
  stores.settings.onEvicted((names) => evicted.push(...names));
  for (let number = 1; number <= 11; number += 1) await stores.settings.edit([timeline(`t${String(number).padStart(2, "0")}`)], ALICE);
  t.deepEqual(evicted, [{ owner: ALICE, item: "timeline", key: "t01" }]);
  t.is((await stores.settings.read(ALICE)).length, 10);
  t.is((await stores.settings.editsSince(0)).length, 11, "the edit of what was pushed out is still to be told");
});

test("a person meets the limit of a list, and can still change and delete what is in it", async (t) => {
  const stores = await openStores(new MemoryStorage());
  const max = must(itemOf("personal-address"), "an item").entriesMax;
  const entry = (key: number, name = "n"): EntryChange => ({
    owner: ALICE,
    item: "personal-address",
    key: String(key),
    value: { cn: name },
  });
  await stores.addressBook.edit(
    Array.from({ length: max }, (_, index) => entry(index)),
    "",
  );
  await rejects(t, "hal-refused", () => stores.addressBook.edit([entry(max)], ""));
  await stores.addressBook.edit([entry(7, "other")], "");
  await stores.addressBook.edit([{ ...entry(8), value: undefined }, entry(max)], "");
  t.is((await stores.addressBook.read(ALICE)).length, max);
});

test("one-touch buttons and the other common lists have limits of their own, and an entry may move", async (t) => {
  const stores = await openStores(new MemoryStorage());
  const common = ownerNamed("common");
  const entry = (key: number, list: string): EntryChange => ({
    owner: common,
    item: "common-address",
    key: String(key),
    value: { subdbid: list },
  });
  await stores.addressBook.edit(
    Array.from({ length: 200 }, (_, index) => entry(index, "11")),
    "",
  );
  await rejects(t, "hal-refused", () => stores.addressBook.edit([entry(500, "11")], ""));
  await stores.addressBook.edit([entry(500, "1")], "");
  await rejects(t, "hal-refused", () => stores.addressBook.edit([entry(500, "11")], ""));
  await stores.addressBook.edit([entry(7, "2"), entry(500, "11")], "");
  t.is((await stores.addressBook.read(common)).length, 201);
});

test("a write that fails leaves the stores as they were, and they work on", async (t) => {
  const storage = new MemoryStorage();
  const stores = await openStores(storage);
  await stores.settings.edit([setting("display-language", "de")], "");
  const write = storage.write.bind(storage);
  storage.write = () => Promise.reject(new Error("no space"));
  await t.throwsAsync(() => stores.settings.edit([setting("display-language", "fr"), timeline("t")], ""));
  await t.throwsAsync(() => stores.settings.apply([setting("display-language", "fr")], positionAt(1), 9));
  storage.write = write;
  t.is(stores.settings.mark(), 1);
  t.is(stores.settings.appliedPosition(), undefined);
  t.deepEqual(await stores.settings.edit([timeline("t")], ""), [2]);
  t.deepEqual(
    (await stores.settings.read(ALICE)).map(({ value }) => value),
    ["de", { job: "t" }],
  );
});

test("values of every kind come back as they were", async (t) => {
  const stores = await openStores(new MemoryStorage());
  const values = [
    null,
    true,
    -0,
    1e300,
    2 ** 53,
    "\u0000\u{1f5a8}",
    [],
    {},
    new Uint8Array([0, 255]),
    { $bytes: "x", $$: [new Uint8Array(), { $number: 1 }], "": 0 },
    JSON.parse('{"__proto__": 1, "b": 2, "a": 3}'),
  ];
  for (const value of values) {
    await stores.settings.edit([{ owner: ALICE, item: "accessibility", key: "", value }], "");
    const [read] = await stores.settings.read(ALICE);
    t.deepEqual(read?.value, value);
    t.is(Object.is(read?.value, -0), Object.is(value, -0));
    t.is(JSON.stringify(read?.value), JSON.stringify(value), "fields keep their order");
  }
});

test("a password in an address is not readable in the machine's database", async (t) => {
  const storage = new MemoryStorage();
  const stores = await openStores(storage);
  await stores.addressBook.edit([{ owner: ALICE, item: "personal-address", key: "1", value: { cn: "scans", pwd: "CANARY" } }], "");
  t.is(JSON.stringify(await stores.addressBook.read(ALICE)).includes("CANARY"), true);
  for await (const [, bytes] of storage.range({ from: " ", to: "~" })) t.false(Buffer.from(bytes).includes("CANARY"));
});
