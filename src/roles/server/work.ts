/** What waits for a commit, and how much of it goes into the next. */
import type { Edit } from "../../model/entry.ts";
import { LIMITS } from "../../model/limits.ts";
import type { Owner } from "../../model/owner.ts";
import type { Bring } from "../../protocol/bring.ts";
import type { Offer } from "../../protocol/offer.ts";
import type { Push } from "../../protocol/push.ts";
import type { Draft } from "../../store/draft.ts";
import type { BroughtRecord } from "./brought-record.ts";
import type { Pushed } from "./edit-reader.ts";
import type { Session } from "./session.ts";

export type Work =
  | { readonly kind: "push"; readonly session: Session; readonly push: Push; readonly edits: readonly Pushed[] }
  | { readonly kind: "offer"; readonly session: Session; readonly offer: Offer; readonly entries: readonly Edit[] }
  | { readonly kind: "bring"; readonly common: Bring["common"]; readonly records: readonly BroughtRecord[]; readonly done: () => void }
  | { readonly kind: "removal"; readonly owner: Owner }
  | { readonly kind: "change"; readonly what: Partial<Draft> }
  | { readonly kind: "logins"; readonly owners: readonly Owner[] };

/**
 * What goes into one write, out of what waits, in its order: all that is small, and of what is large as much as
 * LIMITS.commitEdits allow, the first of it in any case. So a person's edit waits for one such write at most, whatever the
 * others import, and nothing large waits for what came after it. A bringing goes alone, when its turn has come: it is
 * decided by who was held before, change by change.
 */
export function nextTurn(waiting: readonly Work[]): { readonly turn: Work[]; readonly left: Work[] } {
  const [first] = waiting;
  if (first?.kind === "bring") return { turn: [first], left: waiting.slice(1) };
  const bring = waiting.findIndex(({ kind }) => kind === "bring");
  const before = bring < 0 ? waiting : waiting.slice(0, bring);
  const turn: Work[] = [];
  const left: Work[] = [];
  let edits = 0;
  let isFull = false;
  for (const work of before) {
    const size = sizeOf(work);
    const isLarge = size > LIMITS.smallWorkEdits;
    isFull ||= isLarge && edits > 0 && edits + size > LIMITS.commitEdits;
    if (isLarge && isFull) left.push(work);
    else turn.push(work);
    if (isLarge && !isFull) edits += size;
  }
  return { turn, left: [...left, ...waiting.slice(before.length)] };
}

/** Edits that it is, or may become. */
function sizeOf(work: Work): number {
  if (work.kind === "push") return work.edits.length;
  return work.kind === "offer" ? work.entries.length : 0;
}
