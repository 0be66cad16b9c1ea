/**
 * What the module offers to the machine while it is active (its "registered services"): the administrator's functions
 * behind the panel, the Remote UI and scripts. Nothing here waits for another machine unless it says so.
 */
import type { LogRecord } from "../src/model/log.ts";
import type { Owner } from "../src/model/owner.ts";
import type { Refusal } from "../src/model/refusal.ts";
import type { EntryName } from "../src/model/entry.ts";
import type { Hal, Unsubscribe } from "./hal.ts";
import type { ResourceReport } from "./resources.ts";

export interface ServerStatus {
  readonly state: "running" | "waiting-for-clock" | "stopped-by-error";
  /** Registered machines, the server machine's own client included. */
  readonly machines: number;
  readonly users: number;
  readonly revision: number;
}

export interface ClientStatus {
  readonly state: "restart-needed" | "offline" | "joining" | "synchronized" | "paused" | "refused";
  /** Edits not yet answered by the server. */
  readonly pending: number;
  /** For "refused" and "offline": what is the matter. */
  readonly reason?: Refusal["word"];
  readonly refusal?: Refusal;
  /** The revision the machine stands at, once it has joined. */
  readonly revision?: number;
}

export interface ModuleStatus {
  readonly deviceId: string;
  readonly server: ServerStatus | undefined;
  readonly client: ClientStatus | undefined;
}

export interface ClientSettings {
  /** [Destination Server Address:] (M09). */
  readonly destination: string;
  /** Account with administrator rights on the server machine, for the first contact. */
  readonly account: string;
  readonly password: string;
  /** true: the server's certificate counts as confirmed by the administrator (the desk does so). */
  readonly confirmed: boolean;
}

/** A machine in the server's list (M31). */
export interface RegisteredMachine {
  readonly deviceId: string;
  readonly deviceName: string;
  readonly productName: string;
  readonly location: string;
  readonly serialNumber: string;
  readonly operating: boolean;
  /** Wall time of the server machine, ISO 8601. */
  readonly lastContactAt: string;
}

export interface Acknowledged {
  /** Every edit up to this number is durable on the server, or was answered otherwise. */
  readonly acknowledged: number;
  readonly pending: readonly ({ readonly number: number } & EntryName)[];
}

export type ImportOutcome =
  | { readonly kind: "imported"; readonly entries: number }
  | { readonly kind: "malformed"; readonly message: string; readonly line: number; readonly column: number }
  | { readonly kind: "refused"; readonly refusal: Refusal };

export type ExportOutcome =
  | { readonly kind: "exported"; readonly bytes: Uint8Array }
  | { readonly kind: "refused"; readonly refusal: Refusal };

export type AddressBookFormat = "csv" | "abk";

export interface Administration {
  status(): ModuleStatus;
  onStatus(listener: (status: ModuleStatus) => void): Unsubscribe;
  log(): readonly LogRecord[];
  onLog(listener: (record: LogRecord) => void): Unsubscribe;
  /**
   * Starts or stops the functions, durably: `server` works at once, a client that is started works after the restart of
   * the machine (M08), a client that is stopped (`null`) stops at once. What is left out stays as it is.
   */
  synchronize(change: { server?: boolean; client?: ClientSettings | null }): Promise<Refusal | "done">;
  machines(): readonly RegisteredMachine[];
  /** M02: takes a machine's place away; it is told, and has to be started anew there. */
  removeMachine(deviceId: string): Promise<Refusal | "done">;
  /** M15, for users and groups. */
  deleteOwner(owner: Owner): Promise<Refusal | "done">;
  acknowledged(): Acknowledged;
  /** Resolves with the numbers of the edits with these marks, once the replica has them durably; at once while the client function is off. */
  recorded(marks: readonly number[]): Promise<readonly number[]>;
  importAddressBook(bytes: Uint8Array, format: AddressBookFormat): Promise<ImportOutcome>;
  exportAddressBook(format: AddressBookFormat): Promise<ExportOutcome>;
}

/** What the bundle of the module exports; the runtime calls it. */
export interface ModuleBundle {
  /** Starts the module. Rejects when it cannot start; nothing keeps running then. */
  activate(hal: Hal, config: unknown): Promise<ActiveModule>;
}

export interface ActiveModule {
  readonly administration: Administration;
  /** Rejects with the reason when the module cannot go on; the runtime restarts it with back-off. */
  readonly crashed: Promise<never>;
  /** Stops all of it within the manifest's `stopTimeoutMs`; connections are ended with a word. The storage stays open: it is the provider's. */
  deactivate(): Promise<void>;
}

/** What a provider bundle exports. */
export interface ProviderBundle {
  /** Opens the machine. `dataDir` is the provider's and the module's own folder. */
  openMachine(options: { readonly dataDir: string; readonly arguments: Readonly<Record<string, string>> }): Promise<Machine>;
}

export interface Machine {
  readonly hal: Hal;
  /** Interfaces it provides, as `device-manifest.json` names them (hal/capabilities.ts). */
  readonly capabilities: readonly string[];
  /** The services of the module, or undefined while it is not active. */
  onModule(administration: Administration | undefined): void;
  /** The runtime's figures, for the machine's own pages. */
  onResources(report: ResourceReport): void;
  close(): Promise<void>;
}
