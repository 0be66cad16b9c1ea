/**
 * What the module offers to the machine while it is active (its "registered services"): the administrator's functions
 * behind the panel, the Remote UI and scripts. Nothing here waits for another machine unless it says so.
 */
import type { ErrorCode } from "../src/model/errors.ts";
import type { LogRecord } from "../src/model/log.ts";
import type { Owner } from "../src/model/owner.ts";
import type { Refusal } from "../src/model/refusal.ts";
import type { EntryName } from "../src/model/entry.ts";
import type { Hal, Unsubscribe } from "./hal.ts";
import type { BackupAdministration } from "./services/backup.ts";
import type { ResourceReport } from "./resources.ts";
import type { NotAppliedAdministration } from "./services/not-applied.ts";
import type { ExportWindow, UserDataAdministration } from "./services/user-data.ts";
import type { HistoryAdministration } from "./services/history.ts";
import type { AttentionAdministration } from "./services/attention.ts";
import type { ListingAdministration } from "./services/listing.ts";
import type { PreviewAdministration } from "./services/preview.ts";
import type { ProvenanceAdministration } from "./services/provenance.ts";
import type { FindingAdministration } from "./services/finding.ts";
import type { SharingAdministration } from "./services/sharing.ts";

/** What a function of this very machine failed at; it starts again by itself. "crashed": for no reason that is known. */
export type Fault = ErrorCode | "crashed";

export interface ServerStatus {
  /** "stood-down": another machine has become the server in this one's place (B06). */
  readonly state: "running" | "waiting-for-clock" | "stopped-by-error" | "stood-down";
  /** Registered machines, the server machine's own client included. */
  readonly machines: number;
  readonly users: number;
  /** As many as there may be (M05). */
  readonly usersMax: number;
  readonly revision: number;
  /** For "stopped-by-error", once it is known. */
  readonly fault?: Fault;
  /** M28: the names of the machines that operate and so keep this one from full sleep, where there are any. */
  readonly keptAwakeBy?: readonly string[];
  /** M28: none is known to operate, but for one lease after a start or a waking that is not certain. */
  readonly awaitsMachines?: true;
  /** B06: here the server of before still serves, which was never paired with this machine: somebody has to stop it there. */
  readonly otherServer?: string;
  /** M06: the date is so many days ahead of the time that the fleet has counted. It is not believed: no history ages by it. */
  readonly dateAheadDays?: number;
}

/** How far a join or a return is: parts of the server's data received, users and groups shown here, or left to hand over. */
export type JoinProgress =
  | { readonly step: "receiving"; readonly parts: number }
  | { readonly step: "showing"; readonly done: number; readonly of: number }
  | { readonly step: "handing-over"; readonly left: number };

export interface ClientStatus {
  readonly state: "restart-needed" | "offline" | "joining" | "synchronized" | "paused" | "refused";
  /** Edits not yet answered by the server. */
  readonly pending: number;
  /** [Destination Server Address:] (M09), and whether a search found it: it is searched for again where it is out of reach. */
  readonly destination?: string;
  readonly searched?: true;
  /** For "refused" and "offline": what is the matter, as the server machine said when it was heard last. */
  readonly reason?: Refusal["word"];
  readonly refusal?: Refusal;
  /** For "offline": it is this machine that cannot go on, and not the way to the server. */
  readonly fault?: Fault;
  /** For "offline": what the way fails at, where that is more than silence: nobody has this address, or somebody on it wants another account. */
  readonly away?: "address-unusable" | "authentication-failed";
  /** The revision the machine stands at, once it has joined. */
  readonly revision?: number;
  readonly exportWindow?: ExportWindow;
  /** M25: this machine's network places are in another order than the server machine's; its keychains are kept apart. */
  readonly networkPlacesDiffer?: true;
  /** How many entries of the fleet this machine does not show (M27), where there are any. */
  readonly notApplied?: number;
  /** Kinds of data that stay on this machine though it takes part (B05): no room on the server machine (M22), or they cannot travel (M27). */
  readonly keptHere?: number;
  /** While the state is "joining", from the moment on that there is something to count. */
  readonly progress?: JoinProgress;
}

export interface ModuleStatus {
  readonly deviceId: string;
  readonly server: ServerStatus | undefined;
  readonly client: ClientStatus | undefined;
  /** B05: so much lost on this machine since somebody looked at the history, where anything did; counted no further than it is shown. */
  readonly lost?: number;
  /** What the module had kept on this machine was lost with its storage, and nobody has started a function since. */
  readonly storageLost?: true;
  /** [Allow custom settings to be applied during operation] is on. */
  readonly duringOperation?: true;
}

export interface ClientSettings {
  /** [Destination Server Address:] (M09). "": the server machine is searched for, and has to be the only one that answers. */
  readonly destination: string;
  /** Account with administrator rights on the server machine, for the first contact. */
  readonly account: string;
  readonly password: string;
  readonly trust: Trust;
  /** [Search Depth (Router):], 1 to 8; 1 where it is left out with "". With an address: of the search that found it, and does so again. */
  readonly searchDepth?: number | undefined;
}

