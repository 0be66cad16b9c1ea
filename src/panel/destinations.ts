/** The types of destinations, as one table: how an address book file writes each of them, and what a person enters for it. */
import { GROUP_CLASS } from "../import-export/address-columns.ts";
import { LIMITS } from "../model/limits.ts";
import type { TextField } from "./page.ts";
import type { AddressWhy } from "./texts/address-texts.ts";

/** Columns whose text the panel keeps. A password is not among them. */
export type AddressColumn = "cn" | "mailaddress" | "dialdata" | "uri" | "url" | "path" | "username" | "protocol";

/** Those that say where a destination leads; the account on the other end is not among them. */
export const WHERE_COLUMNS = ["mailaddress", "dialdata", "uri", "url", "path"] as const satisfies readonly AddressColumn[];

/** Columns that a person enters. */
export type AddressField = Exclude<AddressColumn, "protocol"> | "pwd" | "indxid" | "accesscode";

export interface Cell extends Omit<TextField, "label"> {
  readonly field: AddressField;
  /** Why the text cannot stand there, if it cannot; it comes without blanks around it. */
  readonly fault: (text: string) => AddressWhy | undefined;
}

/** `file`: a file server whose protocol, `other`: a destination whose class this version does not know. */
export type DestinationId = "email" | "g3fax" | "ipfax" | "ifax" | "smb" | "ftp" | "webdav" | "group" | "file" | "other";

export interface Destination {
  readonly id: DestinationId;
  readonly objectclass: string;
  /** "": the column stays empty. */
  readonly protocol: string;
  readonly cells: readonly Cell[];
}

const fits = (): undefined => undefined;
const unless =
  (pattern: RegExp, why: AddressWhy): Cell["fault"] =>
  (text) =>
    pattern.test(text) ? undefined : why;

const line = { secret: false, charactersMax: LIMITS.panelTextCharactersMax } as const;
const NAME: Cell = { ...line, field: "cn", starts: "capital", fault: fits };
const MAIL: Cell = { ...line, field: "mailaddress", starts: "small", fault: unless(/^[^\s@]+@[^\s@]+$/, "mail-address-malformed") };
// Beside digits and tones, the marks that people write between digits, and the pauses and the recall key of fax machines.
const FAX: Cell = {
  ...line,
  field: "dialdata",
  starts: "digits",
  fault: unless(/^(?=.*\d)[0-9*#+()\-/. PRTprt]+$/, "fax-number-malformed"),
};
const URI: Cell = { ...line, field: "uri", starts: "small", fault: unless(/^\S+$/, "fax-address-malformed") };
const HOST: Cell = { ...line, field: "url", starts: "small", fault: unless(/^\S(.*\S)?$/, "host-missing") };
const WEB: Cell = { ...HOST, fault: unless(/^https?:\/\/[^\s/]+\S*$/i, "web-address-malformed") };
const PATH: Cell = { ...line, field: "path", starts: "small", fault: fits };
const USER: Cell = { ...line, field: "username", starts: "small", fault: fits };
const PASSWORD: Cell = { field: "pwd", starts: "small", secret: true, charactersMax: LIMITS.panelSecretCharactersMax, fault: fits };

const FILE = { objectclass: "remotefilesystem", cells: [NAME, HOST, PATH, USER, PASSWORD] } as const;

/** In the order in which they are offered. */
export const DESTINATIONS: readonly Destination[] = [
  { id: "email", objectclass: "email", protocol: "smtp", cells: [NAME, MAIL] },
  { id: "g3fax", objectclass: "g3fax", protocol: "", cells: [NAME, FAX] },
  { id: "ipfax", objectclass: "ipfax", protocol: "", cells: [NAME, URI] },
  { id: "ifax", objectclass: "ifax", protocol: "", cells: [NAME, MAIL] },
  { ...FILE, id: "smb", protocol: "smb" },
  { ...FILE, id: "ftp", protocol: "ftp" },
  { ...FILE, id: "webdav", protocol: "webdav", cells: [NAME, WEB, PATH, USER, PASSWORD] },
  { id: "group", objectclass: GROUP_CLASS, protocol: "", cells: [NAME] },
];

const OTHER_FILE: Destination = { ...FILE, id: "file", protocol: "" };
const OTHER: Destination = { id: "other", objectclass: "", protocol: "", cells: [NAME] };

/** The type of what an entry's columns say. */
export function destinationOf(objectclass: string, protocol: string | undefined): Destination {
  const ofClass = DESTINATIONS.filter((destination) => destination.objectclass === objectclass);
  if (objectclass !== FILE.objectclass) return ofClass[0] ?? OTHER;
  return ofClass.find((destination) => destination.protocol === protocol?.trim().toLowerCase()) ?? OTHER_FILE;
}

export const destinationById = (id: DestinationId): Destination => DESTINATIONS.find((destination) => destination.id === id) ?? OTHER;

/** What else is entered, by list: a one-touch number, or an access number. */
export const ONE_TOUCH_NUMBER: Cell = {
  field: "indxid",
  starts: "digits",
  secret: false,
  charactersMax: 3,
  fault: (text) => (/^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= LIMITS.oneTouchMax ? undefined : "one-touch-malformed"),
};

/** "" and the zero of the files: none. Any other has a digit that is no zero. */
export const ACCESS_NUMBER: Cell = {
  field: "accesscode",
  starts: "digits",
  secret: false,
  charactersMax: 7,
  fault: (text) => (text === "" || accessNumber(text) !== "" ? undefined : "access-number-malformed"),
};

/** An access number as it is compared: without leading zeros; "" for none and for what is no such number. */
export const accessNumber = (text: string): string => (/^\d{1,7}$/.test(text) ? text.replace(/^0+/, "") : "");
