/** Server to client: a block of changes, or one piece of it. Blocks begin and end at revision boundaries. */
import type { Revision } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import { bytes, flag, refuse, tuple, whole } from "./reader.ts";
import { count } from "./writer.ts";

export interface Changes {
  readonly kind: "changes";
  /** Revisions of the block, ends included; `first` > `last` is the empty block: there is nothing after `last`. */
  readonly first: Revision;
  readonly last: Revision;
  readonly part: number;
  readonly of: number;
  /** Whether the joined pieces are deflated. */
  readonly deflated: boolean;
  /** A piece of the block: changes as change.ts encodes them, each with its length before it. */
  readonly bytes: Uint8Array;
}

export const encodeChanges = (changes: Changes): unknown[] => [
  count(changes.first),
  count(changes.last),
  count(changes.part),
  count(changes.of),
  changes.deflated,
  changes.bytes,
];

export function decodeChanges(raw: unknown): Changes {
  const { 0: first, 1: last, 2: part, 3: of, 4: deflated, 5: piece } = tuple(raw, "changes", 6);
  const changes: Changes = {
    kind: "changes",
    first: whole(first, "changes.first", { min: 1 }),
    last: whole(last, "changes.last"),
    ...decodePiece(part, of, "changes"),
    deflated: flag(deflated, "changes.deflated"),
    bytes: bytes(piece, "changes.bytes", { max: LIMITS.pieceBytesMax }),
  };
  if (changes.first > changes.last + 1)
    return refuse("changes.first", `must be at most one after last (${changes.last}), is ${changes.first}`);
  return changes;
}

/** Which piece of how many, counted from 0. */
export function decodePiece(part: unknown, of: unknown, path: string): { readonly part: number; readonly of: number } {
  const many = whole(of, `${path}.of`, { min: 1, max: LIMITS.piecesMax });
  return { part: whole(part, `${path}.part`, { max: many - 1 }), of: many };
}
