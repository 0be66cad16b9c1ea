/** A record of the state as another machine brings it, looked at before it is believed. */
import { SyncError } from "../../model/errors.ts";
import { parseOwner } from "../../model/owner.ts";
import { LIMITS } from "../../model/limits.ts";
import { entryKey, isEntryKey, isOwnerKey, isScopeKey, itemOfScopeKey, ownerOfKey } from "../../store/keys.ts";
import { checkRecord, type OwnerEnd, type OwnerRecord, REVISION_BYTES, unpackEntry, unpackOwner } from "../../store/records.ts";

export type BroughtRecord = readonly [stateKey: string, record: Uint8Array];

/** Throws "message-malformed". */
export function checkBrought([key, record]: BroughtRecord): void {
  if (!isSound(key, record)) throw new SyncError("message-malformed", `the record ${JSON.stringify(key.slice(0, 80))} is none of a state`);
}

function isSound(key: string, record: Uint8Array): boolean {
  if (isEntryKey(key)) return record.length > REVISION_BYTES && entryKey(unpackEntry(record).edit) === key;
  checkRecord(key, record);
  if (isOwnerKey(key)) {
    const owner = ownerOfKey(key);
    return parseOwner(owner) === owner && isSoundOwner(unpackOwner(record));
  }
  const item = itemOfScopeKey(key);
  return isScopeKey(key) && item.length > 0 && item.length <= LIMITS.itemCharactersMax;
}

const isSoundOwner = ({ lastLoginDay, deleted, evicted }: OwnerRecord): boolean =>
  isCount(lastLoginDay) && [deleted, evicted].every((end) => end === undefined || isSoundEnd(end));

const isSoundEnd = ({ revision, at }: OwnerEnd): boolean => isCount(revision) && isCount(at) && at <= LIMITS.journalTimeMax;

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
