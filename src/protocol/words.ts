/**
 * Texts that values of entries have in common: what address books and the functions of a machine call their fields, and names
 * of items and of reasons. Whoever reads them in bytes takes the text that is here, and makes none anew. A record that is kept
 * in few bytes has their numbers (src/store/terse.ts), so they stay where they are: new ones come after the last.
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

const LENGTH_MAX = Math.max(...BYTES.map(({ length }) => length));
/** First bytes of words, all of them ASCII. */
const FIRST_BYTES = 128;

/** The first word of each length and first byte, and for each word the next one that has them alike; -1: none. */
const { firsts: FIRSTS, nexts: NEXTS } = chains();

/** The number of the word between these places; -1: it is none. */
export function numberOfWord(bytes: Uint8Array, from: number, to: number): number {
  const length = to - from;
  const first = bytes[from] ?? FIRST_BYTES;
  if (length > LENGTH_MAX || first >= FIRST_BYTES) return -1;
  for (let number = FIRSTS[length * FIRST_BYTES + first] ?? -1; number >= 0; number = NEXTS[number] ?? -1) {
    const word = BYTES[number] ?? bytes;
    // The first are alike, and where the last are as well, nearly always all of them.
    let index = length - 1;
    while (index > 0 && word[index] === bytes[from + index]) index -= 1;
    if (index <= 0) return number;
  }
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

function chains(): { readonly firsts: readonly number[]; readonly nexts: readonly number[] } {
  const firsts = new Array<number>((LENGTH_MAX + 1) * FIRST_BYTES).fill(-1);
  const nexts = new Array<number>(BYTES.length).fill(-1);
  for (let number = BYTES.length - 1; number >= 0; number -= 1) {
    const { length, 0: first } = BYTES[number] ?? new Uint8Array(1);
    const at = length * FIRST_BYTES + (first ?? 0);
    nexts[number] = firsts[at] ?? -1;
    firsts[at] = number;
  }
  return { firsts, nexts };
}
