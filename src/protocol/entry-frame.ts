/**
 * The record of an entry, taken apart: a *frame*, which many records of a part share (whose edit it is, how it was made, why
 * it stands), four numbers, and the value. The names are those of the record's key. No byte is decoded or lost: what
 * is put together again is what was taken apart, and a record that is laid out otherwise is left as it is.
 */
import type { JournalTime, Revision } from "../model/ids.ts";
import { encodeCbor } from "./cbor.ts";
import { WHYS } from "./edit-reader.ts";
import { NUMBER_MAX, numberSize, readInteger, RecordCursor, textSize, writeInteger, writeNumber, writeText } from "./record-pieces.ts";

export interface EntryNumbers {
  readonly revision: Revision;
  readonly sequence: number;
  readonly seen: Revision;
  readonly stamp: JournalTime;
}

export interface EntryFrame {
  /** Machine and run, as CBOR. */
  readonly author: Uint8Array;
  /** Whether the stamp is certain, and by whom, as CBOR; without the latter where that is the owner. */
  readonly made: Uint8Array;
  readonly byOwner: boolean;
  /** Why it stands, as CBOR. */
  readonly why: Uint8Array;
}

/** Where the pieces of a record lie in it. */
export interface EntryPieces extends EntryNumbers {
  readonly madeAt: number;
  readonly madeEnd: number;
  readonly byOwner: boolean;
  readonly valueAt: number;
  readonly whyAt: number;
}

/** Where the names begin and end in an entry's key. */
export interface EntryNames {
  readonly ownerEnd: number;
  readonly itemEnd: number;
}

const REVISION_BYTES = 8;
/** An array of twelve, then 16 bytes of machine and 8 of run. */
const ARRAY_OF_12 = 0x8c;
const BYTES_16 = 0x50;
const BYTES_8 = 0x48;
const UNDEFINED = 0xf7;
const AUTHOR_AT = REVISION_BYTES + 1;
const AUTHOR_END = AUTHOR_AT + 26;
/** `e/` before the owner. */
const OWNER_AT = 2;

/** undefined for the key of something else. */
export function entryNames(key: Buffer): EntryNames | undefined {
  if (key.length < OWNER_AT || key[0] !== 0x65 || key[1] !== 0x2f) return undefined;
  const ownerEnd = key.indexOf(0, OWNER_AT);
  const itemEnd = ownerEnd < 0 ? -1 : key.indexOf(0, ownerEnd + 1);
  return itemEnd < 0 ? undefined : { ownerEnd, itemEnd };
}

/** Whether `entryNames` finds names in the key that stands there: asked of every key of a part, so that nothing is made for it. */
export function isEntryKey(keys: Buffer, from: number, to: number): boolean {
  if (to - from < OWNER_AT || keys[from] !== 0x65 || keys[from + 1] !== 0x2f) return false;
  const ownerEnd = keys.indexOf(0, from + OWNER_AT);
  const itemEnd = ownerEnd < 0 ? -1 : keys.indexOf(0, ownerEnd + 1);
  return itemEnd >= 0 && itemEnd < to;
}

/** undefined for a record that could not be put together again byte by byte. */
export function takeApart(key: Buffer, record: Uint8Array): EntryPieces | undefined {
  const names = entryNames(key);
  if (names === undefined || record[8] !== ARRAY_OF_12 || record[9] !== BYTES_16 || record[26] !== BYTES_8) return undefined;
  const cursor = new RecordCursor(record, AUTHOR_END);
  const revision = readInteger(record, 0, REVISION_BYTES);
  const sequence = cursor.number();
  cursor.text(key, OWNER_AT, names.ownerEnd);
  cursor.text(key, names.ownerEnd + 1, names.itemEnd);
  cursor.text(key, names.itemEnd + 1, key.length);
  const seen = cursor.number();
  const stamp = cursor.number();
  const madeAt = cursor.at;
  cursor.flag();
  const byAt = cursor.at;
  const byOwner = cursor.isText(key, OWNER_AT, names.ownerEnd);
  cursor.anyText();
  const { at: valueAt, isLost } = cursor;
  const whyAt = whyOf(record);
  if (isLost || revision > NUMBER_MAX || whyAt <= valueAt) return undefined;
  return { revision, sequence, seen, stamp, madeAt, madeEnd: byOwner ? byAt : valueAt, byOwner, valueAt, whyAt };
}

/** What the record shares with others; views of it. */
export const frameOf = (record: Uint8Array, { madeAt, madeEnd, byOwner, whyAt }: EntryPieces): EntryFrame => ({
  author: record.subarray(AUTHOR_AT, AUTHOR_END),
  made: record.subarray(madeAt, madeEnd),
  byOwner,
  why: record.subarray(whyAt),
});

/** Whether the record has this frame. */
export function hasFrame(record: Uint8Array, { madeAt, madeEnd, whyAt }: EntryPieces, frame: EntryFrame): boolean {
  // `byOwner` need not be compared: a frame that says by whom the edit was made has a longer `made`.
  if (madeEnd - madeAt !== frame.made.length || record.length - whyAt !== frame.why.length) return false;
  return isAt(record, AUTHOR_AT, frame.author) && isAt(record, madeAt, frame.made) && isAt(record, whyAt, frame.why);
}

function isAt(record: Uint8Array, at: number, bytes: Uint8Array): boolean {
  for (let index = 0; index < bytes.length; index += 1) if (record[at + index] !== bytes[index]) return false;
  return true;
}

/** The record that was taken apart into these. */
export function putTogether(
  key: Buffer,
  { ownerEnd, itemEnd }: EntryNames,
  { author, made, byOwner, why }: EntryFrame,
  { revision, sequence, seen, stamp }: EntryNumbers,
  value: Uint8Array,
): Uint8Array {
  const ownerText = textSize(ownerEnd - OWNER_AT);
  const named = ownerText + textSize(itemEnd - ownerEnd - 1) + textSize(key.length - itemEnd - 1);
  const numbers = numberSize(sequence) + numberSize(seen) + numberSize(stamp);
  const by = byOwner ? ownerText : 0;
  const record = new Uint8Array(AUTHOR_AT + author.length + numbers + named + made.length + by + value.length + why.length);
  writeInteger(record, 0, revision, REVISION_BYTES);
  record[REVISION_BYTES] = ARRAY_OF_12;
  record.set(author, AUTHOR_AT);
  let at = writeNumber(record, AUTHOR_AT + author.length, sequence);
  at = writeText(record, at, key, OWNER_AT, ownerEnd);
  at = writeText(record, at, key, ownerEnd + 1, itemEnd);
  at = writeText(record, at, key, itemEnd + 1, key.length);
  at = writeNumber(record, writeNumber(record, at, seen), stamp);
  record.set(made, at);
  at += made.length;
  if (byOwner) at = writeText(record, at, key, OWNER_AT, ownerEnd);
  record.set(value, at);
  record.set(why, at + value.length);
  return record;
}

/** Whether an entry's record may be one without a value, by its last bytes; false is certain. */
export function mayBeDeletion(record: Uint8Array): boolean {
  const whyAt = whyOf(record);
  return record[REVISION_BYTES] !== ARRAY_OF_12 || whyAt === 0 || record[whyAt - 1] === UNDEFINED;
}

/** Where the reason at the end of a record begins; 0 where it is none of those we know. */
function whyOf(record: Uint8Array): number {
  const why = WHY_ENDS.find((end) => isAt(record, record.length - end.length, end));
  return why === undefined ? 0 : record.length - why.length;
}

const WHY_ENDS: readonly Uint8Array[] = WHYS.map(encodeCbor);
