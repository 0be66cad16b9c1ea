/** Positions and epochs as they travel, in the messages that name them. */
import { epochId, fleetId } from "../model/ids.ts";
import type { Birth, Epoch, LineageEntry, Mandate, Position } from "../model/position.ts";
import { hex, time, tuple, whole, word } from "./reader.ts";
import { count, unhex } from "./writer.ts";

export const encodeEpoch = ({ number, id }: Epoch): unknown[] => [count(number), unhex(id)];

export function decodeEpoch(raw: unknown, path: string): Epoch {
  const { 0: number, 1: id } = tuple(raw, path, 2);
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

/** What follows `first` came later: an epoch without `born` is a fleet's first one, one without a mandate an older module's. */
export const encodeLineageEntry = ({ number, id, first, born, mandate }: LineageEntry): unknown[] => {
  const row = [count(number), unhex(id), count(first)];
  if (born === undefined) return row;
  return mandate === undefined ? [...row, born] : [...row, born, [count(mandate.at), unhex(mandate.id)]];
};

export function decodeLineageEntry(raw: unknown, path: string): LineageEntry {
  const [, , first, born, mandate] = tuple(raw, path, 3);
  const entry = { ...decodeEpoch(raw, path), first: whole(first, `${path}.first`) };
  if (born === undefined) return entry;
  const begun = { ...entry, born: word(born, `${path}.born`, BIRTHS) };
  return mandate === undefined ? begun : { ...begun, mandate: decodeMandate(mandate, `${path}.mandate`) };
}

function decodeMandate(raw: unknown, path: string): Mandate {
  const [at, id] = tuple(raw, path, 2);
  return { at: time(at, `${path}.at`), id: epochId(hex(id, `${path}.id`, 8)) };
}

const BIRTHS = ["restore", "promotion"] as const satisfies readonly Birth[];
