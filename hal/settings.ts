/** The machine's store of personal settings: buttons, languages, job settings, keychains (items "heldIn" settings). */
import type { ItemStore } from "./item-store.ts";

export type Settings = ItemStore;
