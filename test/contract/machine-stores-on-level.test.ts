/** The machine's item stores on the database that they have on a real machine. */
import test, { type ExecutionContext } from "ava";
import { aesKeyStore } from "../../hal/parts/aes-key-store.ts";
import { openLevelStorage } from "../../hal/parts/level-storage.ts";
import { SimItemStores } from "../../hal/sim/sim-item-stores.ts";
import { bytesIn, type ItemStoreFixture } from "./item-store-samples.ts";
import { itemStoreContract } from "./item-store.ts";
import { knobsOf } from "./sim-knobs.ts";
import { ManualClock } from "./manual-clock.ts";
import { freshFolder } from "../fresh-folder.ts";

const keyStore = aesKeyStore({ key: new Uint8Array(32).fill(9), random: (bytes) => new Uint8Array(bytes).fill(3) });

const fixtureOf =
  (which: "settings" | "addressBook") =>
  async (t: ExecutionContext): Promise<ItemStoreFixture> => {
    const dir = freshFolder(t);
    const clock = new ManualClock();
    const open = async () => {
      const storage = await openLevelStorage({ dir });
      t.teardown(() => storage.close());
      const stores = new SimItemStores({ storage, clock, keyStore });
      await stores.open();
      const { settings, addressBook } = stores;
      return {
        storage,
        stores,
        ...(which === "settings" ? { store: settings, other: addressBook } : { store: addressBook, other: settings }),
      };
    };
    const { storage, stores, store, other } = await open();
    let running = storage;
    return {
      store,
      other,
      // Acts that are under way find their storage closed, as they would find it gone; writes that it had taken are done.
      restart: async () => {
        await running.close();
        const again = await open();
        running = again.storage;
        return again;
      },
      time: clock,
      ...knobsOf(stores),
      atRest: () => bytesIn(storage),
    };
  };

itemStoreContract(test, "simulated settings on a level storage", fixtureOf("settings"));
itemStoreContract(test, "simulated address book on a level storage", fixtureOf("addressBook"));
