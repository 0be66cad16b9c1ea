/** What a record of the communication log tells, as data (M32): each reader is told in the own language, with the names in it. */
import type { EntryChange, EntryName } from "./entry.ts";
import { CODES, type ErrorCode, type LogLevel, type SyncError } from "./errors.ts";
import { itemOf, type Scope } from "./item.ts";
import type { EventCode } from "./log.ts";
import type { NotAppliedReason } from "./not-applied.ts";
import type { Owner } from "./owner.ts";
import { type Refusal, refusalLevel, type RefusalWord } from "./refusal.ts";
import { isFields } from "./value.ts";

/** An entry, and what people call it, where it has a name. */
export interface NotedEntry extends EntryName {
  readonly called: string;
  /** So many others of what it is held together with (`holdingOf`) fared alike. */
  readonly more?: number;
}

/** Who or what was refused. */
export type Refused =
  | { readonly of: "machine"; readonly machine: string }
  /** Who asked from there has proven nothing: no name that was told is repeated. */
  | { readonly of: "visitor"; readonly address: string }
  | { readonly of: "entry"; readonly entry: NotedEntry }
  /** Data that is held together (`holdingOf`); `entries`: of it, so many of so many. */
  | { readonly of: "holding"; readonly holding: string; readonly entries?: readonly [refused: number, all: number] }
  /** By the server machine: this one. */
  | { readonly of: "this-machine"; readonly by: "answer" | "end" | "link" | "contact" }
  | { readonly of: "server-function"; readonly by: "start" | "clock" | "taken-over" }
  /** `machine` told it that another one has taken its place. */
  | { readonly of: "server-place"; readonly machine: string }
  | { readonly of: "restore" };

/** The server function of this machine waits for the right time (M06): nobody has to start it again. */
export const isWaiting = (refused: Refused): boolean => refused.of === "server-function" && refused.by === "clock";

/** `detail` is for service: a sentence in English, without secrets. */
interface Failure {
  readonly code: ErrorCode;
  readonly detail: string;
}

export type LogNote =
  | { readonly kind: "server-started" | "server-stopped" | "client-started" | "joined" | "connected" }
  | {
      readonly kind:
        | "backed-up"
        | "restored"
        | "act-completed"
        | "places-alike"
        | "clock-remembered"
        | "server-ended"
        | "server-off"
        | "storage-lost";
    }
  | { readonly kind: "failed"; readonly failure: Failure }
  | { readonly kind: "refused"; readonly refused: Refused; readonly refusal: Refusal }
  | { readonly kind: "unsent"; readonly edits: number }
  /** The date is ahead of the time that the fleet has counted (decisions/years-ahead.md). */
  | { readonly kind: "date-ahead"; readonly days: number }
  | { readonly kind: "machine-registered"; readonly machine: string; readonly serialNumber: string }
  | { readonly kind: "machine-removed"; readonly machine: string }
  /** A machine sent what it may not, or what is none. */
  | { readonly kind: "not-understood"; readonly machine: string; readonly sent: Sent; readonly failure: Failure }
  | { readonly kind: "owner-deleted"; readonly owner: Owner }
  | { readonly kind: "owner-evicted"; readonly owner: Owner; readonly entries: number }
  | { readonly kind: "users-near-limit"; readonly users: number; readonly usersMax: number }
  /** It was given a lower limit than it had, or the backup of a larger model. */
  | { readonly kind: "users-over-limit"; readonly users: number; readonly usersMax: number }
  | { readonly kind: "scope-changed"; readonly item: string; readonly scope: Scope }
  | { readonly kind: "number-moved"; readonly entry: NotedEntry; readonly taken: number; readonly number: number }
  | { readonly kind: "server-found"; readonly address: string }
  | { readonly kind: "edit-lost"; readonly entry: NotedEntry }
  | { readonly kind: "edit-refused"; readonly entry: NotedEntry; readonly word: RefusalWord }
  | { readonly kind: "stays-here"; readonly entry: NotedEntry; readonly failure: Failure }
  | { readonly kind: "not-applied"; readonly entry: NotedEntry; readonly reason: NotAppliedReason }
  | { readonly kind: "over-limit"; readonly holding: string }
  | { readonly kind: "edits-wait"; readonly edits: number }
  | { readonly kind: "undone"; readonly edits: number }
  | { readonly kind: "put-back"; readonly owner: Owner; readonly entries: number }
  /** An item is shared again, and another machine had supplied it first (M19). */
  | { readonly kind: "scope-replaced"; readonly owner: Owner; readonly entries: number }
  /** `owners` empty: all of them. */
  | { readonly kind: "export-prepared"; readonly owners: readonly Owner[]; readonly minutes: number }
  | { readonly kind: "export-left-out" | "import-left-out"; readonly entries: number }
  | { readonly kind: "act-failed"; readonly failure: Failure }
  /** `hadData`: its own server function had held something before. */
  | { readonly kind: "took-over"; readonly hadData: boolean }
  | { readonly kind: "predecessor-back"; readonly inheritance: "taken" | "nothing" | "kept" }
  | { readonly kind: "other-server"; readonly address: string }
  | { readonly kind: "epoch-begun"; readonly machine: string }
  /** `machine` undefined: this one. */
  | { readonly kind: "places-differ"; readonly machine: string | undefined }
  | {
      readonly kind: "function-failed";
      readonly which: SyncFunction;
      readonly code: ErrorCode | "crashed";
      readonly detail: string;
      readonly againS: number;
    };

