/**
 * What a server keeps, as a row of records that can be carried elsewhere: the whole state with its tombstones, owners'
 * ends and scopes, what was decided about each machine's edits, the machines with pins and places, where the journal
 * stands, and its time. Not in it: the changes before, the history, and whatever is the machine's own.
 */
import type { Storage } from "../../hal/storage.ts";
import { must } from "../model/assert.ts";
import { SyncError } from "../model/errors.ts";
import { LIMITS } from "../model/limits.ts";
import { packRecords, unpackRecords } from "../protocol/block.ts";
import { unpackAnswers } from "./device-answers.ts";
import { type JournalHead, packJournalHead, unpackJournalHead } from "./journal-head.ts";
import { JOURNAL_META, JOURNAL_TIME, statePrefix } from "./journal-keys.ts";
import { entryKey, isEntryKey } from "./keys.ts";
import { checkRecord, unpackEntry } from "./records.ts";

/** A record as it is carried: `format`, `head`, `time`, `d/DEVICE`, `m/DEVICE`, `s/STATE-KEY`, and what whoever carries it adds. */
export type CopyRecord = readonly [key: string, value: Uint8Array];

/** Versions of what is carried. 1: the first (2026-11). */
const FORMAT = 1;
/** After the changes, which are not carried; so one range, and with it one moment, has everything. */
const ALL = { from: "s/d/", to: "s0" } as const;

/** The records of one moment, also while the server works on. undefined while there is no journal. */
export async function copyOfServer(storage: Storage): Promise<AsyncIterable<CopyRecord> | undefined> {
  const meta = await storage.get(JOURNAL_META);
  return meta === undefined ? undefined : recordsOf(storage, statePrefix(unpackJournalHead(meta).generation));
}

async function* recordsOf(storage: Storage, state: string): AsyncIterable<CopyRecord> {
  yield ["format", Uint8Array.of(FORMAT)];
  for await (const [key, value] of storage.range(ALL)) {
    if (key === JOURNAL_META) yield ["head", packJournalHead(withoutChanges(unpackJournalHead(value)))];
    else if (key === JOURNAL_TIME) yield ["time", value];
    else if (key.startsWith(state)) yield [`s/${key.slice(state.length)}`, value];
    else if (key.startsWith("s/d/") || key.startsWith("s/m/")) yield [key.slice("s/".length), value];
  }
}

const withoutChanges = (head: JournalHead): JournalHead => ({
  ...head,
  oldest: head.revision + 1,
  bytes: 0,
  generation: 0,
  former: undefined,
});

/** Records in chunks of a few of them: large enough to deflate well, small enough to be held. */
export async function* packCopy(records: AsyncIterable<CopyRecord>): AsyncIterable<Uint8Array> {
  let chunk: Uint8Array[] = [];
  let bytes = 0;
  for await (const [key, value] of records) {
    chunk.push(new TextEncoder().encode(key), value);
    bytes += key.length + value.length;
    if (bytes < LIMITS.partBytesTarget) continue;
    yield packRecords(chunk);
    chunk = [];
    bytes = 0;
  }
  if (chunk.length > 0) yield packRecords(chunk);
}

/** The records of one chunk. Throws "message-malformed". */
export function unpackCopy(chunk: Uint8Array): CopyRecord[] {
  const parts = unpackRecords(chunk);
  return parts.flatMap((part, at): CopyRecord[] => {
    if (at % 2 !== 0) return [];
    return [[Buffer.from(part).toString(), must(parts[at + 1], "a key comes with its value")]];
  });
}

/**
 * Looks at every record before anything is done with one, and gives the head. "newer": a newer module carried it.
 * Throws what the decoders throw for a record that cannot be read. `others` checks the records that are not the store's.
 */
export function checkCopy(chunks: Iterable<Uint8Array>, others: (record: CopyRecord) => void): JournalHead | "newer" {
  let head: JournalHead | undefined;
  let format: number | undefined;
  for (const chunk of chunks) {
    for (const [key, value] of unpackCopy(chunk)) {
      if (key === "format") format = value[0];
      if (format !== undefined && format > FORMAT) return "newer";
      if (key === "head") head = unpackJournalHead(value);
      else if (key.startsWith("d/")) unpackAnswers(value);
      else if (key.startsWith("s/")) checkState(key.slice("s/".length), value);
      else others([key, value]);
    }
  }
  if (format !== FORMAT || head === undefined) throw new SyncError("import-malformed", "the copy of a server has no head");
  return head;
}

function checkState(stateKey: string, value: Uint8Array): void {
  checkRecord(stateKey, value);
  if (isEntryKey(stateKey) && entryKey(unpackEntry(value).edit) !== stateKey)
    throw new SyncError("import-malformed", "an entry of the copy has another name than its place");
}
