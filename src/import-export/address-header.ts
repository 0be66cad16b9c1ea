/** The lines `# Name: value` that an address book file begins with. */
import { LIMITS } from "../model/limits.ts";
import { endOfLine, type Fault, faultAt, nextLine, quoted } from "./address-text.ts";

/** What is read of a header, and what a header is written from. */
export interface AddressHeader {
  /** `# dn: fixed`: the numbers are one-touch numbers. */
  readonly oneTouch: boolean;
  /** `# SubAddressBookName:`, "" when the list has no name. */
  readonly listName: string;
  /** `# Crypto Version:` when the passwords of the file are encrypted by a printer, undefined when they are not. */
  readonly crypto: string | undefined;
}

export interface HeaderForm {
  /** Name of the version line. */
  readonly name: string;
  readonly versions: readonly string[];
}

export interface HeaderRead {
  readonly kind: "header";
  readonly header: AddressHeader;
  /** Where the first line that is not of the header begins. */
  readonly bodyAt: number;
}

interface Line {
  readonly at: number;
  readonly valueAt: number;
  readonly value: string;
}

/** Reads the header at the start of a text. Lines may come in any order; names that are not known are comments. */
export function readHeader(text: string, form: HeaderForm): HeaderRead | Fault {
  const lines = new Map<string, Line>();
  let at = 0;
  for (let count = 0; at < text.length; count += 1) {
    if (count === LIMITS.addressHeaderLinesMax) return faultAt(at, `the header has more than ${LIMITS.addressHeaderLinesMax} lines`);
    const end = endOfLine(text, at);
    const line = text.slice(at, end);
    if (line.startsWith("#") && line.length > LIMITS.addressHeaderLineCharactersMax)
      return faultAt(at, `a header line has at most ${LIMITS.addressHeaderLineCharactersMax} characters`);
    // A spreadsheet that saved the file anew has filled the lines up with commas.
    if (!line.startsWith("#") && !/^[\s,]*$/.test(line)) break;
    const match = /^#[ \t]*([^:]*?)[ \t]*:[ \t]?(.*?)(,{2,})?$/.exec(line);
    if (match !== null) {
      const [, name = "", value = "", commas = ""] = match;
      const known = name.toLowerCase();
      if (lines.has(known)) return faultAt(at, `the line "# ${name}:" is there twice`);
      lines.set(known, { at, valueAt: end - commas.length - value.length, value });
    }
    at = nextLine(text, end);
  }
  const header = understood(lines, form);
  return "kind" in header ? header : { kind: "header", header, bodyAt: at };
}

function understood(lines: ReadonlyMap<string, Line>, form: HeaderForm): AddressHeader | Fault {
  const version = lines.get(form.name.toLowerCase());
  if (version === undefined) return faultAt(0, `the line "# ${form.name}: ${form.versions[0]}" is missing`);
  if (!form.versions.includes(version.value.trim().toLowerCase())) {
    return faultAt(version.valueAt, `the version must be ${form.versions.join(" or ")}, is ${quoted(version.value)}`);
  }
  if (!lines.has("charset")) return faultAt(0, 'the line "# CharSet:" is missing');
  const fixed = lines.get("dn");
  if (fixed !== undefined && fixed.value.trim() !== "fixed") return faultAt(fixed.valueAt, `dn must be "fixed", is ${quoted(fixed.value)}`);
  const database = lines.get("db version");
  if (database !== undefined && !/^0x[0-9a-f]{4}$/i.test(database.value.trim())) {
    return faultAt(database.valueAt, `the DB Version must be a number such as 0x010a, is ${quoted(database.value)}`);
  }
  const crypto = cryptoVersion(lines);
  if (typeof crypto === "object") return crypto;
  return { oneTouch: fixed !== undefined, listName: lines.get("subaddressbookname")?.value ?? "", crypto };
}

/** Both lines or none: with one of them nobody can tell whether a password is in the clear. */
function cryptoVersion(lines: ReadonlyMap<string, Line>): string | undefined | Fault {
  const version = lines.get("crypto version");
  const attribute = lines.get("crypto attribute");
  if (version === undefined && attribute === undefined) return undefined;
  if (version === undefined) return faultAt(attribute?.at ?? 0, 'the line "# Crypto Version:" is missing beside this one');
  if (attribute === undefined) return faultAt(version.at, 'the line "# Crypto Attribute: pwd" is missing beside this one');
  if (!/^\d{1,4}$/.test(version.value.trim()))
    return faultAt(version.valueAt, `the Crypto Version must be a number, is ${quoted(version.value)}`);
  if (attribute.value.trim() !== "pwd")
    return faultAt(attribute.valueAt, `the Crypto Attribute must be "pwd", is ${quoted(attribute.value)}`);
  return version.value.trim();
}

/** The lines that say how passwords are encrypted; none when they are not. */
export const cryptoLines = (crypto: string | undefined): string[] =>
  crypto === undefined ? [] : [`# Crypto Version: ${crypto}`, "# Crypto Attribute: pwd"];

/** The name of a list on its one line. */
export const listNameLine = (name: string): string => `# SubAddressBookName: ${name.replace(/[\r\n]+/g, " ")}`;
