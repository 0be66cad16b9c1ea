/**
 * What the machine does not allow while something else runs. A hold locks a function of the machine: its menus are grey
 * and its interfaces answer "locked". Import and export are the machine's own functions; it tells when one runs, and
 * does not start one while the module holds "import-export".
 */
import type { Unsubscribe } from "./hal.ts";

export type Restriction =
  /** No import or export of synchronised data (M23). */
  | "import-export"
  /** <Action When Maximum Number of Users Exceeded> stays at <Delete Oldest User Settings> (M22). */
  | "max-users-policy";

export interface RestrictionHold {
  /** Ends it; a second release does nothing. The function is locked while one hold is left. */
  release(): void;
}

export interface Restrictions {
  hold(restriction: Restriction): RestrictionHold;
  held(restriction: Restriction): boolean;
  /** An import or export is running now. */
  importExportRunning(): boolean;
  onImportExport(listener: (running: boolean) => void): Unsubscribe;
  /** Marks an import or export as running, "locked" while held. The machine does not sleep until it is ended (M30). */
  beginImportExport(): "locked" | { end(): void };
}
