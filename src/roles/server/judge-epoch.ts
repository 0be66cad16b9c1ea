/** What a server makes of an epoch that a machine's copy names (P16, B06). Pure. */
import { LIMITS } from "../../model/limits.ts";
import type { Revision } from "../../model/ids.ts";
import { type Birth, type LineageEntry, type Position, sameEpoch } from "../../model/position.ts";

export type EpochVerdict =
  | { readonly kind: "go-on" }
  /** Another epoch is to begin, numbered above `above`. */
  | { readonly kind: "begin"; readonly above: number; readonly first: Revision; readonly born: Birth }
  /** Another machine serves the fleet in this one's place. */
  | { readonly kind: "step-aside"; readonly number: number };

/**
 * `isContradicted`: the copy is of an epoch of this journal and yet no state of it, so the storage of one of the two was
 * put back behind everybody's back. That is a restore without its epoch: it begins now, and shares nothing for certain.
 * `lineage`: the epochs that the copy's journal went through.
 */
export function judgeEpoch(
  journal: { readonly position: Position; readonly lineage: readonly LineageEntry[] },
  named: Position,
  { isContradicted, lineage }: { readonly isContradicted: boolean; readonly lineage: readonly LineageEntry[] },
): EpochVerdict {
  const own = journal.lineage.at(-1);
  if (own === undefined || named.fleet !== journal.position.fleet) return { kind: "go-on" };
  const { number } = named.epoch;
  if (journal.lineage.some((entry) => sameEpoch(entry, named.epoch))) {
    return isContradicted ? { kind: "begin", above: own.number, first: 1, born: "restore" } : { kind: "go-on" };
  }
  if (number < own.number || number > LIMITS.epochNumberMax) return { kind: "go-on" };
  // Whoever went on from this very epoch has taken this machine's place; what a restore here has undone did not.
  const isSuccessor = number > own.number && lineage.some((entry) => sameEpoch(entry, own));
  if (own.born === undefined || isSuccessor) return { kind: "step-aside", number };
  return { kind: "begin", above: number, first: journal.position.revision + 1, born: own.born };
}
