/** The server's data as a file, put back from one, or taken over by another machine (M33, B06). */
import type { Refusal } from "../../src/model/refusal.ts";

export interface BackupAdministration {
  /**
   * All that the server function keeps, of one moment, sealed under the passphrase: the state, what was decided, the
   * machines, the fleet's secret. The server works on meanwhile. "server-not-running" where there is nothing to back up.
   */
  backup(passphrase: string): Promise<BackupOutcome>;
  /**
   * Puts a backup in the place of what the server function keeps, whether that runs or not. The file is looked at to its
   * last bit before anything is done ("backup-unusable" says what is wrong with it; "backup-of-another-fleet" where this
   * machine serves other machines, until its server function is stopped); then the data and a new epoch take
   * effect in one durable step. Every client ends equal to it; what it undid is in the histories. The machine that the backup was
   * made on, where that is another one, is told to step aside (B06); `otherServer` in the status says where that could not be.
   * Rejects with a SyncError when the storage does not take it: the old data stands then.
   */
  restore(file: Uint8Array, passphrase: string): Promise<Refusal | "done">;
  /**
   * B06: on a client machine whose server machine is lost. Its copy becomes the server's data, under a new epoch; its own
   * client takes part from then on, with its edits that nobody has. The other machines are pointed here one by one, keep
   * their edits, and bring what they have beyond this copy. "server-alive" while the server machine answers or is heard,
   * "client-not-running" where there is no copy, "clock-not-right" as for any server (M06). Takes up to 10 s.
   */
  takeOver(): Promise<Refusal | "done">;
}

export type BackupOutcome =
  | { readonly kind: "backed-up"; readonly file: Uint8Array }
  | { readonly kind: "refused"; readonly refusal: Refusal };
