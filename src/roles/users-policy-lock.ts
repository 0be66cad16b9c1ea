/**
 * Where a machine runs both functions, <Action When Maximum Number of Users Exceeded> stays at <Delete Oldest User
 * Settings>, and nobody can choose (M22).
 */
import type { RestrictionHold, Restrictions } from "../../hal/restrictions.ts";

export class UsersPolicyLock {
  readonly #restrictions: Restrictions;
  readonly #bothRun: () => boolean;
  #hold: RestrictionHold | undefined;

  constructor(parts: { readonly restrictions: Restrictions; readonly bothRun: () => boolean }) {
    this.#restrictions = parts.restrictions;
    this.#bothRun = parts.bothRun;
  }

  /** Called whenever a function may have been started or stopped. */
  evaluate(): void {
    if (!this.#bothRun()) return this.release();
    this.#hold ??= this.#restrictions.hold("max-users-policy");
  }

  release(): void {
    this.#hold?.release();
    this.#hold = undefined;
  }
}
