/** What the rows of an address book file mean, each by itself: whose entry it is, in which list, with which number. */
import { createHash } from "node:crypto";
import { ONE_TOUCH_LIST } from "../model/entry.ts";
import { LIMITS } from "../model/limits.ts";
import { COMMON, groupOwner, type Owner, userOwner } from "../model/owner.ts";
import { PASSWORD_NOTE } from "../model/destination.ts";
import { ADMINISTRATOR_LIST, isListNumber, isStandardColumn, LIST_NAME_NOTE, OBJECT_CLASSES } from "./address-columns.ts";
import { type AddressFile, RowView } from "./address-file.ts";
import { detached, type Fault, faultAt, quoted } from "./address-text.ts";

export interface AddressEntry {
  readonly kind: "entry";
  readonly view: RowView;
  readonly owner: Owner;
  readonly item: "common-address" | "personal-address" | "group-address";
  /** Number of the common list; "" in personal and group lists. */
  readonly list: string;
  /** The key that its uuid makes; undefined when the cell is empty. */
  readonly key: string | undefined;
  /** What the row says: non-empty cells, empty ones of columns that not every file has, and notes. */
  readonly fields: ReadonlyMap<string, string>;
}

/** The entries of a file, or the first fault. */
export function entriesOf(file: AddressFile): readonly AddressEntry[] | Fault {
  const places = new Map(file.columns.map((name, index) => [name, index]));
  const keys = new Map<string, AddressEntry>();
  const entries: AddressEntry[] = [];
  for (const row of file.rows) {
    const entry = entryOf(file, new RowView(row, places));
    if (entry.kind === "fault") return entry;
    if (entry.key !== undefined) {
      const name = `${entry.owner} ${entry.key}`;
      if (keys.has(name)) return faultAt(entry.view.at("uuid"), `the uuid ${quoted(entry.key)} is there twice`);
      keys.set(name, entry);
    }
    entries.push(entry);
  }
  return entries;
}

function entryOf(file: AddressFile, view: RowView): AddressEntry | Fault {
  const objectclass = view.cell("objectclass");
  if (!OBJECT_CLASSES.includes(objectclass)) {
    return faultAt(view.at("objectclass"), `objectclass must be ${OBJECT_CLASSES.join(", ")}, is ${quoted(objectclass)}`);
  }
  const place = placeOf(file, view);
  if (place.kind === "fault") return place;
  const fault = numberFault(view, place.list) ?? accessFault(view);
  if (fault !== undefined) return fault;
  const key = keyOf(view.cell("uuid"));
  if (key !== undefined && !isKey(key))
    return faultAt(view.at("uuid"), `a uuid has 1 to ${LIMITS.keyCharactersMax} characters on one line, without blanks around it`);
  const fields = fieldsOf(file, view, place.list);
  const bytes = [...fields].reduce((sum, [name, text]) => sum + name.length + Buffer.byteLength(JSON.stringify(text)) + 4, 2);
  if (bytes > LIMITS.entryBytesMax - ROOM_FOR_UUID) return faultAt(view.row.at, `the entry is larger than ${LIMITS.entryBytesMax} bytes`);
  return { ...place, kind: "entry", view, key, fields };
}

/** A uuid that is assigned, and the field it stands in. */
const ROOM_FOR_UUID = 64;

interface Place {
  readonly kind: "place";
  readonly owner: Owner;
  readonly item: AddressEntry["item"];
  readonly list: string;
}

/** The number of the list decides; only a row without one is looked at for an owner. */
function placeOf({ header }: AddressFile, view: RowView): Place | Fault {
  const list = view.cell("subdbid");
  const user = view.cell("loginusername");
  const group = view.cell("usergroupname");
  if (list !== "") {
    if (isListNumber(list)) return { kind: "place", owner: COMMON, item: "common-address", list };
    return faultAt(
      view.at("subdbid"),
      `subdbid must be 1 to 10, ${ONE_TOUCH_LIST} (one-touch) or ${ADMINISTRATOR_LIST} (administrators), is ${quoted(list)}`,
    );
  }
  if (user !== "") {
    const owner = userOwner(user, view.cell("logindomainname"));
    if (owner === undefined) return faultAt(view.at("loginusername"), `${quoted(user)} is not the name of a user`);
    return { kind: "place", owner, item: "personal-address", list: "" };
  }
  if (group !== "") {
    const owner = groupOwner(group);
    if (owner === undefined) return faultAt(view.at("usergroupname"), `${quoted(group)} is not the name of a group`);
    return { kind: "place", owner, item: "group-address", list: "" };
  }
  return { kind: "place", owner: COMMON, item: "common-address", list: header.oneTouch ? ONE_TOUCH_LIST : "1" };
}

function numberFault(view: RowView, list: string): Fault | undefined {
  const number = view.cell("indxid");
  if (list === ONE_TOUCH_LIST) {
    if (/^\d{1,3}$/.test(number) && Number(number) >= 1 && Number(number) <= LIMITS.oneTouchMax) return undefined;
    return faultAt(view.at("indxid"), `a one-touch number is 1 to ${LIMITS.oneTouchMax}, is ${quoted(number)}`);
  }
  return number === "" || /^\d{1,7}$/.test(number)
    ? undefined
    : faultAt(view.at("indxid"), `a number has up to 7 digits, is ${quoted(number)}`);
}

function accessFault(view: RowView): Fault | undefined {
  const access = view.cell("accesscode");
  return access === "" || /^\d{1,7}$/.test(access) ? undefined : faultAt(view.at("accesscode"), "an access number has up to 7 digits");
}

/** GUIDs are the same in either letter case; other texts that tools write there are taken as they are. */
export const keyOf = (uuid: string): string | undefined =>
  uuid === "" ? undefined : /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(uuid) ? uuid.toLowerCase() : detached(uuid);

const isKey = (key: string): boolean => key.length <= LIMITS.keyCharactersMax && key.trim() === key && !/[\t\r\n]/.test(key);

function fieldsOf({ header, columns }: AddressFile, view: RowView, list: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const [index, column] of columns.entries()) {
    const text = view.row.cells[index];
    if (text !== undefined && (text !== "" || !isStandardColumn(column))) fields.set(column, detached(text));
  }
  if (list !== "") fields.set("subdbid", list);
  if (header.listName !== "") fields.set(LIST_NAME_NOTE, detached(header.listName));
  const password = fields.get("pwd");
  if (password !== undefined && header.crypto !== undefined) fields.set(PASSWORD_NOTE, cryptoNote(header.crypto, password));
  return fields;
}

/**
 * Says that this very text of `pwd` came encrypted by a printer. It is bound to the text, so that a password that a
 * person sets later in its place is not taken for an encrypted one.
 */
const cryptoNote = (version: string, text: string): string => `${version} ${createHash("sha256").update(text).digest("hex").slice(0, 16)}`;

/** The Crypto Version of an encrypted password, undefined for one in the clear. */
export function cryptoOf(note: string, password: string): string | undefined {
  const [version = ""] = note.split(" ");
  return version !== "" && note === cryptoNote(version, password) ? version : undefined;
}
