/** The scopes of sharing (M17), in memory: every edit is judged by them. */
import type { Revision } from "../../model/ids.ts";
import { ITEMS, itemOf, type Scope } from "../../model/item.ts";
import type { ScopeChange } from "../../protocol/change.ts";
import type { ScopeRecord } from "../../store/records.ts";
import { scopesIn } from "../../store/state-reading.ts";
import type { StateView } from "../../store/state-view.ts";

export class ScopeTable {
  readonly #records = new Map<string, ScopeRecord>();

  static async open(view: StateView): Promise<ScopeTable> {
    const table = new ScopeTable();
    for (const [item, record] of await scopesIn(view)) table.#records.set(item, record);
    return table;
  }

  of(item: string): ScopeRecord {
    return this.#records.get(item) ?? { scope: itemOf(item)?.scope ?? "shared", since: 0, renewed: 0 };
  }

  isShared(item: string): boolean {
    return this.of(item).scope === "shared";
  }

  /** The scope of each item of the table of items (M31). */
  all(): { readonly item: string; readonly scope: Scope; readonly selectable: boolean }[] {
    return ITEMS.map(({ id, scopeSelectable }) => ({ item: id, scope: this.of(id).scope, selectable: scopeSelectable }));
  }

  /** The revision of the newest change of a scope; 0 for none. */
  get changed(): Revision {
    return Math.max(0, ...[...this.#records.values()].map(({ since }) => since));
  }

  /** Follows the scopes that the journal took at this revision. */
  follow(scopes: readonly ScopeChange[], revision: Revision): void {
    for (const { item, scope } of scopes) {
      const renewed = scope === "shared" ? revision : this.of(item).renewed;
      this.#records.set(item, { scope, since: revision, renewed });
    }
  }
}
