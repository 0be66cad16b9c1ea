/**
 * What of a server's records is put together anew when one of them cannot be read: a machine's place, how far its edits are
 * decided, the time, and the end of the changes that are kept for machines that come back. None of them holds what a person set.
 * The head and the state do: of those nothing is made up, and a backup or another machine stands in for them (M33, B06).
 */
import type { Clock } from "../../../hal/clock.ts";
import type { Storage, Write } from "../../../hal/storage.ts";
import { SyncError, unlessDamaged } from "../../model/errors.ts";
import { deviceId, type Revision } from "../../model/ids.ts";
import { decodeChange } from "../../protocol/change.ts";
import { AnswerMarks } from "../../store/answer-marks.ts";
import { HASH_BYTES } from "../../store/chain.ts";
import { damagedIn } from "../../store/damaged.ts";
import { type JournalHead, packJournalHead, unpackJournalHead } from "../../store/journal-head.ts";
import { ALL_ANSWERS, ALL_CHANGES, ALL_MACHINES, changeKey, JOURNAL_META, JOURNAL_TIME, statePrefix } from "../../store/journal-keys.ts";
import { ALL_ENTRIES, firstAfter } from "../../store/keys.ts";
import { keysIn } from "../../store/keys-in.ts";
import type { MachineNames } from "../../store/machine-names.ts";
import type { CommunicationLog } from "../communication-log.ts";
import { JournalTime } from "./journal-time.ts";
import { machineAnew } from "./machines.ts";

interface Parts {
  readonly hal: { readonly storage: Storage; readonly clock: Clock };
  readonly names: MachineNames;
  readonly log: CommunicationLog;
}

/**
 * In one write, while no server works. Rejects "storage-damaged" where the head or the state is what is damaged, and has
 * changed nothing then.
 */
export async function mendServer({ hal: { storage, clock }, names, log }: Parts): Promise<void> {
  const meta = await storage.get(JOURNAL_META);
  if (meta === undefined) return;
  const head = unpackJournalHead(meta);
  const machines = await damagedIn(storage, ALL_MACHINES);
  const answers = await damagedIn(storage, ALL_ANSWERS);
  const changes = await damagedIn(storage, ALL_CHANGES);
  const time = await damagedIn(storage, { from: JOURNAL_TIME, to: firstAfter(JOURNAL_TIME) });
  const all = [...machines, ...answers, ...changes, ...time];
  if (all.length === 0) return;
  const marks = await marksOf(storage, head);
  const known = machines.map((key) => deviceId(key.slice(ALL_MACHINES.from.length)));
  const decided = marks.writes().filter(({ key }) => answers.includes(key));
  await storage.write([
    ...known.map((device) => machineAnew(device, names.of(device))),
    ...answers.map((key): Write => ({ key, value: undefined })),
    ...decided,
    ...(changes.length === 0 ? [] : await keptAfter(storage, head, changes)),
    ...(time.length === 0 ? [] : [await timeAfter(storage, { head, marks, clock })]),
  ]);
  log.failed(new SyncError("storage-damaged", `${all.length} damaged records of the server were put together anew`));
}

/** What the state tells of edits that were decided, as it does a machine that takes over. */
async function marksOf(storage: Storage, { generation }: JournalHead): Promise<AnswerMarks> {
  const marks = new AnswerMarks();
  const prefix = statePrefix(generation);
  for await (const [key, record] of storage.range({ from: prefix + ALL_ENTRIES.from, to: prefix + ALL_ENTRIES.to }))
    marks.note(key.slice(prefix.length), record);
  return marks;
}

/** Only what follows the last damaged change is kept: who needs more gets a snapshot. */
async function keptAfter(storage: Storage, head: JournalHead, damaged: readonly string[]): Promise<Write[]> {
  const oldest: Revision = Math.max(...damaged.map((key) => Number(key.slice(ALL_CHANGES.from.length)))) + 1;
  const gone = (await keysIn(storage, { from: ALL_CHANGES.from, to: changeKey(oldest) })).map((key): Write => ({ key, value: undefined }));
  let bytes = 0;
  for await (const [, record] of storage.range({ from: changeKey(oldest), to: ALL_CHANGES.to })) bytes += record.length;
  return [...gone, { key: JOURNAL_META, value: packJournalHead({ ...head, oldest, bytes }) }];
}

/** Not before the last change, nor any stamp, nor the date (P4). */
async function timeAfter(
  storage: Storage,
  { head, marks, clock }: { readonly head: JournalHead; readonly marks: AnswerMarks; readonly clock: Clock },
): Promise<Write> {
  const last = await storage.get(changeKey(head.revision)).catch(unlessDamaged);
  const at = last === undefined ? 0 : decodeChange(last.subarray(HASH_BYTES)).at;
  return JournalTime.from(Math.max(1, Math.round(clock.wallMs()), at, marks.newestStamp), clock).write();
}
