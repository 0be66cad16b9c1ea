/**
 * What the machine does not allow while something else runs. A hold locks a function of the machine: its menus are grey
 * and its interfaces answer "locked". Import and export are the machine's own functions; it tells when one runs, and
 * does not start one while the module holds "import-export", but for exports that the module has allowed all the same.
 */
import type { Owner } from "../src/model/owner.ts";
import type { Unsubscribe } from "./hal.ts";

export type Restriction =
  /** No import or export of synchronised data (M23). */
  | "import-export"
  /** <Action When Maximum Number of Users Exceeded> stays at <Delete Oldest User Settings> (M22). */
  | "max-users-policy";

/** <Action When Maximum Number of Users Exceeded>: the oldest user makes room, or the new one is not taken. */
export type MaxUsersPolicy = "delete-oldest" | "discard-new";

export interface RestrictionHold {
  /** Ends it; a second release does nothing. The function is locked while one hold is left. */
  release(): void;
}

/** Exports of some owners' data that may begin in spite of a hold (M23, [Prepare for User Data Export]). */
export interface ExportPermit {
  /** Ends it; a second release does nothing. An export that has begun goes on. */
  release(): void;
}

/** Whose data an export takes along. */
export type ExportedOwners = readonly Owner[] | "all";

export interface Restrictions {
  hold(restriction: Restriction): RestrictionHold;
  held(restriction: Restriction): boolean;
  /**
   * What the administrator chose under <Action When Maximum Number of Users Exceeded>; "delete-oldest" while
   * "max-users-policy" is held, and until somebody chose. What had been chosen is in force again after the last hold.
   */
  maxUsersPolicy(): MaxUsersPolicy;
  /**
   * An administrator chooses at the panel: durable when it resolves. "locked" while "max-users-policy" is held, and nothing was
   * changed.
   */
  setMaxUsersPolicy(policy: MaxUsersPolicy): Promise<"chosen" | "locked">;
  /** Told when `maxUsersPolicy` gives another answer, for whichever reason. */
  onMaxUsersPolicy(listener: (policy: MaxUsersPolicy) => void): Unsubscribe;
  /** An import or export is running now. */
  importExportRunning(): boolean;
  onImportExport(listener: (running: boolean) => void): Unsubscribe;
  /**
   * Marks an import or export as running, "locked" while held. The machine does not go to sleep, neither partially nor fully,
   * until it is ended (M30). `exported`: it is an export of these owners' data and nothing else, which permits may allow; left
   * out: an import.
   */
  beginImportExport(exported?: ExportedOwners): "locked" | { end(): void };
  /**
   * Exports of these owners may begin from now on, held or not, until the permit is released or has lapsed by itself in
   * monotonic time: a module that died leaves nothing open. Permits add up; "all" is covered by "all" alone.
   */
  allowExport(owners: ExportedOwners, lapsesAfterMs: number): ExportPermit;
}
