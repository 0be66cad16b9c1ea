/** The one record that says where a journal stands; every commit ends with it. */
import type { FleetId, Revision } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import type { LineageEntry } from "../model/position.ts";
import { decodeCbor, encodeCbor } from "../protocol/cbor.ts";

export interface JournalHead {
  readonly fleet: FleetId;
  readonly lineage: readonly LineageEntry[];
  readonly revision: Revision;
  readonly chainHash: string;
  /** The first change that is still kept; one above the revision when none is. */
  readonly oldest: Revision;
  /** Bytes of the changes that are kept. */
  readonly bytes: number;
}

export function packJournalHead({ fleet, lineage, revision, chainHash, oldest, bytes }: JournalHead): Uint8Array {
  return encodeCbor([fleet, lineage.map(({ number, id, first }) => [number, id, first]), revision, chainHash, oldest, bytes]);
}

type HeadRow = readonly [FleetId, readonly (readonly [number, LineageEntry["id"], Revision])[], Revision, string, Revision, number];

export function unpackJournalHead(bytes: Uint8Array): JournalHead {
  const [fleet, lineage, revision, chainHash, oldest, keptBytes] = decodeCbor(bytes, LIMITS.messageBytesMax) as HeadRow;
  return { fleet, lineage: lineage.map(([number, id, first]) => ({ number, id, first })), revision, chainHash, oldest, bytes: keptBytes };
}
