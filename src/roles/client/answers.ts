/** What the server decided about own edits: the losers go to the history of their author (P5, P23). */
import type { Clock } from "../../../hal/clock.ts";
import type { Write } from "../../../hal/storage.ts";
import { type Edit, type EntryName, holdingOf } from "../../model/entry.ts";
import type { RefusalWord } from "../../model/refusal.ts";
import type { Answer } from "../../protocol/answers.ts";
import type { PendingEdit } from "../../store/pending.ts";
import type { Replica } from "../../store/replica.ts";
import type { CommunicationLog } from "../communication-log.ts";
import { notedTogether } from "../noted-together.ts";
import type { JournalClock } from "./journal-clock.ts";
import { keepLostEdit } from "./lost-edit.ts";

/** Whether any of these answers tells something new: an edit that came back in a change was answered by that. */
export const tellNews = (answers: readonly Answer[], { pending }: Pick<Replica, "pending">): boolean =>
  answers.some((answer) => openEdit(answer, pending) !== undefined);

/** The own edit that waits for this answer. */
function openEdit({ run, sequence }: Answer, pending: Replica["pending"]): PendingEdit | undefined {
  const known = pending.get(sequence);
  return known?.edit.id.run === run && known.answer === undefined ? known : undefined;
}

/** Notes the answers durably; gives the entries whose visible value may have changed by them. */
export async function takeAnswers(
  answers: readonly Answer[],
  parts: { readonly replica: Replica; readonly clock: Clock; readonly journalClock: JournalClock; readonly log: CommunicationLog },
): Promise<EntryName[]> {
  const { replica, clock, journalClock, log } = parts;
  const batch: Write[] = [];
  const lost: { readonly edit: Edit; readonly word: RefusalWord | "superseded" }[] = [];
  for (const answer of answers) {
    const { outcome, revision } = answer;
    const pending = openEdit(answer, replica.pending);
    if (pending === undefined) continue;
    batch.push(replica.pending.replace({ ...pending, answer: { outcome, revision } }));
    // What became device-specific stays on this machine, which follows the change when its base has come so far (P27).
    if (outcome === "accepted" || outcome === "device-specific") continue;
    if (outcome === "too-many-users") batch.push(replica.offers.set(holdingOf(pending.edit), { kind: "over-limit", word: outcome }));
    else batch.push(...(await keepLostEdit(pending.edit, outcome, { replica, clock, now: journalClock.estimate() })));
    lost.push({ edit: pending.edit, word: outcome });
  }
  for (const { entry, word } of notedTogether(lost))
    log.write(word === "superseded" ? { kind: "edit-lost", entry } : { kind: "edit-refused", entry, word });
  return batch.length === 0 ? [] : await replica.settle(batch);
}
