/** One entry of a store, as it is by now. */
import type { ItemStore } from "../../hal/item-store.ts";
import type { Entry, EntryName } from "../model/entry.ts";

export const storedEntry = async (store: ItemStore, { owner, item, key }: EntryName): Promise<Entry | undefined> =>
  (await store.read(owner)).find((entry) => entry.item === item && entry.key === key);
