/** What two journals have in common: the epochs they went through, and where their ways parted (P12). */
import { assert } from "./assert.ts";
import type { EpochId, Revision } from "./ids.ts";
import { LIMITS } from "./limits.ts";
import { type Birth, type Epoch, type LineageEntry, type Mandate, sameEpoch } from "./position.ts";

export interface Parting {
  /** The last revision that both have in common; 0 when they share nothing. */
  readonly common: Revision;
  /** The copy's changes beyond `common` up to this one were undone by a restore there; those after it are to be brought there. */
  readonly undoneTo: Revision;
}

/**
 * Where a copy at `at`, whose journal went through `known`, parts from a journal that went through `lineage`. Epochs
 * that lie after the last one they share bound what they share: one that begins at 1 says that nothing is certain.
 */
export function partingOf(
  lineage: readonly LineageEntry[],
  known: readonly LineageEntry[],
  at: { readonly epoch: Epoch; readonly revision: Revision },
): Parting {
  const own = known.findIndex((entry) => sameEpoch(entry, at.epoch));
  const passed: readonly LineageEntry[] = own < 0 ? [{ ...at.epoch, first: 0 }] : known.slice(0, own + 1);
  for (let index = passed.length - 1; index >= 0; index -= 1) {
    const epoch = passed[index];
    const there = lineage.findIndex((entry) => epoch !== undefined && sameEpoch(entry, epoch));
    if (there < 0) continue;
    const [mine, theirs] = [passed.slice(index + 1), lineage.slice(there + 1)];
    const common = Math.max(0, Math.min(at.revision, ...[...mine, ...theirs].map(({ first }) => first - 1)));
    return { common, undoneTo: Math.max(common, undoneTo(mine, theirs) ?? at.revision) };
  }
  return { common: 0, undoneTo: at.revision };
}

/** A restore undoes what was there when it was ordered, and nothing that was made under a later mandate. undefined: all. */
function undoneTo(mine: readonly LineageEntry[], theirs: readonly LineageEntry[]): Revision | undefined {
  const restores = theirs.filter(({ born }) => born !== "promotion");
  if (restores.length === 0) return 0;
  const spared = mine.find(({ mandate }) => restores.every((restore) => isLater(mandate, restore.mandate)));
  return spared === undefined ? undefined : spared.first - 1;
}

/** The mandate by which the server of this journal serves; undefined for one that nobody has restored or promoted. */
export const mandateOf = (lineage: readonly LineageEntry[]): Mandate | undefined =>
  lineage.findLast(({ mandate }) => mandate !== undefined)?.mandate;

/** Whether one mandate is later than another: a total order, the same for everybody. None is earlier than all. */
export function isLater(one: Mandate | undefined, other: Mandate | undefined): boolean {
  if (one === undefined || other === undefined) return one !== undefined;
  return one.at === other.at ? one.id > other.id : one.at > other.at;
}

/**
 * The lineage with another epoch, numbered above everything it knows and above `above`. The oldest epochs go when there
 * are too many. Without a mandate of its own it goes on by the one before it.
 */
export function withEpoch(
  lineage: readonly LineageEntry[],
  { id, above, first, born, mandate = mandateOf(lineage) }: NextEpoch,
): readonly LineageEntry[] {
  const number = Math.max(above, ...lineage.map((entry) => entry.number)) + 1;
  assert(Number.isSafeInteger(number), "epochs can be counted");
  return [...lineage.slice(1 - LIMITS.lineageMax), { number, id, first, born, ...(mandate === undefined ? {} : { mandate }) }];
}

export interface NextEpoch {
  readonly id: EpochId;
  readonly above: number;
  readonly first: Revision;
  readonly born: Birth;
  readonly mandate?: Mandate | undefined;
}
