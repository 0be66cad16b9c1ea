/** What the panel keeps of an owner's entries: enough for its screens, never a secret and never a whole value. */
import { naturalOrder } from "../model/natural-order.ts";
import type { Entry } from "../model/entry.ts";
import { type Appearance, withOwn } from "./appearance.ts";
import { commonList, ONE_TOUCH_LIST } from "../model/entry.ts";
import { isFields, type Fields, type Value } from "../model/value.ts";
import { settingValues } from "./job-settings.ts";
import { NO_OWN_DATA, type OwnData, ownData } from "./own-data.ts";
import type { Values } from "./place.ts";
import { accessNumber, type AddressColumn, WHERE_COLUMNS } from "./destinations.ts";
import { type GroupMembers, groupMembers } from "./group-members.ts";

export interface Button {
  readonly key: string;
  readonly name: string;
  /** A JobName, or a function of a newer version. */
  readonly job: string;
  /** The settings that the panel knows. */
  readonly settings: Values;
}

export type AddressItem = "personal-address" | "group-address" | "common-address";
export const isAddressItem = (item: string): item is AddressItem =>
  item === "personal-address" || item === "group-address" || item === "common-address";
export type ButtonItem = "personal-button" | "shared-button";

export interface Address {
  readonly key: string;
  /** Number of the common list; "1" for personal and group lists. */
  readonly list: string;
  readonly type: string;
  readonly number: string;
  /** It shows only to who types this number, and to administrators; "" for everyone. */
  readonly access: string;
  /** Whether a password is stored; which one, the panel does not know. */
  readonly password: boolean;
  /** Of a group: keys of its members, and how many others it has lost. */
  readonly members: readonly string[];
  readonly lostMembers: number;
  /** How a list shows it: name, and where it goes; on one line, "" for nothing. Made once, as lists are long. */
  readonly label: string;
  readonly detail: string;
  /** The columns the panel keeps for this type. */
  readonly cells: { readonly [column in AddressColumn]?: string };
  /** What the search looks at, folded. */
  readonly found: string;
}

export interface PersonalData {
  readonly buttons: readonly Button[];
  readonly addresses: readonly Address[];
  readonly appearance: Appearance;
  readonly own: OwnData;
  /** false: the stores could not be read; what is here is what was read before. */
  readonly readable: boolean;
}

export const NO_DATA: PersonalData = {
  buttons: [],
  addresses: [],
  appearance: { language: undefined, accessibility: {} },
  own: NO_OWN_DATA,
  readable: true,
};

const COLUMNS: { readonly [objectclass: string]: readonly AddressColumn[] } = {
  email: ["cn", "mailaddress"],
  ifax: ["cn", "mailaddress"],
  g3fax: ["cn", "dialdata"],
  ipfax: ["cn", "uri"],
  remotefilesystem: ["cn", "url", "path", "username", "protocol"],
};

/** The columns of a destination that say where it leads, and its name; of a type the panel does not know, the name. */
export const columnsOf = (type: string): readonly AddressColumn[] => (Object.hasOwn(COLUMNS, type) ? (COLUMNS[type] ?? ["cn"]) : ["cn"]);

/** Foreign text on one line: no control characters. */
export const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Cs}\u2028\u2029]+/gu, " ").trim();

/** Makes a text findable: letter case and Unicode form do not matter. */
export const folded = (text: string): string => text.normalize("NFKC").toLowerCase();

/** Reads both stores' entries of one owner. Entries of other items are left out. */
export const personalData = (settings: readonly Entry[], addressBook: readonly Entry[]): PersonalData => ({
  ...settingsOf(settings),
  addresses: addressesOf(addressBook),
  readable: true,
});

/** What the settings' store tells of an owner. */
export const settingsOf = (entries: readonly Entry[]): Pick<PersonalData, "buttons" | "appearance" | "own"> => ({
  buttons: entries
    .filter(({ item }) => item === "personal-button" || item === "shared-button")
    .map(buttonOf)
    .sort(byName),
  appearance: withOwn(NO_DATA.appearance, entries),
  own: ownData(entries),
});

/** What the address book's store tells of an owner. */
export function addressesOf(entries: readonly Entry[]): readonly Address[] {
  const addresses = entries.filter(({ item }) => isAddressItem(item));
  const members = groupMembers(addresses);
  return addresses
    .map((entry) => ({ address: addressOf(entry, members.get(entry.key)), name: text(entry.value, "cn"), key: entry.key }))
    .sort((a, b) => oneTouchFirst(a.address, b.address) || byName(a, b))
    .map(({ address }) => address);
}

interface Named {
  readonly name: string;
  readonly key: string;
}

const byName = (a: Named, b: Named): number => naturalOrder(a.name, b.name) || (a.key < b.key ? -1 : 1);

function buttonOf({ key, value }: Entry): Button {
  const job = text(value, "function");
  return { key, name: text(value, "name"), job, settings: settingValues(job, isFields(value) ? value.settings : undefined) };
}

function addressOf({ key, value }: Entry, members: GroupMembers = { keys: [], lost: 0 }): Address {
  const type = text(value, "objectclass");
  const cells: { [column in AddressColumn]?: string } = {};
  for (const column of columnsOf(type)) cells[column] = text(value, column);
  const { cn = "" } = cells;
  // What a list shows, and what is searched.
  const where = WHERE_COLUMNS.flatMap((column) => cells[column] ?? []);
  return {
    key,
    list: commonList(value),
    type,
    number: text(value, "indxid"),
    access: accessNumber(text(value, "accesscode")),
    password: isFields(value) && Object.hasOwn(value, "pwd") && value.pwd !== "",
    members: members.keys,
    lostMembers: members.lost,
    label: oneLine(cn),
    detail: oneLine(where.join(" ")),
    cells,
    found: folded([cn, ...where, text(value, "cnread"), text(value, "cnshort")].join("\n")),
  };
}

/** One-touch buttons stand in the order of their numbers, everything else by name. */
function oneTouchFirst(a: Address, b: Address): number {
  if (a.list !== ONE_TOUCH_LIST || b.list !== ONE_TOUCH_LIST) return 0;
  const order = Number.parseInt(a.number, 10) - Number.parseInt(b.number, 10);
  return Number.isNaN(order) ? 0 : order;
}

/** A field as text; numbers too, as an import may have left them. */
function text(value: Value, field: string): string {
  const found = isFields(value) ? fieldOf(value, field) : undefined;
  return typeof found === "string" ? found : typeof found === "number" ? String(found) : "";
}

const fieldOf = (fields: Fields, field: string): Value | undefined => (Object.hasOwn(fields, field) ? fields[field] : undefined);
