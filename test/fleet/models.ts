/** Machines that cannot take everything: what they lack is their own affair, and nobody else's. */
import type { EntryChange } from "../../src/model/entry.ts";
import type { SimHal } from "../../hal/sim/sim-hal.ts";
import type { Character } from "./character.ts";

/** How many the small model takes; the oldest go first (M27). */
const SMALL_CAPACITY: readonly (readonly [shelf: string, max: number])[] = [
  ["personal-button", 1],
  ["personal-address", 1],
  ["group-address", 2],
];
/** What the old model has not heard of (M26). */
const UNKNOWN_TO_OLD: ReadonlySet<string> = new Set(["keychain", "accessibility"]);

/** Whether the machine may lack entries of the item, or show others than the fleet. */
export const mayLack = ({ small, old }: Character, machine: string, item: string): boolean =>
  (machine === small && SMALL_CAPACITY.some(([shelf]) => shelf === item)) || (machine === old && UNKNOWN_TO_OLD.has(item));

export function outfitOf({ small, old }: Character, machine: string): ((hal: SimHal) => void) | undefined {
  if (machine !== small && machine !== old) return undefined;
  return ({ stores: { knobs } }) => {
    if (machine === small) for (const [shelf, max] of SMALL_CAPACITY) knobs.capacity.set(shelf, max);
    if (machine === old)
      knobs.unsupported = ({ item }: EntryChange) => (UNKNOWN_TO_OLD.has(item) ? "this model does not have it" : undefined);
  };
}
