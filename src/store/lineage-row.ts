/** A lineage as it is stored, in the journal's head and in the replica's. */
import type { EpochId, JournalTime, Revision } from "../model/ids.ts";
import type { Birth, LineageEntry } from "../model/position.ts";

/** What follows `first` came later: a row without it is an older one. */
export type LineageRow = readonly [number, EpochId, Revision, (Birth | null)?, (readonly [JournalTime, EpochId])?];

export const packLineage = (lineage: readonly LineageEntry[]): LineageRow[] =>
  lineage.map(({ number, id, first, born = null, mandate }) =>
    mandate === undefined ? [number, id, first, born] : [number, id, first, born, [mandate.at, mandate.id]],
  );

export const unpackLineage = (rows: readonly LineageRow[]): LineageEntry[] =>
  rows.map(([number, id, first, born, mandate]) => ({
    number,
    id,
    first,
    ...(born ? { born } : {}),
    ...(mandate === undefined ? {} : { mandate: { at: mandate[0], id: mandate[1] } }),
  }));
