/**
 * What the desk and a simulated machine say to each other over the machine process's IPC channel. The desk asks, the
 * machine answers each call once; and it tells what happens without being asked. The desk is the fingers, the cable and
 * the wall socket: the module never sees any of it. Of the simulated network only the datagrams to groups go here, for
 * which the desk is the switch.
 */
import type { Scope } from "../../src/model/item.ts";
import type { LogRecord } from "../../src/model/log.ts";
import type { Refusal } from "../../src/model/refusal.ts";
import type { Key, Screen } from "../../src/model/screen.ts";
import type { EntryChange, EntryName } from "../../src/model/entry.ts";
import type { Owner } from "../../src/model/owner.ts";
import type { PowerState } from "../power.ts";
import type { ResourceReport } from "../resources.ts";
import type { MaxUsersPolicy } from "../restrictions.ts";
import type { HistoryRecord, PutBackOutcome } from "../services/history.ts";
import type { Seen, ThingToLookAt } from "../services/attention.ts";
import type { RegisteredOwner } from "../services/listing.ts";
import type { Preview } from "../services/preview.ts";
import type { Provenance } from "../services/provenance.ts";
import type {
  Acknowledged,
  AddressBookFormat,
  ClientStatus,
  ExportOutcome,
  ImportOutcome,
  RegisteredMachine,
  ServerStatus,
  SynchronizeChange,
  Synchronized,
} from "../services.ts";
import type { SearchOutcome, Way, WayReport } from "../services/finding.ts";
import type { ItemSharing } from "../services/sharing.ts";
import type { NotAppliedEntry } from "../services/not-applied.ts";
import type { UserDataImport } from "../services/user-data.ts";
import type { BackupOutcome } from "../services/backup.ts";
import type { CableKnobs } from "./cable.ts";
import type { GroupDatagram, JoinedGroup } from "./group-sockets.ts";

/** An entry as a printer's own pages show it: a secret only says that it is set. */
export interface ShownEntry {
  readonly owner: string;
  readonly item: string;
  readonly key: string;
  readonly value: unknown;
}

/** The machine at a glance. What the desk keeps of a machine that sleeps or is off. */
export interface MachineView {
  /** Whether the module is active; while it is not, what follows of it is what it said last. */
  readonly moduleActive: boolean;
  /** "" before the module has been active once. */
  readonly deviceId: string;
  readonly power: PowerState;
  readonly holds: readonly string[];
  readonly server: ServerStatus | null;
  readonly client: ClientStatus | null;
  readonly screen: Screen | null;
  readonly user: { readonly owner: string; readonly displayName: string; readonly administrator: boolean } | null;
  readonly settings: MachineSettings;
  readonly importExportRunning: boolean;
  /** `aheadMs`: how far the machine's date is ahead of the system's. */
  readonly clock: { readonly aheadMs: number; readonly sntp: string };
}

/** What an administrator sets at the machine itself, and what it keeps over a power cycle. */
export interface MachineSettings {
  readonly network: NetworkSettings;
  readonly policy: Policy;
  /** <Action When Maximum Number of Users Exceeded>, as it is in force. */
  readonly maxUsersPolicy: MaxUsersPolicy;
}

export interface NetworkSettings {
  /** `http://[user:password@]host:port`, null: none. */
  readonly proxy: string | null;
  readonly proxyExcludesLocalhost: boolean;
  /** `host:port` of the time server; null: none is set. */
  readonly sntp: string | null;
  /** Names of the network places in their order (M25): what the machine is from its next power-on on. */
  readonly networkPlaces: readonly string[];
}

export interface Policy {
  readonly loginService: string;
  readonly domains: readonly string[];
  readonly departments: { readonly on: boolean; readonly ids: readonly string[] };
  readonly groups: readonly PolicyGroup[];
}

export interface PolicyGroup {
  readonly id: string;
  readonly name: string;
  /** Names of users. */
  readonly members: readonly string[];
}

export interface ClockKnobs {
  readonly offsetMs: number;
  readonly driftPpm: number;
}

/** All that can be read of a machine, put down before it sleeps, so that reading it need not wake it. */
export interface MachineMemory {
  readonly entries: readonly ShownEntry[];
  readonly acknowledged: Acknowledged | undefined;
  readonly notApplied: readonly NotAppliedEntry[];
}

