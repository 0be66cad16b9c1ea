/**
 * What becomes of a client's copy when one of the small records is damaged that all else hangs on: what can be read of them
 * stays, the rest is told from what lies beside it, and the base is compared or fetched anew. Nothing that a person set is lost
 * by it: an edit of which nobody knows whether it is recorded is recorded, and what goes by the comparison is in the history (B02).
 */
import type { Storage, Write } from "../../hal/storage.ts";
import type { JournalTime } from "../model/ids.ts";
import { type Position, sameEpoch } from "../model/position.ts";
import { damagedIn, readOrDamaged } from "./damaged.ts";
import { ALL_GENERATIONS, generationPrefix, resetReplica } from "./generations.ts";
import { keysIn } from "./keys-in.ts";
import { NOT_APPLIED_RANGE } from "./not-applied.ts";
import { OFFERS_RANGE } from "./offers.ts";
import { PENDING_RANGE, unpackPending } from "./pending.ts";
import { REMOVED_RANGE } from "./removed-owners.ts";
import { EMPTY_HEAD, type ReplicaHead, unpackReplicaHead } from "./replica-head.ts";
import { headWhole, REPLICA_BASE, REPLICA_META, REPLICA_OWN, withNow } from "./replica-now.ts";
import { IN_FORCE_RANGE } from "./scopes-in-force.ts";
import { damageNote } from "./segments.ts";

/** What the machine's own stores know of the copy. */
export interface Shown {
  /** The newest mark of an edit. */
  mark(): number;
  oldestShown(): Position | undefined;
}

export type MendReplica = (storage: Storage, stores: Shown) => Promise<void>;

/** In one write, after which the copy opens. Where no record of it is damaged but those of the base, all stays as it is. */
export async function mendReplica(storage: Storage, stores: Shown): Promise<void> {
  const found = await lookThrough(storage);
  const { meta, base, isJoining, lost } = found;
  const isWhole = meta !== "damaged" && base !== "damaged" && found.own !== "damaged" && lost.length === 0;
  if (isWhole || meta === undefined) return;
  const [shown, newest] = [stores.oldestShown(), stores.mark()];
  // A join that is under way, or of which nothing was shown yet: what of it was done nobody can tell, and it can be done again.
  if (meta === "damaged" && (shown === undefined || isJoining)) return await resetReplica(storage, newest);
  const head = mendedHead(found, shown, newest);
  const notes = meta === "damaged" || base === "damaged" ? [damageNote(generationPrefix(head.generation))] : [];
  await storage.write([...lost.map((key): Write => ({ key, value: undefined })), ...notes, ...headWhole(head)]);
}

type Read = Uint8Array | "damaged" | undefined;

interface Found {
  readonly meta: Read;
  readonly base: Read;
  readonly own: Read;
  /** Above those of all generations that are there. */
  readonly nextGeneration: number;
  readonly isJoining: boolean;
  /** Keys of damaged records that are not the head's. */
  readonly lost: readonly string[];
  /** Sequences of pending edits; `firstLost`: of those that cannot be read. */
  readonly lastPending: number;
  readonly firstLost: number | undefined;
  readonly lastStamp: JournalTime;
}

async function lookThrough(storage: Storage): Promise<Found> {
  const lost: string[] = [];
  for (const range of [OFFERS_RANGE, IN_FORCE_RANGE, REMOVED_RANGE, NOT_APPLIED_RANGE]) lost.push(...(await damagedIn(storage, range)));
  let [lastPending, lastStamp, firstLost] = [0, 0, undefined as number | undefined];
  for (const key of await keysIn(storage, PENDING_RANGE)) {
    lastPending = Number(key.slice(PENDING_RANGE.from.length));
    const record = await readOrDamaged(storage, key);
    if (record instanceof Uint8Array) lastStamp = Math.max(lastStamp, unpackPending(record).edit.stamp);
    else {
      lost.push(key);
      firstLost ??= lastPending;
    }
  }
  const generations = (await keysIn(storage, ALL_GENERATIONS)).map((key) => Number(key.split("/")[2]));
  return {
    meta: await readOrDamaged(storage, REPLICA_META),
    base: await readOrDamaged(storage, REPLICA_BASE),
    own: await readOrDamaged(storage, REPLICA_OWN),
    nextGeneration: generations.reduce((most, each) => Math.max(most, each), 0) + 1,
    isJoining: (await keysIn(storage, OFFERS_RANGE)).length > 0,
    lost,
    lastPending,
    firstLost,
    lastStamp,
  };
}

function mendedHead(found: Found, shown: Position | undefined, newest: number): ReplicaHead {
  const { meta, nextGeneration: generation } = found;
  const [base, own] = [readable(found.base), readable(found.own)];
  // Over a head that is lost only the counters still mean something.
  const known =
    meta instanceof Uint8Array ? withNow(unpackReplicaHead(meta), base, own) : withNow({ ...EMPTY_HEAD, generation }, undefined, own);
  const isBaseLost = meta === "damaged" || found.base === "damaged";
  const position = isBaseLost ? later(known.position, shown) : known.position;
  return { ...known, position, unshown: "restored", ...countersOf(found, known, newest) };
}

const readable = (record: Read): Uint8Array | undefined => (record instanceof Uint8Array ? record : undefined);

/** What the stores showed was the base once. */
function later(position: Position | undefined, shown: Position | undefined): Position | undefined {
  if (position === undefined || shown === undefined) return position ?? shown;
  const isLater = position.fleet === shown.fleet && sameEpoch(position.epoch, shown.epoch) && position.revision < shown.revision;
  return isLater ? shown : position;
}

/**
 * Up to where edits are recorded. An edit that is recorded twice is harmless: it is as old as it was, and those after it follow
 * again. One that is passed over would be lost.
 */
function countersOf(found: Found, known: ReplicaHead, newest: number): Pick<ReplicaHead, "sequence" | "mark" | "lastStamp"> {
  const { meta, own, lastPending, firstLost } = found;
  const isLost = own === "damaged" || (meta === "damaged" && own === undefined);
  // Edits have the numbers of their marks, unless the stores began anew; over nothing nobody can tell.
  const areMarks = known.sequence <= known.mark && !(isLost && meta === "damaged");
  const recorded = isLost && areMarks ? Math.min(newest, Math.max(known.mark, lastPending)) : known.mark;
  const mark = firstLost === undefined ? recorded : areMarks ? Math.min(recorded, firstLost - 1) : 0;
  const sequence = Math.max(known.sequence, lastPending, isLost ? newest : 0);
  return { mark, sequence, lastStamp: Math.max(known.lastStamp, found.lastStamp) };
}
