/** The records of the state, as server and clients store them: the same bytes for the same state. */
import type { DeviceId, JoinId, JournalTime, Revision } from "../model/ids.ts";
import type { Accepted } from "../model/entry.ts";
import type { Scope } from "../model/item.ts";
import { SyncError } from "../model/errors.ts";
import { LIMITS } from "../model/limits.ts";
import { decodeCbor, encodeCbor } from "../protocol/cbor.ts";
import type { Value } from "../model/value.ts";
import { decodeAccepted, decodeAcceptedValue } from "../protocol/edit.ts";
import { readInteger, writeInteger } from "../protocol/record-pieces.ts";
import { isOwnerKey, isScopeKey } from "./keys.ts";

/** Eight bytes of revision, then the accepted edit as it came. A deletion stays as a record without a value. */
export const REVISION_BYTES = 8;

export function packEntry(revision: Revision, accepted: Uint8Array): Uint8Array {
  const record = new Uint8Array(REVISION_BYTES + accepted.length);
  writeInteger(record, 0, revision, REVISION_BYTES);
  record.set(accepted, REVISION_BYTES);
  return record;
}

/** The records of edits that one revision brought, as views of one run of bytes. */
export function packEntries(revision: Revision, edits: readonly { readonly bytes: Uint8Array }[]): Uint8Array[] {
  const run = new Uint8Array(edits.reduce((size, { bytes }) => size + REVISION_BYTES + bytes.length, 0));
  let at = 0;
  return edits.map(({ bytes }) => {
    const from = at;
    writeInteger(run, from, revision, REVISION_BYTES);
    run.set(bytes, from + REVISION_BYTES);
    at += REVISION_BYTES + bytes.length;
    return run.subarray(from, at);
  });
}

export const entryRevision = (record: Uint8Array): Revision => readInteger(record, 0, REVISION_BYTES);

export interface Standing {
  readonly revision: Revision;
  readonly edit: Accepted;
}

export const unpackEntry = (record: Uint8Array): Standing => ({
  revision: entryRevision(record),
  edit: decodeAccepted(record.subarray(REVISION_BYTES)),
});

/** The value of an entry's record; undefined for a deletion. */
export const entryValue = (record: Uint8Array): Value | undefined => decodeAcceptedValue(record.subarray(REVISION_BYTES));

/** An end of an owner: the revision and the journal time of it. */
export interface OwnerEnd {
  readonly revision: Revision;
  readonly at: JournalTime;
}

export interface Holding {
  /** The revision since which it is held. */
  readonly since: Revision;
  /** The join that supplied it whole, where one did. */
  readonly adopted: { readonly device: DeviceId; readonly join: JoinId } | undefined;
}

export interface OwnerRecord {
  /** The last change that touched this record. */
  readonly revision: Revision;
  /**
   * "" for a user or group; the lists of `common` ("buttons", "1" ... "11"). None: the owner is not held. "item/ITEM" beside
   * them: an item whose scope may be chosen has data of the owner that was set while it was shared (M19).
   */
  readonly holdings: Readonly<Record<string, Holding>>;
  /** Last deletion and eviction, kept for ever (P24). */
  readonly deleted: OwnerEnd | undefined;
  readonly evicted: OwnerEnd | undefined;
  /** Highest stamp and revision of tombstones purged (P25). */
  readonly purged: OwnerEnd | undefined;
  /** Days since 1970 of the last login anywhere in the fleet (M22). */
  readonly lastLoginDay: number;
  /** The day on which it came to be held, the last time: it stands for a login that nobody has heard of. */
  readonly begunDay: number;
}

export const NEW_OWNER: OwnerRecord = {
  revision: 0,
  holdings: {},
  deleted: undefined,
  evicted: undefined,
  purged: undefined,
  lastLoginDay: 0,
  begunDay: 0,
};

export const isHeld = (record: OwnerRecord | undefined): boolean => record !== undefined && Object.keys(record.holdings).length > 0;

/** The end of its owner that an edit or an offer comes too late for. Of two of them the deletion, which leaves nothing (P23). */
export function endAgainst(
  { deleted, evicted }: OwnerRecord,
  isAgainst: (end: OwnerEnd) => boolean,
): (OwnerEnd & { readonly word: "owner-removed" | "owner-evicted" }) | undefined {
  if (deleted !== undefined && isAgainst(deleted)) return { ...deleted, word: "owner-removed" };
  return evicted !== undefined && isAgainst(evicted) ? { ...evicted, word: "owner-evicted" } : undefined;
}

const packEnd = (end: OwnerEnd | undefined) => (end === undefined ? null : [end.revision, end.at]);

export function packOwner(record: OwnerRecord): Uint8Array {
  const holdings = Object.entries(record.holdings)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([list, { since, adopted }]) => [list, since, adopted?.device ?? null, adopted?.join ?? null]);
  return encodeCbor([
    record.revision,
    holdings,
    packEnd(record.deleted),
    packEnd(record.evicted),
    packEnd(record.purged),
    record.lastLoginDay,
    record.begunDay,
  ]);
}

export function unpackOwner(bytes: Uint8Array): OwnerRecord {
  const [revision, holdings, deleted, evicted, purged, lastLoginDay, begunDay] = decodeCbor(bytes, LIMITS.entryBytesMax) as OwnerRow;
  return {
    revision,
    holdings: Object.fromEntries(
      holdings.map(([list, since, device, join]) => [
        list,
        { since, adopted: device === null || join === null ? undefined : { device, join } },
      ]),
    ),
    deleted: unpackEnd(deleted),
    evicted: unpackEnd(evicted),
    purged: unpackEnd(purged),
    lastLoginDay,
    begunDay,
  };
}

type EndRow = readonly [Revision, JournalTime] | null;
type OwnerRow = readonly [
  Revision,
  readonly (readonly [string, Revision, DeviceId | null, JoinId | null])[],
  EndRow,
  EndRow,
  EndRow,
  number,
  number,
];
const unpackEnd = (row: EndRow): OwnerEnd | undefined => (row === null ? undefined : { revision: row[0], at: row[1] });

/** Throws "message-malformed" for a record of a snapshot that could not be read later. Entries are checked when they are read. */
export function checkRecord(stateKey: string, bytes: Uint8Array): void {
  try {
    if (isOwnerKey(stateKey)) unpackOwner(bytes);
    else if (isScopeKey(stateKey)) unpackScope(bytes);
  } catch (cause) {
    throw new SyncError(
      "message-malformed",
      `the snapshot's record ${JSON.stringify(stateKey.slice(0, 80))} cannot be read; it is asked for again`,
      { cause },
    );
  }
}

export interface ScopeRecord {
  readonly scope: Scope;
  readonly since: Revision;
  /** The last change that made it shared: it ended what had been common before (M19). 0: never changed so. */
  readonly renewed: Revision;
}

export const packScope = ({ scope, since, renewed }: ScopeRecord): Uint8Array => encodeCbor([scope, since, renewed]);
export function unpackScope(bytes: Uint8Array): ScopeRecord {
  const [scope, since, renewed] = decodeCbor(bytes, LIMITS.entryBytesMax) as [Scope, Revision, Revision | undefined];
  if (scope !== "shared" && scope !== "device-specific")
    throw new SyncError("storage-damaged", "a scope record cannot be read; the copy is fetched again");
  return { scope, since, renewed: renewed ?? 0 };
}
