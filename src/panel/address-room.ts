/** How full a list of destinations is: one-touch has its own capacity, the other common lists share theirs. */
import { ONE_TOUCH_LIST } from "../model/entry.ts";
import { capacityOf, type Config } from "../model/config.ts";
import { LIMITS } from "../model/limits.ts";
import type { Address } from "./personal-data.ts";
import type { ListName } from "./place.ts";
import type { AddressWhy } from "./texts/address-texts.ts";

export interface Room {
  readonly used: number;
  readonly max: number;
  /** The capacity is that of all common lists together. */
  readonly together: boolean;
  /** Why nothing more can be added; undefined while it can. */
  readonly why: AddressWhy | undefined;
}

/** The room of a list, `addresses` being all of its owner. */
export function roomOf(
  { item, list }: Omit<ListName, "owner">,
  addresses: readonly Pick<Address, "list">[],
  config: Pick<Config, "capacities">,
): Room {
  if (item !== "common-address") return room(addresses.length, capacityOf(item, config), false, "list-full");
  const oneTouch = addresses.filter((address) => address.list === ONE_TOUCH_LIST).length;
  return list === ONE_TOUCH_LIST
    ? room(oneTouch, LIMITS.oneTouchMax, false, "one-touch-full")
    : room(addresses.length - oneTouch, LIMITS.commonAddressesMax, true, "lists-full");
}

const room = (used: number, max: number, together: boolean, full: AddressWhy): Room => ({
  used,
  max,
  together,
  why: used >= max ? full : undefined,
});

/** The numbers that one-touch buttons have, but for that of one entry. */
export const oneTouchTaken = (addresses: readonly Address[], but: string | undefined): ReadonlySet<number> =>
  new Set(addresses.filter(({ key, list }) => list === ONE_TOUCH_LIST && key !== but).map(({ number }) => Number(number)));

/** The lowest number that no one-touch button has; one more than there are when all are taken. */
export function freeOneTouch(taken: ReadonlySet<number>): number {
  let number = 1;
  while (taken.has(number) && number <= LIMITS.oneTouchMax) number += 1;
  return number;
}
