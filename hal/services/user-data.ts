/** Import and export of users' data (M23, M34), as an administrator asks for them. */
import type { Owner } from "../../src/model/owner.ts";
import type { Refusal } from "../../src/model/refusal.ts";
import type { ExportOutcome } from "../services.ts";

/** The export of a server/client machine that is open for now in spite of the lock (M23). */
export interface ExportWindow {
  readonly owners: readonly Owner[] | "all";
  /** Whole seconds, at least 1. */
  readonly secondsLeft: number;
}

export type UserDataImport =
  /** `leftOut`: of items that this machine does not know or keep, or keychains for network places in another order. */
  | { readonly kind: "imported"; readonly entries: number; readonly leftOut: number }
  | { readonly kind: "refused"; readonly refusal: Refusal };

export interface UserDataAdministration {
  /**
   * [Prepare for User Data Export] (M23), on a server machine whose own client goes to localhost ("no-own-client"
   * elsewhere): brings what this machine shows of these owners to what the server holds of them now, and then opens
   * their export for 15 minutes. None named: all owners, those that come meanwhile included. Import stays locked. A
   * second success begins a new window; a stop of either function ends it. Waits for this machine's own client, for at
   * most 30 s, and rejects "server-unreachable" then; nothing was opened.
   */
  prepareExport(owners: readonly Owner[]): Promise<Refusal | "done">;
  /**
   * Personal data, common lists and the group management settings as a file, sealed under the passphrase (M34); of these
   * owners, of all where none are named. Without what the manuals export nowhere, and without what is device-specific.
   * While the client function is started, only what is open for export (prepareExport); "locked-while-synchronising"
   * otherwise. Rejects "limit-exceeded" for more than a file takes.
   */
  exportUserData(passphrase: string, owners: readonly Owner[]): Promise<ExportOutcome>;
  /**
   * The entries of such a file as edits by "import", and its group settings in the place of this machine's; nothing is
   * deleted. All or nothing: "backup-unusable" says what is wrong with the file, and it rejects "import-malformed" for an
   * entry that does not fit, or as the machine's stores do. A machine that loses its power meanwhile has all of it after its
   * next start, or nothing.
   */
  importUserData(file: Uint8Array, passphrase: string): Promise<UserDataImport>;
}
