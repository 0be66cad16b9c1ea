/** What the record of an owner will be once a push is written that sets something of it. */
import { type Edit, holdingOf } from "../../model/entry.ts";
import type { Revision } from "../../model/ids.ts";
import { listOf } from "../../store/apply-change.ts";
import { NEW_OWNER, type OwnerRecord } from "../../store/records.ts";

/** An owner that an earlier edit of the same push has begun. */
export function begin(record: OwnerRecord | undefined, revision: Revision, edit: Edit): OwnerRecord {
  const begun = record ?? NEW_OWNER;
  return { ...begun, holdings: { ...begun.holdings, [listOf(holdingOf(edit), edit)]: { since: revision, adopted: undefined } } };
}
