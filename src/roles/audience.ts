/** Who looks at what the machine's own stores show: the panel, and whoever stands before it. Between the client function and them. */
import type { Clock } from "../../hal/clock.ts";
import type { Unsubscribe } from "../../hal/hal.ts";
import type { Users } from "../../hal/users.ts";
import type { EntryName } from "../model/entry.ts";
import { itemOf } from "../model/item.ts";
import { LIMITS } from "../model/limits.ts";
import { COMMON } from "../model/owner.ts";

interface Parts {
  readonly users: Pick<Users, "loggedIn">;
  readonly clock: Pick<Clock, "sleep">;
  /** Shows what waits to be shown; resolves when that is done, at once where nothing waits. */
  readonly showWaiting: () => Promise<unknown>;
}

export class Audience {
  readonly #parts: Parts;
  readonly #listeners = new Set<(entries: readonly EntryName[]) => void>();
  #isAttended = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Told which entries the machine shows anew because of another machine. */
  onApplied(listener: (entries: readonly EntryName[]) => void): Unsubscribe {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(entries: readonly EntryName[]): void {
    for (const listener of this.#listeners) listener(entries);
  }

  /** Whether somebody is at the panel, and may look into the common address lists. */
  attend(isAttended: boolean): void {
    this.#isAttended = isAttended;
  }

  /**
   * Before the data of somebody who comes is read: resolves when the stores show what had come from other machines, after
   * LIMITS.showingAtLoginMs at the latest. What comes later is told.
   */
  async shown(): Promise<void> {
    const done = new AbortController();
    await Promise.race([this.#parts.showWaiting(), this.#parts.clock.sleep(LIMITS.showingAtLoginMs, done.signal)]);
    done.abort();
  }

  /**
   * Whether somebody may have the entry before them: shared buttons are on the panel of whoever comes, everything else waits
   * for a login.
   */
  sees({ owner, item }: EntryName): boolean {
    if (owner === COMMON) return this.#isAttended || itemOf(item)?.heldIn !== "address-book";
    const user = this.#parts.users.loggedIn();
    return user !== undefined && (user.owner === owner || user.groups.includes(owner));
  }
}
