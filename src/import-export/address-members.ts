/**
 * Members of a group. `memberobjectuuid` names them by uuid, `member` by number; tools also write names or mail addresses there. No manual
 * says what stands between two of them, so every usual separator is understood, and the cells are kept as written.
 */
import type { Value } from "../model/value.ts";
import type { RowView } from "./address-file.ts";
import { type Fault, faultAt, quoted } from "./address-text.ts";
import { fieldText } from "./address-value.ts";

/** Everything that a member can be named by. */
export interface Members {
  readonly uuids: ReadonlySet<string>;
  readonly numbers: ReadonlySet<number>;
  readonly names: ReadonlySet<string>;
}

const NAMING = ["cn", "cnshort", "mailaddress"];
const GUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

/** The names of all entries of a book. */
export function membersOf(book: ReadonlyMap<string, Value>): Members {
  const values = [...book.values()];
  return {
    uuids: new Set([...book.keys()].map((key) => key.toLowerCase())),
    numbers: new Set(
      values
        .map((value) => fieldText(value, "indxid"))
        .filter((text) => text !== "")
        .map(Number),
    ),
    names: new Set(values.flatMap((value) => NAMING.map((column) => fieldText(value, column))).filter((text) => text !== "")),
  };
}

/** The first member that is not there; a group is no member of itself. `key` is the group's own. */
export function missingMember(view: RowView, key: string, members: Members): Fault | undefined {
  const uuids = uuidsIn(view.cell("memberobjectuuid"));
  const lost = uuids.find((uuid) => !members.uuids.has(uuid) || uuid === key.toLowerCase());
  if (lost !== undefined) return missing(view.at("memberobjectuuid"), view, lost);
  const unknown = unknownIn(view.cell("member"), members);
  return unknown === undefined ? undefined : missing(view.at("member"), view, unknown);
}

const missing = (at: number, view: RowView, member: string): Fault =>
  faultAt(at, `the group ${quoted(view.cell("cn"))} has the member ${quoted(member)}, which is neither in the file nor on this machine`);

/** The uuids of a `memberobjectuuid` cell, in their order, in small letters. */
export function uuidsIn(cell: string): readonly string[] {
  const guids = cell.match(GUID) ?? [];
  const others = cell
    .replace(GUID, " ")
    .split(/[;,|{}\s]+/)
    .filter((text) => text !== "");
  return [...guids, ...others].map((text) => text.toLowerCase());
}

/** Whether a key comes out of a `memberobjectuuid` cell as it went in. */
export const fitsMemberCell = (key: string): boolean => !/[;,|{}\s]/.test(key);

/** What a `member` cell names, in its order; `known` tells whether a text is the number or the name of an entry. */
export function membersIn(cell: string, known: (text: string) => boolean): readonly string[] {
  if (cell.trim() === "") return [];
  if (known(cell)) return [cell];
  // Numbers alone may have anything between them; names may hold blanks, so they are parted by real separators only.
  const parts = /\p{L}/u.test(cell) ? cell.split(/[;,|\r\n]+/) : cell.split(/[^0-9]+/);
  return parts
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map((part) => [part, part.slice(part.lastIndexOf("=") + 1)].find(known) ?? part);
}

function unknownIn(cell: string, { uuids, numbers, names }: Members): string | undefined {
  const known = (text: string): boolean =>
    names.has(text) || uuids.has(text.toLowerCase()) || (/^\d+$/.test(text) && numbers.has(Number(text)));
  return membersIn(cell, known).find((part) => !known(part));
}
