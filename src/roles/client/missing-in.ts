/** What a joining machine has that the arriving base lacks: by this is offered, and the rest is the server's (M12, M13). */
import { type Entry, holdingOf } from "../../model/entry.ts";
import { itemOf } from "../../model/item.ts";
import { itemHolding, offerName } from "../../model/offered.ts";
import type { Owner } from "../../model/owner.ts";
import { listOf } from "../../store/apply-change.ts";
import type { OwnerRecord, ScopeRecord } from "../../store/records.ts";
import type { MachineStores } from "./machine-stores.ts";
import type { Travel } from "./travel.ts";

interface Parts {
  readonly stores: MachineStores;
  readonly travel: Travel;
}

/**
 * Names of offers, sorted: holdings that the base does not hold, and items of owners that nobody has supplied since they are shared again
 * (M19). `knownOf` gives what the base knows of the owners of which this machine holds anything.
 */
export async function missingIn(
  knownOf: (owners: ReadonlySet<Owner>) => Promise<ReadonlyMap<Owner, OwnerRecord>>,
  scopes: ReadonlyMap<string, ScopeRecord>,
  parts: Parts,
): Promise<string[]> {
  const missing = new Set<string>();
  const owners = await parts.stores.owners();
  const base = await knownOf(owners);
  for (const owner of owners) {
    const holdings = base.get(owner)?.holdings ?? {};
    for (const entry of await travellingOf(owner, parts)) {
      const holding = holdingOf(entry);
      const { item } = entry;
      const held = holdings[listOf(holding, entry)];
      if (held === undefined) missing.add(holding);
      // An owner who began after that has all there is of it in the base (M12).
      else if (holdings[itemHolding(item)] === undefined && held.since < (scopes.get(item)?.renewed ?? 0))
        missing.add(offerName({ holding, item }));
    }
  }
  return [...missing].sort();
}

/** The entries of an owner that are shared, and known to this version. */
export async function travellingOf(owner: Owner, { stores, travel }: Parts): Promise<Entry[]> {
  return (await stores.read(owner)).filter(({ item }) => itemOf(item) !== undefined && travel.isShared(item));
}
