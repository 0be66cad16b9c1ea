/** What a server makes of an epoch that a machine's copy names (P16, B06). Pure. */
import { isLater, mandateOf, type NextEpoch } from "../../model/lineage.ts";
import { LIMITS } from "../../model/limits.ts";
import type { JournalTime } from "../../model/ids.ts";
import { type LineageEntry, type Mandate, type Position, sameEpoch } from "../../model/position.ts";

export type EpochVerdict =
  | { readonly kind: "go-on" }
  /** Another epoch is to begin. */
  | ({ readonly kind: "begin" } & Omit<NextEpoch, "id" | "mandate">)
  /** Another machine serves the fleet in this one's place. */
  | { readonly kind: "step-aside"; readonly number: number; readonly mandate: Mandate | undefined };

export interface NamedEpoch {
  /**
   * The copy is of an epoch of this journal and yet no state of it, so the storage of one of the two was put back behind
   * everybody's back. That is a restore without its epoch: it begins now, and shares nothing for certain. Nobody ordered
   * it, so the mandate stays.
   */
  readonly isContradicted: boolean;
  /** The epochs that the copy's journal went through, its own last; empty where its machine told none. */
  readonly lineage: readonly LineageEntry[];
  /** Journal time. */
  readonly now: JournalTime;
}

/**
 * Of two servers the one with the later mandate serves, and both find that alike. Where no mandate tells, because an
 * older module was there or a storage was put back, a server that nobody has restored or promoted gives way, and so does
 * one whose very epoch the other went on from; any other raises its number, and its clients follow it.
 */
export function judgeEpoch(
  journal: { readonly position: Position; readonly lineage: readonly LineageEntry[] },
  named: Position,
  { isContradicted, lineage, now }: NamedEpoch,
): EpochVerdict {
  const own = journal.lineage.at(-1);
  if (own === undefined || named.fleet !== journal.position.fleet) return { kind: "go-on" };
  const { number } = named.epoch;
  if (journal.lineage.some((entry) => sameEpoch(entry, named.epoch)))
    return isContradicted ? { kind: "begin", above: own.number, first: 1, born: "restore" } : { kind: "go-on" };
  const mandate = believed(mandateOf(lineage), now);
  if (number > LIMITS.epochNumberMax) return { kind: "go-on" };
  if (isLater(mandate, mandateOf(journal.lineage))) return { kind: "step-aside", number, mandate };
  if (number < own.number) return { kind: "go-on" };
  const isSuccessor = lineage.some((entry) => sameEpoch(entry, own));
  if (own.born === undefined || isSuccessor) return { kind: "step-aside", number, mandate };
  return { kind: "begin", above: number, first: journal.position.revision + 1, born: own.born };
}

const believed = (mandate: Mandate | undefined, now: JournalTime): Mandate | undefined =>
  mandate === undefined || mandate.at > now + LIMITS.mandateAheadMs ? undefined : mandate;
