/**
 * The columns of an address book file, as these printers export them, and what this module adds to the values of
 * entries beside them. decisions/address-book-files.md has the reasons.
 */

/** Columns of a file of version 0x0002, in the printers' order. */
export const COLUMNS: readonly string[] = [
  ...["objectclass", "cn", "cnread", "cnshort", "subdbid", "mailaddress", "dialdata", "uri", "url", "path", "protocol"],
  ...["username", "pwd", "member", "indxid", "enablepartial", "sub", "faxprotocol", "ecm", "txstartspeed", "commode"],
  ...["lineselect", "uricommode", "uriflag", "pwdinputflag", "ifaxmode", "transsvcstr1", "transsvcstr2", "ifaxdirectmode"],
  ...["documenttype", "bwpapersize", "bwcompressiontype", "bwpixeltype", "bwbitsperpixel", "bwresolution", "clpapersize"],
  ...["clcompressiontype", "clpixeltype", "clbitsperpixel", "clresolution", "accesscode", "uuid", "cnreadlang", "enablesfp"],
  ...["memberobjectuuid", "loginusername", "logindomainname", "usergroupname", "personalid"],
];

/** The column that version 0x0003 adds. */
export const FOLDER_COLUMN = "folderidflag";

const STANDARD: ReadonlySet<string> = new Set(COLUMNS);
/** A column of every file. All others are kept in a value also when empty: that the field is there tells that the file had the column. */
export const isStandardColumn = (name: string): boolean => STANDARD.has(name);

/** Without these a line is not the column line of an address book: what a row is, its name, and its list. */
export const REQUIRED_COLUMNS: readonly string[] = ["objectclass", "cn", "subdbid"];

export const GROUP_CLASS = "groupfids";
export const OBJECT_CLASSES: readonly string[] = ["email", "g3fax", "ifax", "ipfax", "remotefilesystem", GROUP_CLASS];

/** Address List for Administrators. No manual names its number in a file; it follows the one-touch list. */
export const ADMINISTRATOR_LIST = "12";

/** Address List 1-10, One-Touch and the administrators' list. */
export const isListNumber = (text: string): boolean => /^([1-9]|1[0-2])$/.test(text);

/** Text that a printer may have shown in quotes; it writes them always, and so do we. */
const QUOTED: ReadonlySet<string> = new Set(["cn", "cnread", "cnshort", "mailaddress", "cnreadlang"]);
export const isQuotedColumn = (name: string): boolean => QUOTED.has(name);

/** Names that a column may have: they become field names of values on every machine. */
export const isColumnName = (name: string): boolean => /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/.test(name);

/** Fields of a value that are no columns begin with "#": they keep what the header of the file said about the row. */
export const LIST_NAME_NOTE = "#list-name";
