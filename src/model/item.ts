/**
 * THE table of items that can be personalised, one row each; everything that depends on an item asks here.
 * Source: the manuals' table "Items that can be personalised" with its footnotes; capacities that no manual
 * names are ours: MANY, so large that nobody meets it at work, and small enough that an owner fits into a printer.
 * Footnote *1 is M22, where the whole owner goes; *2 is never needed here; *6 is that what a group owns is shown to whoever the
 * login service says is in the group (hal/users.ts), and one that knows no groups says so of nobody.
 */
import { hasMoreCharacters } from "./characters.ts";
import { ADDRESS_PASSWORD, type Guarded, NETWORK_KEY, NOTHING_GUARDED } from "./destination.ts";
import { isJob, JOBS } from "./job.ts";
import { LIMITS } from "./limits.ts";
import type { OwnerKind } from "./owner.ts";
import { isFields, type Value } from "./value.ts";

export type Scope = "shared" | "device-specific";

export type ItemId =
  | "display-language"
  | "keyboard-layout"
  | "accessibility"
  | "initial-screen"
  | "personal-button"
  | "timeline"
  | "home-settings"
  | "direct-connection"
  | "default-job-settings"
  | "shortcut"
  | "previous-settings"
  | "personal-address"
  | "group-address"
  | "list-order"
  | "automatic-printing"
  | "keychain"
  | "shared-button"
  | "common-address";

/**
 * `secretFields` (Guarded): fields of the value that are secret, where the rest of it is not (the password of a file server in
 * an address); `givenFor`: what they are erased with.
 */
export interface ItemDefinition extends Guarded {
  readonly id: ItemId;
  readonly ownedBy: OwnerKind;
  /** Which of the machine's two stores keeps it. */
  readonly heldIn: "settings" | "address-book";
  /** The scope of sharing until an administrator chooses another. */
  readonly scope: Scope;
  /** The manuals' footnote *3: the administrator may choose the scope. */
  readonly scopeSelectable: boolean;
  /** "single": the one key is "". "many": keys of 1-64 characters. "either": both. */
  readonly keys: "single" | "many" | "either";
  /** Entries an owner may have (addresses in `common` have limits a list, see limits.ts). */
  readonly entriesMax: number;
  /** The manuals' footnote *4: fields that stay on the machine although the item is shared. */
  readonly withheldFields: readonly string[];
  /** false: the manuals' footnote *5, it goes into no file of users' data (M34). */
  readonly exchangeable: boolean;
  /** Its entries point at network places by their order, and mean nothing where that is another (M25). */
  readonly byNetworkPlace: boolean;
  /** Secret: sealed wherever it is stored or sent, never shown. */
  readonly secret: boolean;
  /** The sentence to say when the value does not fit, or undefined when it does. */
  readonly fault: (value: Value) => string | undefined;
}

const anyValue = (): undefined => undefined;
const fields = (value: Value): string | undefined => (isFields(value) ? undefined : "must be an object");
const language = (value: Value): string | undefined =>
  typeof value === "string" && /^[A-Za-z0-9-]{1,35}$/.test(value) ? undefined : 'must be a language tag such as "de"';
function button(value: Value): string | undefined {
  if (!isFields(value)) return "must be an object";
  const { name, function: job, settings } = value;
  if (typeof name !== "string" || name === "" || hasMoreCharacters(name, LIMITS.buttonNameCharactersMax))
    return `name: must be 1-${LIMITS.buttonNameCharactersMax} characters`;
  if (typeof job !== "string" || !isJob(job)) return `function: must be one of ${JOBS.join(", ")}`;
  if (settings !== undefined && !isFields(settings)) return "settings: must be an object";
  return undefined;
}

const shared = {
  scope: "shared",
  scopeSelectable: false,
  withheldFields: [],
  exchangeable: true,
  byNetworkPlace: false,
  secret: false,
  ...NOTHING_GUARDED,
} as const;
const settings = { ...shared, ownedBy: "user", heldIn: "settings" } as const;
const address = { ...shared, heldIn: "address-book", keys: "many", ...ADDRESS_PASSWORD, fault: fields } as const;
const one = { keys: "single", entriesMax: 1 } as const;
/** Entries of an item whose number no manual names, unless the configuration says less. */
export const MANY = 1_000;

export const ITEMS: readonly ItemDefinition[] = [
  { ...settings, ...one, id: "display-language", fault: language },
  { ...settings, ...one, id: "keyboard-layout", fault: anyValue },
  { ...settings, ...one, id: "accessibility", fault: anyValue },
  { ...settings, ...one, id: "initial-screen", fault: anyValue },
  { ...settings, id: "personal-button", keys: "many", entriesMax: MANY, fault: button },
  { ...settings, id: "timeline", keys: "many", entriesMax: 10, scopeSelectable: true, exchangeable: false, fault: anyValue },
  { ...settings, ...one, id: "home-settings", fault: anyValue },
  { ...settings, ...one, id: "direct-connection", ...NETWORK_KEY, fault: anyValue },
  {
    ...settings,
    id: "default-job-settings",
    keys: "either",
    entriesMax: MANY,
    scopeSelectable: true,
    withheldFields: ["destinations"],
    fault: anyValue,
  },
  { ...settings, id: "shortcut", keys: "many", entriesMax: MANY, fault: button },
  {
    ...settings,
    id: "previous-settings",
    keys: "either",
    entriesMax: MANY,
    scopeSelectable: true,
    exchangeable: false,
    withheldFields: ["destinations"],
    fault: anyValue,
  },
  { ...address, id: "personal-address", ownedBy: "user", entriesMax: MANY },
  { ...address, id: "group-address", ownedBy: "group", entriesMax: MANY },
  { ...settings, ...one, id: "list-order", exchangeable: false, fault: anyValue },
  { ...settings, ...one, id: "automatic-printing", fault: anyValue },
  { ...settings, id: "keychain", keys: "many", entriesMax: MANY, secret: true, byNetworkPlace: true, fault: anyValue },
  { ...settings, id: "shared-button", ownedBy: "common", keys: "many", entriesMax: MANY, fault: button },
  { ...address, id: "common-address", ownedBy: "common", entriesMax: 1_800 },
];

const BY_ID: ReadonlyMap<string, ItemDefinition> = new Map(ITEMS.map((item) => [item.id, item]));

/** The definition, or undefined for an item this version does not know (it is kept and passed on unchanged, M26). */
export const itemOf = (id: string): ItemDefinition | undefined => BY_ID.get(id);

/**
 * Whether an item takes every value that is an object, or every value at all: then nothing is to be looked for in one that is
 * an object.
 */
export const takesAnyObject = ({ fault }: ItemDefinition): boolean => fault === anyValue || fault === fields;

/** What is secret in values of an item, where the rest of them is not, and what it was given for. */
export const guardedIn = (id: string): Guarded => itemOf(id) ?? NOTHING_GUARDED;
