/**
 * Owners whose end has come into the base while this machine may still hold data of theirs that is its own alone: it is
 * to leave as well (M15, P26). Durable with the base that brought the end, until it is done.
 */
import type { Write } from "../../hal/storage.ts";
import type { JournalTime } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import type { Owner } from "../model/owner.ts";
import { decodeCbor, encodeCbor } from "../protocol/cbor.ts";
import type { Change, Removal } from "../protocol/change.ts";
import type { Offers } from "./offers.ts";
import type { OwnerRecord } from "./records.ts";
import type { ReplicaHead } from "./replica-head.ts";
import type { ScopesInForce } from "./scopes-in-force.ts";

const PREFIX = "c/r/";
export const REMOVED_RANGE = { from: PREFIX, to: "c/r0" } as const;

export interface RemovedOwner {
  /** What was deleted leaves nothing in the history; what was evicted does (P23, P26). */
  readonly kind: Removal["kind"];
  readonly at: JournalTime;
  /** The newest mark of the machine's stores that was recorded then: what is edited afterwards stays. */
  readonly mark: number;
}

export class RemovedOwners {
  readonly #removed = new Map<Owner, RemovedOwner>();

  get size(): number {
    return this.#removed.size;
  }

  all(): [owner: Owner, removed: RemovedOwner][] {
    return [...this.#removed];
  }

  get(owner: Owner): RemovedOwner | undefined {
    return this.#removed.get(owner);
  }

  /** A deletion that came before or comes later says more than an eviction. */
  add(owner: Owner, removed: RemovedOwner): Write {
    const kind = this.#removed.get(owner)?.kind === "deleted" ? "deleted" : removed.kind;
    this.#removed.set(owner, { ...removed, kind });
    return { key: PREFIX + owner, value: encodeCbor([kind, removed.at, removed.mark]) };
  }

  /** The ends of owners in changes, which were heard with this mark. */
  addAll(changes: readonly Change[], mark: number): Write[] {
    return changes.flatMap(({ removals, at }) => removals.map((end) => this.add(end.owner, { kind: end.kind, at: end.at ?? at, mark })));
  }

  remove(owner: Owner): Write {
    this.#removed.delete(owner);
    return { key: PREFIX + owner, value: undefined };
  }

  /** Puts a stored record back at the opening. */
  restore(key: string, bytes: Uint8Array): void {
    const [kind, at, mark] = decodeCbor(bytes, LIMITS.entryBytesMax) as [Removal["kind"], JournalTime, number];
    this.#removed.set(key.slice(PREFIX.length) as Owner, { kind, at, mark });
  }
}

/** The end that a newer record of an owner has and an older one has not; of a deletion and an eviction, the deletion. */
export function newEnd(older: OwnerRecord | undefined, newer: OwnerRecord): Pick<RemovedOwner, "kind" | "at"> | undefined {
  for (const kind of ["deleted", "evicted"] as const) {
    const at = newer[kind]?.at;
    if (at !== undefined && at > (older?.[kind]?.at ?? 0)) return { kind, at };
  }
  return undefined;
}

interface Copy {
  readonly head: ReplicaHead;
  readonly removed: RemovedOwners;
  readonly offers: Offers;
  readonly scopes: ScopesInForce;
}

/** Owners that end in these changes; kept in mind where this machine may hold more of them than the base does. */
export function noteRemovals({ head: { mark, places }, removed, offers, scopes: inForce }: Copy, changes: readonly Change[]): Write[] {
  const mayHoldMore = inForce.hasDeviceSpecific || places?.apart === true || offers.size > 0;
  if (!mayHoldMore && changes.every(({ scopes }) => scopes.length === 0)) return [];
  return removed.addAll(changes, mark);
}
