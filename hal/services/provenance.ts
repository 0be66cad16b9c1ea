/** Where an entry comes from (B04): who set it, on which machine, when, and why it stands. */
import type { Why } from "../../src/model/entry.ts";
import type { EntryName } from "../../src/model/entry.ts";
import type { Owner } from "../../src/model/owner.ts";
import type { Refusal } from "../../src/model/refusal.ts";
import type { HistoryRecord } from "./history.ts";

/** Who wrote a value, where, and when. */
export interface Author {
  /** An owner text, "import", "put-back", or "" when nobody was logged in, or the machine does not say. */
  readonly by: string;
  readonly deviceId: string;
  /** Left out where no name of the machine was ever heard. */
  readonly deviceName?: string;
  /** ISO 8601: journal time, which begins as the server machine's date and never goes back. Left out where nobody knows. */
  readonly at?: string;
  /** false: made at this time or later; the machine had been without power and did not know (P2). */
  readonly certain: boolean;
}

export interface Standing extends Author {
  readonly why: Why;
  /** The change that brought it. */
  readonly revision: number;
}

export interface Provenance extends EntryName, Author {
  /**
   * "standing": it stands on the server, as far as this machine has heard. "pending": it is saved here and not yet on the
   * server. "here-alone": it is on this machine only, and does not travel, or not yet.
   */
  readonly state: "standing" | "pending" | "here-alone";
  /** What somebody did was to delete the entry. */
  readonly deleted: boolean;
  /** Why it won, for "standing". */
  readonly why?: Why;
  readonly revision?: number;
  /** All of it as a sentence, in English. */
  readonly text: string;
  /** What stands on the server below a pending edit. */
  readonly over?: Standing;
  /** What of this entry lost on this machine, the newest first. */
  readonly replaced: readonly HistoryRecord[];
}

export interface ProvenanceAdministration {
  /**
   * "nothing-kept": neither this machine nor, as far as it knows, the server has ever had this entry. Rejects with "storage-damaged"
   * while nobody can tell: part of this machine's copy was damaged, and is fetched anew.
   */
  why(owner: Owner, item: string, key: string): Promise<Refusal | Provenance>;
}
