/**
 * Who makes room for a new user (M22): whose last login anywhere in the fleet is the longest ago, on equal days the
 * first by name. Of a user of whom no login was heard, the day counts on which the fleet came to know the user. Pure.
 */
import type { Owner } from "../../model/owner.ts";
import type { OwnerRecord } from "../../store/records.ts";

export type Days = Pick<OwnerRecord, "lastLoginDay" | "begunDay">;

/** undefined when everybody stays. */
export function victimAmong(users: Iterable<readonly [Owner, Days]>, stays: (user: Owner) => boolean): Owner | undefined {
  let victim: { readonly user: Owner; readonly day: number } | undefined;
  for (const [user, { lastLoginDay, begunDay }] of users) {
    if (stays(user)) continue;
    const day = Math.max(lastLoginDay, begunDay);
    if (victim === undefined || day < victim.day || (day === victim.day && user < victim.user)) victim = { user, day };
  }
  return victim?.user;
}
