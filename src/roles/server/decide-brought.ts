/** What becomes of an entry that a machine brings from beyond the parting (B06), given what stands. Pure. */
import { type Accepted, isSameEdit } from "../../model/entry.ts";
import type { Revision } from "../../model/ids.ts";
import { endAgainst, type OwnerRecord, type Standing } from "../../store/records.ts";

export interface BroughtFacts {
  readonly standing: Standing | undefined;
  readonly owner: OwnerRecord | undefined;
  /** The last revision that both journals have in common. */
  readonly common: Revision;
}

/**
 * "stands": it is here already. The entry stood in the journal that is lost, after all that both have in common; it is
 * compared by the time it was made, with what was made here since and with what others have brought.
 */
export function decideBrought({ revision, edit }: Standing, { standing, owner, common }: BroughtFacts): "wins" | "loses" | "stands" {
  const end = owner === undefined ? undefined : endAgainst(owner, ({ revision: ended, at }) => ended > common && edit.stamp <= at);
  if (end !== undefined) return "loses";
  if (standing === undefined) return "wins";
  if (isSameEdit(standing.edit.id, edit.id)) return "stands";
  if (standing.revision <= common) return "wins";
  // Whatever the stamps say: what its author made of the entry later is newer (P5).
  if (isLaterOwn(standing.edit, edit)) return "loses";
  // What was brought names the revision that it had in the journal that is lost. In one journal the later of two is never
  // stamped before the other (P3), so revisions settle what stamps leave open; those of two branches say nothing else.
  if (standing.edit.why === "brought" && edit.stamp === standing.edit.stamp) return revision > standing.edit.seen ? "wins" : "loses";
  return edit.stamp > standing.edit.stamp ? "wins" : "loses";
}

const isLaterOwn = (standing: Accepted, { id }: Accepted): boolean =>
  standing.why !== "server" && standing.id.device === id.device && standing.id.sequence > id.sequence;
