/** The owners the server knows, in memory: a record each, so that limits are checked without reading them all. */
import type { Owner } from "../../model/owner.ts";
import { ownerParts } from "../../model/owner.ts";
import { ALL_OWNERS, ownerKey } from "../../store/keys.ts";
import { type OwnerRecord, isHeld, unpackOwner } from "../../store/records.ts";
import type { StateView } from "../../store/state-view.ts";

export class OwnerTable {
  readonly #held = new Set<Owner>();
  #users = 0;

  static async open(view: StateView): Promise<OwnerTable> {
    const table = new OwnerTable();
    for await (const [key, bytes] of view.range(ALL_OWNERS)) table.note(key.slice(2) as Owner, unpackOwner(bytes));
    return table;
  }

  /** Users that are held; groups and `common` do not count (M05). */
  get users(): number {
    return this.#users;
  }

  get groups(): number {
    return [...this.#held].filter((owner) => ownerParts(owner).kind === "group").length;
  }

  /** All that are held, `common` included. */
  get size(): number {
    return this.#held.size;
  }

  holds(owner: Owner): boolean {
    return this.#held.has(owner);
  }

  note(owner: Owner, record: OwnerRecord | undefined): void {
    const held = isHeld(record);
    if (held === this.#held.has(owner)) return;
    const user = ownerParts(owner).kind === "user" ? 1 : 0;
    if (held) this.#held.add(owner);
    else this.#held.delete(owner);
    this.#users += held ? user : -user;
  }

  /** Brings the owners that a commit touched up to date. */
  async follow(view: StateView, owners: Iterable<Owner>): Promise<void> {
    const touched = [...new Set(owners)];
    await view.load(touched.map(ownerKey));
    for (const owner of touched) {
      const bytes = view.get(ownerKey(owner));
      this.note(owner, bytes === undefined ? undefined : unpackOwner(bytes));
    }
  }
}
