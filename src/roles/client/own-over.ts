/**
 * Stores that show more than the position says. Where an older image of a store is put back alone, own edits that wait for
 * the server are shown on it again, and only the replica knows that they are own edits. If the replica is put back to an older
 * image after that, nobody knows: store and replica would name one position, and show two things. So such a store is given
 * a position that no copy has, of the same revision, until nothing waits any more; a start that finds it compares everything.
 */
import type { Position } from "../../model/position.ts";
import type { Replica } from "../../store/replica.ts";
import type { MachineStores } from "./machine-stores.ts";

/** In place of the hash over what a journal has up to its revision: it is not that alone. */
const NOT_THAT_ALONE = "f".repeat(32);

/** What an edit that is made on it has seen is told by the revision. */
export const withOwnOver = (position: Position): Position => ({ ...position, chainHash: NOT_THAT_ALONE });

export const hasOwnOver = (position: Position | undefined): boolean => position?.chainHash === NOT_THAT_ALONE;

/** The position that stores are given with what they show; undefined before there is a base. */
export function positionToShow({
  replica,
  stores,
}: {
  readonly replica: Pick<Replica, "position" | "pending">;
  readonly stores: Pick<MachineStores, "haveOwnOver">;
}): Position | undefined {
  const { position, pending } = replica;
  return position !== undefined && pending.size > 0 && stores.haveOwnOver ? withOwnOver(position) : position;
}
