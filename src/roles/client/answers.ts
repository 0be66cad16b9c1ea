/** What the server decided about own edits: the losers go to the history of their author (P5, P23). */
import type { Clock } from "../../../hal/clock.ts";
import type { Write } from "../../../hal/storage.ts";
import { type Edit, type EntryName, entryText, holdingOf } from "../../model/entry.ts";
import type { Answer } from "../../protocol/answers.ts";
import { CLIENT_HISTORY, keepLost } from "../../store/history.ts";
import { ownerKey } from "../../store/keys.ts";
import type { PendingEdit } from "../../store/pending.ts";
import { unpackOwner } from "../../store/records.ts";
import type { Replica } from "../../store/replica.ts";
import type { CommunicationLog } from "../communication-log.ts";

/** Notes the answers durably; gives the entries whose visible value may have changed by them. */
export async function takeAnswers(
  answers: readonly Answer[],
  parts: { readonly replica: Replica; readonly clock: Clock; readonly log: CommunicationLog },
): Promise<EntryName[]> {
  const { replica, clock, log } = parts;
  const batch: Write[] = [];
  for (const { run, sequence, outcome, revision } of answers) {
    const pending = replica.pending.get(sequence);
    if (pending === undefined || pending.edit.id.run !== run || pending.answer !== undefined) continue;
    batch.push(replica.pending.replace({ ...pending, answer: { outcome, revision } }));
    if (outcome === "accepted") continue;
    if (outcome === "too-many-users") batch.push(replica.offers.set(holdingOf(pending.edit), { kind: "over-limit", word: outcome }));
    else if (!(await isDeletedWith(pending.edit, outcome, replica))) batch.push(lost(pending, outcome, clock.wallMs()));
    const text = entryText(pending.edit);
    if (outcome === "superseded")
      log.write("Information", "edit-lost", `${text}: a later change of another machine stands; this machine's is in the history`);
    else log.write("Error", outcome, `${text} was not taken by the server machine`);
  }
  return batch.length === 0 ? [] : await replica.settle(batch);
}

/** An edit that went with its owner's deletion is in no history (P23), whichever of the two was heard of first. */
async function isDeletedWith({ owner, certain, stamp }: Edit, outcome: Answer["outcome"], replica: Replica): Promise<boolean> {
  if (outcome === "owner-removed") return certain;
  const bytes = await replica.stateRecord(ownerKey(owner));
  const deleted = bytes === undefined ? undefined : unpackOwner(bytes).deleted;
  return deleted !== undefined && stamp < deleted.at;
}

function lost({ edit }: PendingEdit, because: Exclude<Answer["outcome"], "accepted">, wallMs: number): Write {
  const { owner, item, key, value, stamp, id } = edit;
  return keepLost(CLIENT_HISTORY, { owner, item, key, value, because, stamp, wallMs }, id.sequence);
}
