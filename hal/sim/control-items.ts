/** The printer's own hand on its two item stores: what its pages show and what people set on them. */
import { counted } from "../../src/model/counted.ts";
import { SyncError } from "../../src/model/errors.ts";
import type { Entry, EntryChange } from "../../src/model/entry.ts";
import { itemOf } from "../../src/model/item.ts";
import type { Owner } from "../../src/model/owner.ts";
import { isFields, type Value } from "../../src/model/value.ts";
import type { ItemStore } from "../item-store.ts";
import type { ShownEntry } from "./control.ts";

export interface Stores {
  readonly settings: ItemStore;
  readonly addressBook: ItemStore;
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const byName = (a: ShownEntry, b: ShownEntry): number => order(a.owner, b.owner) || order(a.item, b.item) || order(a.key, b.key);

/** Entries of one owner, or of all of them, sorted by owner, item and key. */
export async function shownEntries(stores: Stores, owner: Owner | undefined): Promise<readonly ShownEntry[]> {
  const shown: ShownEntry[] = [];
  for (const store of [stores.settings, stores.addressBook]) {
    for (const each of owner === undefined ? await store.owners() : [owner]) shown.push(...(await store.read(each)).map(shownEntry));
  }
  return shown.sort(byName);
}

const shownEntry = ({ owner, item, key, value }: Entry): ShownEntry => ({
  owner,
  item,
  key,
  value: itemOf(item)?.secret === true ? SET : withoutSecrets(value, itemOf(item)?.secretFields ?? []),
});

/** What a page of a printer says of a password: that there is one. */
const SET = { set: true };

function withoutSecrets(value: Value, secretFields: readonly string[]): Value {
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]): [string, Value] => [name, secretFields.includes(name) && field !== "" ? SET : field]),
  );
}

/**
 * Sets entries as the printer's own pages do; resolves with the marks in the order of the changes. Each store takes its
 * part whole or not at all. Throws "hal-refused" with a sentence for what does not fit.
 */
export async function editEntries(stores: Stores, changes: readonly EntryChange[], by: string): Promise<readonly number[]> {
  const marks = new Array<number>(changes.length).fill(0);
  const places = changes.map((change, index) => ({ change, index, store: storeOf(stores, change) }));
  let saved = 0;
  for (const store of [stores.addressBook, stores.settings]) {
    const mine = places.filter((place) => place.store === store);
    if (mine.length === 0) continue;
    const given = await edited(
      store,
      mine.map(({ change }) => change),
      by,
      saved,
    );
    for (const [position, { index }] of mine.entries()) marks[index] = given[position] ?? 0;
    saved += mine.length;
  }
  return marks;
}

async function edited(store: ItemStore, changes: readonly EntryChange[], by: string, saved: number): Promise<readonly number[]> {
  try {
    return await store.edit(changes, by);
  } catch (cause) {
    if (saved === 0 || !(cause instanceof SyncError)) throw cause;
    throw new SyncError(
      cause.code,
      `${cause.message} (${counted(saved, "change", "changes")} to the address book ${saved === 1 ? "was" : "were"} saved)`,
      { cause },
    );
  }
}

function storeOf({ settings, addressBook }: Stores, change: EntryChange): ItemStore {
  if (settings.items.has(change.item)) return settings;
  if (addressBook.items.has(change.item)) return addressBook;
  throw new SyncError("hal-refused", `this printer has no item "${change.item}"`);
}
