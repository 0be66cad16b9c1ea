/** One change of the journal: everything that a revision did. */
import type { Accepted } from "../model/entry.ts";
import { SyncError } from "../model/errors.ts";
import { type DeviceId, deviceId, type JoinId, type JournalTime, joinId, type Revision } from "../model/ids.ts";
import type { Scope } from "../model/item.ts";
import { LIMITS } from "../model/limits.ts";
import type { Owner } from "../model/owner.ts";
import { packRecords, recordBounds } from "./block.ts";
import { decodeCbor, encodeCbor } from "./cbor.ts";
import { decodeAllAccepted } from "./edit.ts";
import { holding, itemName } from "./offer.ts";
import { PlainReader } from "./plain-reader.ts";
import { hex, list, optional, owner, refuse, time, tuple, whole, word } from "./reader.ts";
import { count, maybe, tail, unhex, upTo } from "./writer.ts";

export interface AcceptedEdit {
  readonly edit: Accepted;
  /** The edit as it stands in the change; stored and compared as these bytes, never encoded again. */
  readonly bytes: Uint8Array;
}

export interface Removal {
  readonly owner: Owner;
  readonly kind: "deleted" | "evicted";
  /** When the owner ended, where that was before this change: it was brought from another copy (B06). */
  readonly at?: JournalTime;
}

/** A holding taken over whole from a joining machine, or one item of an owner; the entries are the change's edits. */
export interface Adoption {
  readonly holding: string;
  /** The one item of the owner that was taken over (P28); undefined: the holding whole. */
  readonly item: string | undefined;
  readonly join: JoinId;
  readonly device: DeviceId;
}

export interface Login {
  readonly owner: Owner;
  /** Days since 1970, UTC. */
  readonly day: number;
}

export interface ScopeChange {
  readonly item: string;
  readonly scope: Scope;
}

/** Deleted entries of an owner that are remembered one by one no longer (P25). */
export interface Purge {
  readonly owner: Owner;
  /** Of records without a value: those of this revision, and all before it. */
  readonly upTo: Revision;
  /** The highest stamp among them. */
  readonly stamp: JournalTime;
}

export interface Change {
  readonly revision: Revision;
  /** Journal time of the commit. */
  readonly at: JournalTime;
  readonly edits: readonly AcceptedEdit[];
  /** Removals take effect before the edits of the same change. */
  readonly removals: readonly Removal[];
  readonly adoption: Adoption | undefined;
  readonly logins: readonly Login[];
  readonly scopes: readonly ScopeChange[];
  readonly purges: readonly Purge[];
}

/**
 * Records with their lengths before them (block.ts): a header, then the edits. Each record is guarded by itself, so a
 * change may hold more than one message could. Throws "message-too-large".
 */
export function encodeChange(change: Change): Uint8Array {
  const header = encodeCbor([
    count(change.revision),
    count(change.at),
    upTo(LIMITS.changeRemovalsMax, change.removals).map(encodeRemoval),
    maybe(change.adoption, ({ holding: held, join, device, item }) => [held, unhex(join), unhex(device), ...tail(item)]),
    upTo(LIMITS.changeLoginsMax, change.logins).map(({ owner: user, day }) => [user, count(day)]),
    upTo(LIMITS.changeScopesMax, change.scopes).map(({ item, scope }) => [item, scope]),
    ...(change.purges.length === 0 ? [] : [upTo(LIMITS.changePurgesMax, change.purges).map(encodePurge)]),
  ]);
  const bytes = packRecords([header, ...change.edits.map((edit) => edit.bytes)]);
  checkSize(bytes);
  return bytes;
}

/** Throws "message-malformed" or "message-too-large". The bytes of its edits are views of `bytes`. */
export function decodeChange(bytes: Uint8Array): Change {
  checkSize(bytes);
  const bounds = recordBounds(bytes);
  const { 0: from, 1: to } = bounds;
  if (from === undefined) return refuse("change", "must have a header");
  const reader = new PlainReader(bytes);
  reader.begin(from, to ?? from, 0);
  const read = reader.item();
  // What the quick reader does not read is read again by one that says what is wrong with it.
  const header = reader.isLost || !reader.isAtEnd ? decodeCbor(bytes.subarray(from, to), LIMITS.messageBytesMax) : read;
  const { 0: revision, 1: at, 2: removals, 3: adoption, 4: logins, 5: scopes, 6: purges } = tuple(header, "change", 6);
  return {
    revision: whole(revision, "change.revision", { min: 1 }),
    at: time(at, "change.at"),
    edits: decodeAllAccepted(bytes, bounds, "change.edits", reader),
    removals: list(removals, "change.removals", { max: LIMITS.changeRemovalsMax }, decodeRemoval),
    adoption: optional(adoption, "change.adoption", decodeAdoption),
    logins: list(logins, "change.logins", { max: LIMITS.changeLoginsMax }, decodeLogin),
    scopes: list(scopes, "change.scopes", { max: LIMITS.changeScopesMax }, decodeScope),
    purges: optional(purges, "change.purges", (raw, path) => list(raw, path, { max: LIMITS.changePurgesMax }, decodePurge)) ?? [],
  };
}

function checkSize(bytes: Uint8Array): void {
  if (bytes.length <= LIMITS.changeBytesMax) return;
  throw new SyncError("message-too-large", `change refused: ${bytes.length} bytes, at most ${LIMITS.changeBytesMax} are taken`);
}

/** `at` is of a later version, so it is the last element; a removal without it happened at the time of the change. */
const encodeRemoval = ({ owner: removed, kind, at }: Removal): unknown[] => [removed, kind, ...tail(maybe(at, count))];

function decodeRemoval(raw: unknown, path: string): Removal {
  const [removed, kind, at] = tuple(raw, path, 2);
  const removal = { owner: owner(removed, `${path}.owner`), kind: word(kind, `${path}.kind`, ["deleted", "evicted"]) };
  return at === undefined ? removal : { ...removal, at: whole(at, `${path}.at`) };
}

function decodeAdoption(raw: unknown, path: string): Adoption {
  const [held, join, device, item] = tuple(raw, path, 3);
  return {
    holding: holding(held, `${path}.holding`),
    join: joinId(hex(join, `${path}.join`, 8)),
    device: deviceId(hex(device, `${path}.device`, 16)),
    item: optional(item, `${path}.item`, itemName),
  };
}

function decodeLogin(raw: unknown, path: string): Login {
  const [user, day] = tuple(raw, path, 2);
  return { owner: owner(user, `${path}.owner`), day: whole(day, `${path}.day`) };
}

const encodePurge = ({ owner: of, upTo: revision, stamp }: Purge) => [of, count(revision), count(stamp)];

function decodePurge(raw: unknown, path: string): Purge {
  const [of, revision, stamp] = tuple(raw, path, 3);
  return { owner: owner(of, `${path}.owner`), upTo: whole(revision, `${path}.upTo`), stamp: time(stamp, `${path}.stamp`) };
}

function decodeScope(raw: unknown, path: string): ScopeChange {
  const [item, scope] = tuple(raw, path, 2);
  return {
    item: itemName(item, `${path}.item`),
    scope: word(scope, `${path}.scope`, ["shared", "device-specific"]),
  };
}