export type SyncFunction = "server" | "client";
export type Sent = "foreign-edit" | "edit" | "foreign-offer" | "offer" | "record";
export type NoteKind = LogNote["kind"];

/** What went wrong in the world. */
export const failureOf = ({ code, message }: SyncError): Failure => ({ code, detail: message });

/** The name of an entry, and what people call it; a secret item is called nothing. */
export function notedEntry({ owner, item, key }: EntryName, value?: EntryChange["value"]): NotedEntry {
  const name = isFields(value) && itemOf(item)?.secret !== true ? (value.name ?? value.cn) : undefined;
  return { owner, item, key, called: typeof name === "string" ? name : "" };
}

/** An edit that came too late, as one that lost to a later edit: no limit was exceeded, and nothing failed (M32). */
const lostToOwnersEnd = (word: RefusalWord): boolean =>
  word === "owner-removed" || word === "owner-evicted" || word === "owner-held" || word === "owner-unknown";

/** The level of a record and its word, by which records are found in a file. */
export function headOf(note: LogNote): { readonly level: LogLevel; readonly code: ErrorCode | RefusalWord | EventCode } {
  switch (note.kind) {
    case "failed":
      return { level: CODES[note.failure.code], code: note.failure.code };
    case "not-understood":
    case "stays-here":
    case "act-failed":
      return { level: "Error", code: note.failure.code };
    case "function-failed":
      return { level: "Error", code: note.code };
    case "refused":
      return { level: refusalLevel(note.refusal.word), code: note.refusal.word };
    case "edit-refused":
      return { level: lostToOwnersEnd(note.word) ? "Information" : "Error", code: note.word };
    default:
      return HEADS[note.kind];
  }
}

type OwnHead = "failed" | "not-understood" | "stays-here" | "act-failed" | "function-failed" | "refused" | "edit-refused";

const HEADS: {
  readonly [kind in Exclude<NoteKind, OwnHead>]: { readonly level: LogLevel; readonly code: ErrorCode | RefusalWord | EventCode };
} = {
  "server-started": { level: "Information", code: "started" },
  "server-stopped": { level: "Information", code: "stopped" },
  "client-started": { level: "Information", code: "started" },
  unsent: { level: "Warning", code: "stopped" },
  joined: { level: "Information", code: "joined" },
  connected: { level: "Information", code: "connected" },
  "machine-registered": { level: "Information", code: "machine-registered" },
  "machine-removed": { level: "Information", code: "machine-removed" },
  "owner-deleted": { level: "Information", code: "owner-deleted" },
  "owner-evicted": { level: "Information", code: "owner-evicted" },
  "users-near-limit": { level: "Warning", code: "users-near-limit" },
  "users-over-limit": { level: "Error", code: "users-over-limit" },
  "scope-changed": { level: "Information", code: "scope-changed" },
  "number-moved": { level: "Warning", code: "number-moved" },
  "clock-remembered": { level: "Warning", code: "clock-remembered" },
  "date-ahead": { level: "Warning", code: "date-not-believed" },
  "server-found": { level: "Information", code: "server-found" },
  "server-ended": { level: "Warning", code: "server-unreachable" },
  "server-off": { level: "Warning", code: "server-unreachable" },
  "storage-lost": { level: "Error", code: "storage-damaged" },
  "edit-lost": { level: "Information", code: "edit-lost" },
  "not-applied": { level: "Warning", code: "not-applied" },
  "over-limit": { level: "Error", code: "too-many-entries" },
  "edits-wait": { level: "Error", code: "limit-exceeded" },
  undone: { level: "Warning", code: "restored" },
  "put-back": { level: "Information", code: "put-back" },
  "scope-replaced": { level: "Warning", code: "edit-lost" },
  "export-prepared": { level: "Information", code: "export-prepared" },
  "export-left-out": { level: "Warning", code: "left-out" },
  "import-left-out": { level: "Warning", code: "left-out" },
  "act-completed": { level: "Information", code: "act-completed" },
  "backed-up": { level: "Information", code: "backed-up" },
  restored: { level: "Warning", code: "restored" },
  "took-over": { level: "Warning", code: "took-over" },
  "predecessor-back": { level: "Information", code: "took-over" },
  "other-server": { level: "Error", code: "other-server" },
  "epoch-begun": { level: "Error", code: "epoch-begun" },
  "places-differ": { level: "Warning", code: "network-places-differ" },
  "places-alike": { level: "Information", code: "network-places-alike" },
};
