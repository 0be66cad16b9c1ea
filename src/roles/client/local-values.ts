/** What the machine itself holds of entries that are about to be shown, where that matters. */
import type { EntryName } from "../../model/entry.ts";
import { itemOf } from "../../model/item.ts";
import { COMMON } from "../../model/owner.ts";
import type { Value } from "../../model/value.ts";
import { entryKey } from "../../store/keys.ts";
import type { Replica } from "../../store/replica.ts";
import type { MachineStores } from "./machine-stores.ts";

/** Owners whose entries are in memory together. */
const READ_AT_ONCE = 8;

/** By entry key; local values are needed only where part of them stays, or where they tell which list is on offer. */
export async function localValues(
  names: readonly EntryName[],
  { replica, stores }: { readonly replica: Replica; readonly stores: MachineStores },
): Promise<Map<string, Value>> {
  const isOffering = replica.offers.size > 0;
  const isNeeded = ({ owner, item }: EntryName) => (itemOf(item)?.withheldFields.length ?? 0) > 0 || (isOffering && owner === COMMON);
  const needed = names.filter(isNeeded);
  const keys = new Set(needed.map(entryKey));
  const owners = [...new Set(needed.map(({ owner }) => owner))];
  const locals = new Map<string, Value>();
  const items = new Set(needed.map(({ item }) => item));
  for (let at = 0; at < owners.length; at += READ_AT_ONCE) {
    const read = await Promise.all(owners.slice(at, at + READ_AT_ONCE).map((owner) => stores.readAmong(owner, items)));
    for (const entry of read.flat()) if (keys.has(entryKey(entry))) locals.set(entryKey(entry), entry.value);
  }
  return locals;
}
