/** Positions and epochs as they travel, in the messages that name them. */
import { epochId, fleetId } from "../model/ids.ts";
import type { Birth, Epoch, LineageEntry, Position } from "../model/position.ts";
import { hex, tuple, whole, word } from "./reader.ts";
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

/** `born` came last: an epoch without it is a fleet's first one. */
export const encodeLineageEntry = ({ number, id, first, born }: LineageEntry): unknown[] => {
  const row = [count(number), unhex(id), count(first)];
  return born === undefined ? row : [...row, born];
};

export function decodeLineageEntry(raw: unknown, path: string): LineageEntry {
  const [, , first, born] = tuple(raw, path, 3);
  const entry = { ...decodeEpoch(raw, path), first: whole(first, `${path}.first`) };
  return born === undefined ? entry : { ...entry, born: word(born, `${path}.born`, BIRTHS) };
}

const BIRTHS = ["restore", "promotion"] as const satisfies readonly Birth[];
