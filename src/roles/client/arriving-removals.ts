/** Whose end a snapshot brings: their data leaves this machine with the switch to it (M15, P26). */
import type { Write } from "../../../hal/storage.ts";
import { NEW_OWNER } from "../../store/records.ts";
import { newEnd } from "../../store/removed-owners.ts";
import type { Replica } from "../../store/replica.ts";

/** The writes that keep it in mind, for the batch that switches. */
export async function arrivingRemovals(replica: Replica): Promise<Write[]> {
  const before = await replica.owners();
  const { mark, at } = replica.head;
  // Of an owner whose record cannot be read any more, this machine had heard what had happened by then.
  const unknown = replica.isDamaged ? { ...NEW_OWNER, deleted: { revision: 0, at }, evicted: { revision: 0, at } } : undefined;
  return [...(await replica.owners(true))].flatMap(([owner, record]) => {
    const end = newEnd(before.get(owner) ?? unknown, record);
    return end === undefined ? [] : [replica.removed.add(owner, { ...end, mark })];
  });
}
