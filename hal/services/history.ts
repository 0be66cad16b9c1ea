/** What lost on this machine, kept for a while, and putting it back (B02). */
import type { EntryName } from "../../src/model/entry.ts";
import type { LostBecause } from "../../src/model/lost.ts";
import type { Owner } from "../../src/model/owner.ts";
import type { Refusal } from "../../src/model/refusal.ts";
import type { Value } from "../../src/model/value.ts";
import type { Standing } from "./provenance.ts";

export interface HistoryRecord extends EntryName {
  /** Names the record as long as it is kept. */
  readonly id: string;
  /** Which function of this machine lost it. */
  readonly lostBy: "client" | "server";
  /** undefined: what lost was a deletion. Secrets, and secret fields, only say that they are set: `{set: true}`. */
  readonly value: Value | undefined;
  readonly because: LostBecause;
  /** The same as a sentence, in English. */
  readonly text: string;
  /** Who had made it; left out where that is not known. */
  readonly by?: string;
  /** ISO 8601, journal time at which it had been made; left out where that is not known, as for data that a join replaced. */
  readonly madeAt?: string;
  /** ISO 8601, this machine's date when it lost. */
  readonly lostAt: string;
  /** ISO 8601, this machine's date when somebody put it back. */
  readonly putBackAt?: string;
  /** What stands in its place now. */
  readonly stands?: Standing;
}

export interface PutBackOutcome {
  /** Edits that were made; what stood there already needed none. */
  readonly entries: number;
}

export interface HistoryAdministration {
  /** The newest first, LIMITS.historyShownMax at most; of all owners where none is named. */
  history(owner?: Owner): Promise<readonly HistoryRecord[]>;
  /**
   * Puts back what lost of an owner, as edits that are made now: these records, or, where none are named, for each entry
   * the value that was lost last and was not put back yet. All of it or nothing; the machine's two stores take their parts
   * one after the other. "nothing-kept" when one of the ids, or all of the owner, is in no history (any more). Rejects with
   * a SyncError for what the machine cannot take, or a secret of a fleet whose secret is gone.
   */
  putBack(chosen: { readonly owner: Owner; readonly ids?: readonly string[] }): Promise<Refusal | PutBackOutcome>;
}
