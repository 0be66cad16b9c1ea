/** The domain says no: words with data, told to the person who can do something about it. */
import type { LogLevel } from "./errors.ts";

/** A setting that must be the same on the machines (M10). */
export type PolicyPart = "login-service" | "domains" | "departments" | "groups";

/** Whether a file of users' data carries any of these settings from machine to machine (M34); none named: it may. */
export const travelInFiles = (parts: readonly PolicyPart[]): boolean =>
  parts.length === 0 || parts.some((part) => part === "departments" || part === "groups");

export type Refusal =
  /** M02: ten machines have their places. */
  | { readonly word: "too-many-machines"; readonly machinesMax: number }
  /** M04: the server machine's own client has not joined yet. */
  | { readonly word: "own-client-first" }
  /** M10 */
  | { readonly word: "settings-differ"; readonly parts: readonly PolicyPart[] }
  /** M01: the model has no server function. */
  | { readonly word: "not-a-server-model" }
  /** M06: SNTP is not set, or has not answered. */
  | { readonly word: "clock-not-right"; readonly sntp: "off" | "silent" }
  /** The administrator of the server machine took this machine out. */
  | { readonly word: "put-out" }
  /** No certificate of this machine is known to the server machine: first contact is due. */
  | { readonly word: "not-paired" }
  /** First contact: account or password is wrong, or the account has no administrator rights on the server machine. */
  | { readonly word: "account-refused" }
  /** The destination holds another certificate than the one that was confirmed. */
  | { readonly word: "another-server" }
  /** No protocol version in common. */
  | { readonly word: "protocol-version"; readonly served: readonly [number, number] }
  /** M05 */
  | { readonly word: "too-many-users"; readonly usersMax: number }
  /** An entry over a limit of its list. */
  | { readonly word: "too-many-entries"; readonly entriesMax: number }
  /** As many user groups have an address list as may have one. */
  | { readonly word: "too-many-lists"; readonly listsMax: number }
  /** M15, P22: the owner was deleted since. */
  | { readonly word: "owner-removed" }
  /** M22, P22: the owner had to make room since. What loses to it is kept in the history (P23). */
  | { readonly word: "owner-evicted" }
  /** M14: another machine had supplied the owner. */
  | { readonly word: "owner-held" }
  /** The server machine cannot read the edit: it is of a newer version, or broken. */
  | { readonly word: "edit-unreadable" }
  /** P26: nothing is known of this owner, so there is nothing to delete. */
  | { readonly word: "owner-unknown" }
  /** M09 */
  | { readonly word: "destination-malformed"; readonly text: string }
  /** M23 */
  | { readonly word: "locked-while-synchronising" }
  /** The server function is not running here. */
  | { readonly word: "server-not-running" }
  | { readonly word: "client-not-running" }
  | { readonly word: "machine-unknown" }
  /** M18: these machines still operate. */
  | { readonly word: "machines-operating"; readonly machines: readonly string[] }
  /** M17: the scope of this item cannot be chosen. */
  | { readonly word: "scope-fixed"; readonly item: string }
  /** M20: the item has become device-specific; the edit stays on its machine. */
  | { readonly word: "device-specific" }
  /** P26: shared buttons and common lists are not deleted like a user's data. */
  | { readonly word: "common-kept" }
  /** M23: the machine is no server/client machine whose client goes to localhost. */
  | { readonly word: "no-own-client" }
  /** M24, M30 */
  | { readonly word: "import-export-running" }
  /** M33 */
  | { readonly word: "backup-unusable"; readonly fault: BackupFault }
  /** M33: it would replace the data of this server machine's fleet. `machine`: where that other fleet was served, if the backup says so. */
  | { readonly word: "backup-of-another-fleet"; readonly machine: string; readonly machines: readonly string[] }
  /** B01: what was shown is not what would happen any more. */
  | { readonly word: "preview-stale" }
  /** B02: the history has nothing of it. */
  | { readonly word: "nothing-kept" }
  /** M09 */
  | { readonly word: "search-depth"; readonly depthMax: number }
  /** M09: no server machine answers the search. */
  | { readonly word: "server-not-found"; readonly searchDepth: number }
  /** M09: more than one does; an administrator has to choose. */
  | { readonly word: "several-servers"; readonly addresses: readonly string[] }
  /** B06: the server machine answers, so nobody takes its place. */
  | { readonly word: "server-alive" }
  /** B06: another machine has become the server in this one's place. */
  | { readonly word: "stood-down" }
  /** Two machines with one key: the image of one was copied to the other. */
  | { readonly word: "key-in-use-twice" }
  /** M02: the server machine's own place; its client function is stopped on the machine itself. */
  | { readonly word: "own-machine"; readonly machine: string }
  /** B08: a file that leaves the machine is sealed under a passphrase that cannot be tried out. */
  | { readonly word: "passphrase-short"; readonly charactersMin: number }
  /** A word of a newer version, as it was written. */
  | { readonly word: "unknown-word"; readonly text: string };

/** Why a backup cannot be read. "newer": a newer version of the module made it. */
export type BackupFault = "passphrase" | "damaged" | "newer";

export type RefusalWord = Refusal["word"];

/**
 * How a refusal stands in the communication log: what passes by itself, or is a server out of reach for now, is a Warning, the
 * rest an Error (M32).
 */
export const refusalLevel = (word: RefusalWord): LogLevel =>
  word === "own-client-first" || word === "server-not-running" ? "Warning" : "Error";
