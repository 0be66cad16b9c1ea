/** What an administrator wants known or done: data, carried out in carry-out.ts. */
import type { NetworkChange } from "../../hal/network-settings.ts";
import type { MaxUsersPolicy } from "../../hal/restrictions.ts";
import type { ClientSettings } from "../../hal/services.ts";
import type { Scope } from "../model/item.ts";
import type { Owner } from "../model/owner.ts";
import type { Act, Then } from "./page.ts";
import type { Facts } from "./facts.ts";

/** What can be learnt without being told more. */
export type Topic = Extract<keyof Facts, "owners" | "sharing" | "history" | "log" | "attention" | "notApplied" | "usersPolicy" | "network">;

export type Order =
  | { readonly kind: "learn"; readonly topic: Topic }
  /** Whom the server knows goes, one after the other (M15); ends at the first that is refused. */
  | { readonly kind: "delete-owners"; readonly owners: readonly Owner[] }
  /** None named: all (M23). */
  | { readonly kind: "prepare-export"; readonly owners: readonly Owner[] }
  | { readonly kind: "set-sharing"; readonly item: string; readonly scope: Scope }
  /** These records; without ids what lost last of each of the owner's entries (B02). */
  | { readonly kind: "put-back"; readonly owner: Owner; readonly ids?: readonly string[] }
  /** Of one owner, entry by entry, or of all (B01). Without settings for what is set on this machine. */
  | { readonly kind: "preview"; readonly settings: ClientSettings | undefined; readonly owner?: Owner }
  /** That the storage was lost waits for nobody any more (B05). */
  | { readonly kind: "storage-loss-seen" }
  | { readonly kind: "search"; readonly depth: number }
  | { readonly kind: "set-users-policy"; readonly policy: MaxUsersPolicy }
  | { readonly kind: "set-network"; readonly change: NetworkChange }
  | { readonly kind: "check-time-server" }
  /** This machine becomes the server in the place of one that is lost (B06). */
  | { readonly kind: "take-over" };

export const order = (wanted: Order, then: Then): Act => ({ do: "ask", intent: { kind: "administer", order: wanted }, then });

/** Reads it, then goes on. */
export const learn = (topic: Topic, then: Then): Act => order({ kind: "learn", topic }, then);
