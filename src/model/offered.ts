/**
 * What one offer covers: a holding whole (M13), or one item of a user or group after the item became shared again (M19).
 * Its name is the holding itself, or `item/ITEM/OWNER`; no owner begins like that.
 */
import { type EntryChange, holdingOf } from "./entry.ts";
import type { Owner } from "./owner.ts";

export interface Offered {
  readonly holding: string;
  /** undefined: all of it. */
  readonly item: string | undefined;
}

const ITEM = "item/";

export const offerName = ({ holding, item }: Offered): string => (item === undefined ? holding : `${ITEM}${item}/${holding}`);

export function offeredOf(name: string): Offered {
  if (!name.startsWith(ITEM)) return { holding: name, item: undefined };
  const end = name.indexOf("/", ITEM.length);
  return { holding: name.slice(end + 1), item: name.slice(ITEM.length, end) };
}

/** The owner of what is offered under this name. */
export function ownerOfOffer(name: string): Owner {
  const { holding } = offeredOf(name);
  return (holding.startsWith("common/") ? "common" : holding) as Owner;
}

/** Whether an entry is part of what is offered under this name. */
export function isPartOf(name: string, entry: EntryChange): boolean {
  const { holding, item } = offeredOf(name);
  return holdingOf(entry) === holding && (item === undefined || entry.item === item);
}

/** The key of an owner's record of holdings that stands for one item of it. */
export const itemHolding = (item: string): string => `${ITEM}${item}`;
