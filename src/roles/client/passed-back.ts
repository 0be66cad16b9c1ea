/**
 * B08: a stored password belongs to the destination that it was given for. An edit that leads an address elsewhere, and
 * hands the password on as it stood, is recorded without it, so that it is erased on every machine; whoever made the edit,
 * a person, an import or the printer itself. Where its author saw another entry than the one that it replaces, nobody can
 * tell a password that was handed on from one that was typed: it is erased as well.
 */
import type { LocalEdit } from "../../../hal/item-store.ts";
import type { EntryName } from "../../model/entry.ts";
import { hasSecret, withoutPassedBack } from "../../model/destination.ts";
import type { Revision } from "../../model/ids.ts";
import { SyncError } from "../../model/errors.ts";
import { guardedIn } from "../../model/item.ts";
import { isFields, type Value } from "../../model/value.ts";
import { entryKey, ownerKey } from "../../store/keys.ts";
import { entryRevision, NEW_OWNER, unpackOwner } from "../../store/records.ts";
import type { Replica } from "../../store/replica.ts";
import type { StateView } from "../../store/state-view.ts";
import { visibleValue } from "../../store/visible.ts";
import type { Travel } from "./travel.ts";

interface Parts {
  readonly replica: Replica;
  readonly travel: Travel;
  /** The revision of the base that the author of an edit saw. */
  readonly seen: (edit: LocalEdit) => Revision;
}

export interface Cleared {
  /** All edits, in their order. */
  readonly edits: readonly LocalEdit[];
  /** Those among them that are not as they were made: the machine's store still has them so. */
  readonly changed: readonly EntryName[];
}

/**
 * `newest`: what was made of each entry before these, and is not in the machine's store yet as it was recorded; what these make
 * is added.
 */
export async function clearPassedBack(edits: readonly LocalEdit[], newest: MadeBefore, parts: Parts): Promise<Cleared> {
  const stands = await standing(edits, parts);
  const changed: EntryName[] = [];
  const cleared: LocalEdit[] = [];
  for (const edit of edits) {
    const { owner, item, key, value } = edit;
    if (!mayHavePassword(item)) {
      cleared.push(edit);
      continue;
    }
    const name = entryKey(edit);
    const previous = newest.get(name);
    // Nothing can be handed on where no password is given.
    const isGiven = givesPassword(edit);
    const before = previous === undefined && isGiven ? openValue(edit, stands, parts) : previous?.value;
    const isBlind = previous === undefined && isGiven && hasSeenOther(edit, stands, parts);
    const doubt = isBlind ? "other-seen" : previous?.isCleared === true ? "already-cleared" : undefined;
    const after = isFields(value) ? withoutPassedBack(isFields(before) ? before : {}, value, guardedIn(item), doubt) : value;
    if (after !== value) changed.push({ owner, item, key });
    newest.set(name, { value, isCleared: after !== value });
    cleared.push({ ...edit, value: after });
  }
  return { edits: cleared, changed };
}

/** By state key, the newest edit of each entry. */
export type MadeBefore = Map<string, Made>;

/** An edit as it was made: that is what its author, or the next one, had before them. */
interface Made {
  readonly value: Value | undefined;
  /** It handed a password on, and was recorded without it. */
  readonly isCleared: boolean;
}

const mayHavePassword = (item: string): boolean => guardedIn(item).secretFields.length > 0;

const givesPassword = ({ item, value }: LocalEdit): boolean => isFields(value) && hasSecret(value, guardedIn(item));

/**
 * The base, with what stands there of the entries to which a password is given, and of their owners: read together, an import
 * has thousands.
 */
async function standing(edits: readonly LocalEdit[], { replica }: Parts): Promise<StateView> {
  const base = replica.baseView(false);
  await base.load(edits.filter(givesPassword).flatMap((edit) => [entryKey(edit), ownerKey(edit.owner)]));
  return base;
}

/** Something came to stand that the author had not before them, the owner ended, or what they had is undone. */
function hasSeenOther(edit: LocalEdit, base: StateView, { replica, seen }: Parts): boolean {
  const name = entryKey(edit);
  if (replica.position === undefined || replica.pending.newestOn(name) !== undefined) return false;
  // What the store showed went beyond the base's journal: a restore undid it, or it was of another fleet.
  if (edit.seen !== undefined && edit.seen.revision > seen(edit)) return true;
  const record = base.get(name);
  if (record !== undefined) return entryRevision(record) > seen(edit);
  const owner = base.get(ownerKey(edit.owner));
  const { deleted, evicted } = owner === undefined ? NEW_OWNER : unpackOwner(owner);
  return Math.max(deleted?.revision ?? 0, evicted?.revision ?? 0) > seen(edit);
}

/** What the fleet has of the entry, or this machine's own edit on top of it, with its password open. */
function openValue(name: EntryName, base: StateView, { replica, travel }: Parts): Value | undefined {
  const visible = visibleValue(entryKey(name), base, replica.pending);
  if (visible === undefined) return undefined;
  try {
    return travel.incoming(name, visible, undefined);
  } catch (error) {
    // A password that cannot be opened here cannot have been handed on here.
    if (!(error instanceof SyncError)) throw error;
    return undefined;
  }
}
