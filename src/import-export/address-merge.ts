/**
 * A file's entries into the books they belong to: added or updated, nothing is deleted. All of it fits, or the first
 * entry that does not is named.
 */
import { type Entry, type EntryChange, ONE_TOUCH_LIST, commonList } from "../model/entry.ts";
import { itemOf } from "../model/item.ts";
import { LIMITS } from "../model/limits.ts";
import { COMMON, type Owner } from "../model/owner.ts";
import { randomUuid, type Random } from "../model/random.ts";
import { isFields, sameValue, type Value } from "../model/value.ts";
import { DESTINATION_FIELDS, PASSWORD_NOTE } from "../model/destination.ts";
import { GROUP_CLASS } from "./address-columns.ts";
import { membersOf, missingMember } from "./address-members.ts";
import type { AddressEntry } from "./address-rows.ts";
import { type Fault, faultAt } from "./address-text.ts";
import { fieldText } from "./address-value.ts";

/** The changes that the entries of a file make; an entry that is in the book already, just as it would be, makes none. */
export function mergeAddresses(
  entries: readonly AddressEntry[],
  books: ReadonlyMap<Owner, readonly Entry[]>,
  random: Random,
): readonly EntryChange[] | Fault {
  const byOwner = new Map<Owner, AddressEntry[]>();
  for (const entry of entries) {
    const own = byOwner.get(entry.owner);
    if (own === undefined) byOwner.set(entry.owner, [entry]);
    else own.push(entry);
  }
  const changes: EntryChange[] = [];
  for (const [owner, own] of byOwner) {
    const fault = mergeOwner({ owner, entries: own, book: books.get(owner) ?? [], random, changes });
    if (fault !== undefined) return fault;
  }
  return changes;
}

interface Merge {
  readonly owner: Owner;
  readonly entries: readonly AddressEntry[];
  readonly book: readonly Entry[];
  readonly random: Random;
  readonly changes: EntryChange[];
}

function mergeOwner({ owner, entries, book, random, changes }: Merge): Fault | undefined {
  const items = new Set<string>(entries.map(({ item }) => item));
  const before = new Map(book.filter(({ item }) => items.has(item)).map((entry) => [entry.key, entry]));
  const named = withKeys(entries, before, random);
  const after = new Map<string, Value>([...before].map(([key, { value }]) => [key, value]));
  for (const { key } of named) after.delete(key);
  const fault = owner === COMMON ? commonFault(named, after) : capacityFault(named, after.size);
  if (fault !== undefined) return fault;
  for (const { key, entry } of named) after.set(key, mergedValue(entry, key, before.get(key)?.value));
  for (const { key, entry } of named) {
    const value = after.get(key);
    if (!sameValue(before.get(key)?.value, value)) changes.push({ owner, item: entry.item, key, value });
  }
  return memberFault(named, after);
}

interface Named {
  readonly key: string;
  readonly entry: AddressEntry;
}

/**
 * An entry without a uuid is the one of the book with its number: of one-touch buttons the number alone says so, in the
 * other lists the name has to be the same too, because tools number every file anew from 201.
 */
function withKeys(entries: readonly AddressEntry[], before: ReadonlyMap<string, Entry>, random: Random): readonly Named[] {
  const taken = new Set(entries.flatMap(({ key }) => key ?? []));
  const standing = new Map<string, string>();
  for (const [key, { value }] of before)
    standing.set(
      identityOf((column) => fieldText(value, column), commonList(value)),
      key,
    );
  return entries.map((entry) => {
    const { view, list } = entry;
    const numbered =
      view.cell("indxid") !== "" ? standing.get(identityOf((column) => view.cell(column), list === "" ? "1" : list)) : undefined;
    const key = entry.key ?? (numbered === undefined || taken.has(numbered) ? randomUuid(random) : numbered);
    taken.add(key);
    return { key, entry };
  });
}

function identityOf(cell: (column: string) => string, list: string): string {
  const number = Number(cell("indxid"));
  return JSON.stringify(list === ONE_TOUCH_LIST ? [list, number] : [list, number, cell("objectclass"), cell("cn")]);
}

/** One-touch numbers are taken once, and each kind of list has its capacity. `others` is what the file does not touch. */
function commonFault(named: readonly Named[], others: ReadonlyMap<string, Value>): Fault | undefined {
  const numbers = new Map<number, "book" | "file">();
  let oneTouch = 0;
  for (const value of others.values()) {
    if (commonList(value) !== ONE_TOUCH_LIST) continue;
    oneTouch += 1;
    numbers.set(Number(fieldText(value, "indxid")), "book");
  }
  let listed = others.size - oneTouch;
  for (const { entry } of named) {
    if (entry.list === ONE_TOUCH_LIST) {
      const number = Number(entry.view.cell("indxid"));
      const holder = numbers.get(number);
      if (holder === "file") return faultAt(entry.view.at("indxid"), `the one-touch number ${number} is there twice`);
      if (holder === "book") {
        return faultAt(
          entry.view.at("indxid"),
          `the one-touch number ${number} belongs to another destination of this machine; delete that one first, or leave the uuid empty to change it`,
        );
      }
      numbers.set(number, "file");
      oneTouch += 1;
      if (oneTouch > LIMITS.oneTouchMax) return tooMany(entry, "the one-touch list takes", LIMITS.oneTouchMax);
    } else {
      listed += 1;
      if (listed > LIMITS.commonAddressesMax)
        return tooMany(entry, "lists 1 to 10 and the administrators' list together take", LIMITS.commonAddressesMax);
    }
  }
  return undefined;
}

function capacityFault(named: readonly Named[], others: number): Fault | undefined {
  const first = named[0]?.entry;
  const max = itemOf(first?.item ?? "")?.entriesMax ?? 0;
  const surplus = named[Math.max(0, max - others)]?.entry;
  return surplus === undefined ? undefined : tooMany(surplus, "this list takes", max);
}

const tooMany = ({ view }: AddressEntry, what: string, max: number): Fault =>
  faultAt(view.row.at, `${what} ${max} entries, this one is too many`);

/** The entry's value after the import: what the row says, and of what the row does not speak, what was there. */
function mergedValue({ view, fields }: AddressEntry, key: string, before: Value | undefined): Value {
  const standing = isFields(before) ? before : {};
  const kept = Object.entries(standing).filter(([field]) => !field.startsWith("#") && !view.speaksOf(field));
  // A column that only other rows need is empty here: to an entry that is there already it adds nothing.
  const said = [...fields].filter(([field, text]) => text !== "" || before === undefined || Object.hasOwn(standing, field));
  const value = new Map<string, Value>([...kept, ...said]);
  if (!fields.has("uuid")) value.set("uuid", fieldText(before, "uuid") || key);
  // A clear password is left out of every export; one that comes back blank for the same destination is still that one.
  if (!fields.has("pwd") && DESTINATION_FIELDS.every((column) => fieldText(before, column) === view.cell(column))) {
    for (const field of ["pwd", PASSWORD_NOTE]) if (standing[field] !== undefined) value.set(field, standing[field]);
  }
  return Object.fromEntries([...value].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The members that a group of the file names must be there after the import. */
function memberFault(named: readonly Named[], after: ReadonlyMap<string, Value>): Fault | undefined {
  const groups = named.filter(({ entry }) => entry.view.cell("objectclass") === GROUP_CLASS);
  if (groups.length === 0) return undefined;
  const members = membersOf(after);
  for (const { key, entry } of groups) {
    const missing = missingMember(entry.view, key, members);
    if (missing !== undefined) return missing;
  }
  return undefined;
}
