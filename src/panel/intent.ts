/** What a screen wants done: data, performed at the rim (perform.ts). Its result comes back as an answer. */
import type { ClientSettings } from "../../hal/services.ts";
import type { WayReport } from "../../hal/services/finding.ts";
import type { Account } from "../../hal/users.ts";
import type { EntryName } from "../model/entry.ts";
import type { ErrorCode } from "../model/errors.ts";
import type { Owner } from "../model/owner.ts";
import type { Refusal } from "../model/refusal.ts";
import type { Fields } from "../model/value.ts";
import type { OwnIntent } from "./own-intent.ts";
import type { Facts } from "./facts.ts";
import type { Order } from "./order.ts";
import type { AdminNotice } from "./texts/admin-texts.ts";
import type { PlainNotice, WhyWord } from "./texts/texts.ts";

export type PanelItem =
  | "personal-button"
  | "shared-button"
  | "personal-address"
  | "group-address"
  | "common-address"
  | "timeline"
  | "keychain";

export type Intent =
  /** Fetches the accounts to offer. */
  | { readonly kind: "offer-accounts" }
  | { readonly kind: "log-in"; readonly owner: Owner; readonly password: string }
  | { readonly kind: "log-out" }
  /** Adds an entry under a new key. For destinations the rim fills in what a person does not enter. */
  | { readonly kind: "add-entry"; readonly owner: Owner; readonly item: PanelItem; readonly fields: Fields }
  /** Changes these fields of an entry and leaves the others as they are by then. */
  | { readonly kind: "change-entry"; readonly owner: Owner; readonly item: PanelItem; readonly key: string; readonly fields: Fields }
  | { readonly kind: "delete-entry"; readonly owner: Owner; readonly item: PanelItem; readonly key: string }
  /** Copies a destination to a button of this user, or to a new one. */
  | { readonly kind: "copy-destination"; readonly owner: Owner; readonly button: string | undefined; readonly from: EntryName }
  | { readonly kind: "set-language"; readonly owner: Owner; readonly language: string }
  | OwnIntent
  | { readonly kind: "start-server" }
  | { readonly kind: "stop-server" }
  /**
   * Looks who answers at the destination. For this very machine the client function is started at once; otherwise the
   * answer says whom the person has to be asked about.
   */
  | { readonly kind: "contact"; readonly entered: Entered }
  | { readonly kind: "test-way"; readonly entered: Entered }
  /** `preview`: only as long as the same would happen as was shown (B01). */
  | { readonly kind: "start-client"; readonly settings: ClientSettings; readonly preview?: string }
  | { readonly kind: "stop-client" }
  | { readonly kind: "remove-machine"; readonly deviceId: string }
  | { readonly kind: "administer"; readonly order: Order }
  /** Learns where an entry comes from (B04). */
  | { readonly kind: "learn-origin"; readonly name: EntryName }
  | { readonly kind: "restart" };

/** What another machine has its part in, which may take its time; Stop ends the waiting. */
export const isLong = (intent: Intent): boolean =>
  intent.kind === "test-way" ||
  (intent.kind === "administer" &&
    ["prepare-export", "preview", "search", "take-over", "check-time-server", "delete-owners", "put-back"].includes(intent.order.kind));

/** What is typed to start the client function; whom to trust is asked afterwards. */
export type Entered = Omit<ClientSettings, "trust">;

/** An intent under its number; the answer bears the same. */
export interface Asked {
  readonly id: number;
  readonly intent: Intent;
}

/** Steps done of all there are. */
export interface Progress {
  readonly done: number;
  readonly of: number;
}

/** What goes on between whoever does a thing step by step and the person who waits for it. */
export interface Course {
  /** To be called before each step. */
  readonly at: (progress: Progress) => void;
  /** Aborted: no further step is begun. */
  readonly stopped: AbortSignal;
}

export type Outcome =
  | {
      readonly kind: "done";
      /** The key of what was added. */
      readonly key?: string;
      readonly accounts?: readonly Account[];
      readonly facts?: Partial<Facts>;
      /** What there is to say of it, on what follows. */
      readonly said?: Notice;
    }
  /** Whom these settings would trust: to be asked. `away`: why nobody answered. */
  | { readonly kind: "met"; readonly settings: ClientSettings; readonly away: ErrorCode | undefined }
  | { readonly kind: "tested"; readonly report: WayReport }
  | { readonly kind: "no"; readonly notice: Notice };

/** What is told to the person, as data, so that it is told in the language of whoever reads it. */
export type Notice =
  | { readonly kind: "why"; readonly why: WhyWord }
  | { readonly kind: "refusal"; readonly refusal: Refusal }
  | { readonly kind: "error"; readonly code: ErrorCode }
  /** The client function was not started: told to whoever stands there and can put it right. */
  | { readonly kind: "not-started"; readonly because: Refusal | ErrorCode }
  | { readonly kind: "said"; readonly word: AdminNotice; readonly figure: number }
  | { readonly kind: PlainNotice };
