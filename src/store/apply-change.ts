/**
 * What a change does to the state: the one function that the server and every client run, so that equal positions mean
 * equal copies. A record that a later change has touched already is left alone: a snapshot's parts may be newer than
 * the changes that are replayed over them.
 */
import { type Owner, ownerParts } from "../model/owner.ts";
import { type EntryName, holdingOf } from "../model/entry.ts";
import type { Adoption, Change } from "../protocol/change.ts";
import { entriesOfOwner, entryKey, ownerKey, scopeKey } from "./keys.ts";
import {
  type Holding,
  NEW_OWNER,
  type OwnerRecord,
  entryRevision,
  packEntry,
  packOwner,
  packScope,
  unpackOwner,
  unpackScope,
} from "./records.ts";
import type { StateView } from "./state-view.ts";

/** Loads what `applyChange` will read. Gives the keys of entries that removals may take away. */
export async function loadForChange(view: StateView, change: Change): Promise<ReadonlyMap<Owner, readonly string[]>> {
  const owners = new Set<Owner>();
  for (const { edit } of change.edits) owners.add(edit.owner);
  for (const { owner } of change.removals) owners.add(owner);
  for (const { owner } of change.logins) owners.add(owner);
  await view.load([
    ...change.edits.map(({ edit }) => entryKey(edit)),
    ...[...owners].map(ownerKey),
    ...change.scopes.map(({ item }) => scopeKey(item)),
  ]);
  const removable = new Map<Owner, readonly string[]>();
  for (const { owner } of change.removals) removable.set(owner, await view.loadRange(entriesOfOwner(owner)));
  return removable;
}

/** Lays the change over the view. Gives the state keys of the entries that it touched. */
export function applyChange(view: StateView, change: Change, removable: ReadonlyMap<Owner, readonly string[]>): string[] {
  const touched: string[] = [];
  for (const { owner, kind } of change.removals) {
    touched.push(...removeEntries(view, removable.get(owner) ?? [], change.revision));
    const end = { revision: change.revision, at: change.at };
    changeOwner(view, owner, change.revision, (record) => ({ ...record, holdings: {}, [kind]: end }));
  }
  for (const { edit, bytes } of change.edits) {
    const key = entryKey(edit);
    const standing = view.get(key);
    if (standing !== undefined && entryRevision(standing) > change.revision) continue;
    view.set(key, packEntry(change.revision, bytes));
    touched.push(key);
  }
  for (const [owner, lists] of heldBy(change)) hold(view, owner, lists, change);
  for (const { owner, day } of change.logins) {
    changeOwner(view, owner, change.revision, (record) => ({ ...record, lastLoginDay: Math.max(record.lastLoginDay, day) }));
  }
  for (const { item, scope } of change.scopes) {
    const standing = view.get(scopeKey(item));
    if (standing !== undefined && unpackScope(standing).since > change.revision) continue;
    view.set(scopeKey(item), packScope({ scope, since: change.revision }));
  }
  return touched;
}

function removeEntries(view: StateView, keys: readonly string[], revision: number): string[] {
  return keys.filter((key) => {
    const record = view.get(key);
    if (record === undefined || entryRevision(record) >= revision) return false;
    view.set(key, undefined);
    return true;
  });
}

/** The lists of each owner that a change writes values to; deletions hold nothing. */
function heldBy(change: Change): Map<Owner, Set<string>> {
  const lists = new Map<Owner, Set<string>>();
  for (const { edit } of change.edits) {
    if (edit.value === undefined) continue;
    const of = lists.get(edit.owner) ?? new Set();
    of.add(listOf(holdingOf(edit), edit));
    lists.set(edit.owner, of);
  }
  return lists;
}

/** The part of a holding's name after its owner: "" for a user or group. */
export const listOf = (holding: string, { owner }: Pick<EntryName, "owner">): string =>
  ownerParts(owner).kind === "common" ? holding.slice(owner.length + 1) : "";

function hold(view: StateView, owner: Owner, lists: ReadonlySet<string>, { revision, adoption }: Change): void {
  changeOwner(view, owner, revision, (record) => {
    const missing = [...lists].filter((list) => record.holdings[list] === undefined);
    if (missing.length === 0) return record;
    const holdings: Record<string, Holding> = { ...record.holdings };
    for (const list of missing) holdings[list] = { since: revision, adopted: adoptedAs(adoption, owner, list) };
    return { ...record, holdings };
  });
}

function adoptedAs(adoption: Adoption | undefined, owner: Owner, list: string): Holding["adopted"] {
  if (adoption === undefined || adoption.holding !== (list === "" ? owner : `${owner}/${list}`)) return undefined;
  return { device: adoption.device, join: adoption.join };
}

function changeOwner(view: StateView, owner: Owner, revision: number, change: (record: OwnerRecord) => OwnerRecord): void {
  const bytes = view.get(ownerKey(owner));
  const record = bytes === undefined ? NEW_OWNER : unpackOwner(bytes);
  if (record.revision > revision) return;
  const changed = change(record);
  if (changed !== record) view.set(ownerKey(owner), packOwner({ ...changed, revision }));
}
