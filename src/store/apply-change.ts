/**
 * What a change does to the state: the one function that the server and every client run, so that equal positions mean
 * equal copies. A record that a later change has touched already is left alone: a snapshot's parts may be newer than
 * the changes that are replayed over them.
 */
import { dayOf } from "../model/day.ts";
import { COMMON, kindOfOwner, type Owner } from "../model/owner.ts";
import { type EntryChange, type EntryName, holdingOf } from "../model/entry.ts";
import { itemOf } from "../model/item.ts";
import { itemHolding } from "../model/offered.ts";
import type { Adoption, Change, Purge, ScopeChange } from "../protocol/change.ts";
import { ALL_OWNERS, entriesOfItem, entriesOfOwner, entryKey, ownerKey, ownerOfKey, scopeKey } from "./keys.ts";
import {
  type Holding,
  NEW_OWNER,
  type OwnerRecord,
  entryRevision,
  isHeld,
  packEntries,
  packOwner,
  packScope,
  unpackEntry,
  unpackScope,
} from "./records.ts";
import type { HeldLists } from "./held-lists.ts";
import type { StateView } from "./state-view.ts";

/** What is to be known of a change before it is laid over a view: what it holds, and the keys of the entries that it may take away. */
export interface Prepared {
  /** State keys of the change's edits. */
  readonly keys: readonly string[];
  /** The lists of each owner that are held from now on, where it is not known that they were before. */
  readonly holds: ReadonlyMap<Owner, ReadonlySet<string>>;
  readonly ofOwners: ReadonlyMap<Owner, readonly string[]>;
  readonly ofItems: ReadonlyMap<string, readonly string[]>;
  /** Everybody whose record names an item that is renewed, or may do so. */
  readonly owners: readonly Owner[];
}

/** State keys of the single records that `applyChange` will read; `holds`: the lists that the change makes held, for all that is known. */
export function keysForChange(view: StateView, change: Change, holds: Prepared["holds"] = heldBy(change, view.held)): string[] {
  const owners = new Set<Owner>(holds.keys());
  if (view.held === undefined) for (const { edit } of change.edits) owners.add(edit.owner);
  for (const { owner } of change.removals) owners.add(owner);
  for (const { owner } of change.logins) owners.add(owner);
  for (const { owner } of change.purges) owners.add(owner);
  return [
    ...(mayBeOvertaken(change, view) ? change.edits.map(({ edit }) => entryKey(edit)) : []),
    ...[...owners].map(ownerKey),
    ...change.scopes.map(({ item }) => scopeKey(item)),
  ];
}

/** Loads what `applyChange` will read; known at once where nothing has to be loaded, as with edits of lists that are held. */
export function loadForChange(view: StateView, change: Change): Prepared | Promise<Prepared> {
  if (mayEndHoldings(change)) view.forgetHeld();
  const holds = heldBy(change, view.held);
  const readsNothing = view.held !== undefined && holds.size === 0 && change.logins.length === 0 && !mayBeOvertaken(change, view);
  return readsNothing && isPlain(change) ? plainly(change, holds) : loaded(view, change, holds);
}

const plainly = ({ edits }: Change, holds: Prepared["holds"]): Prepared => ({
  ...NOTHING_ELSE,
  keys: edits.map(({ edit }) => entryKey(edit)),
  holds,
});

async function loaded(view: StateView, change: Change, holds: Prepared["holds"]): Promise<Prepared> {
  await view.load(keysForChange(view, change, holds));
  const { keys } = plainly(change, holds);
  if (isPlain(change)) return { ...NOTHING_ELSE, keys, holds };
  const ofOwners = new Map<Owner, readonly string[]>();
  for (const { owner } of [...change.removals, ...change.purges]) ofOwners.set(owner, await view.loadRange(entriesOfOwner(owner)));
  const renewed = change.scopes.filter(isRenewal);
  const everybody = renewed.length === 0 ? [] : (await view.loadRange(ALL_OWNERS)).map(ownerOfKey);
  const ofItems = new Map<string, string[]>();
  for (const { item } of renewed) {
    const of: string[] = [];
    for (const owner of everybody) of.push(...(await view.loadRange(entriesOfItem(owner, item))));
    ofItems.set(item, of);
  }
  return { keys, holds, ofOwners, ofItems, owners: everybody };
}

