/**
 * Records of entries in few bytes (terse.ts), as a client writes them over its segments and as pending edits: the names that stand
 * in the key as well take a byte each. One that cannot be told so stands as it is, and so do those of older stores.
 */
import { ALL_ENTRIES, entryOfKey } from "./keys.ts";
import { REVISION_BYTES } from "./records.ts";
import { fromTerse, toTerse } from "./terse.ts";

/** A record as it is begins with a 0, as no revision takes all of its bytes; a terse one with how many of them follow, then the edit. */
const isTerse = (size: number): boolean => size > 0 && size < REVISION_BYTES;
/** An edit as it is begins with the head of an array. */
const TERSE_EDIT = 0;

/** The record of a state key as it is stored. */
export function packStored(stateKey: string, record: Uint8Array): Uint8Array {
  if (!stateKey.startsWith(ALL_ENTRIES.from)) return record;
  let from = 0;
  while (from < record.length && record[from] === 0) from += 1;
  const size = REVISION_BYTES - from;
  const terse = isTerse(size) ? toTerse(record.subarray(REVISION_BYTES), namesIn(stateKey)) : undefined;
  if (terse === undefined) return record;
  const stored = new Uint8Array(1 + size + terse.length);
  stored[0] = size;
  stored.set(record.subarray(from, REVISION_BYTES), 1);
  stored.set(terse, 1 + size);
  return stored;
}

/** The record that is stored so; the same bytes, or bytes of its own. Throws "storage-damaged". */
export function unpackStored(stateKey: string, stored: Uint8Array): Uint8Array {
  const [size = 0] = stored;
  if (!isTerse(size) || !stateKey.startsWith(ALL_ENTRIES.from)) return stored;
  const edit = fromTerse(stored.subarray(1 + size), namesIn(stateKey));
  const record = new Uint8Array(REVISION_BYTES + edit.length);
  record.set(stored.subarray(1, 1 + size), REVISION_BYTES - size);
  record.set(edit, REVISION_BYTES);
  return record;
}

/** An edit as it is stored by itself. */
export function packStoredEdit(edit: Uint8Array): Uint8Array {
  const terse = toTerse(edit, []);
  return terse === undefined ? edit : Buffer.concat([Uint8Array.of(TERSE_EDIT), terse]);
}

/** The edit that is stored so. Throws "storage-damaged". */
export const unpackStoredEdit = (stored: Uint8Array): Uint8Array => (stored[0] === TERSE_EDIT ? fromTerse(stored.subarray(1), []) : stored);

function namesIn(stateKey: string): readonly string[] {
  const { owner, item, key } = entryOfKey(stateKey);
  return [owner, item, key];
}
