/** What of this machine waits for somebody (B05): what does not pass by itself, and what lost without anybody having been told before. */
import type { Refusal } from "../../src/model/refusal.ts";
import type { ClientStatus, Fault, ServerStatus } from "../services.ts";

export type ThingToLookAt =
  /** The client function is refused, or cannot go on. */
  | { readonly kind: "client"; readonly state: ClientStatus["state"]; readonly refusal?: Refusal; readonly fault?: Fault }
  | { readonly kind: "server"; readonly state: ServerStatus["state"] }
  /**
   * B06: another machine, at this address, still serves what is this machine's to serve now; its server function has to be
   * stopped there.
   */
  | { readonly kind: "other-server"; readonly address: string }
  /** What this machine had kept for synchronising is lost: its functions are to be started again, or somebody says that they are not. */
  | { readonly kind: "storage-lost" }
  /** The server machine has no room for these: they are on this machine alone, and are offered again at each connection. */
  | { readonly kind: "kept-here"; readonly holdings: readonly string[] }
  /** So many entries of this machine cannot travel (notApplied, "cannot-travel"): the others have them otherwise, or not at all. */
  | { readonly kind: "stays-here"; readonly entries: number }
  /**
   * So many records came to the history since it was looked at; what a join replaced is not among them (but where the machine
   * had lost its storage before it: nobody knows what of it was unsent), nor what was put back.
   */
  | { readonly kind: "lost"; readonly records: number };

/** What is gone when somebody has seen it. */
export type Seen = "lost" | "storage-lost";

export interface AttentionAdministration {
  /** Empty when nothing waits for anybody. */
  attention(): Promise<readonly ThingToLookAt[]>;
  /**
   * Somebody has looked. "lost": at the history, and what it holds now is not counted any more; "storage-lost": the machine is
   * to take part no more, so that this waits for nobody. Durable when resolved.
   */
  attentionSeen(what: Seen): Promise<void>;
}
