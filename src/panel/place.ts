/** The places a person can be at: which screen, about what. A closed union; screens.ts has the screen of each. */
import type { ClientSettings } from "../../hal/services.ts";
import type { WayReport } from "../../hal/services/finding.ts";
import type { Account } from "../../hal/users.ts";
import type { ErrorCode } from "../model/errors.ts";
import type { Owner } from "../model/owner.ts";
import type { AdminPlace, AdminQuestion } from "./admin-place.ts";
import type { DestinationId } from "./destinations.ts";
import type { Notice } from "./intent.ts";
import type { OwnPlace } from "./own-place.ts";
import type { AddressItem, ButtonItem } from "./personal-data.ts";

/** What has been entered in a form, by field. */
export type Values = { readonly [field: string]: string };

export interface ButtonName {
  readonly owner: Owner;
  readonly item: ButtonItem;
}

/** A list of destinations; `list` is the number of a common list and "" elsewhere. */
export interface ListName {
  readonly owner: Owner;
  readonly item: AddressItem;
  readonly list: string;
}

/** An entry that is being changed, and what stood in it when the person began; undefined in its stead: a new one. */
export interface Changes {
  readonly key: string;
  readonly before: Values;
}

export type Question =
  | { readonly kind: "delete-button"; readonly button: ButtonName; readonly key: string }
  | { readonly kind: "delete-address"; readonly list: ListName; readonly key: string }
  | { readonly kind: "delete-keychain"; readonly owner: Owner; readonly key: string }
  | { readonly kind: "stop-server" }
  /** Before the client function is started: the machine's own data can be exported, and not any more afterwards (M34). */
  | { readonly kind: "export-first" }
  /** Is what answers at the destination the server? `away`: nobody answers there, for this reason. */
  | { readonly kind: "start-client"; readonly settings: ClientSettings; readonly away: ErrorCode | undefined }
  | { readonly kind: "stop-client" }
  | { readonly kind: "restart" }
  | { readonly kind: "remove-machine"; readonly deviceId: string }
  | { readonly kind: "admin"; readonly question: AdminQuestion };

export type Place =
  | { readonly screen: "home" }
  | { readonly screen: "login" }
  | { readonly screen: "password"; readonly account: Account }
  | { readonly screen: "button"; readonly button: ButtonName; readonly key: string }
  | { readonly screen: "button-form"; readonly button: ButtonName; readonly changes: Changes | undefined }
  | { readonly screen: "address-lists" }
  | { readonly screen: "address-list"; readonly list: ListName }
  | { readonly screen: "address"; readonly list: ListName; readonly key: string }
  | { readonly screen: "address-type"; readonly list: ListName }
  | { readonly screen: "address-form"; readonly list: ListName; readonly type: DestinationId; readonly changes: Changes | undefined }
  | { readonly screen: "address-copy"; readonly list: ListName; readonly key: string }
  | { readonly screen: "settings" }
  | { readonly screen: "language" }
  | { readonly screen: "management" }
  | { readonly screen: "device-management" }
  | { readonly screen: "sync-server" }
  | { readonly screen: "fingerprint" }
  | { readonly screen: "machines" }
  | { readonly screen: "machine"; readonly deviceId: string }
  | { readonly screen: "sync-client" }
  | { readonly screen: "sync-client-form" }
  | { readonly screen: "way"; readonly report: WayReport }
  | OwnPlace
  | { readonly screen: "admin"; readonly page: AdminPlace }
  | { readonly screen: "status" }
  | { readonly screen: "origin"; readonly item: string }
  | { readonly screen: "question"; readonly question: Question }
  | { readonly screen: "message"; readonly notice: Notice };
