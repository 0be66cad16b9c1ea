/** The administrator's functions (hal/services.ts) over the two functions of the machine; changes happen one after the other. */
import type { Hal, Unsubscribe } from "../../hal/hal.ts";
import type {
  Acknowledged,
  AddressBookFormat,
  Administration,
  ClientSettings,
  ContactOutcome,
  ExportOutcome,
  ImportOutcome,
  ModuleStatus,
  RegisteredMachine,
  SynchronizeChange,
  Synchronized,
} from "../../hal/services.ts";
import type { Seen, ThingToLookAt } from "../../hal/services/attention.ts";
import type { HistoryRecord, PutBackOutcome } from "../../hal/services/history.ts";
import type { RegisteredOwner } from "../../hal/services/listing.ts";
import type { Preview } from "../../hal/services/preview.ts";
import type { Provenance } from "../../hal/services/provenance.ts";
import type { SearchOutcome, Way, WayReport } from "../../hal/services/finding.ts";
import type { ItemSharing } from "../../hal/services/sharing.ts";
import type { NotAppliedEntry } from "../../hal/services/not-applied.ts";
import type { UserDataImport } from "../../hal/services/user-data.ts";
import type { BackupOutcome } from "../../hal/services/backup.ts";
import type { AddressBookExchange } from "../import-export/address-book-exchange.ts";
import type { UserDataExchange } from "../import-export/user-data-exchange.ts";
import type { Links } from "../link/link.ts";
import type { Config } from "../model/config.ts";
import { type DeviceId, deviceId, isHex32 } from "../model/ids.ts";
import type { Scope } from "../model/item.ts";
import type { Random } from "../model/random.ts";
import type { LogRecord } from "../model/log.ts";
import { notAppliedText } from "../model/not-applied.ts";
import type { Owner } from "../model/owner.ts";
import type { Refusal } from "../model/refusal.ts";
import { entryKey } from "../store/keys.ts";
import { changeFunctions, type FunctionParts } from "./change-functions.ts";
import type { AttentionDesk } from "./attention-desk.ts";
import type { HistoryDesk } from "./history-desk.ts";
import type { ProvenanceDesk } from "./provenance-desk.ts";
import { search } from "./finding.ts";
import { whoAnswers } from "./first-contact.ts";
import { notedExport, notedImport } from "./left-out.ts";
import type { PutBack } from "./put-back.ts";
import { registeredOwners } from "./server/registered-owners.ts";
import type { ServerBackups } from "./server-backups.ts";
import type { StatusNews } from "./status-news.ts";
import { StatusTeller } from "./status-teller.ts";
import { prepareExport, type PrepareExportParts } from "./prepare-export.ts";
import type { TakeOver } from "./take-over.ts";
import type { UnseenLosses } from "./unseen-losses.ts";
import { testWay } from "./way-test.ts";
import { wholeStatus } from "./whole-status.ts";

export interface ModuleAdministrationParts extends PrepareExportParts, FunctionParts {
  readonly addressBook: AddressBookExchange;
  readonly userData: UserDataExchange;
  readonly history: HistoryDesk;
  readonly provenance: ProvenanceDesk;
  readonly putBack: PutBack;
  readonly attention: AttentionDesk;
  readonly losses: UnseenLosses;
  readonly backups: ServerBackups;
  readonly takeOver: TakeOver;
  readonly device: DeviceId;
  readonly hal: Hal;
  readonly config: Config;
  readonly random: Random;
  readonly links: Pick<Links, "search" | "firstContact" | "identityEnds">;
}

