/** What is in a push and yet was brought by another machine before (B06): its author has not heard that it was taken. Pure. */
import { type Edit, isSameEdit } from "../../model/entry.ts";
import { entryKey } from "../../store/keys.ts";
import type { Standing } from "../../store/records.ts";

/**
 * The edits, oldest first, that were decided on the server that is lost: one that stands here by having been brought, and
 * what its author made of the same entry before it.
 */
export function broughtBefore(edits: readonly Edit[], standingOf: (edit: Edit) => Standing | undefined): ReadonlySet<Edit> {
  const before = new Set<Edit>();
  const covered = new Set<string>();
  for (const edit of edits.toReversed()) {
    const standing = standingOf(edit)?.edit;
    if (standing?.why === "brought" && isSameEdit(standing.id, edit.id)) covered.add(entryKey(edit));
    if (covered.has(entryKey(edit))) before.add(edit);
  }
  return before;
}
