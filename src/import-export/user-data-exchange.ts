/**
 * Export and import of users' data, common lists and the group management settings (M34): an administrator's own backup,
 * and the way to set other machines up alike. The file is sealed under a passphrase, so that keychains and passwords go
 * along and are in the clear nowhere (B08).
 */
import type { Clock } from "../../hal/clock.ts";
import type { Device } from "../../hal/device.ts";
import type { ItemStore } from "../../hal/item-store.ts";
import type { ExportedOwners } from "../../hal/restrictions.ts";
import type { ExportOutcome } from "../../hal/services.ts";
import type { UserDataImport } from "../../hal/services/user-data.ts";
import type { Users } from "../../hal/users.ts";
import { type Entry, entryText } from "../model/entry.ts";
import { SyncError } from "../model/errors.ts";
import { itemOf } from "../model/item.ts";
import { LIMITS } from "../model/limits.ts";
import { isoTime } from "../roles/communication-log.ts";
import type { WholeActs } from "../roles/whole-act.ts";
import type { ExchangeTurns } from "./exchange-turns.ts";
import { passphraseFault } from "./passphrase.ts";
import { openFile, type SealingTools, sealFile } from "./sealed-file.ts";
import { readUserData, type UserData, writeUserData } from "./user-data-file.ts";

export interface UserDataExchangeParts {
  /** The machine's two stores. */
  readonly stores: readonly ItemStore[];
  /** Edits both of them, and the group settings, all or nothing. */
  readonly acts: WholeActs;
  readonly users: Users;
  readonly device: Device;
  /** The machine's, shared with its other imports and exports. */
  readonly turns: ExchangeTurns;
  readonly clock: Clock;
  readonly sealing: SealingTools;
  /** Whether an item is this machine's own for now, and goes into no file (M20). */
  readonly isDeviceSpecific: (item: string) => boolean;
}

export class UserDataExchange {
  readonly #parts: UserDataExchangeParts;

  constructor(parts: UserDataExchangeParts) {
    this.#parts = parts;
  }

  /** Rejects "limit-exceeded" for more than a file takes, and as the machine's stores do. */
  exportUserData(passphrase: string, owners: ExportedOwners): Promise<ExportOutcome> {
    return this.#parts.turns.run(owners, () => this.#export(passphrase, owners));
  }

  importUserData(bytes: Uint8Array, passphrase: string): Promise<UserDataImport> {
    return this.#parts.turns.run(undefined, () => this.#import(bytes, passphrase));
  }

  async #export(passphrase: string, owners: ExportedOwners): Promise<ExportOutcome> {
    const short = passphraseFault(passphrase);
    if (short !== undefined) return { kind: "refused", refusal: short };
    const { users, device, clock, sealing } = this.#parts;
    const { departments, groups } = users.policy();
    const header = {
      deviceName: device.deviceName,
      madeAt: isoTime(clock.wallMs()),
      networkPlaces: device.capabilities.networkPlaces,
      groupManagement: { departments, groups },
    };
    const chunks = writeUserData(header, this.#entries(owners));
    const pieces: Uint8Array[] = [];
    for await (const piece of sealFile("user-data", passphrase, chunks, sealing)) pieces.push(piece);
    return { kind: "exported", bytes: Uint8Array.from(Buffer.concat(pieces)) };
  }

  /** Owner by owner: what the manuals let nobody export (*5), and what belongs to this machine alone, stays here. */
  async *#entries(owners: ExportedOwners): AsyncIterable<Entry> {
    let entries = 0;
    for (const store of this.#parts.stores) {
      for (const owner of owners === "all" ? await store.owners() : owners) {
        for (const entry of await store.read(owner)) {
          if (itemOf(entry.item)?.exchangeable !== true || this.#parts.isDeviceSpecific(entry.item)) continue;
          entries += 1;
          if (entries > LIMITS.userDataEntriesMax)
            throw new SyncError("limit-exceeded", `more than ${LIMITS.userDataEntriesMax} entries; export fewer users at a time`);
          yield entry;
        }
      }
    }
  }

  async #import(bytes: Uint8Array, passphrase: string): Promise<UserDataImport> {
    const file = await openFile("user-data", passphrase, bytes, this.#parts.sealing);
    if (file.kind === "unusable") return { kind: "refused", refusal: { word: "backup-unusable", fault: file.fault } };
    const data = readUserData(file.chunks);
    if (data === "newer") return { kind: "refused", refusal: { word: "backup-unusable", fault: "newer" } };
    let [all, taken] = [0, 0];
    for (const entry of data.entries) {
      all += 1;
      if (!this.#isTaken(entry, data)) continue;
      checkFits(entry);
      taken += 1;
    }
    const changes = { [Symbol.iterator]: () => this.#takenOf(data) };
    await this.#parts.acts.perform({ changes, by: "import", groups: data.header.groupManagement });
    return { kind: "imported", entries: taken, leftOut: all - taken };
  }

  *#takenOf(data: UserData): Iterator<Entry> {
    for (const entry of data.entries) if (this.#isTaken(entry, data)) yield entry;
  }

  /** Items of other models and versions are left out, and so are keychains that point at places in another order (M25). */
  #isTaken({ item }: Entry, { header }: UserData): boolean {
    const { stores, device } = this.#parts;
    if (itemOf(item)?.exchangeable !== true || !stores.some((store) => store.items.has(item))) return false;
    return itemOf(item)?.byNetworkPlace !== true || header.networkPlaces === device.capabilities.networkPlaces;
  }
}

/** Per entry, after the table of items: throws "import-malformed" with its name, and never with its value. */
function checkFits(entry: Entry): void {
  const definition = itemOf(entry.item);
  const fault = definition?.fault(entry.value);
  if (fault !== undefined) throw new SyncError("import-malformed", `${entryText(entry)}: ${fault}; nothing was imported`);
}