/** Every call with what it takes and what it answers. A call rejects with the code and the words of a SyncError. */
export interface MachineCalls {
  /** Answered when the screen has settled; a machine that this puts to sleep answers when it wakes. */
  readonly keys: { readonly takes: { readonly keys: readonly Key[] }; readonly gives: undefined };
  readonly text: { readonly takes: { readonly text: string }; readonly gives: undefined };
  readonly login: { readonly takes: { readonly user: string }; readonly gives: "logged-in" | "unknown-user" };
  readonly logout: { readonly takes: undefined; readonly gives: undefined };
  /** Answers when the machine has gone as deep as it can for now; one that sleeps fully answers by "asleep". */
  readonly energySaver: { readonly takes: undefined; readonly gives: undefined };
  readonly cable: { readonly takes: CableKnobs; readonly gives: undefined };
  readonly clock: { readonly takes: ClockKnobs; readonly gives: undefined };
  readonly networkSettings: { readonly takes: Partial<NetworkSettings>; readonly gives: NetworkSettings };
  readonly policy: { readonly takes: Policy; readonly gives: Policy };
  readonly maxUsersPolicy: { readonly takes: MaxUsersPolicy; readonly gives: "chosen" | "locked" };
  readonly readItems: { readonly takes: { readonly owner: Owner | undefined }; readonly gives: readonly ShownEntry[] };
  readonly editItems: { readonly takes: { readonly changes: readonly EntryChange[] }; readonly gives: readonly number[] };
  readonly acknowledged: { readonly takes: undefined; readonly gives: Acknowledged };
  readonly importBook: {
    readonly takes: { readonly bytes: Uint8Array; readonly format: AddressBookFormat };
    readonly gives: ImportOutcome;
  };
  readonly exportBook: {
    readonly takes: { readonly format: AddressBookFormat; readonly owners: readonly Owner[] | undefined };
    readonly gives: ExportOutcome;
  };
  readonly exportUserData: {
    readonly takes: { readonly passphrase: string; readonly owners: readonly Owner[] };
    readonly gives: ExportOutcome;
  };
  readonly importUserData: {
    readonly takes: { readonly file: Uint8Array; readonly passphrase: string };
    readonly gives: UserDataImport;
  };
  readonly notApplied: { readonly takes: undefined; readonly gives: readonly NotAppliedEntry[] };
  readonly prepareExport: { readonly takes: { readonly owners: readonly Owner[] }; readonly gives: Refusal | "done" };
  readonly synchronize: {
    readonly takes: SynchronizeChange;
    readonly gives: Refusal | Synchronized;
  };
  readonly machines: { readonly takes: undefined; readonly gives: readonly RegisteredMachine[] };
  readonly owners: { readonly takes: { readonly search: string }; readonly gives: Refusal | readonly RegisteredOwner[] };
  readonly removeMachine: { readonly takes: { readonly deviceId: string }; readonly gives: Refusal | "done" };
  readonly why: { readonly takes: EntryName; readonly gives: Refusal | Provenance };
  readonly history: { readonly takes: { readonly owner: Owner | undefined }; readonly gives: readonly HistoryRecord[] };
  readonly search: { readonly takes: { readonly depth: number }; readonly gives: SearchOutcome };
  readonly testWay: { readonly takes: Way; readonly gives: WayReport };
  /** From the switch to the machine. */
  readonly datagram: { readonly takes: GroupDatagram; readonly gives: undefined };
  readonly sharing: { readonly takes: undefined; readonly gives: readonly ItemSharing[] };
  readonly setSharing: { readonly takes: { readonly scopes: Readonly<Record<string, Scope>> }; readonly gives: Refusal | "done" };
  readonly attention: { readonly takes: undefined; readonly gives: readonly ThingToLookAt[] };
  readonly attentionSeen: { readonly takes: { readonly what: Seen }; readonly gives: undefined };
  readonly preview: { readonly takes: { readonly owner?: Owner }; readonly gives: Refusal | Preview };
  readonly putBack: {
    readonly takes: { readonly owner: Owner; readonly ids?: readonly string[] };
    readonly gives: Refusal | PutBackOutcome;
  };
  readonly backup: { readonly takes: { readonly passphrase: string }; readonly gives: BackupOutcome };
  readonly restore: { readonly takes: { readonly file: Uint8Array; readonly passphrase: string }; readonly gives: Refusal | "done" };
  readonly takeOver: { readonly takes: undefined; readonly gives: Refusal | "done" };
  readonly deleteOwner: { readonly takes: { readonly owner: Owner }; readonly gives: Refusal | "done" };
}

export type CallName = keyof MachineCalls;
export type Takes<C extends CallName> = MachineCalls[C]["takes"];
export type Gives<C extends CallName> = MachineCalls[C]["gives"];

/** made here; accepted by the server machine; arrived here from another machine. */
export type TravelStep = "edited" | "accepted" | "arrived";

/** Entries on their way, by name: the first of them, and how many more there were. */
export interface Travel {
  readonly step: TravelStep;
  readonly names: readonly EntryName[];
  readonly more: number;
}

/** What a machine tells. */
export type MachineEvent =
  /** The simulated hardware is there and takes calls; the module is being started. */
  | { readonly kind: "powered"; readonly view: MachineView }
  | { readonly kind: "view"; readonly view: MachineView }
  /** `whole`: all records there are; otherwise what has come to them. */
  | { readonly kind: "log"; readonly records: readonly LogRecord[]; readonly whole: boolean }
  | { readonly kind: "resources"; readonly report: ResourceReport }
  /** The ports that the module listens on, and the local socket that stands for each. */
  | { readonly kind: "listening"; readonly ports: readonly { readonly port: number; readonly path: string }[] }
  /** From the machine to the switch: what it says to a group, or answers. */
  | { readonly kind: "datagram"; readonly datagram: GroupDatagram }
  | { readonly kind: "groups"; readonly groups: readonly JoinedGroup[] }
  | { readonly kind: "memory"; readonly memory: MachineMemory }
  | { readonly kind: "travel"; readonly travel: Travel }
  /** The next thing the process does is to stop itself. */
  | { readonly kind: "asleep"; readonly view: MachineView; readonly wakesOnConnection: boolean }
  /** The process runs again. */
  | { readonly kind: "awake" }
  /** Somebody chose the restart on the machine's own panel. */
  | { readonly kind: "restart-wanted" };

export interface ControlError {
  /** A code of src/model/errors.ts, or "not-active": the module is not running, and did not come up in time. */
  readonly code: string;
  readonly message: string;
}

export type ControlMessage =
  | { readonly desk: "call"; readonly id: number; readonly name: CallName; readonly takes: unknown }
  | { readonly desk: "answer"; readonly id: number; readonly gives: unknown }
  | { readonly desk: "error"; readonly id: number; readonly error: ControlError }
  | { readonly desk: "event"; readonly event: MachineEvent };
