/** What is read of a state, by ranges. */
import type { Revision } from "../model/ids.ts";
import type { Owner } from "../model/owner.ts";
import { ALL_OWNERS, ALL_SCOPES, isEntryKey, isOwnerKey, itemOfScopeKey, type KeyRange, ownerKey, ownerOfKey } from "./keys.ts";
import { entryRevision, type OwnerRecord, type ScopeRecord, unpackOwner, unpackScope } from "./records.ts";
import type { StateRecord } from "./state-records.ts";
import type { StateView } from "./state-view.ts";

/** Every owner that the state knows, held or ended. */
export async function ownersIn(view: StateView): Promise<Map<Owner, OwnerRecord>> {
  const owners = new Map<Owner, OwnerRecord>();
  for await (const [key, bytes] of view.range(ALL_OWNERS)) owners.set(ownerOfKey(key), unpackOwner(bytes));
  return owners;
}

/** Those of these owners that the state knows, held or ended. */
export async function ownersAmong(owners: ReadonlySet<Owner>, view: StateView): Promise<Map<Owner, OwnerRecord>> {
  await view.load([...owners].map(ownerKey));
  const known = new Map<Owner, OwnerRecord>();
  for (const owner of owners) {
    const record = view.owner(ownerKey(owner));
    if (record !== undefined) known.set(owner, record);
  }
  return known;
}

/** The scopes that were ever set; an item without one has that of the table of items. */
export async function scopesIn(view: StateView): Promise<Map<string, ScopeRecord>> {
  const scopes = new Map<string, ScopeRecord>();
  for await (const [key, bytes] of view.range(ALL_SCOPES)) scopes.set(itemOfScopeKey(key), unpackScope(bytes));
  return scopes;
}

/** The records of a range of entries, of owners or of scopes that a change beyond `revision` has written. */
export async function* recordsBeyond(view: StateView, revision: Revision, range: KeyRange): AsyncIterable<StateRecord> {
  for await (const record of view.range(range)) if (revisionOf(record) > revision) yield record;
}

function revisionOf([stateKey, bytes]: StateRecord): Revision {
  if (isEntryKey(stateKey)) return entryRevision(bytes);
  return isOwnerKey(stateKey) ? unpackOwner(bytes).revision : unpackScope(bytes).since;
}
