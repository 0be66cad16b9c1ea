/**
 * Which lists of which owners a client's base is known to hold. An edit of a list that is held changes nothing of its owner's record:
 * with this that record is not even read, which is most of what laying an edit over the base would cost.
 */
import { LIMITS } from "../model/limits.ts";
import type { Owner } from "../model/owner.ts";

export class HeldLists {
  readonly #lists = new Map<Owner, Set<string>>();
  #size = 0;

  has(owner: Owner, list: string): boolean {
    return this.#lists.get(owner)?.has(list) === true;
  }

  /** They are held, durably. */
  note(held: ReadonlyMap<Owner, ReadonlySet<string>>): void {
    for (const [owner, lists] of held) {
      const known = this.#lists.get(owner) ?? new Set();
      this.#lists.set(owner, known);
      this.#size -= known.size;
      for (const list of lists) known.add(list);
      this.#size += known.size;
    }
    if (this.#size > LIMITS.heldListsMax) this.forget();
  }

  /** Something may be held no longer. */
  forget(): void {
    this.#lists.clear();
    this.#size = 0;
  }
}
