/**
 * Personal settings that are a handful of choices, as one table: the fields of an item's value and what may stand in them.
 * The first of each is what holds until somebody chooses. Fields that are not here are a newer machine's, and stay.
 */
import { JOBS, type JobName } from "../model/job.ts";
import { isFields, type Value } from "../model/value.ts";
import type { Values } from "./place.ts";

export type ChosenItem = "accessibility" | "initial-screen" | "direct-connection" | "list-order" | "automatic-printing";
export type ChosenField =
  | "keyRepeat"
  | "colours"
  | "screen"
  | "atLogin"
  | "atLogout"
  | "scan-and-store"
  | "access-stored-files"
  | "printing";
/** Options that are called nothing elsewhere. */
export type OwnOption = "usual" | "slow" | "off" | "on" | "inverted" | "name" | "newest-first" | "oldest-first";
export type ChosenOption = OwnOption | JobName | "home" | "jobs" | "address-lists" | "status";

interface Field {
  readonly name: ChosenField;
  readonly options: readonly [ChosenOption, ...ChosenOption[]];
}

const SORTED = ["name", "newest-first", "oldest-first"] as const;
const SWITCHED = ["off", "on"] as const;

const FIELDS: { readonly [item in ChosenItem]: readonly Field[] } = {
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
  "automatic-printing": [{ name: "printing", options: SWITCHED }],
};

export const isChosenItem = (item: string): item is ChosenItem => Object.hasOwn(FIELDS, item);

/** The fields of an item, in the order in which a form has them. */
export const fieldsOfItem = (item: ChosenItem): readonly Field[] => FIELDS[item];

/** What a value says, as a form has it; what does not fit is what holds until somebody chooses. */
export function chosenValues(item: ChosenItem, value: Value | undefined): Values {
  const from = isFields(value) ? value : {};
  return Object.fromEntries(FIELDS[item].map(({ name, options }) => [name, options.find((option) => option === from[name]) ?? options[0]]));
}
