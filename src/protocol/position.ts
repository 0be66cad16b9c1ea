/** Positions and epochs as they travel, in the messages that name them. */
import { epochId, fleetId } from "../model/ids.ts";
import type { Epoch, LineageEntry, Position } from "../model/position.ts";
import { hex, tuple, whole } from "./reader.ts";
import { count, unhex } from "./writer.ts";

export const encodeEpoch = ({ number, id }: Epoch): unknown[] => [count(number), unhex(id)];

export function decodeEpoch(raw: unknown, path: string): Epoch {
  const [number, id] = tuple(raw, path, 2);
  return { number: whole(number, `${path}.number`), id: epochId(hex(id, `${path}.id`, 8)) };
}

export const encodePosition = ({ fleet, epoch, revision, chainHash }: Position): unknown[] => [
  unhex(fleet),
  encodeEpoch(epoch),
  count(revision),
  unhex(chainHash),
];

export function decodePosition(raw: unknown, path: string): Position {
  const [fleet, epoch, revision, chainHash] = tuple(raw, path, 4);
  return {
    fleet: fleetId(hex(fleet, `${path}.fleet`, 16)),
    epoch: decodeEpoch(epoch, `${path}.epoch`),
    revision: whole(revision, `${path}.revision`),
    chainHash: hex(chainHash, `${path}.chainHash`, 16),
  };
}

export const encodeLineageEntry = ({ number, id, first }: LineageEntry): unknown[] => [count(number), unhex(id), count(first)];

export function decodeLineageEntry(raw: unknown, path: string): LineageEntry {
  const [, , first] = tuple(raw, path, 3);
  return { ...decodeEpoch(raw, path), first: whole(first, `${path}.first`) };
}
