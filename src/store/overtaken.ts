/**
 * Own edits that stood on the server, and that an edit of another machine has replaced which was made later, without knowledge of
 * them: they have lost, as they would have had they arrived after it (P5), and go to the history of this machine, their author (B02).
 */
import type { Write } from "../../hal/storage.ts";
import type { Accepted } from "../model/entry.ts";
import type { DeviceId } from "../model/ids.ts";
import type { Change } from "../protocol/change.ts";
import { entryKey } from "./keys.ts";
import type { Pending } from "./pending.ts";
import type { StateView } from "./state-view.ts";

/** The writes that keep them. */
export type Keep = (overtaken: readonly Accepted[]) => Promise<readonly Write[]>;
export const keepNothing: Keep = async () => [];

interface Own {
  readonly pending: Pending;
  readonly device: DeviceId;
}

/** Those that a change is about to replace in the view. What its author has set anew since is nothing that was lost. */
export async function overtakenBy(change: Change, view: StateView, { device, pending }: Own): Promise<Accepted[]> {
  const keys = change.edits.flatMap(({ edit }) => (edit.why === "later" ? [entryKey(edit)] : []));
  if (keys.length === 0) return [];
  await view.load(keys);
  return keys.flatMap((key) => {
    const standing = view.entry(key);
    if (standing === undefined || standing.revision >= change.revision) return [];
    const { edit } = standing;
    // What the server itself wrote is in the name of its machine, and no edit of that machine's client.
    if (edit.id.device !== device || edit.why === "server") return [];
    const newest = pending.newestOn(key);
    return newest === undefined || newest.id.sequence <= edit.id.sequence ? [edit] : [];
  });
}
