/** The edits of the next push: all that are unanswered, from the oldest on, without gaps (P7), as far as one message goes. */
import type { Edit } from "../../model/entry.ts";
import { LIMITS } from "../../model/limits.ts";
import type { Pending } from "../../store/pending.ts";

/** An edit that has to wait holds back those after it: the server takes a machine's edits in their order. */
export function nextPush(pending: Pending, isBlocked: (edit: Edit) => boolean): Uint8Array[] {
  const edits: Uint8Array[] = [];
  let bytes = 0;
  for (const { edit, bytes: encoded, answer } of pending.all()) {
    if (answer !== undefined) continue;
    bytes += encoded.length;
    if (isBlocked(edit) || edits.length === LIMITS.pushEditsMax || bytes > LIMITS.pushBytesMax) break;
    edits.push(encoded);
  }
  return edits;
}
