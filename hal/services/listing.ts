/** What the server machine lists (M31): its machines are in `machines()`, the scopes of its items in `sharing()`. */
import type { Owner } from "../../src/model/owner.ts";
import type { Refusal } from "../../src/model/refusal.ts";

/** A user or a group whose data the server manages. */
export interface RegisteredOwner {
  readonly owner: Owner;
  readonly kind: "user" | "group";
  /** The login domain; "" for what the machine itself keeps. */
  readonly domain: string;
  /** The user's name, or the group's ID. */
  readonly name: string;
  /** The day of the last login anywhere in the fleet, YYYY-MM-DD; left out where there was none. */
  readonly lastLogin?: string;
}

export interface ListingAdministration {
  /** By name: all whose user name or group ID has the text in it, upper and lower case alike; all of them for a blank one. */
  owners(search?: string): Promise<Refusal | readonly RegisteredOwner[]>;
}
