/**
 * Over which base an edit was made that is recorded late: while there was no room for it, or a damaged copy was fetched anew,
 * the base may have gone on. Then its time is not the edit's, which competes with what came since (B03, P1, P2). Pure.
 */
import type { JournalTime, Revision } from "../../model/ids.ts";
import { LIMITS } from "../../model/limits.ts";
import { type Position, sameEpoch } from "../../model/position.ts";
import type { EarlierBase, ReplicaHead } from "../../store/replica-head.ts";

type Head = Pick<ReplicaHead, "position" | "at" | "heard" | "earlier">;

/**
 * The journal time of what an edit had seen whose store showed `shown`, of which `seen` is common with this copy's journal.
 * `isExact`: it had seen that; else nothing newer than that, and 0 where it had seen nothing.
 */
export function madeOver(
  { position, at, earlier }: Omit<Head, "heard">,
  shown: Position | undefined,
  seen: Revision,
): { readonly at: JournalTime; readonly isExact: boolean } {
  if (shown === undefined || position === undefined || shown.fleet !== position.fleet) return { at: 0, isExact: false };
  const base = earlier.find(({ epoch, revision }) => sameEpoch(epoch, shown.epoch) && shown.revision <= revision);
  if (base !== undefined) return { at: base.at, isExact: shown.revision === base.revision };
  return { at: seen > 0 ? at : 0, isExact: seen === position.revision };
}

/**
 * The earlier bases with the one of now, and how this machine knows journal time in each power-on: a later one says nothing of what
 * was made before it. The oldest go first: what was made over them is recorded first.
 */
export function withBase({ position, at, heard, earlier }: Head): readonly EarlierBase[] {
  const last = earlier.at(-1);
  if (position === undefined) return earlier;
  const { epoch, revision } = position;
  if (last?.revision === revision && sameEpoch(last.epoch, epoch) && last.heard?.boot === heard?.boot) return earlier;
  return [...earlier, { epoch, revision, at, heard }].slice(-LIMITS.earlierBasesMax);
}
