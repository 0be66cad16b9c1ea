/** What a module that was killed had still to do between two of its writes. */
import type { ClientParts } from "./client-parts.ts";
import { eraseDeleted } from "./erase-deleted.ts";
import type { Joiner } from "./joiner.ts";
import type { Shower } from "./shower.ts";

interface RecoverParts extends ClientParts {
  readonly joiner: Joiner;
  readonly shower: Shower;
}

/** A base that the stores do not show is shown; `record` is called between batches. */
export async function recover(parts: RecoverParts, record: () => Promise<void>): Promise<void> {
  const { replica, stores, shower, joiner } = parts;
  const { position } = replica;
  if (position === undefined) return;
  const shown = stores.oldestShown();
  const isCurrent = shown?.epoch.id === position.epoch.id && shown.revision === position.revision;
  if (!isCurrent || replica.head.unshown !== undefined) {
    await eraseDeleted(parts);
    // What a join replaces is kept in the history, also when a crash came between the switch and the showing.
    await shower.showAll(replica.head.unshown === "keep" ? "replaced-at-join" : undefined, record);
  }
  await joiner.noticeHeld();
}
