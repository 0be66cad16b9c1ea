/** Entries: one value of an item, and what changes them. */
import { itemOf } from "./item.ts";
import type { EditId, JournalTime, Revision } from "./ids.ts";
import { kindOfOwner, type Owner } from "./owner.ts";
import { isFields, type Value } from "./value.ts";

/** Names one entry. Keys are stable ids; the numbers people see (one-touch, access number) are fields of the value. */
export interface EntryName {
  readonly owner: Owner;
  /** An ItemId, or an item of a newer version that is passed on unchanged. */
  readonly item: string;
  readonly key: string;
}

/** An entry with its value; `undefined` is the deletion of it. */
export interface EntryChange extends EntryName {
  readonly value: Value | undefined;
}

export interface Entry extends EntryName {
  readonly value: Value;
}

/** A change that a person or an import made on one machine, on its way to the server. */
export interface Edit extends EntryChange {
  readonly id: EditId;
  /** The revision that the machine's store showed when the edit was made; 0: none (P6). */
  readonly seen: Revision;
  /** Journal time at which it was made, by its author's reckoning (P1). */
  readonly stamp: JournalTime;
  /** false: made after a power-off and before journal time was heard again; the stamp is a floor (P2). */
  readonly certain: boolean;
  /** Its author had just drawn the key, a uuid: it is nobody's older entry (P25). */
  readonly fresh?: true;
  /** Who made it: an owner text, "import", "put-back" (from the history, B02), or "" when the machine does not say. */
  readonly by: string;
}

/** Why an accepted edit stands (B04). */
export type Why =
  /** nothing stood there before */
  | "first"
  /** its author had seen what stood */
  | "seen"
  /** made later than what stood, in journal time */
  | "later"
  /** its machine had written what stood */
  | "own"
  /** taken over from a joining machine (M13) */
  | "adopted"
  /** from another machine's copy, after this server had taken the place of a lost one (B06) */
  | "brought"
  /** by the server itself: the timeline's eleventh, a number that was taken */
  | "server";

/** An edit as the journal holds it. `stamp` may have been cut to the server's now or raised to what it replaced (P3). */
export interface Accepted extends Edit {
  readonly why: Why;
}

/** Whether two names are of one and the same edit. */
export const isSameEdit = (a: EditId, b: EditId): boolean => a.device === b.device && a.run === b.run && a.sequence === b.sequence;

export const entryText = ({ owner, item, key }: EntryName): string => `${owner} ${item} ${JSON.stringify(key)}`;

/** One-touch buttons are the address list with this number; 1-10 are Address List 1-10 (address book CSV, `subdbid`). */
export const ONE_TOUCH_LIST = "11";

export const isOneTouch = (value: Value | undefined): boolean => commonList(value) === ONE_TOUCH_LIST;

/**
 * What is taken or supplied whole at a join (M12): a user, a group, the shared buttons, or one common address list.
 * The text of the owner, and for `common` a slash and the list: `common/buttons`, `common/11`.
 */
export function holdingOf({ owner, item, value }: EntryChange): string {
  if (kindOfOwner(owner) !== "common") return owner;
  if (itemOf(item)?.heldIn !== "address-book") return `${owner}/buttons`;
  return `${owner}/${commonList(value)}`;
}

/** The common address list of a value: its `subdbid`, "1" where that is no number of two digits at most. */
export function commonList(value: Value | undefined): string {
  const list = isFields(value) ? value.subdbid : undefined;
  const name = typeof list === "number" ? String(list) : list;
  return typeof name === "string" && LIST_NUMBER.test(name) ? name : "1";
}

/** Lists are names in records that must stay small: whatever else stands in a value makes no list of its own. */
const LIST_NUMBER = /^\d{1,2}$/;
