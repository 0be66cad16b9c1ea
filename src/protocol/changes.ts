/** Server to client: a block of changes, or one piece of it. Blocks begin and end at revision boundaries. */
import type { Revision } from "../model/ids.ts";

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
