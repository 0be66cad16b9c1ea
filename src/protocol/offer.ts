/** A joining client offers all it holds of an owner that the server does not hold (M13), and the answer to it. */
import { type JoinId, joinId, type Revision } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import { COMMON } from "../model/owner.ts";
import type { RefusalWord } from "../model/refusal.ts";
import { decodePiece } from "./changes.ts";
import { bytes, flag, hex, optional, owner, refuse, text, tuple, whole } from "./reader.ts";
import { outcomeWord } from "./refuse.ts";
import { count, tail, unhex } from "./writer.ts";

/** Client to server, in parts; only when all of them are there is the offer looked at. */
export interface Offer {
  readonly kind: "offer";
  readonly join: JoinId;
  /** The owner, or the list of `common` (entry.ts, holdingOf). */
  readonly holding: string;
  /** The one item of the owner that is offered, after it became shared again (P28); undefined: all of the holding. */
  readonly item: string | undefined;
  /** The revision of the base in which the client found the owner missing (P18). */
  readonly baseRevision: Revision;
  /** The last local edit that the data contains (P18, P19); 0 for none. */
  readonly lastSequence: number;
  readonly part: number;
  readonly of: number;
  /** Whether the joined pieces are deflated. */
  readonly deflated: boolean;
  /** A piece of the block of entries (block.ts), each an edit as edit.ts encodes it. */
  readonly bytes: Uint8Array;
}

/** Server to client. The same offer of the same join is answered alike, whenever it is repeated. */
export interface OfferAnswer {
  readonly kind: "offer-answer";
  readonly join: JoinId;
  readonly holding: string;
  readonly item: string | undefined;
  /**
   * "refused" words: owner-held (M14), owner-removed (M15), owner-evicted (M22), too-many-users, too-many-entries,
   * too-many-lists, device-specific (M20).
   */
  readonly outcome: "accepted" | RefusalWord;
  readonly revision: Revision;
}

export const encodeOffer = (offer: Offer): unknown[] => [
  unhex(offer.join),
  offer.holding,
  count(offer.baseRevision),
  count(offer.lastSequence),
  count(offer.part),
  count(offer.of),
  offer.deflated,
  offer.bytes,
  ...tail(offer.item),
];

export function decodeOffer(raw: unknown): Offer {
  const [join, held, baseRevision, lastSequence, part, of, deflated, piece, item] = tuple(raw, "offer", 8);
  return {
    kind: "offer",
    join: joinId(hex(join, "offer.join", 8)),
    holding: holding(held, "offer.holding"),
    baseRevision: whole(baseRevision, "offer.baseRevision"),
    lastSequence: whole(lastSequence, "offer.lastSequence"),
    ...decodePiece(part, of, "offer"),
    deflated: flag(deflated, "offer.deflated"),
    bytes: bytes(piece, "offer.bytes", { max: LIMITS.pieceBytesMax }),
    item: optional(item, "offer.item", itemName),
  };
}

export const encodeOfferAnswer = ({ join, holding: held, outcome, revision, item }: OfferAnswer): unknown[] => [
  unhex(join),
  held,
  outcome,
  count(revision),
  ...tail(item),
];

export function decodeOfferAnswer(raw: unknown): OfferAnswer {
  const [join, held, outcome, revision, item] = tuple(raw, "offer-answer", 4);
  return {
    kind: "offer-answer",
    join: joinId(hex(join, "offer-answer.join", 8)),
    holding: holding(held, "offer-answer.holding"),
    outcome: outcome === "accepted" ? outcome : outcomeWord(outcome, "offer-answer.outcome"),
    revision: whole(revision, "offer-answer.revision"),
    item: optional(item, "offer-answer.item", itemName),
  };
}

export const itemName = (raw: unknown, path: string): string => text(raw, path, { min: 1, max: LIMITS.itemCharactersMax });

/** A user, a group, or a part of `common` (entry.ts, holdingOf). */
export function holding(raw: unknown, path: string): string {
  const name = text(raw, path, { max: LIMITS.holdingCharactersMax });
  if (/^common\/./s.test(name)) return name;
  return owner(name, path) === COMMON ? refuse(path, "must name a part of common") : name;
}
