/** What the panel says about address books, as a type. */
import type { AddressField, DestinationId } from "../destinations.ts";

/** Why something about a destination cannot be done. */
export type AddressWhy =
  | "mail-address-malformed"
  | "fax-number-malformed"
  | "fax-address-malformed"
  | "host-missing"
  | "web-address-malformed"
  | "one-touch-malformed"
  | "one-touch-taken"
  | "access-number-malformed"
  | "members-missing"
  | "members-full"
  | "list-full"
  | "lists-full"
  | "one-touch-full"
  | "button-does-not-send"
  | "button-destinations-full";

export interface AddressTexts {
  readonly lists: string;
  readonly personalList: string;
  /** `number`: 01 to 50, undefined for a group whose ID is none of them. */
  readonly groupList: (group: string, number: string | undefined) => string;
  readonly commonList: (number: string) => string;
  readonly oneTouch: string;
  readonly administratorList: string;
  readonly listWithCount: (list: string, entries: number) => string;
  readonly empty: string;
  readonly nothingFound: string;
  readonly search: string;
  /** Destinations with an access number show to who types it. */
  readonly hidden: (entries: number) => string;
  readonly room: (used: number, max: number) => string;
  readonly roomTogether: (used: number, max: number) => string;
  readonly add: string;
  readonly chooseType: string;
  readonly newOf: (type: string) => string;
  readonly changed: string;
  readonly types: { readonly [id in DestinationId]: string };
  readonly type: string;
  readonly fields: { readonly [field in AddressField]: string };
  readonly stored: string;
  readonly none: string;
  readonly passwordStays: string;
  readonly passwordGoes: string;
  readonly erasePassword: string;
  readonly members: (members: number) => string;
  readonly lostMembers: (members: number) => string;
  readonly lostGo: string;
  readonly memberUnshown: string;
  readonly deleteQuestion: (name: string) => string;
  readonly deleteForMe: string;
  readonly deleteForAll: string;
  readonly deleteFromGroups: (groups: number) => string;
  readonly copy: string;
  readonly copyTo: string;
  readonly copyToNew: string;
}
