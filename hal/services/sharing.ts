/** The scope of sharing, item by item: what an administrator of the server machine sees and chooses. */
import type { Scope } from "../../src/model/item.ts";
import type { Refusal } from "../../src/model/refusal.ts";

export interface ItemSharing {
  readonly item: string;
  readonly scope: Scope;
  /** Whether the scope can be chosen (M17); every other item is shared. */
  readonly selectable: boolean;
}

export interface SharingAdministration {
  /** M31: every item, in the order of the table of items; none while the server function does not run. */
  sharing(): readonly ItemSharing[];
  /**
   * M18: sets the scopes that are named, all of them or none; those that are as wanted already do not count. "scope-fixed"
   * for an item whose scope cannot be chosen, "machines-operating" with their device names while any machine but the
   * server machine's own client operates. What it does to the data is M19 (PROTOCOL.md, "Scopes").
   */
  setSharing(scopes: Readonly<Record<string, Scope>>): Promise<Refusal | "done">;
}
