/**
 * Whether there is room for a new owner (M05), and who has to make it (M22): for one transaction, change by change. Who
 * is logged in anywhere stays, and whom the same change touches; a change has one victim at most (P26).
 */
import type { MaxUsersPolicy } from "../../../hal/restrictions.ts";
import { LIMITS } from "../../model/limits.ts";
import { type Owner, ownerParts } from "../../model/owner.ts";
import type { Refusal } from "../../model/refusal.ts";
import type { OwnerTable } from "./owner-table.ts";
import { type Days, victimAmong } from "./victim.ts";

export interface NewcomersParts {
  readonly owners: OwnerTable;
  readonly usersMax: number;
  readonly policy: MaxUsersPolicy;
  readonly loggedIn: ReadonlySet<Owner>;
  readonly today: number;
}

/** `victim` has to go for it. "wait": there may be room in the next change. */
export type Place =
  | { readonly kind: "fits"; readonly victim: Owner | undefined }
  | { readonly kind: "wait" }
  | { readonly kind: "refused"; readonly refusal: Refusal };

const FITS: Place = { kind: "fits", victim: undefined };

export class Newcomers {
  readonly #parts: NewcomersParts;
  /** What this transaction has done so far to the owners of the table. */
  readonly #begun = { user: new Set<Owner>(), group: new Set<Owner>() };
  readonly #evicted = new Set<Owner>();
  #touched: ReadonlySet<Owner> = new Set();
  #victim: Owner | undefined;

  constructor(parts: NewcomersParts) {
    this.#parts = parts;
  }

  /** Who has to go with the change that was started last. */
  get victim(): Owner | undefined {
    return this.#victim;
  }

  /** A change begins: none of these owners makes room in it. */
  startChange(touched: ReadonlySet<Owner>): void {
    this.#touched = touched;
    this.#victim = undefined;
  }

  /** Room for an owner of whom something is to be set. `isLater`: the change does something already, so that this can wait for the next one. */
  look(owner: Owner, isLater: boolean): Place {
    const { kind } = ownerParts(owner);
    if (kind === "common" || this.#holds(owner, kind)) return FITS;
    return kind === "user" ? this.#userPlace(isLater) : this.#groupPlace();
  }

  /** The change does it. */
  take(owner: Owner, victim: Owner | undefined): void {
    const { kind } = ownerParts(owner);
    if (kind !== "common" && !this.#holds(owner, kind)) this.#begun[kind].add(owner);
    if (victim === undefined) return;
    this.#victim = victim;
    if (!this.#begun.user.delete(victim)) this.#evicted.add(victim);
  }

  #holds(owner: Owner, kind: "user" | "group"): boolean {
    return this.#begun[kind].has(owner) || (this.#parts.owners.holds(owner) && !this.#evicted.has(owner));
  }

  #userPlace(isLater: boolean): Place {
    const { owners, usersMax, policy, loggedIn } = this.#parts;
    if (owners.users.size - this.#evicted.size + this.#begun.user.size < usersMax) return FITS;
    if (policy === "delete-oldest") {
      if (this.#victim !== undefined) return { kind: "wait" };
      const victim = victimAmong(this.#users(), (user) => loggedIn.has(user) || this.#touched.has(user));
      if (victim !== undefined) return { kind: "fits", victim };
      // Whom only this change touches may make room in the next one.
      if (isLater) return { kind: "wait" };
    }
    return { kind: "refused", refusal: { word: "too-many-users", usersMax } };
  }

  #groupPlace(): Place {
    if (this.#parts.owners.groups.size + this.#begun.group.size < LIMITS.groupsMax) return FITS;
    return { kind: "refused", refusal: { word: "too-many-users", usersMax: LIMITS.groupsMax } };
  }

  *#users(): Iterable<readonly [Owner, Days]> {
    const { owners, today } = this.#parts;
    for (const [user, days] of owners.users) if (!this.#evicted.has(user)) yield [user, days];
    for (const user of this.#begun.user) yield [user, { lastLoginDay: 0, begunDay: today }];
  }
}
