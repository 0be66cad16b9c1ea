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

const NUMBERS: ReadonlyMap<string, number> = new Map(WORDS.map((word, number) => [word, number]));

export const numberOfWord = (word: string): number | undefined => NUMBERS.get(word);
