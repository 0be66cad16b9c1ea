/**
 * Destinations of the address book as a button has them: copies of its own, which stay as they are when the address book
 * changes. chosen-destinations.ts says what a copy holds.
 */
import { GROUP_CLASS } from "../import-export/address-columns.ts";
import type { JobName } from "../model/job.ts";
import { isFields, type Fields, type Value } from "../model/value.ts";
import { copyOf, type DestinationCopy } from "./chosen-destinations.ts";
import type { Address } from "./personal-data.ts";

/** A destination as copies; a group as its members, `addresses` being all of its owner. */
export function copiesOf(address: Address, addresses: readonly Address[]): readonly DestinationCopy[] {
  if (address.type !== GROUP_CLASS) return [copyOf(address)];
  const members = new Set(address.members);
  return addresses.filter(({ key }) => members.has(key)).map(copyOf);
}

/** The function that sends there: a fax line takes nothing but faxes. */
export function jobFor(copies: readonly DestinationCopy[]): JobName {
  const fax = copies.length > 0 && copies.every(({ objectclass }) => objectclass === "g3fax" || objectclass === "ipfax");
  return fax ? "fax" : "scan-and-send";
}

/** Scan and Send takes every destination. */
export const sendsTo = (job: string, copies: readonly DestinationCopy[]): boolean => job === "scan-and-send" || job === jobFor(copies);

/** Those that are not there yet. */
export function fresh(copies: readonly DestinationCopy[], standing: readonly Value[]): readonly DestinationCopy[] {
  const known = new Set(standing.map(identity));
  return copies.filter((copy) => !known.has(identity(copy)));
}

/** The destinations in the settings of a button, unknown kinds of them included. */
export function destinationsIn(settings: Value | undefined): readonly Value[] {
  const standing = isFields(settings) ? settings.destinations : undefined;
  return Array.isArray(standing) ? standing : [];
}

/** The settings of a button with other destinations. */
export const withDestinations = (settings: Value | undefined, destinations: readonly Value[]): Fields => ({
  ...(isFields(settings) ? settings : {}),
  destinations,
});

/** Columns are in no order of their own. */
const identity = (value: Value): string =>
  JSON.stringify(isFields(value) ? Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)) : value);
