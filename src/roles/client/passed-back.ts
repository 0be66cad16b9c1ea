/**
 * B08: a stored password belongs to the destination that it was given for. An edit that leads an address elsewhere, and
 * hands the password on as it stood, is recorded without it, so that it is erased on every machine; whoever made the edit,
 * a person, an import or the printer itself.
 */
import type { LocalEdit } from "../../../hal/item-store.ts";
import type { EntryName } from "../../model/entry.ts";
import { withoutPassedBack } from "../../model/destination.ts";
import { SyncError } from "../../model/errors.ts";
import { itemOf } from "../../model/item.ts";
import { isFields, type Value } from "../../model/value.ts";
import { entryKey } from "../../store/keys.ts";
import type { Replica } from "../../store/replica.ts";
import type { Travel } from "./travel.ts";

interface Parts {
  readonly replica: Replica;
  readonly travel: Travel;
}

export interface Cleared {
  /** All edits, in their order. */
  readonly edits: readonly LocalEdit[];
  /** Those among them that are not as they were made: the machine's store still has them so. */
  readonly changed: readonly EntryName[];
}

export async function clearPassedBack(edits: readonly LocalEdit[], parts: Parts): Promise<Cleared> {
  const newest = new Map<string, Value | undefined>();
  const changed: EntryName[] = [];
  const cleared: LocalEdit[] = [];
  for (const edit of edits) {
    const { owner, item, key, value } = edit;
    if (!hasPassword(item)) {
      cleared.push(edit);
      continue;
    }
    const name = entryKey(edit);
    const before = newest.has(name) ? newest.get(name) : await standing(edit, parts);
    const after = isFields(before) && isFields(value) ? withoutPassedBack(before, value) : value;
    if (after !== value) changed.push({ owner, item, key });
    newest.set(name, after);
    cleared.push({ ...edit, value: after });
  }
  return { edits: cleared, changed };
}

const hasPassword = (item: string): boolean => (itemOf(item)?.secretFields.length ?? 0) > 0;

/** What the fleet has of the entry, or this machine's own edit on top of it, with its password open. */
async function standing(name: EntryName, { replica, travel }: Parts): Promise<Value | undefined> {
  const [visible] = await replica.visible([name]);
  if (visible === undefined) return undefined;
  try {
    return travel.incoming(name, visible, undefined);
  } catch (error) {
    // A password that cannot be opened here cannot have been handed on here.
    if (!(error instanceof SyncError)) throw error;
    return undefined;
  }
}
