/**
 * The replica's head in the storage: a record with all of it, which seldom changes, and over that two small ones with what moves
 * on with every edit: how far the base is, and how far the own edits are recorded. A batch of the replica ends with those that
 * it changes; a head that is written whole takes the small ones away.
 */
import type { Storage, Write } from "../../hal/storage.ts";
import { must } from "../model/assert.ts";
import type { JournalTime, Revision } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import { sameEpoch } from "../model/position.ts";
import { decodeCbor, encodeCbor } from "../protocol/cbor.ts";
import { packReplicaHead, type ReplicaHead, unpackReplicaHead } from "./replica-head.ts";

export const REPLICA_META = "c/meta";
export const REPLICA_BASE = "c/base";
export const REPLICA_OWN = "c/own";

/**
 * undefined: this machine never had a copy. A replica that is at work may write a whole head between two reads: what was read
 * under another one is read again, which happens as often as heads are written whole.
 */
export async function readReplicaHead(storage: Pick<Storage, "get" | "getMany">): Promise<ReplicaHead | undefined> {
  let meta = await storage.get(REPLICA_META);
  while (meta !== undefined) {
    const [base, own] = await storage.getMany([REPLICA_BASE, REPLICA_OWN]);
    const still = await storage.get(REPLICA_META);
    if (still !== undefined && Buffer.compare(meta, still) === 0) return withNow(unpackReplicaHead(meta), base, own);
    meta = still;
  }
  return undefined;
}

/** The writes that make `after` of a head that is stored as `before`. */
export function headWrites(before: ReplicaHead, after: ReplicaHead): Write[] {
  if (!isSteady(before, after)) return headWhole(after);
  const writes: Write[] = [];
  const isBase = before.position === after.position && before.at === after.at && before.heard === after.heard;
  if (!isBase) writes.push({ key: REPLICA_BASE, value: packBase(after) });
  const isOwn = before.sequence === after.sequence && before.mark === after.mark && before.lastStamp === after.lastStamp;
  if (!isOwn) writes.push({ key: REPLICA_OWN, value: packOwn(after) });
  return writes;
}

/** The writes that store it whatever is stored. */
export const headWhole = (head: ReplicaHead): Write[] => [
  { key: REPLICA_META, value: packReplicaHead(head) },
  { key: REPLICA_BASE, value: undefined },
  { key: REPLICA_OWN, value: undefined },
];

const SELDOM = ["generation", "transfer", "join", "unshown", "lineage", "places", "earlier"] as const;

/** Whether they differ in nothing but what the small records have. */
function isSteady(before: ReplicaHead, after: ReplicaHead): boolean {
  const [from, to] = [before.position, after.position];
  if (from === undefined || to === undefined || from.fleet !== to.fleet || !sameEpoch(from.epoch, to.epoch)) return false;
  return before.heard?.boot === after.heard?.boot && SELDOM.every((name) => before[name] === after[name]);
}

/** Where a time was heard, it stands less that of the change, with when that was in the power-on that the whole head names. */
type BaseRow = readonly [revision: Revision, chainHash: Uint8Array, at: JournalTime, heardAfter?: number, monotonicMs?: number];
/** The mark less the sequence, which it is near. */
type OwnRow = readonly [sequence: number, mark: number, lastStamp: JournalTime];

function packBase({ position, at, heard }: ReplicaHead): Uint8Array {
  const { revision, chainHash } = must(position, "what moves on is a copy that has joined");
  const row: BaseRow = [revision, Buffer.from(chainHash, "hex"), at];
  // To a millisecond, which takes half of the bytes.
  return encodeCbor(heard === undefined ? row : [...row, heard.time - at, Math.round(heard.monotonicMs)]);
}

function packOwn({ sequence, mark, lastStamp }: ReplicaHead): Uint8Array {
  const row: OwnRow = [sequence, mark - sequence, lastStamp];
  return encodeCbor(row);
}

/** The head as the small records, where they are, say that it is now. */
export const withNow = (head: ReplicaHead, base: Uint8Array | undefined, own: Uint8Array | undefined): ReplicaHead => ({
  ...head,
  ...(base === undefined ? {} : unpackBase(head, base)),
  ...(own === undefined ? {} : unpackOwn(own)),
});

function unpackBase({ position, heard }: ReplicaHead, bytes: Uint8Array): Partial<ReplicaHead> {
  const [revision, hash, at, heardAfter = 0, monotonicMs] = decodeCbor(bytes, LIMITS.entryBytesMax) as BaseRow;
  const before = must(position, "what moves on is a copy that has joined");
  const later = heard === undefined || monotonicMs === undefined ? heard : { ...heard, time: at + heardAfter, monotonicMs };
  return { position: { ...before, revision, chainHash: Buffer.from(hash).toString("hex") }, at, heard: later };
}

function unpackOwn(bytes: Uint8Array): Pick<ReplicaHead, "sequence" | "mark" | "lastStamp"> {
  const [sequence, mark, lastStamp] = decodeCbor(bytes, LIMITS.entryBytesMax) as OwnRow;
  return { sequence, mark: sequence + mark, lastStamp };
}
