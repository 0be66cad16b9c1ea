/** The moment in which a transferred snapshot becomes what this machine shows. */
import { eraseDeleted } from "./erase-deleted.ts";
import type { ShowingParts } from "./showing-parts.ts";

/** `record` is called between batches: what people edit does not wait for a long comparison. */
export async function switchOver(parts: ShowingParts, record: () => Promise<void>): Promise<void> {
  const { catchUp, crossing, joiner, replica, shower, log } = parts;
  const { isDamaged } = replica;
  const kind = await catchUp.switchOver();
  // What was put off while nobody could tell what it was is an edit, and nothing that the new copy has undone.
  if (isDamaged) await record();
  const { unshown } = replica.head;
  await eraseDeleted(parts);
  await crossing.follow();
  await shower.showAll(unshown === "show" ? undefined : unshown, record);
  await joiner.noticeHeld();
  if (kind === "join") log.write({ kind: "joined" });
}
