/** Entries of the machine as the rows of a file. */
import { type Entry, ONE_TOUCH_LIST, commonList } from "../model/entry.ts";
import { PASSWORD_NOTE } from "../model/destination.ts";
import { LIMITS } from "../model/limits.ts";
import { COMMON } from "../model/owner.ts";
import { isFields } from "../model/value.ts";
import { COLUMNS, FOLDER_COLUMN, isColumnName, isStandardColumn, LIST_NAME_NOTE } from "./address-columns.ts";
import type { AddressSheet } from "./address-file.ts";
import { cryptoOf } from "./address-rows.ts";
import { fieldText } from "./address-value.ts";

/**
 * Whether an entry goes into an address book file: the common lists do; of personal and group lists those entries that
 * name their owner in the columns of a file, because they came in one. The others belong to the export of users' data.
 */
const isExported = ({ owner, item, value }: Entry): boolean =>
  item === "common-address" ||
  (owner !== COMMON && fieldText(value, "subdbid") === "" && fieldText(value, "loginusername") + fieldText(value, "usergroupname") !== "");

/** The sheet of a book: sorted by list, number and uuid; personal and group lists at the end. */
export function sheetOf(book: readonly Entry[]): AddressSheet {
  const entries = book
    .filter(isExported)
    .map(withOrder)
    .sort(inOrder)
    .map(({ entry }) => entry);
  const crypto = entries.map(cryptoVersion).find((version) => version !== undefined);
  const listNames = new Set(entries.map(({ value }) => fieldText(value, LIST_NAME_NOTE)).filter((name) => name !== ""));
  const [listName = ""] = listNames.size === 1 ? listNames : [];
  const oneTouch = entries.some((entry) => listOf(entry) === ONE_TOUCH_LIST);
  const columns = [...COLUMNS, ...extraColumns(entries)];
  return { header: { oneTouch, listName, crypto }, columns, rows: entries.map((entry) => rowOf(entry, columns, crypto)) };
}

const listOf = ({ item, value }: Entry): string => (item === "common-address" ? commonList(value) : "");
const cryptoVersion = ({ value }: Entry): string | undefined => cryptoOf(fieldText(value, PASSWORD_NOTE), fieldText(value, "pwd"));

interface Ordered {
  readonly entry: Entry;
  readonly list: number;
  readonly number: number;
  readonly last: string;
}

function withOrder(entry: Entry): Ordered {
  const number = fieldText(entry.value, "indxid");
  return {
    entry,
    list: Number(listOf(entry)) || Number.MAX_SAFE_INTEGER,
    number: /^\d+$/.test(number) ? Number(number) : Number.MAX_SAFE_INTEGER,
    last: `${entry.owner === COMMON ? "" : entry.owner} ${fieldText(entry.value, "uuid") || entry.key}`,
  };
}

const inOrder = (a: Ordered, b: Ordered): number =>
  a.list - b.list || a.number - b.number || (a.last < b.last ? -1 : a.last > b.last ? 1 : 0);

/** Columns beyond those of every file, sorted; as many as an import would take. */
function extraColumns(entries: readonly Entry[]): readonly string[] {
  const names = new Set(entries.flatMap(({ value }) => (isFields(value) ? Object.keys(value) : [])));
  const extra = [...names].filter((name) => isColumnName(name) && !isStandardColumn(name) && name !== FOLDER_COLUMN).sort();
  return [...(names.has(FOLDER_COLUMN) ? [FOLDER_COLUMN] : []), ...extra].slice(0, LIMITS.addressColumnsMax - COLUMNS.length);
}

function rowOf(entry: Entry, columns: readonly string[], crypto: string | undefined): ReadonlyMap<string, string> {
  const { item, key, value } = entry;
  const row = new Map<string, string>();
  for (const column of columns) {
    const text = fieldText(value, column);
    if (text !== "" || (!isStandardColumn(column) && isFields(value) && Object.hasOwn(value, column))) row.set(column, text);
  }
  if (item === "common-address") row.set("subdbid", commonList(value));
  if (fieldText(value, "uuid") === "") row.set("uuid", key);
  // A password that came in the clear, or that a person set here, never leaves; nor does one of another Crypto Version.
  if (crypto === undefined || cryptoVersion(entry) !== crypto) row.delete("pwd");
  return row;
}
