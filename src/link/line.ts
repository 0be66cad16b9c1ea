/** One connection's life as a client machine has it: what a link is made of, one line after another. */
import type { SyncError } from "../model/errors.ts";
import type { Refusal } from "../model/refusal.ts";
import type { Down } from "../protocol/down.ts";
import type { Up } from "../protocol/up.ts";

export interface Line {
  send(message: Up): void;
  /** Resolves once, with what ended it; undefined when this side did. It never rejects. */
  readonly ended: Promise<SyncError | Refusal | undefined>;
  /** Ends it at once: no message arrives any more. */
  drop(): void;
  /** Resolves when what was sent has left; the line is ended then. */
  finish(): Promise<void>;
}

/**
 * Makes a line that is ready for messages both ways, or says why the other side does not want one; where what is said may follow the
 * asking at once, the line is made before that is known, and a line that is not wanted ends with the reason. Rejects with a
 * SyncError, and soon after the signal aborts. `onMessage` is called until the line has ended.
 */
export type Dial = (attempt: { readonly onMessage: (message: Down) => void; readonly signal: AbortSignal }) => Promise<Line | Refusal>;
