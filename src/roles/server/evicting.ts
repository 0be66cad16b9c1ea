/** An owner that makes room leaves in the change that admits the new one, and is kept in the history in the same write (M22, B02). */
import type { Revision } from "../../model/ids.ts";
import type { Owner } from "../../model/owner.ts";
import type { Draft } from "../../store/draft.ts";
import type { Transaction } from "../../store/journal.ts";
import type { ServerHistory } from "./server-history.ts";

/** An owner that made room, and how many of its entries the history has. */
export interface Eviction {
  readonly owner: Owner;
  readonly entries: number;
}

export interface Appended {
  readonly revision: Revision;
  /** None or one. */
  readonly evictions: readonly Eviction[];
}

/** Appends a change, with whoever makes room for it; undefined: nobody has to. */
export async function appendEvicting(
  draft: Draft,
  victim: Owner | undefined,
  transaction: Transaction,
  history: ServerHistory,
): Promise<Appended> {
  if (victim === undefined) return { revision: await transaction.append(draft), evictions: [] };
  const entries = await history.keepEvicted(victim, transaction);
  const revision = await transaction.append({ ...draft, removals: [...draft.removals, { owner: victim, kind: "evicted" }] });
  return { revision, evictions: [{ owner: victim, entries }] };
}
