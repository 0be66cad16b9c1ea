/** How the limits relate; each start looks. */
import { assert } from "./assert.ts";
import { daysMs } from "./day.ts";
import { LIMITS } from "./limits.ts";

export function assertLimits(): void {
  assert(LIMITS.tombstoneMs > daysMs(LIMITS.historyDaysMax), "what was deleted is known for longer than it can be put back");
  assert(LIMITS.purgeOwnersAtOnce <= LIMITS.changePurgesMax, "what one beat purges fits a change");
  assert(LIMITS.leaseMs >= 8 * LIMITS.beatMs, "a lease is eight beats");
  assert(LIMITS.heardMs < LIMITS.leaseMs, "an absence shows before the lease ends");
  assert(LIMITS.transferPauseMs >= 2 * LIMITS.leaseMs, "what a transfer wants is kept for longer than an absence shows");
  assert(1.5 * LIMITS.keepAliveMs < LIMITS.leaseMs, "a black hole is noticed within the lease");
  assert(LIMITS.pushBytesMax < LIMITS.messageBytesMax, "a push fits a message");
  assert(LIMITS.pieceBytesMax < LIMITS.messageBytesMax, "a piece fits a message");
  assert(LIMITS.messageBytesMax < LIMITS.packetBytesMax, "a message fits a packet");
  assert(LIMITS.pushEditsMax < LIMITS.cborItemsMax, "a push passes the CBOR guard");
  assert(LIMITS.pushedAtOnce <= LIMITS.pushEditsMax, "a push is taken");
  assert(LIMITS.entryBytesMax < LIMITS.pushBytesMax, "an edit fits a push");
  assert(LIMITS.holdingBytesMax < LIMITS.changeBytesMax, "an adopted holding is one change");
  assert(LIMITS.importRowsMax <= LIMITS.pendingMax, "an import fits the pending edits");
  assert(LIMITS.changeBytesMax <= LIMITS.blockInflatedBytesMax, "a change fits a block");
  assert(LIMITS.entryBytesMax + 4_096 <= LIMITS.editBytesMax, "an edit's value and names fit an edit");
  assert(LIMITS.editBytesMax < LIMITS.pushBytesMax, "every edit fits a push");
  assert(LIMITS.piecesMax * LIMITS.pieceBytesMax >= LIMITS.blockInflatedBytesMax, "a block that does not compress fits its pieces");
  assert(LIMITS.partBytesTarget < LIMITS.partBytesMax && LIMITS.partBytesMax < LIMITS.messageBytesMax, "a part fits a message");
  assert(2 * LIMITS.snapshotPartBytesTarget + 4 * LIMITS.editBytesMax < LIMITS.partInflatedBytesMax, "a part can be unpacked in any form");
  assert(LIMITS.recordsMax > LIMITS.journalChangesKept, "a block holds the changes of a journal");
}
