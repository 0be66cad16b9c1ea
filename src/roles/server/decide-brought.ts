/** What becomes of an entry that a machine brings from beyond the parting (B06), given what stands. Pure. */
import type { EditId, Revision } from "../../model/ids.ts";
import { endAgainst, type OwnerRecord, type Standing } from "../../store/records.ts";

export interface BroughtFacts {
  readonly standing: Standing | undefined;
  readonly owner: OwnerRecord | undefined;
  /** The last revision that both journals have in common. */
  readonly common: Revision;
}

/**
 * "stands": it is here already. The entry stood in the journal that is lost, after all that both have in common; between
 * two that were brought its order is known, and what was made here since is compared by the time it was made.
 */
export function decideBrought({ revision, edit }: Standing, { standing, owner, common }: BroughtFacts): "wins" | "loses" | "stands" {
  const end = owner === undefined ? undefined : endAgainst(owner, ({ revision: ended, at }) => ended > common && edit.stamp <= at);
  if (end !== undefined) return "loses";
  if (standing === undefined) return "wins";
  if (isSameEdit(standing.edit.id, edit.id)) return "stands";
  if (standing.revision <= common) return "wins";
  // What was brought names the revision that it had in the journal that is lost.
  if (standing.edit.why === "brought") return revision > standing.edit.seen ? "wins" : "loses";
  return edit.stamp > standing.edit.stamp ? "wins" : "loses";
}

export const isSameEdit = (a: EditId, b: EditId): boolean => a.device === b.device && a.run === b.run && a.sequence === b.sequence;
