/**
 * Whether there is room for a new owner (M05), and who has to make it (M22): for one transaction, change by change. Who
 * is logged in anywhere stays, and whom the same change touches; a change has one victim at most (P26). So the victim is
 * settled when the change is decided: before that nobody knows whom it touches.
 */
import type { MaxUsersPolicy } from "../../../hal/restrictions.ts";
import { must } from "../../model/assert.ts";
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

/** `isOver`: somebody has to go for it. "wait": there may be room in the next change. */
export type Place =
  | { readonly kind: "fits"; readonly isOver: boolean }
  | { readonly kind: "wait" }
  | { readonly kind: "refused"; readonly refusal: Refusal };

const FITS: Place = { kind: "fits", isOver: false };

export class Newcomers {
  readonly #parts: NewcomersParts;
  /** What this transaction has done so far to the owners of the table. */
  readonly #begun = { user: new Set<Owner>(), group: new Set<Owner>() };
  readonly #gone = { user: new Set<Owner>(), group: new Set<Owner>() };
  readonly #touched = new Set<Owner>();
  /** Somebody has to go with this change. Who, is settled when it is known whom it touches. */
  #isOver = false;

  constructor(parts: NewcomersParts) {
    this.#parts = parts;
  }

  /** A change begins; it touches nobody yet. */
  startChange(): void {
    this.#touched.clear();
    this.#isOver = false;
  }

  /**
   * Room for an owner whom the change is to touch. `isLater`: the change does something already, so that this can wait for
   * the next one. The last who could make room is not touched by a change that needs it: that waits as well.
   */
  look(owner: Owner, isLater: boolean): Place {
    const { kind } = ownerParts(owner);
    if (kind === "common") return FITS;
    if (!this.#holds(owner, kind)) return kind === "user" ? this.#userPlace(isLater) : this.#groupPlace();
    return this.#isOver && this.#oldestBeside(owner) === undefined ? { kind: "wait" } : FITS;
  }

  /** The change touches the owner, who has this place. */
  take(owner: Owner, { isOver }: Extract<Place, { kind: "fits" }>): void {
    const { kind } = ownerParts(owner);
    if (kind !== "common" && !this.#holds(owner, kind)) this.#begun[kind].add(owner);
    this.#touched.add(owner);
    if (isOver) this.#isOver = true;
  }

  /** The owner has ended otherwise. */
  ended(owner: Owner): void {
    const { kind } = ownerParts(owner);
    if (kind !== "common" && this.#holds(owner, kind) && !this.#begun[kind].delete(owner)) this.#gone[kind].add(owner);
  }

  /** Who has to go with the change, now that all that it touches is taken; undefined: nobody. */
  settle(): Owner | undefined {
    if (!this.#isOver) return undefined;
    this.#isOver = false;
    const victim = must(this.#oldestBeside(undefined), "a change over the limit leaves somebody who makes room");
    if (!this.#begun.user.delete(victim)) this.#gone.user.add(victim);
    return victim;
  }

  #holds(owner: Owner, kind: "user" | "group"): boolean {
    return this.#begun[kind].has(owner) || (this.#parts.owners.holds(owner) && !this.#gone[kind].has(owner));
  }

  #userPlace(isLater: boolean): Place {
    const { owners, usersMax, policy } = this.#parts;
    if (owners.users.size - this.#gone.user.size + this.#begun.user.size < usersMax) return FITS;
    if (policy === "delete-oldest") {
      if (this.#isOver) return { kind: "wait" };
      if (this.#oldestBeside(undefined) !== undefined) return { kind: "fits", isOver: true };
      // Whom only this change touches may make room in the next one.
      if (isLater) return { kind: "wait" };
    }
    return { kind: "refused", refusal: { word: "too-many-users", usersMax } };
  }

  /** Who makes room, when this owner is touched as well. */
  #oldestBeside(owner: Owner | undefined): Owner | undefined {
    const { loggedIn } = this.#parts;
    return victimAmong(this.#users(), (user) => user === owner || loggedIn.has(user) || this.#touched.has(user));
  }

  #groupPlace(): Place {
    if (this.#parts.owners.groups.size - this.#gone.group.size + this.#begun.group.size < LIMITS.groupsMax) return FITS;
    return { kind: "refused", refusal: { word: "too-many-users", usersMax: LIMITS.groupsMax } };
  }

  *#users(): Iterable<readonly [Owner, Days]> {
    const { owners, today } = this.#parts;
    for (const [user, days] of owners.users) if (!this.#gone.user.has(user)) yield [user, days];
    for (const user of this.#begun.user) yield [user, { lastLoginDay: 0, begunDay: today }];
  }
}
