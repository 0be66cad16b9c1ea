/** Import and export of users' data (M23, M34), as an administrator asks for them. */
import type { Owner } from "../../src/model/owner.ts";
import type { Refusal } from "../../src/model/refusal.ts";

/** The export of a server/client machine that is open for now in spite of the lock (M23). */
export interface ExportWindow {
  readonly owners: readonly Owner[] | "all";
  /** Whole seconds, at least 1. */
  readonly secondsLeft: number;
}

export interface UserDataAdministration {
  /**
   * [Prepare for User Data Export] (M23), on a server machine whose own client goes to localhost ("no-own-client"
   * elsewhere): brings what this machine shows of these owners to what the server holds of them now, and then opens
   * their export for 15 minutes. None named: all owners, those that come meanwhile included. Import stays locked. A
   * second success begins a new window; a stop of either function ends it. Waits for this machine's own client, for at
   * most 30 s, and rejects "server-unreachable" then; nothing was opened.
   */
  prepareExport(owners: readonly Owner[]): Promise<Refusal | "done">;
}
