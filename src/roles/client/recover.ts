/** What a module that was killed had still to do between two of its writes. */
import { eraseDeleted } from "./erase-deleted.ts";
import type { ShowingParts } from "./showing-parts.ts";

/** A base that the stores do not show is shown, a change of scope in it followed; `record` is called between batches. */
export async function recover(parts: ShowingParts, record: () => Promise<void>): Promise<void> {
  const { replica, stores, crossing, shower, joiner, notApplied } = parts;
  const { position } = replica;
  // What a damaged copy does not have is not gone: it is shown when it is there again.
  if (position === undefined || replica.isDamaged) return;
  const shown = stores.oldestShown();
  // One store may be ahead of the other: an older image of the module's storage is then behind the one, and level with the other.
  const isCurrent = shown?.revision === position.revision && stores.show(position) && !stores.haveOwnOver;
  const isShown = isCurrent && replica.head.unshown === undefined;
  if (!isShown) await eraseDeleted(parts);
  await crossing.follow();
  // What a join replaces is kept in the history, also when a crash came between the switch and the showing.
  const { unshown } = replica.head;
  if (!isShown) await shower.showAll(unshown === "show" ? undefined : unshown, record);
  // What did not fit before may fit by now; what was dropped for want of room waits for room, and what cannot travel for its user (M27).
  await shower.show(notApplied.all().filter(({ because }) => because !== "evicted" && because !== "cannot-travel"));
  await joiner.noticeHeld();
}
