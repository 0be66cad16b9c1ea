/** Which records of a history somebody means. */
import type { Storage } from "../../hal/storage.ts";
import type { Owner } from "../model/owner.ts";
import { type HistoryPlace, type Kept, readNewest } from "../store/history.ts";
import { entryKey } from "../store/keys.ts";
import { recordId } from "./record-id.ts";

/**
 * Of an owner: the records with these ids, or, where none are named, the newest loss of each entry, if it was a value and
 * was not put back yet. Of several records of one entry the newest counts. undefined when an id names nothing that is kept.
 */
export async function chosenIn(
  storage: Storage,
  places: readonly HistoryPlace[],
  owner: Owner,
  ids: readonly string[] | undefined,
): Promise<Kept[] | undefined> {
  const wanted = new Set(ids);
  const newest = new Map<string, Kept>();
  for (const place of places) {
    for await (const kept of readNewest(storage, place, owner)) {
      const isNamed = wanted.delete(recordId(kept.storageKey));
      const known = newest.get(entryKey(kept.lost));
      const isNewer = known === undefined || kept.lost.lostAtMs > known.lost.lostAtMs;
      if ((ids === undefined || isNamed) && isNewer) newest.set(entryKey(kept.lost), kept);
    }
  }
  if (wanted.size > 0) return undefined;
  const chosen = [...newest.values()];
  return ids === undefined ? chosen.filter(({ lost }) => lost.value !== undefined && lost.putBackMs === undefined) : chosen;
}
