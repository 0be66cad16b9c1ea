/** Whether a record of the state, as it lies on a disk, says what the fold says. */
import { isDeepStrictEqual } from "node:util";
import { unpackOwner, unpackScope } from "../../../src/store/records.ts";
import type { Fold } from "./fold.ts";

const REVISION_BYTES = 8;

/** How the record differs from the fold, in a few words; undefined when it does not. */
export function recordFault(fold: Fold, key: string, record: Uint8Array | undefined): string | undefined {
  if (key.startsWith("e/")) return entryFault(fold, key, record);
  if (key.startsWith("o/")) return ownerFault(fold, key.slice(2), record);
  if (key.startsWith("x/")) return scopeFault(fold, key.slice(2), record);
  return "is no record that the state has";
}

function entryFault(fold: Fold, key: string, record: Uint8Array | undefined): string | undefined {
  const standing = fold.entries.get(key);
  if (standing === undefined || record === undefined) {
    if (standing === undefined && record === undefined) return undefined;
    return standing === undefined ? "is there, and should not be" : `is missing, revision ${standing.revision} set it`;
  }
  const view = new DataView(record.buffer, record.byteOffset, record.length);
  const revision = Number(view.getBigUint64(0));
  if (revision !== standing.revision) return `is of revision ${revision}, should be of ${standing.revision}`;
  if (Buffer.compare(record.subarray(REVISION_BYTES), standing.bytes) === 0) return undefined;
  return `has other bytes than revision ${revision} wrote`;
}

function ownerFault(fold: Fold, owner: string, record: Uint8Array | undefined): string | undefined {
  const state = fold.owners.get(owner);
  if (state === undefined || record === undefined)
    return state === undefined && record === undefined ? undefined : `is ${record === undefined ? "missing" : "there, and should not be"}`;
  const { holdings, deleted, evicted, purged, lastLoginDay, begunDay } = unpackOwner(record);
  const held = Object.fromEntries(
    Object.entries(holdings).map(([list, { since, adopted }]) => [list, { since, device: adopted?.device, join: adopted?.join }]),
  );
  const found = { holdings: held, deleted, evicted, purged, lastLoginDay, begunDay };
  const expected = { ...state, holdings: Object.fromEntries(state.holdings) };
  return isDeepStrictEqual(found, expected) ? undefined : `is ${JSON.stringify(found)}, should be ${JSON.stringify(expected)}`;
}

function scopeFault(fold: Fold, item: string, record: Uint8Array | undefined): string | undefined {
  const found = record === undefined ? undefined : unpackScope(record);
  const expected = fold.scopes.get(item);
  return found?.scope === expected?.scope && found?.since === expected?.since && found?.renewed === expected?.renewed
    ? undefined
    : `is ${JSON.stringify(found)}, should be ${JSON.stringify(expected)}`;
}
