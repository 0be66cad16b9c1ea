/**
 * Texts that values of entries have in common: what address books and the functions of a machine call their fields, and names
 * of items and of reasons. A record that is kept in few bytes has their numbers (terse.ts), so they stay where they are: new ones
 * come after the last.
 */

/** The first of them take one byte, the others two. */
export const WORDS: readonly string[] = [
  ...["cn", "cnread", "cnshort", "objectclass", "mailaddress", "dialdata", "protocol", "uuid", "subdbid", "indxid"],
  ...["name", "function", "settings", "copies", "sides", "destinations", "seen", "later", "first", "own"],
  ...["email", "smtp", "accesscode", "uri", "url", "path", "username", "pwd", "member", "memberobjectuuid", "cnreadlang"],
  ...["enablepartial", "sub", "faxprotocol", "ecm", "txstartspeed", "commode", "lineselect", "uricommode", "uriflag"],
  ...["pwdinputflag", "ifaxmode", "transsvcstr1", "transsvcstr2", "ifaxdirectmode", "documenttype", "bwpapersize"],
  ...["bwcompressiontype", "bwpixeltype", "bwbitsperpixel", "bwresolution", "clpapersize", "clcompressiontype", "clpixeltype"],
  ...["clbitsperpixel", "clresolution", "enablesfp", "loginusername", "logindomainname", "usergroupname", "personalid"],
  ...["folderidflag", "g3fax", "ifax", "ipfax", "remotefilesystem", "groupfids", "top; extensibleobject; email"],
  ...["smb", "ftp", "webdav", "ascii", "off", "on", "none", "auto", "colour", "black-and-white", "format", "resolution", "box"],
  ...["1-sided", "2-sided", "pdf", "jpeg", "tiff", "normal", "fine", "copy", "fax", "scan-and-send"],
  ...["scan-and-store", "access-stored-files", "adopted", "brought", "server", "bytes", "nonce"],
  ...["personal-button", "personal-address", "group-address", "common-address", "shared-button", "default-job-settings"],
  ...["previous-settings", "shortcut", "timeline", "keychain", "common", "#list-name"],
];

const BYTES: readonly Uint8Array[] = WORDS.map((word) => Buffer.from(word));

/** Numbers of the words by their likeness: few have it alike. */
const ALIKE: ReadonlyMap<number, readonly number[]> = alike();

const NONE: readonly number[] = [];

/** The number of the word between these places; -1: it is none. */
export function numberOfWord(bytes: Uint8Array, from: number, to: number): number {
  const numbers = ALIKE.get(likeness(bytes, from, to)) ?? NONE;
  for (const number of numbers) if (isAlike(BYTES[number] ?? bytes, 0, bytes, from, to - from)) return number;
  return -1;
}

/** undefined: there is no word of this number. */
export const wordBytes = (number: number): Uint8Array | undefined => BYTES[number];

/** Whether so many bytes are the same. */
export function isAlike(one: Uint8Array, at: number, other: Uint8Array, from: number, length: number): boolean {
  for (let index = 0; index < length; index += 1) if (one[at + index] !== other[from + index]) return false;
  return true;
}

/** Length and first byte. */
export function likeness(bytes: Uint8Array, from: number, to: number): number {
  return (to - from) * 256 + (bytes[from] ?? 0);
}

function alike(): ReadonlyMap<number, readonly number[]> {
  const numbers = new Map<number, number[]>();
  for (const [number, bytes] of BYTES.entries()) {
    const key = likeness(bytes, 0, bytes.length);
    numbers.set(key, [...(numbers.get(key) ?? []), number]);
  }
  return numbers;
}
