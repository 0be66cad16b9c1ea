/** What a password in a value was given for: when the one changes, the other is erased (B08). */
import type { Fields, Value } from "./value.ts";

/** Fields of a value that are secret, and those that say what they were given for. */
export interface Guarded {
  readonly secretFields: readonly string[];
  readonly givenFor: readonly string[];
}

/** What makes up a destination of an address book. */
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

export const ADDRESS_PASSWORD: Guarded = { secretFields: ["pwd"], givenFor: DESTINATION_FIELDS };
/** A network key opens the network of its name, and none that somebody else may have set up. */
export const NETWORK_KEY: Guarded = { secretFields: ["networkKey"], givenFor: ["ssid"] };
export const NOTHING_GUARDED: Guarded = { secretFields: [], givenFor: [] };

/** Whether it has a secret in one of these fields; an empty one is none. */
export const hasSecret = (value: Fields, { secretFields }: Guarded): boolean => secretFields.some((field) => isGiven(value[field]));

const isGiven = (secret: Value | undefined): boolean => secret !== undefined && secret !== "";

/** A field that is not there says the same as an empty one. */
const leadsElsewhere = (before: Fields, after: Fields, { givenFor }: Guarded): boolean =>
  givenFor.some((field) => (after[field] ?? "") !== (before[field] ?? ""));

/**
 * The changed value, without a secret that had been stored for something else; one that is given anew stays. `doubt`:
 * whoever changed it had another value before them than this, so that what looks new may be what stood there; or the secret
 * that is handed on was handed on to this value already.
 */
export function withoutPassedBack(before: Fields, after: Fields, guarded: Guarded, doubt?: "other-seen" | "already-cleared"): Fields {
  const passedBack = guarded.secretFields.filter((field) => isPassedBack(field, { before, after, guarded }, doubt));
  if (passedBack.length === 0) return after;
  const { [PASSWORD_NOTE]: _note, ...rest } = after;
  return { ...rest, ...Object.fromEntries(passedBack.map((field) => [field, ""])) };
}

function isPassedBack(
  field: string,
  { before, after, guarded }: { readonly before: Fields; readonly after: Fields; readonly guarded: Guarded },
  doubt: "other-seen" | "already-cleared" | undefined,
): boolean {
  if (!isGiven(after[field])) return false;
  const isHandedOn = before[field] === after[field];
  if (isHandedOn && doubt === "already-cleared") return true;
  return (isHandedOn || doubt === "other-seen") && leadsElsewhere(before, after, guarded);
}
