/** What a change of epoch does to this machine's own edits, its offers, and what it holds beyond the parting (P12, M33). */
import type { Clock } from "../../../hal/clock.ts";
import type { Storage, Write } from "../../../hal/storage.ts";
import { isSameEdit } from "../../model/entry.ts";
import type { DeviceId, Revision } from "../../model/ids.ts";
import type { Parting } from "../../model/lineage.ts";
import { CLIENT_HISTORY, keepLost, lossName, lossNames } from "../../store/history.ts";
import { ALL_ENTRIES } from "../../store/keys.ts";
import { withSeen } from "../../store/pending.ts";
import { unpackEntry } from "../../store/records.ts";
import type { Replica } from "../../store/replica.ts";
import { recordsBeyond } from "../../store/state-reading.ts";
import type { ReplicaHead } from "../../store/replica-head.ts";
import { fleetTime } from "./fleet-time.ts";
import type { CommunicationLog } from "../communication-log.ts";

/**
 * In another epoch an edit has seen only what both have in common, and answers beyond that are void: of edits and of
 * offers. Deletions are judged from there as well. To be written with the switch.
 */
export function rebased(replica: Replica, common: Revision): { readonly batch: readonly Write[]; readonly change: Partial<ReplicaHead> } {
  const { pending, offers, head } = replica;
  const edits = [...pending.all()].map((edit) => {
    const lowered = withSeen(edit, Math.min(edit.edit.seen, common));
    const isAnswered = edit.answer !== undefined && edit.answer.revision <= common;
    return pending.replace(isAnswered ? lowered : { ...lowered, answer: undefined });
  });
  const again = offers.all().flatMap(([holding, state]) => {
    return state.kind === "accepted" && state.revision > common ? [offers.set(holding, { kind: "wanted" })] : [];
  });
  const scopes = replica.scopes.items().flatMap((item) => {
    const inForce = replica.scopes.get(item);
    if (inForce === undefined || inForce.offer.base <= common) return [];
    return [replica.scopes.set(item, { ...inForce, offer: { ...inForce.offer, base: common } })];
  });
  const join = head.join === undefined ? undefined : { ...head.join, base: Math.min(head.join.base, common) };
  return { batch: [...edits, ...again, ...scopes], change: { join } };
}

export interface UndoneParts {
  readonly replica: Replica;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly device: DeviceId;
  readonly log: CommunicationLog;
}

/** Records of the history that are written at a time. */
const BATCH = 200;

/**
 * Before the switch: what this machine wrote, its base shows, and the arriving copy has not, beyond what both have in
 * common, goes to the history of this machine, its author (B02). A kill before the switch does it again, to the same end.
 */
export async function keepUndone({ common, undoneTo }: Parting, parts: UndoneParts): Promise<void> {
  const { replica, storage, clock, device, log } = parts;
  const lostAtMs = fleetTime({ replica, clock });
  let kept: ReadonlySet<string> | undefined;
  let batch: Write[] = [];
  let undone = 0;
  for await (const [key, record] of recordsBeyond(replica.baseView(false), common, ALL_ENTRIES)) {
    const { edit, revision } = unpackEntry(record);
    if (edit.id.device !== device || edit.why === "server") continue;
    const arriving = await replica.stateRecord(key, true);
    if (arriving !== undefined && isSameEdit(unpackEntry(arriving).edit.id, edit.id)) continue;
    undone += 1;
    kept ??= await lossNames(storage, CLIENT_HISTORY);
    const because = revision <= undoneTo ? "restored" : "superseded";
    const write = keepLost(CLIENT_HISTORY, { ...edit, because, lostAtMs }, edit.id.sequence);
    if (!kept.has(lossName(CLIENT_HISTORY, write.key))) batch.push(write);
    if (batch.length < BATCH) continue;
    await storage.write(batch);
    batch = [];
  }
  if (batch.length > 0) await storage.write(batch);
  if (undone > 0) log.write({ kind: "undone", edits: undone });
}
