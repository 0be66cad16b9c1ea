/** The scopes of sharing as the base has them, for everything that decides what travels. */
import { ITEMS, type Scope } from "../../model/item.ts";
import { scopeKey } from "../../store/keys.ts";
import { unpackScope } from "../../store/records.ts";
import type { ClientParts } from "./client-parts.ts";

export async function readScopes({ replica, travel }: Pick<ClientParts, "replica" | "travel">): Promise<void> {
  const scopes = new Map<string, Scope>();
  for (const { id, scopeSelectable } of ITEMS) {
    const record = scopeSelectable ? await replica.stateRecord(scopeKey(id)) : undefined;
    if (record !== undefined) scopes.set(id, unpackScope(record).scope);
  }
  travel.setScopes(scopes);
}
