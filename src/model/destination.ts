/** Where an address leads, and the password that belongs there: when the one changes, the other is erased (B08). */
import type { Fields } from "./value.ts";

/** What makes up a destination. */
export const DESTINATION_FIELDS: readonly string[] = [
  "objectclass",
  "protocol",
  "mailaddress",
  "dialdata",
  "uri",
  "url",
  "path",
  "username",
];

/** How a printer's file had encrypted the password. */
export const PASSWORD_NOTE = "#pwd-crypto";

/** Whether it has a password; an empty one is none. */
export const hasPassword = ({ pwd }: Fields): boolean => pwd !== undefined && pwd !== "";

/** A field that is not there says the same as an empty one. */
const leadsElsewhere = (before: Fields, after: Fields): boolean =>
  DESTINATION_FIELDS.some((field) => (after[field] ?? "") !== (before[field] ?? ""));

/**
 * The changed value, without a password that had been stored for another destination; one that is given anew stays. `doubt`:
 * whoever changed it had another value before them than this, so that what looks new may be what stood there; or the password
 * that is handed on was handed on to this value already.
 */
export function withoutPassedBack(before: Fields, after: Fields, doubt?: "other-seen" | "already-cleared"): Fields {
  if (!isPassedBack(before, after, doubt)) return after;
  const { [PASSWORD_NOTE]: _note, ...rest } = after;
  return { ...rest, pwd: "" };
}

function isPassedBack(before: Fields, after: Fields, doubt: "other-seen" | "already-cleared" | undefined): boolean {
  if (!hasPassword(after)) return false;
  const isHandedOn = before.pwd === after.pwd;
  if (isHandedOn && doubt === "already-cleared") return true;
  return (isHandedOn || doubt === "other-seen") && leadsElsewhere(before, after);
}
