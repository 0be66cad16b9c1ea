/** The owners the server holds, in memory: what limits and the choice of a victim ask for, without reading all records. */
import type { Owner } from "../../model/owner.ts";
import { ownerParts } from "../../model/owner.ts";
import { ALL_OWNERS, ownerKey, ownerOfKey } from "../../store/keys.ts";
import { type OwnerRecord, isHeld, unpackOwner } from "../../store/records.ts";
import type { StateView } from "../../store/state-view.ts";
import type { Days } from "./victim.ts";

export class OwnerTable {
  readonly #held = { user: new Map<Owner, Days>(), group: new Map<Owner, Days>(), common: new Map<Owner, Days>() };

  static async open(view: StateView): Promise<OwnerTable> {
    const table = new OwnerTable();
    for await (const [key, bytes] of view.range(ALL_OWNERS)) table.note(ownerOfKey(key), unpackOwner(bytes));
    return table;
  }

  /** Users that are held; groups and `common` do not count (M05). */
  get users(): ReadonlyMap<Owner, Days> {
    return this.#held.user;
  }

  get groups(): ReadonlyMap<Owner, Days> {
    return this.#held.group;
  }

  /** All that are held, `common` included. */
  get size(): number {
    return this.#held.user.size + this.#held.group.size + this.#held.common.size;
  }

  *all(): Iterable<Owner> {
    for (const held of [this.#held.user, this.#held.group, this.#held.common]) yield* held.keys();
  }

  holds(owner: Owner): boolean {
    return this.daysOf(owner) !== undefined;
  }

  /** Of an owner that is held. */
  daysOf(owner: Owner): Days | undefined {
    return this.#held[ownerParts(owner).kind].get(owner);
  }

  note(owner: Owner, record: OwnerRecord | undefined): void {
    const among = this.#held[ownerParts(owner).kind];
    if (record === undefined || !isHeld(record)) among.delete(owner);
    else among.set(owner, { lastLoginDay: record.lastLoginDay, begunDay: record.begunDay });
  }

  /** Brings the owners that a commit touched up to date. */
  async follow(view: StateView, owners: Iterable<Owner>): Promise<void> {
    const touched = [...new Set(owners)];
    await view.load(touched.map(ownerKey));
    for (const owner of touched) this.note(owner, view.owner(ownerKey(owner)));
  }
}
