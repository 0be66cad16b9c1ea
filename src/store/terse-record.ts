/**
 * Records of entries in few bytes (terse.ts), as a client writes them over its segments and as pending edits: the names that stand
 * in the key as well take a byte each. One that cannot be told so stands as it is, and so do those of older stores.
 */
import { entryNames } from "../protocol/entry-frame.ts";
import { ALL_ENTRIES, isEntryKey } from "./keys.ts";
import { REVISION_BYTES } from "./records.ts";
import { readTerse } from "./terse.ts";
import { TextsBefore } from "./terse-texts.ts";
import { TerseWriter } from "./terse-writer.ts";

/** A record as it is begins with a 0, as no revision takes all of its bytes; a terse one with how many of them follow, then the edit. */
const isTerse = (size: number): boolean => size > 0 && size < REVISION_BYTES;
/** An edit as it is begins with the head of an array. */
const TERSE_EDIT = 0;

/** Records as they are stored, all of them in one run of bytes. */
export class StoredPacker {
  readonly #writer: TerseWriter;

  /** `bytes`: those of all records of entries. */
  constructor(bytes: number) {
    this.#writer = new TerseWriter(bytes);
  }

  /** The record of a state key: the same bytes, or a view of those that it has in common with the others. */
  pack(stateKey: string, record: Uint8Array): Uint8Array {
    if (!isEntryKey(stateKey)) return record;
    let from = 0;
    while (from < record.length && record[from] === 0) from += 1;
    const size = REVISION_BYTES - from;
    if (!isTerse(size)) return record;
    const writer = this.#writer;
    const place = writer.at;
    knowNames(writer.before, stateKey);
    writer.byte(size);
    writer.run(record, from, REVISION_BYTES);
    if (writer.terse(record, REVISION_BYTES)) return writer.since(place);
    writer.at = place;
    return record;
  }
}

/** The record of a state key as it is stored. */
export const packStored = (stateKey: string, record: Uint8Array): Uint8Array => new StoredPacker(record.length).pack(stateKey, record);

/** The record that is stored so; the same bytes, or bytes of its own. Throws "storage-damaged". */
export function unpackStored(stateKey: string, stored: Uint8Array): Uint8Array {
  const [size = 0] = stored;
  if (!isTerse(size) || !isEntryKey(stateKey)) return stored;
  const before = new TextsBefore();
  knowNames(before, stateKey);
  const edit = readTerse(stored.subarray(1 + size), before);
  const record = new Uint8Array(REVISION_BYTES + edit.length);
  record.set(stored.subarray(1, 1 + size), REVISION_BYTES - size);
  record.set(edit, REVISION_BYTES);
  return record;
}

/** An edit as it is stored by itself. */
export function packStoredEdit(edit: Uint8Array): Uint8Array {
  const writer = new TerseWriter(1 + edit.length);
  writer.byte(TERSE_EDIT);
  return writer.terse(edit, 0) ? writer.since(0) : edit;
}

/** The edit that is stored so. Throws "storage-damaged". */
export const unpackStoredEdit = (stored: Uint8Array): Uint8Array =>
  stored[0] === TERSE_EDIT ? readTerse(stored.subarray(1), new TextsBefore()) : stored;

function knowNames(before: TextsBefore, stateKey: string): void {
  const key = Buffer.from(stateKey);
  const names = entryNames(key);
  before.clear();
  if (names === undefined) return;
  before.know(key, ALL_ENTRIES.from.length, names.ownerEnd);
  before.know(key, names.ownerEnd + 1, names.itemEnd);
  before.know(key, names.itemEnd + 1, key.length);
}
