import test, { type ExecutionContext } from "ava";
import { aesKeyStore } from "../../hal/parts/aes-key-store.ts";
import { MemoryStorage } from "../../hal/sim/memory-storage.ts";
import { SimItemStores } from "../../hal/sim/sim-item-stores.ts";
import type { Write } from "../../hal/storage.ts";
import { must } from "../../src/model/assert.ts";
import type { EntryChange } from "../../src/model/entry.ts";
import { SyncError } from "../../src/model/errors.ts";
import { itemOf } from "../../src/model/item.ts";
import { bytesIn, everything, type ItemStoreFixture, ownerNamed, positionAt } from "./item-store-samples.ts";
import { itemStoreContract } from "./item-store.ts";
import { knobsOf } from "./sim-knobs.ts";
import { ManualClock, settle } from "./manual-clock.ts";

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
      ...knobsOf(stores),
      atRest: () => bytesIn(storage),
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
