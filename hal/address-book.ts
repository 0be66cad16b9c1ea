/** The machine's address book: personal, group and common lists (items "heldIn" address-book). */
import type { ItemStore } from "./item-store.ts";

export type AddressBook = ItemStore;
