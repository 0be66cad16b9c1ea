/** The domain says no: words with data, told to the person who can do something about it. */
import type { LogLevel } from "./errors.ts";

/** A setting that must be the same on the machines (M10). */
export type PolicyPart = "login-service" | "domains" | "departments" | "groups";

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
  /** M15, P22: the owner was deleted or evicted since. */
  | { readonly word: "owner-removed" }
  /** M14: another machine had supplied the owner. */
  | { readonly word: "owner-held" }
  /** P26: nothing is known of this owner, so there is nothing to delete. */
  | { readonly word: "owner-unknown" }
  /** M09 */
  | { readonly word: "destination-malformed"; readonly text: string }
  /** M23 */
  | { readonly word: "locked-while-synchronising" }
  /** The server function is not running here. */
  | { readonly word: "server-not-running" }
  | { readonly word: "client-not-running" }
  | { readonly word: "machine-unknown" };

export type RefusalWord = Refusal["word"];

/** How a refusal stands in the communication log: what passes by itself is a Warning, the rest an Error (M32). */
export const refusalLevel = (word: RefusalWord): LogLevel => (word === "own-client-first" ? "Warning" : "Error");