const NOTHING_ELSE: Pick<Prepared, "ofOwners" | "ofItems" | "owners"> = { ofOwners: new Map(), ofItems: new Map(), owners: [] };

/** Whether it takes nothing away, as nearly all do. */
const isPlain = ({ removals, purges, scopes }: Change): boolean => removals.length === 0 && purges.length === 0 && scopes.length === 0;

/** An item that becomes shared begins anew: what had been common before it was device-specific ends (M19). */
const isRenewal = ({ scope }: ScopeChange): boolean => scope === "shared";

/** Whether a later change may have written a record already: in parts of a snapshot, never in a state of one moment. */
const mayBeOvertaken = ({ revision }: Change, { newest }: StateView): boolean => revision <= newest;

/** State keys of entries, as a change found them. */
export interface Applied {
  /** Those that it took away. */
  readonly removed: readonly string[];
  /** Those of its edits which a later change had overtaken: they are as that one left them. */
  readonly overtaken: ReadonlySet<string>;
}

const NO_KEYS: ReadonlySet<string> = new Set();

/** Lays the change over the view. */
export function applyChange(view: StateView, change: Change, prepared: Prepared): Applied {
  const removed: string[] = [];
  for (const { owner, kind, at = change.at } of change.removals) {
    removed.push(...removeEntries(view, prepared.ofOwners.get(owner) ?? [], change.revision));
    const end = { revision: change.revision, at };
    changeOwner(view, owner, change.revision, (record) => ({ ...record, holdings: {}, [kind]: end }));
  }
  for (const scope of change.scopes) removed.push(...changeScope(view, scope, change.revision, prepared));
  const overtaken = mayBeOvertaken(change, view) ? overtakenIn(view, prepared.keys, change.revision) : NO_KEYS;
  const records = packEntries(change.revision, change.edits);
  prepared.keys.forEach((key, index) => {
    if (!overtaken.has(key)) view.set(key, records[index]);
  });
  for (const [owner, lists] of prepared.holds) {
    hold(view, owner, lists, change);
    view.holds(owner, lists);
  }
  for (const { owner, day } of change.logins) {
    changeOwner(view, owner, change.revision, (record) => ({ ...record, lastLoginDay: Math.max(record.lastLoginDay, day) }));
  }
  for (const purge of change.purges) forgetDeleted(view, purge, change.revision, prepared.ofOwners.get(purge.owner) ?? []);
  return { removed, overtaken };
}

/** Those whose record a later change has written. */
function overtakenIn(view: StateView, keys: readonly string[], revision: number): ReadonlySet<string> {
  const overtaken = keys.filter((key) => {
    const standing = view.get(key);
    return standing !== undefined && entryRevision(standing) > revision;
  });
  return new Set(overtaken);
}

/** Nobody sees that a record without a value goes; its owner remembers the newest of them (P25). */
function forgetDeleted(view: StateView, { owner, upTo, stamp }: Purge, revision: number, keys: readonly string[]): void {
  for (const key of keys) {
    const record = view.get(key);
    if (record === undefined || entryRevision(record) > upTo || unpackEntry(record).edit.value !== undefined) continue;
    view.set(key, undefined);
  }
  changeOwner(view, owner, revision, (record) => {
    const { purged = { revision: 0, at: 0 } } = record;
    return { ...record, purged: { revision: Math.max(purged.revision, upTo), at: Math.max(purged.at, stamp) } };
  });
}

