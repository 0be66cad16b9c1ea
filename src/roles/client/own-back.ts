/**
 * Own edits that come back from the server. Their author's stores show them as they were made, so that nothing is to be written there
 * but where the base stands; unless they have come to be something else.
 */
import type { Edit } from "../../model/entry.ts";
import type { DeviceId, RunId } from "../../model/ids.ts";
import { sameValue } from "../../model/value.ts";
import { entryKey } from "../../store/keys.ts";
import type { NotAppliedList } from "../../store/not-applied.ts";
import type { Replica } from "../../store/replica.ts";
import type { Took } from "../../store/took.ts";

export interface OwnBack {
  /** State keys of entries that the stores show as they came back, or with a newer edit on top. */
  readonly asShown: ReadonlySet<string>;
  /** Something is not as its author sees it. */
  readonly isOther: boolean;
}

interface Parts {
  readonly replica: Pick<Replica, "pending">;
  readonly notApplied: Pick<NotAppliedList, "size">;
  readonly device: DeviceId;
  readonly run: RunId;
}

const NONE: OwnBack = { asShown: new Set(), isOther: false };

export function ownBack(took: Took, parts: Parts): OwnBack {
  const own = took.changes.flatMap(({ edits }) => edits.flatMap(({ edit }) => (edit.id.device === parts.device ? [edit] : [])));
  if (own.length === 0) return NONE;
  const asMade = own.filter((edit) => isAsMade(edit, took, parts));
  // What was recorded otherwise than it was made was shown so, but a kill may have come before that (B08): only of this run it is known.
  // The list of what is not shown, where there is one, follows each edit.
  const asShown = asMade.filter(({ id }) => id.run === parts.run && parts.notApplied.size === 0);
  return { asShown: new Set(asShown.map(entryKey)), isOther: asMade.length < own.length };
}

function isAsMade(edit: Edit, { own, values }: Took, { replica: { pending } }: Parts): boolean {
  const key = entryKey(edit);
  if (!own.has(key)) return false;
  return pending.newestOn(key) !== undefined || (values.has(key) && sameValue(own.get(key), values.get(key)));
}
