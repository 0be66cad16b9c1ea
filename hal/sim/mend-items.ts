/**
 * What becomes of the simulated printer's own database when records in it are damaged: they are as if they were not there
 * (hal/item-store.ts). In one write they go, what each owner has is counted anew, and no store shows a position any more.
 */
import { SyncError } from "../../src/model/errors.ts";
import type { Owner } from "../../src/model/owner.ts";
import type { StoreName } from "../parts/item-rules.ts";
import type { Storage, Write } from "../storage.ts";
import { placesIn } from "./entry-bundles.ts";
import * as records from "./machine-records.ts";

export const isDamage = (error: unknown): boolean => error instanceof SyncError && error.code === "storage-damaged";

const STORES: readonly StoreName[] = ["settings", "address-book"];

/** What entries of an owner there are: on which shelf by name, and the names of its bundles. */
interface Found {
  readonly shelves: Map<string, string>;
  readonly bundles: string[];
}

export async function mendItems(storage: Storage): Promise<void> {
  const read = async (key: string, lost: Write[]): Promise<Uint8Array | undefined> => {
    try {
      return await storage.get(key);
    } catch (error) {
      if (!isDamage(error)) throw error;
      lost.push({ key, value: undefined });
      return undefined;
    }
  };
  const writes: Write[] = [];
  const state = await read(records.STATE_KEY, []);
  let { mark, order } = state === undefined ? { mark: 0, order: 0 } : records.decodeState(state);
  for (const store of STORES) {
    for (const key of await keysIn(storage, records.editPrefix(store)))
      if ((await read(key, writes)) !== undefined) mark = Math.max(mark, records.markOf(key));
    const owners = new Map<Owner, Found>();
    for (const key of await keysIn(storage, records.storePrefix(store))) {
      const bytes = await read(key, writes);
      if (bytes !== undefined) order = Math.max(order, note(key.slice(records.storePrefix(store).length), bytes, owners));
    }
    const before = await keysIn(storage, records.ownerPrefix(store));
    writes.push(...before.map((key) => ({ key, value: undefined })), { key: records.positionKey(store), value: undefined });
    for (const [owner, found] of owners)
      writes.push({ key: `${records.ownerPrefix(store)}${owner}`, value: Buffer.from(records.textOfHeld(heldOf(found))) });
  }
  writes.push({ key: records.STATE_KEY, value: records.toBytes({ mark, order }) });
  await storage.write([...new Map(writes.map((write) => [write.key, write])).values()]);
}

/** Gives the newest order number in the record. `name`: the owner and what follows it. */
function note(name: string, bytes: Uint8Array, owners: Map<Owner, Found>): number {
  const end = name.indexOf("\0");
  // The provider itself wrote the owner there.
  const owner = name.slice(0, end) as Owner;
  const found: Found = owners.get(owner) ?? { shelves: new Map(), bundles: [] };
  owners.set(owner, found);
  const entry = name.slice(end + 1);
  const isBundle = entry.startsWith("\0");
  if (isBundle) found.bundles.push(entry.slice(1));
  const places = isBundle ? placesIn(bytes) : new Map<string, records.Place>([[entry, records.decodePlace(bytes)]]);
  for (const [each, { shelf }] of places) found.shelves.set(each, shelf);
  const orders = [...places.values()].map(({ order }) => order);
  return Math.max(0, ...orders);
}

function heldOf({ shelves, bundles }: Found): records.Held {
  const counts = new Map<string, number>();
  for (const shelf of shelves.values()) counts.set(shelf, (counts.get(shelf) ?? 0) + 1);
  return { shelves: counts, bundles };
}

async function keysIn(storage: Storage, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const [key] of storage.range({ ...records.keysUnder(prefix), keysOnly: true })) keys.push(key);
  return keys;
}
