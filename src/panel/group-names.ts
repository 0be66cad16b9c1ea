/** What the user groups of this machine are called. */
import type { AuthenticationAndGroups } from "../../hal/users.ts";
import { groupOwner, type Owner } from "../model/owner.ts";

/** By owner; a group whose ID makes no owner has no list, and no name here. */
export function groupNames({ groups }: AuthenticationAndGroups): ReadonlyMap<Owner, string> {
  const names = new Map<Owner, string>();
  for (const { id, name } of groups) {
    const owner = groupOwner(id);
    if (owner !== undefined) names.set(owner, name);
  }
  return names;
}
