/** The one small record that says where a client's replica stands; every batch of the replica ends with it. */
import type { JoinId, JournalTime, Revision } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import type { LostBecause } from "../model/lost.ts";
import type { Epoch, LineageEntry, Position } from "../model/position.ts";
import { decodeCbor, encodeCbor } from "../protocol/cbor.ts";
import { type LineageRow, packLineage, unpackLineage } from "./lineage-row.ts";

/** Journal time as it was last heard, and when that was. */
export interface Heard {
  readonly time: JournalTime;
  readonly boot: string;
  readonly monotonicMs: number;
}

/** A snapshot that is being transferred into a generation of its own (P29). */
export interface Transfer {
  readonly generation: number;
  readonly start: Position;
  /** The last key that is stored. */
  readonly after: string;
  /** All parts are there; what is missing is changes. */
  readonly complete: boolean;
  /** Up to where changes were replayed. */
  readonly position: Position;
  readonly at: JournalTime;
  /** The newest revision that a part shows: before that is reached, the copy is of no one moment. */
  readonly reach: Revision;
}

/** A base that this copy had, and the journal time of its last change. */
export interface EarlierBase {
  readonly epoch: Epoch;
  readonly revision: Revision;
  readonly at: JournalTime;
  /** Journal time as the machine knew it then, in a power-on that may be over by now. */
  readonly heard: Heard | undefined;
}

export type Unshown = "show" | LostBecause;

export interface ReplicaHead {
  readonly position: Position | undefined;
  /** Journal time of the change at the position: no edit made on top of it is older (P1). */
  readonly at: JournalTime;
  readonly generation: number;
  readonly sequence: number;
  /** The newest mark of the machine's stores that is recorded here. */
  readonly mark: number;
  readonly lastStamp: JournalTime;
  readonly heard: Heard | undefined;
  readonly transfer: Transfer | undefined;
  /** The join that is under way or was the last one; `base`: the revision in which this machine saw what the server lacks (P18). */
  readonly join: { readonly id: JoinId; readonly base: Revision } | undefined;
  /**
   * The machine's stores do not show yet what is visible here, though they may name the same position: it is to be
   * carried over to them. A word of the history: what goes by it is data of the machine's own, and is kept there as this.
   */
  readonly unshown: Unshown | undefined;
  /** The epochs of the base's journal, its own last; empty where it was not kept yet (P12). */
  readonly lineage: readonly LineageEntry[];
  /** The digest of the server machine's network places, and whether keychains are kept apart for it (M25). */
  readonly places: { readonly server: string; readonly apart: boolean } | undefined;
  /**
   * Bases over which edits were made that are not recorded yet, in their order: while there was no room, or a damaged copy was
   * fetched anew. How old such an edit is at least they alone tell (P1, P2).
   */
  readonly earlier: readonly EarlierBase[];
}

export const EMPTY_HEAD: ReplicaHead = {
  position: undefined,
  at: 0,
  generation: 0,
  sequence: 0,
  mark: 0,
  lastStamp: 0,
  heard: undefined,
  transfer: undefined,
  join: undefined,
  unshown: undefined,
  lineage: [],
  places: undefined,
  earlier: [],
};

type PositionRow = readonly [Position["fleet"], number, Position["epoch"]["id"], Revision, string] | null;

const packPosition = (position: Position | undefined): PositionRow =>
  position === undefined ? null : [position.fleet, position.epoch.number, position.epoch.id, position.revision, position.chainHash];

function unpackPosition(row: PositionRow): Position | undefined {
  if (row === null) return undefined;
  const [fleet, number, id, revision, chainHash] = row;
  return { fleet, epoch: { number, id }, revision, chainHash };
}

type HeardRow = readonly [JournalTime, boot: string, monotonicMs: number];

const rowOf = ({ time, boot, monotonicMs }: Heard): HeardRow => [time, boot, monotonicMs];

const unpackHeard = (row: HeardRow | null): Heard | undefined =>
  row === null ? undefined : { time: row[0], boot: row[1], monotonicMs: row[2] };

/** What was heard came later: a row without it is an older one. */
type EarlierRow = readonly [number, Epoch["id"], Revision, JournalTime, HeardRow?];

const packEarlier = ({ epoch, revision, at, heard }: EarlierBase): EarlierRow =>
  heard === undefined ? [epoch.number, epoch.id, revision, at] : [epoch.number, epoch.id, revision, at, rowOf(heard)];

const unpackEarlier = ([number, id, revision, at, heard]: EarlierRow): EarlierBase => ({
  epoch: { number, id },
  revision,
  at,
  heard: unpackHeard(heard ?? null),
});

export function packReplicaHead(head: ReplicaHead): Uint8Array {
  const { transfer, heard, join, places, earlier } = head;
  const placed = places === undefined ? null : [places.server, places.apart];
  return encodeCbor([
    packPosition(head.position),
    head.at,
    head.generation,
    head.sequence,
    head.mark,
    head.lastStamp,
    heard === undefined ? null : rowOf(heard),
    transfer === undefined
      ? null
      : [
          transfer.generation,
          packPosition(transfer.start),
          transfer.after,
          transfer.complete,
          packPosition(transfer.position),
          transfer.at,
          transfer.reach,
        ],
    join === undefined ? null : [join.id, join.base],
    head.unshown ?? null,
    packLineage(head.lineage),
    ...(placed === null && earlier.length === 0 ? [] : [placed]),
    ...(earlier.length === 0 ? [] : [earlier.map(packEarlier)]),
  ]);
}

type Row = readonly [
  PositionRow,
  JournalTime,
  number,
  number,
  number,
  JournalTime,
  HeardRow | null,
  readonly [number, NonNullable<PositionRow>, string, boolean, NonNullable<PositionRow>, JournalTime, Revision] | null,
  readonly [JoinId, number] | null,
  Unshown | null,
  // These came later: a row without them is an older one.
  (readonly LineageRow[])?,
  (readonly [string, boolean] | null)?,
  (readonly EarlierRow[])?,
];

export function unpackReplicaHead(bytes: Uint8Array): ReplicaHead {
  const [position, at, generation, sequence, mark, lastStamp, heard, transfer, join, unshown, lineage = [], places, earlier = []] =
    decodeCbor(bytes, LIMITS.entryBytesMax) as Row;
  return {
    position: unpackPosition(position),
    at,
    generation,
    sequence,
    mark,
    lastStamp,
    heard: unpackHeard(heard),
    transfer: transfer === null ? undefined : unpackTransfer(transfer),
    join: join === null ? undefined : { id: join[0], base: join[1] },
    unshown: unshown ?? undefined,
    lineage: unpackLineage(lineage),
    places: places === undefined || places === null ? undefined : { server: places[0], apart: places[1] },
    earlier: earlier.map(unpackEarlier),
  };
}

function unpackTransfer([generation, start, after, complete, position, at, reach]: NonNullable<Row[7]>): Transfer {
  return {
    generation,
    start: unpackPosition(start) as Position,
    after,
    complete,
    position: unpackPosition(position) as Position,
    at,
    reach,
  };
}
