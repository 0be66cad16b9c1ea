/**
 * Client to server, and back: what a copy has beyond the parting from a server that went on from another copy (B06). The
 * parting is by a promotion, so nothing of it is undone: the server takes what nothing newer stands against.
 */
import type { Revision } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import { bytes, tuple, whole } from "./reader.ts";
import { count } from "./writer.ts";

export interface Bring {
  readonly kind: "bring";
  /** 1, 2, 3 ... within the session. */
  readonly number: number;
  /** The last revision that the copy and the server's journal have in common. */
  readonly common: Revision;
  /** Records of the copy's state beyond it, as a snapshot part packs them: owners and scopes first, then entries. */
  readonly bytes: Uint8Array;
}

/** All of the message with this number was decided, durably. */
export interface Brought {
  readonly kind: "brought";
  readonly number: number;
}

export const encodeBring = ({ number, common, bytes: records }: Bring): unknown[] => [count(number), count(common), records];

export function decodeBring(raw: unknown): Bring {
  const [number, common, records] = tuple(raw, "bring", 3);
  return {
    kind: "bring",
    number: whole(number, "bring.number", { min: 1 }),
    common: whole(common, "bring.common"),
    bytes: bytes(records, "bring.bytes", { max: LIMITS.partBytesMax }),
  };
}

export const encodeBrought = ({ number }: Brought): unknown[] => [count(number)];

export function decodeBrought(raw: unknown): Brought {
  const [number] = tuple(raw, "brought", 1);
  return { kind: "brought", number: whole(number, "brought.number", { min: 1 }) };
}
