/** The edits of the next push: all that are unanswered, from the oldest on, without gaps (P7), as far as one message goes. */
import type { Edit } from "../../model/entry.ts";
import { LIMITS } from "../../model/limits.ts";
import type { Pending, PendingEdit } from "../../store/pending.ts";

/**
 * An edit that has to wait holds back those after it: the server takes a machine's edits in their order. `accepted`: sequences
 * whose answers are known, and not kept yet.
 */
export function nextPush(pending: Pending, isBlocked: (edit: Edit) => boolean, accepted: ReadonlySet<number>): PendingEdit[] {
  const edits: PendingEdit[] = [];
  let bytes = 0;
  for (const waiting of pending.all()) {
    if (waiting.answer !== undefined || accepted.has(waiting.edit.id.sequence)) continue;
    bytes += waiting.bytes.length;
    if (isBlocked(waiting.edit) || edits.length === LIMITS.pushedAtOnce || bytes > LIMITS.pushBytesMax) break;
    edits.push(waiting);
  }
  return edits;
}
