/**
 * Whom a group of a book names. By uuid where its entry has uuids: numbers are given anew when two machines meet, uuids
 * never. A member that was deleted stays named, and is counted as lost until somebody saves the group without it.
 */
import { GROUP_CLASS } from "../import-export/address-columns.ts";
import { membersIn, uuidsIn } from "../import-export/address-members.ts";
import { fieldText } from "../import-export/address-value.ts";
import type { Entry } from "../model/entry.ts";

export interface GroupMembers {
  /** Keys of entries that are there, each once, in the order of the group. */
  readonly keys: readonly string[];
  /** How many of those it names are not. */
  readonly lost: number;
}

/** Keys of the entries of a book by all that a group can name them by. */
interface Names {
  readonly uuids: ReadonlyMap<string, string>;
  readonly numbers: ReadonlyMap<number, string>;
  readonly texts: ReadonlyMap<string, string>;
}

/** By the key of the group; `book` are the addresses of one owner. */
export function groupMembers(book: readonly Entry[]): ReadonlyMap<string, GroupMembers> {
  const groups = book.filter(({ value }) => fieldText(value, "objectclass") === GROUP_CLASS);
  if (groups.length === 0) return new Map();
  const names: Names = {
    uuids: new Map(book.map(({ key }) => [key.toLowerCase(), key])),
    numbers: new Map(book.filter(({ value }) => /^\d+$/.test(number(value))).map(({ key, value }) => [Number(number(value)), key])),
    texts: new Map(book.flatMap(({ key, value }) => NAMING.map((column) => [fieldText(value, column), key]))),
  };
  return new Map(groups.map((group) => [group.key, membersOf(group, names)]));
}

/** What tools write in the place of a number. */
const NAMING = ["cn", "cnshort", "mailaddress"];
const number = (value: Entry["value"]): string => fieldText(value, "indxid");

function membersOf({ key, value }: Entry, { uuids, numbers, texts }: Names): GroupMembers {
  const keyOf = (text: string): string | undefined =>
    texts.get(text) ?? uuids.get(text.toLowerCase()) ?? (/^\d+$/.test(text) ? numbers.get(Number(text)) : undefined);
  const byUuid = uuidsIn(fieldText(value, "memberobjectuuid")).map((uuid) => uuids.get(uuid));
  const byName = membersIn(fieldText(value, "member"), (text) => keyOf(text) !== undefined).map(keyOf);
  const named = byUuid.length > 0 ? byUuid : byName;
  const keys = named.filter((member) => member !== undefined && member !== key);
  return { keys: [...new Set(keys)].filter((member) => member !== undefined), lost: named.filter((member) => member === undefined).length };
}
