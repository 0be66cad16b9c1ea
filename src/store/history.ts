/**
 * What lost, kept on the machine that lost it (B02): an edit that something else stood against, data that a join
 * replaced, edits that came to an owner after its end; on the server machine, the data of owners that were evicted. The
 * two functions of a machine have a history each, so that a client function that begins anew leaves the server's alone.
 * Records are kept for the days that are configured and as many as LIMITS.historyRecordsMax in each; the oldest go first. Secrets
 * stay sealed here.
 */
import type { Storage, Write } from "../../hal/storage.ts";
import type { EntryChange } from "../model/entry.ts";
import type { DeviceId, JournalTime } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import type { LostBecause } from "../model/lost.ts";
import type { Owner } from "../model/owner.ts";
import { parseOwner } from "../model/owner.ts";
import type { Value } from "../model/value.ts";
import { decodeCbor, encodeCbor } from "../protocol/cbor.ts";
import { entriesOfOwner, entryKey, type KeyRange, numberKey } from "./keys.ts";
import { keysIn } from "./keys-in.ts";
import { undamaged } from "./damaged.ts";

/** Where a history lies. */
export type HistoryPlace = KeyRange;
/** What the client function lost. */
export const CLIENT_HISTORY: HistoryPlace = { from: "c/h/", to: "c/h0" };
/** What the server function lost. */
export const SERVER_HISTORY: HistoryPlace = { from: "s/h/", to: "s/h0" };

export interface Lost extends EntryChange {
  readonly because: LostBecause;
  /** Journal time at which it had been made; 0 where that is not known. */
  readonly stamp: JournalTime;
  /**
   * Journal time before which it was made for certain, where `stamp` is a floor or unknown: a deletion of its owner after
   * it erases the record, an earlier one does not (P23). Left out: `stamp`.
   */
  readonly notAfter?: JournalTime;
  /**
   * When it lost, in milliseconds since 1970: journal time, as far as the machine could reckon it, else its own date. What is
   * too old is judged by journal time alone, so that a wrong date loses nothing.
   */
  readonly lostAtMs: number;
  /** Who had made it, as in an edit, and on which machine, where that is known. */
  readonly by?: string;
  readonly device?: DeviceId;
  /** Wall time of this machine when somebody put it back. */
  readonly putBackMs?: number;
}

/** A record where it lies. */
export interface Kept {
  readonly storageKey: string;
  readonly lost: Lost;
}

/**
 * The write that keeps a record. `sequence` tells apart what an entry lost at one moment: of the edit that lost; 0 where
 * data was replaced; the revision of an eviction.
 */
export function keepLost(place: HistoryPlace, lost: Lost, sequence: number): Write {
  return {
    key: `${place.from}${numberKey(Math.max(0, Math.round(lost.lostAtMs)))}/${numberKey(sequence)}/${entryKey(lost)}`,
    value: packLost(lost),
  };
}

/** The write that notes that it was put back. */
export const notePutBack = ({ storageKey, lost }: Kept, wallMs: number): { readonly key: string; readonly value: Uint8Array } => ({
  key: storageKey,
  value: packLost({ ...lost, putBackMs: Math.round(wallMs) }),
});

/** What is lost by its edit and its entry, whenever that was: so that a loss that was noted already is known as one. */
export const lossName = (place: HistoryPlace, key: string): string => key.slice(`${place.from}${numberKey(0)}/`.length);

/** The names of all that a history keeps. */
export async function lossNames(storage: Storage, place: HistoryPlace): Promise<ReadonlySet<string>> {
  return new Set((await keysIn(storage, place)).map((key) => lossName(place, key)));
}

/** What a history keeps, the oldest loss first. */
export async function* readHistory(storage: Storage, place: HistoryPlace): AsyncIterable<Lost> {
  for await (const [, bytes] of undamaged(storage, place)) yield unpackLost(bytes);
}

/** What a history keeps, the newest loss first; of one owner, where one is named. */
export async function* readNewest(storage: Storage, place: HistoryPlace, owner: Owner | undefined): AsyncIterable<Kept> {
  const wanted = owner === undefined ? "" : entriesOfOwner(owner).from;
  for await (const [storageKey, bytes] of undamaged(storage, { ...place, reverse: true }))
    if (storageKey.startsWith(wanted, place.from.length + ENTRY_AT)) yield { storageKey, lost: unpackLost(bytes) };
}

/** Where the entry's key begins in a record's key, after the time and the sequence with their slashes. */
const ENTRY_AT = 2 * (numberKey(0).length + 1);

/** The value is no deeper in it than in an edit: whatever travels can be read here as well. What follows the time came later. */
type Row = readonly [
  string,
  string,
  string,
  Value | undefined,
  LostBecause,
  JournalTime,
  number,
  JournalTime?,
  (string | null)?,
  (DeviceId | null)?,
  (number | null)?,
];

function packLost({ owner, item, key, value, because, stamp, lostAtMs, notAfter, by, device, putBackMs }: Lost): Uint8Array {
  return encodeCbor([owner, item, key, value, because, stamp, lostAtMs, notAfter ?? stamp, by ?? null, device ?? null, putBackMs ?? null]);
}

function unpackLost(bytes: Uint8Array): Lost {
  const row = decodeCbor(bytes, LIMITS.pushBytesMax) as Row;
  const [owner, item, key, value, because, stamp, lostAtMs, notAfter = stamp, by, device, putBackMs] = row;
  return {
    owner: parseOwner(owner) as Owner,
    item,
    key,
    value,
    because,
    stamp,
    lostAtMs,
    notAfter,
    ...(typeof by === "string" ? { by } : {}),
    ...(typeof device === "string" ? { device } : {}),
    ...(typeof putBackMs === "number" ? { putBackMs } : {}),
  };
}

/** Deletes what lost before `since`, in journal time, where that is known, and what is beyond the number kept. */
export async function trimHistory(storage: Storage, place: HistoryPlace, since: JournalTime | undefined): Promise<void> {
  const oldest = since === undefined ? place.from : `${place.from}${numberKey(Math.max(0, Math.round(since)))}`;
  const keys = await keysIn(storage, place);
  const surplus = keys.length - LIMITS.historyRecordsMax;
  const gone = keys.filter((key, index) => key < oldest || index < surplus);
  if (gone.length > 0) await storage.write(gone.map((key) => ({ key, value: undefined })));
}

/** Erases what is kept of owners that were deleted at these journal times, as far as it was made before (M15, P23). */
export async function eraseFromHistory(storage: Storage, place: HistoryPlace, deleted: ReadonlyMap<Owner, JournalTime>): Promise<void> {
  const gone = await erasuresFromHistory(storage, place, deleted);
  if (gone.length > 0) await storage.write(gone);
}

/** The writes that erase it, for a batch that does more. */
export async function erasuresFromHistory(
  storage: Storage,
  place: HistoryPlace,
  deleted: ReadonlyMap<Owner, JournalTime>,
): Promise<Write[]> {
  if (deleted.size === 0) return [];
  const gone: Write[] = [];
  for await (const [key, bytes] of undamaged(storage, place)) {
    const { owner, stamp, notAfter = stamp } = unpackLost(bytes);
    const end = deleted.get(owner);
    if (end !== undefined && notAfter <= end) gone.push({ key, value: undefined });
  }
  return gone;
}