/**
 * What became of a change. `discarded`: so many edits had not reached the server when the client function was stopped, or set
 * anew (P21): they are on this machine alone, and are not sent any more.
 */
export type Synchronized = "done" | { readonly discarded: number };

/** What is left out stays as it is; `client: null` stops the client function. */
export interface SynchronizeChange {
  readonly server?: boolean;
  readonly client?: ClientSettings | null;
  readonly preview?: string;
  /**
   * [Allow custom settings to be applied during operation]: language and accessibility that arrive from other machines are
   * in force at once for whoever is logged in. Off until somebody chooses: they are in force from the next login on.
   */
  readonly duringOperation?: boolean;
}

/**
 * Which machine the account is proven to and pinned as the server, now or when it answers at last:
 * - the one with this identity, which the administrator has compared on both panels; any other is "another-server";
 * - whichever answers first at the destination (the desk, where one person sees both machines).
 */
export type Trust = { readonly server: string } | "first-answer";

/** Who answers at a destination: before anything is proven to it, and without trusting it. */
export type ContactOutcome =
  /** `server` is its identity, as its own status has it as `deviceId`: to be compared on both panels. */
  | { readonly kind: "found"; readonly server: string; readonly searched?: SearchedAddress }
  /** `message` says what was tried, `code` which kind of trouble it is. */
  | { readonly kind: "away"; readonly code: ErrorCode; readonly message: string }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** What the destination "" came to: what is to be set, should it be the right one. */
export type SearchedAddress = Required<Pick<ClientSettings, "destination" | "searchDepth">>;

/** A machine in the server's list (M31). */
export interface RegisteredMachine {
  readonly deviceId: string;
  readonly deviceName: string;
  readonly productName: string;
  readonly location: string;
  readonly serialNumber: string;
  readonly operating: boolean;
  /** M25: its network places are in another order than the server machine's, so its keychains are kept apart; known while it operates. */
  readonly networkPlacesDiffer?: true;
  /** Edits that wait on it and have not been answered, as its last beat said; left out for none, and while it does not operate. */
  readonly waiting?: number;
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
  /** `leftOut`: entries that such a file cannot hold; left out for none. */
  | { readonly kind: "exported"; readonly bytes: Uint8Array; readonly leftOut?: number }
  | { readonly kind: "refused"; readonly refusal: Refusal };

export type AddressBookFormat = "csv" | "abk";

export interface Administration
  extends UserDataAdministration,
    NotAppliedAdministration,
    ProvenanceAdministration,
    HistoryAdministration,
    PreviewAdministration,
    ListingAdministration,
    AttentionAdministration,
    FindingAdministration,
    SharingAdministration,
    BackupAdministration {
  status(): ModuleStatus;
  onStatus(listener: (status: ModuleStatus) => void): Unsubscribe;
  log(): readonly LogRecord[];
  onLog(listener: (record: LogRecord) => void): Unsubscribe;
  /**
   * Starts or stops the functions, durably: `server` works at once, a client that is started works after the restart of
   * the machine (M08), a client that is stopped (`null`) stops at once. What is left out stays as it is. A server
   * machine that refuses the first contact leaves the client function as it was; one that is away is tried again until
   * it answers. Rejects with a SyncError when it answers but the account cannot be proven ("rate-exceeded" ...): nothing
   * was changed then either; or "hal-unavailable" when there is no network to search for the server on. With
   * `preview`, the id of one that was made with these settings, the client function is started only as long as the same would
   * happen; else "preview-stale", and nothing was changed.
   */
  synchronize(change: SynchronizeChange): Promise<Refusal | Synchronized>;
  /**
   * Looks who answers at the destination, for at most 5 s; nothing is proven, set or kept. For this very machine it is the machine's own
   * identity, of which nobody needs to be asked. "": searches first, as deep as is said (1 where nothing is), for 3 s more.
   */
  contact(destination: string, searchDepth?: number): Promise<ContactOutcome>;
  /** Of a server machine that serves, by name; else none. */
  machines(): readonly RegisteredMachine[];
  /** M02: takes a machine's place away; it is told, and has to be started anew there. */
  removeMachine(deviceId: string): Promise<Refusal | "done">;
  /** M15, for users and groups. */
  deleteOwner(owner: Owner): Promise<Refusal | "done">;
  acknowledged(): Acknowledged;
  /**
   * Resolves with the numbers of the edits with these marks, once the replica has them durably, or has no room for more:
   * the machine's own stores keep them until then. At once while the client function is off.
   */
  recorded(marks: readonly number[]): Promise<readonly number[]>;
  importAddressBook(bytes: Uint8Array, format: AddressBookFormat): Promise<ImportOutcome>;
  /** `owners` left out: the whole book, but for what came in no such file, which is counted. See `prepareExport` for locks. */
  exportAddressBook(format: AddressBookFormat, owners?: readonly Owner[]): Promise<ExportOutcome>;
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
  /** Stops all of it within the manifest's `stopTimeoutMs`; connections end with a word. The storage, the provider's, stays open. */
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
