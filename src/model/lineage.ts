/** What two journals have in common: the epochs they went through, and where their ways parted (P12). */
import { assert } from "./assert.ts";
import type { EpochId, Revision } from "./ids.ts";
import { LIMITS } from "./limits.ts";
import { type Birth, type Epoch, type LineageEntry, sameEpoch } from "./position.ts";

export interface Parting {
  /** The last revision that both have in common; 0 when they share nothing. */
  readonly common: Revision;
  /** What became of the changes beyond it, by the way the other journal parted: undone, or to be brought to it. */
  readonly by: Birth;
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
  const passed = own < 0 ? [{ ...at.epoch, first: 0 }] : known.slice(0, own + 1);
  for (let index = passed.length - 1; index >= 0; index -= 1) {
    const epoch = passed[index];
    const there = lineage.findIndex((entry) => epoch !== undefined && sameEpoch(entry, epoch));
    if (there < 0) continue;
    const after = [...passed.slice(index + 1), ...lineage.slice(there + 1)];
    const common = Math.max(0, Math.min(at.revision, ...after.map(({ first }) => first - 1)));
    const isBrought = lineage.slice(there + 1).every(({ born }) => born === "promotion");
    return { common, by: isBrought ? "promotion" : "restore" };
  }
  return { common: 0, by: "restore" };
}

/** The lineage with another epoch, numbered above everything it knows and above `above`. The oldest epochs go when there are too many. */
export function withEpoch(
  lineage: readonly LineageEntry[],
  { id, above, first, born }: { readonly id: EpochId; readonly above: number; readonly first: Revision; readonly born: Birth },
): readonly LineageEntry[] {
  const number = Math.max(above, ...lineage.map((entry) => entry.number)) + 1;
  assert(Number.isSafeInteger(number), "epochs can be counted");
  return [...lineage.slice(1 - LIMITS.lineageMax), { number, id, first, born }];
}
