/**
 * What lost, kept on the machine that lost it (B02): an edit that something else stood against, data that a join
 * replaced, edits that came to an owner after its end. Records are kept for LIMITS.historyMs and as many as
 * LIMITS.historyRecordsMax; the oldest go first. Secrets stay sealed here.
 */
import type { Storage, Write } from "../../hal/storage.ts";
import type { EntryChange } from "../model/entry.ts";
import type { JournalTime } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import type { Owner } from "../model/owner.ts";
import { parseOwner } from "../model/owner.ts";
import type { Value } from "../model/value.ts";
import type { RefusalWord } from "../model/refusal.ts";
import { decodeCbor, encodeCbor } from "../protocol/cbor.ts";
import { entryKey, numberKey } from "./keys.ts";

export type LostBecause = "superseded" | "replaced-at-join" | "restored" | RefusalWord;

export interface Lost extends EntryChange {
  readonly because: LostBecause;
  /** Journal time at which it had been made; 0 where that is not known. */
  readonly stamp: JournalTime;
  /** Wall time of this machine when it lost. */
  readonly wallMs: number;
}

const PREFIX = "c/h/";
const END = "c/h0";

/** The write that keeps a record. `sequence`: of the edit that lost; 0 where data was replaced. It tells apart what an entry lost at one moment. */
export function keepLost(lost: Lost, sequence: number): Write {
  const { owner, item, key, value, because, stamp, wallMs } = lost;
  return {
    key: `${PREFIX}${numberKey(Math.max(0, Math.round(wallMs)))}/${numberKey(sequence)}/${entryKey(lost)}`,
    value: encodeCbor([owner, item, key, value, because, stamp, wallMs]),
  };
}

export async function* readHistory(storage: Storage): AsyncIterable<Lost> {
  for await (const [, bytes] of storage.range({ from: PREFIX, to: END })) yield unpackLost(bytes);
}

/** The value is no deeper in it than in an edit: whatever travels can be read here as well. */
type Row = readonly [string, string, string, Value | undefined, LostBecause, JournalTime, number];

function unpackLost(bytes: Uint8Array): Lost {
  const [owner, item, key, value, because, stamp, wallMs] = decodeCbor(bytes, LIMITS.pushBytesMax) as Row;
  return { owner: parseOwner(owner) as Owner, item, key, value, because, stamp, wallMs };
}

/** Deletes what is older than LIMITS.historyMs at `wallMs`, or beyond the number kept. */
export async function trimHistory(storage: Storage, wallMs: number): Promise<void> {
  const oldest = `${PREFIX}${numberKey(Math.max(0, Math.round(wallMs - LIMITS.historyMs)))}`;
  const keys: string[] = [];
  for await (const [key] of storage.range({ from: PREFIX, to: END })) keys.push(key);
  const surplus = keys.length - LIMITS.historyRecordsMax;
  const gone = keys.filter((key, index) => key < oldest || index < surplus);
  if (gone.length > 0) await storage.write(gone.map((key) => ({ key, value: undefined })));
}

/** Erases what is kept of owners that were deleted at these journal times, as far as it was made before (M15, P23). */
export async function eraseFromHistory(storage: Storage, deleted: ReadonlyMap<Owner, JournalTime>): Promise<void> {
  if (deleted.size === 0) return;
  const gone: Write[] = [];
  for await (const [key, bytes] of storage.range({ from: PREFIX, to: END })) {
    const { owner, stamp } = unpackLost(bytes);
    const end = deleted.get(owner);
    if (end !== undefined && stamp < end) gone.push({ key, value: undefined });
  }
  if (gone.length > 0) await storage.write(gone);
}
