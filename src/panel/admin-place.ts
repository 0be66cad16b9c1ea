/** Where an administrator can be, and what is asked there. What the screens show is in the facts (facts.ts). */
import type { ClientSettings } from "../../hal/services.ts";
import type { PreviewedEntry, PreviewedHolding, PreviewOutcome } from "../../hal/services/preview.ts";
import type { Scope } from "../model/item.ts";
import type { LogRecord } from "../model/log.ts";
import type { Owner } from "../model/owner.ts";

/** What users and groups are ticked for. */
export type TickedFor = "delete" | "export";

export type AdminPlace =
  | { readonly kind: "owners"; readonly purpose: TickedFor }
  | { readonly kind: "sharing" }
  | { readonly kind: "scope"; readonly item: string }
  | { readonly kind: "history" }
  | { readonly kind: "lost"; readonly id: string }
  | { readonly kind: "log" }
  | { readonly kind: "log-record"; readonly record: LogRecord }
  /** What the panel cannot do, for want of a place to put a file. */
  | { readonly kind: "files" }
  /** `settings`: those that the client function would be started with; undefined where they are set already. */
  | { readonly kind: "preview"; readonly settings: ClientSettings | undefined }
  | { readonly kind: "holdings"; readonly settings: ClientSettings | undefined; readonly outcome: PreviewOutcome }
  | { readonly kind: "holding"; readonly holding: Pick<PreviewedHolding, "owner" | "list"> }
  | { readonly kind: "previewed-entry"; readonly entry: PreviewedEntry }
  | { readonly kind: "found" }
  | { readonly kind: "attention" }
  | { readonly kind: "other-server"; readonly address: string }
  | { readonly kind: "storage-lost" }
  | { readonly kind: "kept-here"; readonly holdings: readonly string[] }
  | { readonly kind: "not-applied" }
  | { readonly kind: "personal-management" }
  | { readonly kind: "users-policy" }
  | { readonly kind: "network" }
  | { readonly kind: "sntp" }
  | { readonly kind: "proxy" };

export type AdminQuestion =
  | { readonly kind: "delete-owners"; readonly owners: readonly Owner[] }
  | { readonly kind: "set-sharing"; readonly item: string; readonly scope: Scope }
  | { readonly kind: "put-back"; readonly owner: Owner; readonly id?: string }
  | { readonly kind: "take-over" };
