/** The one record that says where a journal stands; every commit ends with it. */
import type { FleetId, Revision } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import type { LineageEntry } from "../model/position.ts";
import { decodeCbor, encodeCbor } from "../protocol/cbor.ts";
import { type LineageRow, packLineage, unpackLineage } from "./lineage-row.ts";

export interface JournalHead {
  readonly fleet: FleetId;
  readonly lineage: readonly LineageEntry[];
  readonly revision: Revision;
  readonly chainHash: string;
  /** The first change that is still kept; one above the revision when none is. */
  readonly oldest: Revision;
  /** Bytes of the changes that are kept. */
  readonly bytes: number;
  /** Where the state lies: an installed one (a restore, a promotion) lies beside the one before it. */
  readonly generation: number;
  /** The state before an installation, until what was undone of it is in the history and the rest is cleared. */
  readonly former: Former | undefined;
}

export interface Former {
  readonly generation: number;
  /** Entries beyond this revision were undone. */
  readonly common: Revision;
  /** Wall time of the installation: its losses count from here. */
  readonly lostAtMs: number;
}

export function packJournalHead({ fleet, lineage, revision, chainHash, oldest, bytes, generation, former }: JournalHead): Uint8Array {
  return encodeCbor([
    fleet,
    packLineage(lineage),
    revision,
    chainHash,
    oldest,
    bytes,
    generation,
    former === undefined ? null : [former.generation, former.common, former.lostAtMs],
  ]);
}

/** What follows the bytes came later: a row without it is an older one. */
type HeadRow = readonly [
  FleetId,
  readonly LineageRow[],
  Revision,
  string,
  Revision,
  number,
  number?,
  (readonly [number, Revision, number] | null)?,
];

export function unpackJournalHead(bytes: Uint8Array): JournalHead {
  const row = decodeCbor(bytes, LIMITS.messageBytesMax) as HeadRow;
  const [fleet, lineage, revision, chainHash, oldest, keptBytes, generation = 0, former = null] = row;
  return {
    fleet,
    lineage: unpackLineage(lineage),
    revision,
    chainHash,
    oldest,
    bytes: keptBytes,
    generation,
    former: former === null ? undefined : { generation: former[0], common: former[1], lostAtMs: former[2] },
  };
}
