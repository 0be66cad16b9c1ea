/**
 * What of a machine's common addresses finds no room at the server, as it will take the offers of a join in their order (M13,
 * M17, B01).
 */
import { isOneTouch } from "../../model/entry.ts";
import { LIMITS } from "../../model/limits.ts";
import type { Value } from "../../model/value.ts";

interface Supplied {
  readonly holding: string;
  readonly value: Value;
}

/** Of those that are supplied, in the order in which a machine has them; `standing`: what the server has already. */
export function withoutRoom<T extends Supplied>(supplied: readonly T[], standing: Iterable<Value>): Set<T> {
  const room: { oneTouch: number; listed: number } = { oneTouch: LIMITS.oneTouchMax, listed: LIMITS.commonAddressesMax };
  const kindOf = (value: Value) => (isOneTouch(value) ? "oneTouch" : "listed");
  for (const value of standing) room[kindOf(value)] -= 1;
  const left = new Set<T>();
  // A sort keeps the order of what is alike: lists are offered by their names, and each as it is on the machine.
  for (const entry of [...supplied].sort((a, b) => (a.holding < b.holding ? -1 : a.holding > b.holding ? 1 : 0))) {
    const kind = kindOf(entry.value);
    if (room[kind] > 0) room[kind] -= 1;
    else left.add(entry);
  }
  return left;
}