export class ModuleAdministration implements Administration {
  readonly #parts: ModuleAdministrationParts;
  readonly #teller: StatusTeller;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: ModuleAdministrationParts) {
    const { clock } = parts.hal;
    this.#parts = parts;
    this.#teller = new StatusTeller({ clock, signal: parts.signal, status: () => this.status(), machines: () => this.machines() });
  }

  status(): ModuleStatus {
    return wholeStatus(this.#parts);
  }

  onStatus(listener: (status: ModuleStatus) => void): Unsubscribe {
    return this.#teller.listen(listener);
  }

  statusMayHaveChanged(news: StatusNews): void {
    this.#parts.losses.look();
    this.#teller.mayHaveChanged(news);
  }

  /** Somebody has changed something here, and waits for it to show. */
  #changed(): void {
    this.#parts.losses.look();
    this.#teller.changed();
  }

  log(): readonly LogRecord[] {
    return this.#parts.log.records();
  }

  onLog(listener: (record: LogRecord) => void): Unsubscribe {
    return this.#parts.log.onRecord(listener);
  }

  synchronize(change: SynchronizeChange): Promise<Refusal | Synchronized> {
    return this.#inOrder(() => this.#synchronize(change));
  }

  backup(passphrase: string): Promise<BackupOutcome> {
    return this.#inOrder(() => this.#parts.backups.backup(passphrase));
  }

  restore(file: Uint8Array, passphrase: string): Promise<Refusal | "done"> {
    return this.#inOrder(() => this.#parts.backups.restore(file, passphrase));
  }

  takeOver(): Promise<Refusal | "done"> {
    return this.#inOrder(() => this.#parts.takeOver(this.#parts));
  }

  /** After what was asked for before. */
  #inOrder<T>(act: () => Promise<T>): Promise<T> {
    const next = this.#last.then(act);
    // The next change does not depend on how this one ended; its caller hears of it.
    this.#last = next.then(
      () => undefined,
      () => undefined,
    );
    return next;
  }

  async #synchronize(change: SynchronizeChange): Promise<Refusal | Synchronized> {
    const outcome = await changeFunctions(this.#parts, change);
    this.#changed();
    return outcome;
  }

  async contact(destination: string, searchDepth?: number): Promise<ContactOutcome> {
    return await whoAnswers(this.#parts, { destination, searchDepth }, this.#parts.signal);
  }

  search(depth: number): Promise<SearchOutcome> {
    return search(this.#parts, depth, this.#parts.signal);
  }

  testWay(way: Way): Promise<WayReport> {
    const { server, signal } = this.#parts;
    return testWay({ ...this.#parts, ownServer: () => server.closed() }, way, signal);
  }

  machines(): readonly RegisteredMachine[] {
    return this.#parts.server.machines();
  }

  async removeMachine(device: string): Promise<Refusal | "done"> {
    const { server } = this.#parts.server;
    if (server === undefined) return { word: "server-not-running" };
    return isHex32(device) ? await server.orders.removeMachine(deviceId(device)) : { word: "machine-unknown" };
  }

  async deleteOwner(owner: Owner): Promise<Refusal | "done"> {
    const { server } = this.#parts.server;
    return server === undefined ? { word: "server-not-running" } : await server.orders.deleteOwner(owner);
  }

  sharing(): readonly ItemSharing[] {
    return this.#parts.server.server?.orders.sharing() ?? [];
  }

  async setSharing(scopes: Readonly<Record<string, Scope>>): Promise<Refusal | "done"> {
    const { server } = this.#parts.server;
    return server === undefined ? { word: "server-not-running" } : await server.orders.setSharing(new Map(Object.entries(scopes)));
  }

  notApplied(): readonly NotAppliedEntry[] {
    const listed = this.#parts.client.copy?.notApplied.all() ?? [];
    return listed
      .map(({ detail, because, ...name }) => ({ ...name, because, text: notAppliedText({ because, detail }) }))
      .sort((a, b) => (entryKey(a) < entryKey(b) ? -1 : 1));
  }

  async prepareExport(owners: readonly Owner[]): Promise<Refusal | "done"> {
    const outcome = await prepareExport(this.#parts, owners);
    this.#changed();
    return outcome;
  }

  exportUserData(passphrase: string, owners: readonly Owner[]): Promise<ExportOutcome> {
    return this.#parts.userData.exportUserData(passphrase, owners.length === 0 ? "all" : owners);
  }

  async importUserData(file: Uint8Array, passphrase: string): Promise<UserDataImport> {
    return notedImport(await this.#parts.userData.importUserData(file, passphrase), this.#parts.log);
  }

  acknowledged(): Acknowledged {
    return this.#parts.client.acknowledged();
  }

  recorded(marks: readonly number[]): Promise<readonly number[]> {
    return this.#parts.client.recorded(marks);
  }

  async owners(search = ""): Promise<Refusal | readonly RegisteredOwner[]> {
    const { journal } = this.#parts.server;
    return journal === undefined ? { word: "server-not-running" } : await registeredOwners(journal, search);
  }

  why(owner: Owner, item: string, key: string): Promise<Refusal | Provenance> {
    return this.#parts.provenance.why(owner, item, key);
  }

  history(owner?: Owner): Promise<readonly HistoryRecord[]> {
    return this.#parts.history.history(owner);
  }

  attention(): Promise<readonly ThingToLookAt[]> {
    return this.#parts.attention.attention();
  }

  attentionSeen(what: Seen): Promise<void> {
    return this.#parts.attention.attentionSeen(what);
  }

  preview({ settings, owner }: { settings?: ClientSettings; owner?: Owner }): Promise<Refusal | Preview> {
    return this.#inOrder(() => this.#parts.preview.preview(settings, owner));
  }

  putBack({ owner, ids }: { owner: Owner; ids?: readonly string[] }): Promise<Refusal | PutBackOutcome> {
    return this.#inOrder(() => this.#parts.putBack.perform(owner, ids));
  }

  importAddressBook(bytes: Uint8Array, format: AddressBookFormat): Promise<ImportOutcome> {
    return this.#parts.addressBook.importAddressBook(bytes, format);
  }

  async exportAddressBook(format: AddressBookFormat, owners?: readonly Owner[]): Promise<ExportOutcome> {
    return notedExport(await this.#parts.addressBook.exportAddressBook(format, owners), this.#parts.log);
  }
}
