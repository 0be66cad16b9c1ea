/** Server to client: you are in, this is the session, and so you catch up. */
import type { JournalTime, Revision } from "../model/ids.ts";
import type { LineageEntry, Position } from "../model/position.ts";
import type { Answer } from "./answers.ts";

export interface Welcome {
  readonly kind: "welcome";
  /** Answers the hello with this number. */
  readonly number: number;
  /** Epochs of this journal, oldest first (P12). */
  readonly lineage: readonly LineageEntry[];
  /** Where the server stands now. */
  readonly position: Position;
  readonly journalTime: JournalTime;
  readonly beatMs: number;
  readonly leaseMs: number;
  /**
   * "changes": the client's copy is a state of this journal; blocks from its revision on are to be pulled (none when it
   * is at `position`). "snapshot": parts are to be pulled, then changes after `start`. `resume`: the partial snapshot
   * that the hello named goes on from where it was.
   */
  readonly way:
    | { readonly kind: "changes" }
    | { readonly kind: "snapshot"; readonly start: Position; readonly resume: boolean };
  /** Edits of the hello's pending ranges that were decided already (P10). */
  readonly answers: readonly Answer[];
}

/** One key range of the server's state. Keys are those after the one asked for, up to and with `last`. */
export interface Part {
  readonly kind: "part";
  readonly after: string;
  readonly last: string;
  /** No key comes after `last`. */
  readonly end: boolean;
  /** The state of this range is that of this revision. */
  readonly revision: Revision;
  /** Deflated records: key and value, each with its length before it. */
  readonly bytes: Uint8Array;
}
