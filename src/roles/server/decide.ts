/** Who wins (B03, protocol rules P3, P5, P22, P25, P26, P27): what becomes of one edit, given what stands. Pure. */
import type { Accepted, Edit, Why } from "../../model/entry.ts";
import type { JournalTime } from "../../model/ids.ts";
import type { Refusal } from "../../model/refusal.ts";
import type { Answer } from "../../protocol/answers.ts";
import { endAgainst, type OwnerEnd, type OwnerRecord, type Standing, isHeld } from "../../store/records.ts";

export type Verdict =
  | { readonly kind: "accepted"; readonly edit: Accepted }
  | { readonly kind: "superseded" }
  | { readonly kind: "refused"; readonly refusal: Refusal };

export interface Facts {
  readonly standing: Standing | undefined;
  readonly owner: OwnerRecord | undefined;
  /** Whether the item of the edit is shared (M20). */
  readonly shared: boolean;
  /** Journal time now. */
  readonly now: JournalTime;
}

export function decide(edit: Edit, { standing, owner, shared, now }: Facts): Verdict {
  const stamp = Math.min(edit.stamp, now);
  const end = owner === undefined ? undefined : endAgainst(owner, ({ revision, at }) => edit.seen < revision && stamp <= at);
  if (end !== undefined) return refused({ word: end.word });
  if (!shared) return refused({ word: "device-specific" });
  if (edit.value === undefined && !isHeld(owner)) return refused({ word: "owner-unknown" });
  if (standing === undefined && isPurged(edit, stamp, owner?.purged)) return { kind: "superseded" };
  const why = whyItWins(edit, stamp, standing);
  if (why === undefined) return { kind: "superseded" };
  // An edit that its author made knowing what stood is not older than that, whatever its clock said (P3).
  const raised = standing !== undefined && why !== "later" ? Math.max(stamp, Math.min(standing.edit.stamp, now)) : stamp;
  const { fresh: _, ...rest } = edit;
  return { kind: "accepted", edit: { ...rest, stamp: raised, why } };
}

/**
 * What to say of an edit that was decided in a branch of the journal which is lost (B06) or undone (M33): it never wins anew
 * over what was made since. Accepted is what its author made of the entry and stands, itself or a later one; anything else its
 * author keeps, who may not have heard that it had lost.
 */
export function decidedElsewhere(edit: Edit, facts: Facts): Answer["outcome"] {
  const { standing } = facts;
  if (standing !== undefined && isOwn(edit, standing) && standing.edit.id.sequence >= edit.id.sequence) return "accepted";
  const verdict = decide(edit, facts);
  return verdict.kind === "refused" ? verdict.refusal.word : "superseded";
}

/**
 * Whether a key of which nothing is known may be one whose deletion is remembered no longer, and is newer than the edit
 * (P25). A key that its author had just drawn is none of those.
 */
const isPurged = ({ seen, fresh }: Edit, stamp: JournalTime, purged: OwnerEnd | undefined): boolean =>
  fresh !== true && purged !== undefined && stamp <= purged.at && seen < purged.revision;

function whyItWins(edit: Edit, stamp: JournalTime, standing: Standing | undefined): Why | undefined {
  if (standing === undefined) return "first";
  if (edit.seen >= standing.revision) return "seen";
  if (isOwn(edit, standing)) return isEarlierOwn(edit, stamp, standing) ? undefined : "own";
  return stamp >= standing.edit.stamp ? "later" : undefined;
}

/**
 * Whether its author made what stands after it: one of a run of long ago, of which no mark tells, out of an older image of its author's
 * disk. Numbers tell within a run; over runs an image that was put back numbers on from where it was, so its stamp has to say so as
 * well, and has to be certain of it.
 */
const isEarlierOwn = ({ id, certain }: Edit, stamp: JournalTime, { edit }: Standing): boolean =>
  id.run !== edit.id.run && id.sequence < edit.id.sequence && certain && stamp < edit.stamp;

/** Whether its author's machine made what stands. What the server itself wrote is in the name of its machine. */
const isOwn = ({ id }: Edit, { edit }: Standing): boolean => edit.id.device === id.device && edit.why !== "server";

const refused = (refusal: Refusal): Verdict => ({ kind: "refused", refusal });
