/**
 * Personal settings that are a handful of choices, as one table: the fields of an item's value and what may stand in them.
 * The first of each is what holds until somebody chooses. Some are typed; of those that are secret the panel knows nothing.
 * Fields that are not here are a newer machine's, and stay.
 */
import { JOBS, type JobName } from "../model/job.ts";
import { isFields, type Value } from "../model/value.ts";
import type { Values } from "./place.ts";

export type ChosenItem = "keyboard-layout" | "accessibility" | "initial-screen" | "direct-connection" | "list-order" | "automatic-printing";
export type ChosenField =
  | "layout"
  | "keyRepeat"
  | "colours"
  | "screen"
  | "atLogin"
  | "atLogout"
  | "scan-and-store"
  | "access-stored-files"
  | "afterLogin"
  | "printing";
/** What is typed, and not chosen. */
export type TypedField = "ssid" | "networkKey";
/** Options that are called nothing elsewhere. */
export type OwnOption =
  | "usual"
  | "qwerty"
  | "qwertz"
  | "azerty"
  | "slow"
  | "off"
  | "on"
  | "inverted"
  | "name"
  | "newest-first"
  | "oldest-first";
export type ChosenOption = OwnOption | JobName | "home" | "jobs" | "address-lists" | "status";

interface Field {
  readonly name: ChosenField;
  readonly options: readonly [ChosenOption, ...ChosenOption[]];
}

interface Typed {
  readonly name: TypedField;
  /** IEEE 802.11: a name of 32 octets, a passphrase of 63 characters. */
  readonly charactersMax: number;
  readonly secret: boolean;
}

const SORTED = ["name", "newest-first", "oldest-first"] as const;
const SWITCHED = ["off", "on"] as const;

const FIELDS: { readonly [item in ChosenItem]: readonly Field[] } = {
  "keyboard-layout": [{ name: "layout", options: ["usual", "qwerty", "qwertz", "azerty"] }],
  accessibility: [
    { name: "keyRepeat", options: ["usual", "slow", "off"] },
    { name: "colours", options: ["usual", "inverted"] },
  ],
  "initial-screen": [{ name: "screen", options: ["home", "jobs", ...JOBS, "address-lists", "status"] }],
  "direct-connection": [
    { name: "atLogin", options: SWITCHED },
    { name: "atLogout", options: SWITCHED },
  ],
  "list-order": [
    { name: "scan-and-store", options: SORTED },
    { name: "access-stored-files", options: SORTED },
  ],
  "automatic-printing": [
    { name: "afterLogin", options: SWITCHED },
    { name: "printing", options: SWITCHED },
  ],
};

const TYPED: { readonly [item in ChosenItem]?: readonly Typed[] } = {
  "direct-connection": [
    { name: "ssid", charactersMax: 32, secret: false },
    { name: "networkKey", charactersMax: 63, secret: true },
  ],
};

export const isChosenItem = (item: string): item is ChosenItem => Object.hasOwn(FIELDS, item);

/** The fields of an item, in the order in which a form has them. */
export const fieldsOfItem = (item: ChosenItem): readonly Field[] => FIELDS[item];

/** Those that are typed, which stand before the choices. */
export const typedFieldsOf = (item: ChosenItem): readonly Typed[] => TYPED[item] ?? [];

/** What a value says, as a form has it; what does not fit is what holds until somebody chooses. */
export function chosenValues(item: ChosenItem, value: Value | undefined): Values {
  const from = isFields(value) ? value : {};
  const typed = typedFieldsOf(item).map(({ name, secret }): [string, string] => [name, secret ? "" : textIn(from[name])]);
  const chosen = FIELDS[item].map(({ name, options }): [string, string] => [
    name,
    options.find((option) => option === from[name]) ?? options[0],
  ]);
  return Object.fromEntries([...typed, ...chosen]);
}

const textIn = (value: Value | undefined): string => (typeof value === "string" ? value : "");
