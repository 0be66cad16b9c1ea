/**
 * The destinations of a job setting. They are copies: an address book that changes later changes no button. A copy has
 * the columns that name a destination and no secret; a form keeps it as a text, as it keeps everything.
 */
import { LIMITS } from "../model/limits.ts";
import { isFields, type Fields, type Value } from "../model/value.ts";

const COLUMNS = ["objectclass", "cn", "mailaddress", "dialdata", "uri", "url", "path", "username", "protocol"] as const;

/** Columns of the address book form; those that say nothing are left out. */
export type DestinationCopy = { readonly [column in (typeof COLUMNS)[number]]?: string };

export const copyOf = ({ type, cells }: { readonly type: string; readonly cells: Fields | DestinationCopy }): DestinationCopy =>
  cleaned({ ...cells, objectclass: type });

function cleaned(fields: Fields): DestinationCopy {
  const copy: { [column in (typeof COLUMNS)[number]]?: string } = {};
  for (const column of COLUMNS) {
    const value = Object.hasOwn(fields, column) ? fields[column] : undefined;
    if (typeof value === "string" && value !== "") copy[column] = value;
  }
  return copy;
}

/** What a value has of destinations; whatever is none is left out. */
export const destinationValues = (value: Value | undefined): readonly DestinationCopy[] =>
  Array.isArray(value) ? value.filter(isFields).map(cleaned).slice(0, LIMITS.jobDestinationsMax) : [];

export const destinationsText = (destinations: readonly DestinationCopy[]): string => JSON.stringify(destinations);

/** What a form has under `destinations`; "" is none. */
export const chosenDestinations = (text: string): readonly DestinationCopy[] => (text === "" ? [] : destinationValues(JSON.parse(text)));

/** What it is called, and where it has no name, where it goes. */
export const nameOfDestination = ({ cn, mailaddress, dialdata, uri, url, path }: DestinationCopy): string =>
  [cn, mailaddress, dialdata, uri, url, path].find((text) => text !== undefined) ?? "";
