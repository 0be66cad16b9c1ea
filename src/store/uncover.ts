/** Own edits that the base has come to show, or to have decided: they lie on top of it no longer (P9). */
import type { Write } from "../../hal/storage.ts";
import type { DeviceId, Revision } from "../model/ids.ts";
import type { Change } from "../protocol/change.ts";
import { entryKey } from "./keys.ts";
import type { Pending } from "./pending.ts";

export interface Uncovered {
  readonly writes: readonly Write[];
  /** State keys of the entries that they lay on. */
  readonly keys: readonly string[];
}

interface Own {
  readonly pending: Pending;
  readonly device: DeviceId;
}

const NOTHING: Uncovered = { writes: [], keys: [] };

/** Takes the pending edits off that changes up to this revision have brought into the base or answered. */
export function uncover({ pending, device }: Own, changes: readonly Change[], revision: Revision): Uncovered {
  // As it is on a machine that only hears what others edit.
  if (pending.size === 0) return NOTHING;
  const leaving = new Set<number>();
  for (const { edits } of changes) {
    for (const { edit } of edits) {
      // What the server itself wrote is in the name of its machine, and no edit of that machine's client.
      if (edit.id.device !== device || edit.why === "server") continue;
      for (const sequence of pending.olderOn(entryKey(edit), edit.id.sequence)) leaving.add(sequence);
    }
  }
  for (const { edit, answer } of pending.answered()) {
    // What became device-specific stays as this machine's own; it leaves when the machine has followed the change (P27).
    if (answer !== undefined && answer.outcome !== "device-specific" && answer.revision <= revision) leaving.add(edit.id.sequence);
  }
  const keys = [...leaving].flatMap((sequence) => {
    const edit = pending.get(sequence)?.edit;
    return edit === undefined ? [] : [entryKey(edit)];
  });
  return { writes: [...leaving].map((sequence) => pending.remove(sequence)), keys };
}
