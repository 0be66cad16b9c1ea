/**
 * Which lists of which owners a client's base is known to hold. An edit of a list that is held changes nothing of its owner's record:
 * with this that record is not even read, which is most of what laying an edit over the base would cost.
 */
import { LIMITS } from "../model/limits.ts";
import type { Owner } from "../model/owner.ts";

export class HeldLists {
  readonly #lists = new Set<string>();

  has(owner: Owner, lists: ReadonlySet<string>): boolean {
    for (const list of lists) if (!this.#lists.has(nameOf(owner, list))) return false;
    return true;
  }

  /** They are held, durably. */
  note(held: ReadonlyMap<Owner, ReadonlySet<string>>): void {
    for (const [owner, lists] of held) for (const list of lists) this.#lists.add(nameOf(owner, list));
    if (this.#lists.size > LIMITS.heldListsMax) this.#lists.clear();
  }

  /** Something may be held no longer. */
  forget(): void {
    this.#lists.clear();
  }
}

/** No owner has a NUL in it (src/protocol/reader.ts). */
const nameOf = (owner: Owner, list: string): string => `${owner}\u0000${list}`;
