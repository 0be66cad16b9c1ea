/** An own edit that lost goes to the history of its author (P5), unless it went with its owner's deletion (P23). */
import type { Clock } from "../../../hal/clock.ts";
import type { Write } from "../../../hal/storage.ts";
import type { Edit } from "../../model/entry.ts";
import type { JournalTime } from "../../model/ids.ts";
import type { LostBecause } from "../../model/lost.ts";
import { CLIENT_HISTORY, keepLost } from "../../store/history.ts";
import { ownerKey } from "../../store/keys.ts";
import { type OwnerRecord, unpackOwner } from "../../store/records.ts";
import type { Replica } from "../../store/replica.ts";
import { fleetTime } from "./fleet-time.ts";

export interface LostEditParts {
  readonly replica: Replica;
  readonly clock: Clock;
  /** The best estimate of journal time. */
  readonly now: JournalTime | undefined;
}

/** The write that keeps it, or none; which of a deletion and the edit's answer was heard of first makes no difference. */
export async function keepLostEdit(edit: Edit, because: LostBecause, { replica, clock, now }: LostEditParts): Promise<Write[]> {
  const { owner, item, key, value, stamp, id, by } = edit;
  const record = await replica.stateRecord(ownerKey(owner));
  if (record !== undefined && wentWith(unpackOwner(record), edit, because)) return [];
  const lost = { owner, item, key, value, because, stamp, by, device: id.device, lostAtMs: fleetTime({ replica, clock }) };
  return [
    keepLost(CLIENT_HISTORY, { ...lost, notAfter: latest(edit, because, Math.max(now ?? 0, replica.head.at), replica) }, id.sequence),
  ];
}

/** An uncertain edit may have been made after the deletion: it does not go with it. */
function wentWith({ deleted, evicted }: OwnerRecord, { certain, seen, stamp }: Edit, because: LostBecause): boolean {
  if (deleted === undefined || !certain) return false;
  if (because !== "owner-removed") return stamp <= deleted.at;
  // A server of the first version has no other word for an eviction (M26), which an edit made after the deletion may have lost to.
  const isEviction = evicted !== undefined && seen < evicted.revision && stamp > deleted.at && stamp <= evicted.at;
  return seen < deleted.revision && !isEviction;
}

/** Where it lost to an end that the base does not show yet, that one is after the base: if it is a deletion, it erases the record. */
function latest({ certain, stamp }: Edit, because: LostBecause, now: JournalTime, { head }: Replica): JournalTime {
  if (!certain) return Math.max(stamp, now);
  return because === "owner-removed" ? Math.min(stamp, head.at) : stamp;
}
