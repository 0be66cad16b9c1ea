/** Records of the communication log (M32): what an administrator reads, on the panel and downloaded. */
import type { ErrorCode, LogLevel } from "./errors.ts";
import type { LogNote } from "./log-note.ts";
import type { RefusalWord } from "./refusal.ts";

export interface LogRecord {
  /** ISO 8601 wall time of this machine; it labels, nothing is decided by it. */
  readonly at: string;
  readonly level: LogLevel;
  readonly code: ErrorCode | RefusalWord | EventCode;
  /** A sentence in English, without secrets. */
  readonly text: string;
  /** What the sentence tells, as data. Records that older versions stored have none. */
  readonly note?: LogNote;
}

/** What is worth knowing though nothing went wrong. */
export type EventCode =
  | "started"
  | "stopped"
  | "joined"
  | "connected"
  | "machine-registered"
  | "machine-removed"
  | "owner-deleted"
  | "scope-changed"
  | "number-moved"
  | "users-near-limit"
  | "users-over-limit"
  | "clock-remembered"
  | "date-not-believed"
  | "server-found"
  | "edit-lost"
  | "put-back"
  | "export-prepared"
  | "backed-up"
  | "left-out"
  | "act-completed"
  | "restored"
  | "took-over"
  | "other-server"
  | "epoch-begun"
  | "not-applied"
  | "network-places-differ"
  | "network-places-alike"
  | "crashed";

/** The log as a file (M32): a line each, with tabs between time, level, word and sentence. */
export const logText = (records: readonly LogRecord[]): string =>
  records.map(({ at, level, code, text }) => `${at}\t${level}\t${code}\t${text.replace(/\s+/g, " ")}\n`).join("");
