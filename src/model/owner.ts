/** Owners of personal data: users, user groups, and `common` (shared buttons and common address lists). */
import { hasControlCharacters } from "./characters.ts";
import { LIMITS } from "./limits.ts";

declare const brand: unique symbol;
/** Canonical text of an owner: `user:alice`, `user:SALES\alice`, `group:1`, `common`. Unicode NFC, 1-256 bytes. */
export type Owner = string & { readonly [brand]: "Owner" };

export type OwnerKind = "user" | "group" | "common";

export interface OwnerParts {
  readonly kind: OwnerKind;
  /** The login domain; "" for users and groups that the machine itself keeps. */
  readonly domain: string;
  /** User name or group ID; "" for `common`. */
  readonly name: string;
}

export const COMMON = "common" as Owner;

/** The owner of these parts, or undefined when they name none. The letter case is left to the login service. */
export function ownerOf({ kind, domain = "", name = "" }: { kind: OwnerKind; domain?: string; name?: string }): Owner | undefined {
  if (kind === "common") return domain === "" && name === "" ? COMMON : undefined;
  return parseOwner(`${kind}:${domain === "" ? "" : `${domain}\\`}${name}`);
}

/** Nearly all owners: one look tells that they are canonical. */
const PLAIN_OWNER = /^(?:common|(?:user|group):(?:[ -[\]-~]+\\)?[ -[\]-~]+)$/;

/** Reads the canonical text (any Unicode form); undefined when it is not an owner. */
export function parseOwner(text: string): Owner | undefined {
  if (text.length <= LIMITS.ownerBytesMax && PLAIN_OWNER.test(text)) return text as Owner;
  const canonical = text.normalize("NFC");
  if (canonical === COMMON) return COMMON;
  const match = /^(user|group):(?:([^\\]+)\\)?([^\\]+)$/s.exec(canonical);
  if (match === null || hasControlCharacters(canonical)) return undefined;
  if (!canonical.isWellFormed() || Buffer.byteLength(canonical) > LIMITS.ownerBytesMax) return undefined;
  return canonical as Owner;
}

/** What an owner is; without its parts, where only that is asked. */
export const kindOfOwner = (owner: Owner): OwnerKind => (owner === COMMON ? "common" : owner.startsWith("user:") ? "user" : "group");

/** The parts of an owner. */
export function ownerParts(owner: Owner): OwnerParts {
  const kind = kindOfOwner(owner);
  if (kind === "common") return { kind, domain: "", name: "" };
  const rest = owner.slice(kind.length + 1);
  const slash = rest.indexOf("\\");
  return { kind, domain: slash < 0 ? "" : rest.slice(0, slash), name: rest.slice(slash + 1) };
}

export const userOwner = (name: string, domain = ""): Owner | undefined => ownerOf({ kind: "user", domain, name });
export const groupOwner = (id: string, domain = ""): Owner | undefined => ownerOf({ kind: "group", domain, name: id });