/** The entries of an item that becomes device-specific stay: they are the common data for machines that are away (P24). */
function changeScope(view: StateView, change: ScopeChange, revision: number, prepared: Prepared): string[] {
  const { item, scope } = change;
  const bytes = view.get(scopeKey(item));
  const standing = bytes === undefined ? undefined : unpackScope(bytes);
  const renewed = isRenewal(change) ? revision : (standing?.renewed ?? 0);
  if ((standing?.since ?? 0) <= revision) view.set(scopeKey(item), packScope({ scope, since: revision, renewed }));
  if (!isRenewal(change)) return [];
  for (const owner of prepared.owners) changeOwner(view, owner, revision, (record) => withoutItem(record, item));
  return removeEntries(view, prepared.ofItems.get(item) ?? [], revision);
}

function withoutItem(record: OwnerRecord, item: string): OwnerRecord {
  const { [itemHolding(item)]: held, ...holdings } = record.holdings;
  return held === undefined ? record : { ...record, holdings };
}

function removeEntries(view: StateView, keys: readonly string[], revision: number): string[] {
  return keys.filter((key) => {
    const record = view.get(key);
    if (record === undefined || entryRevision(record) >= revision) return false;
    view.set(key, undefined);
    return true;
  });
}

const mayEndHoldings = ({ removals, scopes }: Change): boolean => removals.length > 0 || scopes.length > 0;

/** The lists of each owner that a change writes values to, but where they are known to be held; deletions hold nothing. */
function heldBy({ edits }: Change, known: HeldLists | undefined): Map<Owner, Set<string>> {
  const lists = new Map<Owner, Set<string>>();
  edits.forEach(({ edit }) => {
    const list = listIn(edit);
    // Edits of an item that is device-specific never come here: whatever is written is written while it is shared.
    const item = itemOf(edit.item)?.scopeSelectable === true ? itemHolding(edit.item) : list;
    if (known?.has(edit.owner, list) === true && known.has(edit.owner, item)) return;
    if (edit.value === undefined) return;
    const of = lists.get(edit.owner) ?? new Set();
    lists.set(edit.owner, of.add(list).add(item));
  });
  return lists;
}

const listIn = (edit: EntryChange): string => (edit.owner === COMMON ? listOf(holdingOf(edit), edit) : "");

/** The part of a holding's name after its owner: "" for a user or group. */
export const listOf = (holding: string, { owner }: Pick<EntryName, "owner">): string =>
  kindOfOwner(owner) === "common" ? holding.slice(owner.length + 1) : "";

function hold(view: StateView, owner: Owner, lists: ReadonlySet<string>, { revision, at, adoption }: Change): void {
  changeOwner(view, owner, revision, (record) => {
    const missing = [...lists].filter((list) => record.holdings[list] === undefined);
    if (missing.length === 0) return record;
    const holdings: Record<string, Holding> = { ...record.holdings };
    for (const list of missing) holdings[list] = { since: revision, adopted: adoptedAs(adoption, owner, list) };
    return { ...record, holdings, begunDay: isHeld(record) ? record.begunDay : dayOf(at) };
  });
}

function adoptedAs(adoption: Adoption | undefined, owner: Owner, list: string): Holding["adopted"] {
  if (adoption === undefined) return undefined;
  const { device, join, item } = adoption;
  const whole = list === "" ? owner : `${owner}/${list}`;
  const isSupplied = item === undefined ? adoption.holding === whole : adoption.holding === owner && list === itemHolding(item);
  return isSupplied ? { device, join } : undefined;
}

function changeOwner(view: StateView, owner: Owner, revision: number, change: (record: OwnerRecord) => OwnerRecord): void {
  const record = view.owner(ownerKey(owner)) ?? NEW_OWNER;
  if (record.revision > revision) return;
  const changed = change(record);
  if (changed !== record) view.set(ownerKey(owner), packOwner({ ...changed, revision }));
}
