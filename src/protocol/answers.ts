/** Server to client: what was decided about edits of the client, durably. Every answer names a revision (P8). */
import type { Revision, RunId } from "../model/ids.ts";
import type { RefusalWord } from "../model/refusal.ts";

export interface Answer {
  readonly run: RunId;
  readonly sequence: number;
  /** "superseded": something else stands; "refused": with the word. Both go to the author's history. */
  readonly outcome: "accepted" | "superseded" | RefusalWord;
  /** From this revision on the base shows what was decided. */
  readonly revision: Revision;
}

export interface Answers {
  readonly kind: "answers";
  /** The push they answer. */
  readonly number: number;
  readonly answers: readonly Answer[];
}
