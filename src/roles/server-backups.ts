/** Backup and restore (M33), which no start waits for: what they are made of is loaded with the first one. */
import type { BackupOutcome } from "../../hal/services/backup.ts";
import type { Refusal } from "../model/refusal.ts";
import type { ServerBackup, ServerBackupParts } from "./server-backup.ts";

export type LoadBackups = () => Promise<typeof ServerBackup>;

export class ServerBackups {
  readonly #parts: ServerBackupParts;
  readonly #load: LoadBackups;

  constructor(parts: ServerBackupParts, load: LoadBackups) {
    this.#parts = parts;
    this.#load = load;
  }

  async backup(passphrase: string): Promise<BackupOutcome> {
    return await (await this.#open()).backup(passphrase);
  }

  async restore(file: Uint8Array, passphrase: string): Promise<Refusal | "done"> {
    return await (await this.#open()).restore(file, passphrase);
  }

  async #open(): Promise<ServerBackup> {
    const Backup = await this.#load();
    return new Backup(this.#parts);
  }
}
