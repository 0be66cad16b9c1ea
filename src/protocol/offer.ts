/** A joining client offers all it holds of an owner that the server does not hold (M13), and the answer to it. */
import type { JoinId, Revision } from "../model/ids.ts";
import type { RefusalWord } from "../model/refusal.ts";

/** Client to server, in parts; only when all of them are there is the offer looked at. */
export interface Offer {
  readonly kind: "offer";
  readonly join: JoinId;
  /** The owner, or the list of `common` (entry.ts, holdingOf). */
  readonly holding: string;
  /** The revision of the base in which the client found the owner missing (P18). */
  readonly baseRevision: Revision;
  /** The last local edit that the data contains (P18, P19); 0 for none. */
  readonly lastSequence: number;
  readonly part: number;
  readonly of: number;
  /** A piece of the deflated block of entries (block.ts), each an edit as edit.ts encodes it. */
  readonly bytes: Uint8Array;
}

/** Server to client. The same offer of the same join is answered alike, whenever it is repeated. */
export interface OfferAnswer {
  readonly kind: "offer-answer";
  readonly join: JoinId;
  readonly holding: string;
  /** "refused" words: owner-held (M14), owner-removed (M15), too-many-users, too-many-entries. */
  readonly outcome: "accepted" | RefusalWord;
  readonly revision: Revision;
}
