/**
 * The settings of each function that the panel knows, as one table: what a person enters, what stands in the value of an
 * entry, and what does not fit. Fields that are not here are a newer machine's; the rim leaves them as they are.
 */
import { unreachable } from "../model/assert.ts";
import { isJob, type JobName } from "../model/job.ts";
import { LIMITS } from "../model/limits.ts";
import { isFields, type Fields, type Value } from "../model/value.ts";
import { chosenDestinations, destinationsText, destinationValues } from "./chosen-destinations.ts";
import type { Values } from "./place.ts";
import type { WhyWord } from "./texts/texts.ts";

export type JobField = "copies" | "sides" | "colour" | "format" | "resolution" | "box" | "destinations";
export type JobChoice = "1-sided" | "2-sided" | "auto" | "colour" | "black-and-white" | "pdf" | "jpeg" | "tiff" | "normal" | "fine";

type FieldKind =
  /** The first is what stands there until somebody chooses. */
  | { readonly kind: "choice"; readonly options: readonly [JobChoice, ...JobChoice[]] }
  | { readonly kind: "number"; readonly least: number; readonly most: number; readonly unfit: WhyWord }
  | { readonly kind: "destinations" };

export const JOB_FIELDS: { readonly [field in JobField]: FieldKind } = {
  copies: { kind: "number", least: 1, most: LIMITS.jobCopiesMax, unfit: "copies-unfit" },
  sides: { kind: "choice", options: ["1-sided", "2-sided"] },
  colour: { kind: "choice", options: ["auto", "colour", "black-and-white"] },
  format: { kind: "choice", options: ["pdf", "jpeg", "tiff"] },
  resolution: { kind: "choice", options: ["normal", "fine"] },
  box: { kind: "number", least: 0, most: LIMITS.jobBoxMax, unfit: "box-unfit" },
  destinations: { kind: "destinations" },
};

const FIELDS_OF: { readonly [job in JobName]: readonly JobField[] } = {
  copy: ["copies", "sides", "colour"],
  fax: ["destinations", "resolution"],
  "scan-and-send": ["destinations", "colour", "sides", "format"],
  "scan-and-store": ["box", "colour", "sides", "format"],
  "access-stored-files": ["box", "copies", "sides", "colour"],
};

/** None for a function of a newer version. */
export const fieldsOf = (job: string): readonly JobField[] => (isJob(job) ? FIELDS_OF[job] : []);

/** What a value says about the fields of a function, as a form has it; where it says nothing that fits, the factory's. */
export function settingValues(job: string, settings: Value | undefined): Values {
  const from = isFields(settings) ? settings : {};
  return Object.fromEntries(fieldsOf(job).map((field) => [field, textOf(JOB_FIELDS[field], own(from, field))]));
}

const own = (fields: Fields, name: string): Value | undefined => (Object.hasOwn(fields, name) ? fields[name] : undefined);

function textOf(field: FieldKind, value: Value | undefined): string {
  switch (field.kind) {
    case "choice":
      return field.options.find((option) => option === value) ?? field.options[0];
    case "number":
      return fits(field, value) ? String(value) : String(field.least);
    case "destinations":
      return destinationsText(destinationValues(value));
    default:
      return unreachable(field);
  }
}

const fits = ({ least, most }: Extract<FieldKind, { kind: "number" }>, value: Value | undefined): boolean =>
  typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;

/** The fields of a function as they stand in an entry. With `before`, only those that are not as they were then. */
export function storedSettings(job: string, values: Values, before?: Values): Fields {
  const whole = { ...settingValues(job, undefined), ...values };
  const changed = fieldsOf(job).filter((field) => before === undefined || whole[field] !== before[field]);
  return Object.fromEntries(changed.map((field) => [field, stored(JOB_FIELDS[field], whole[field] ?? "")]));
}

function stored(field: FieldKind, text: string): Value {
  switch (field.kind) {
    case "choice":
      return text;
    case "number":
      return Number.parseInt(text, 10);
    case "destinations":
      return chosenDestinations(text);
    default:
      return unreachable(field);
  }
}

/** Why nothing can be registered with these settings. */
export function settingsFault(job: string, values: Values): WhyWord | undefined {
  for (const name of fieldsOf(job)) {
    const field = JOB_FIELDS[name];
    const text = values[name];
    if (field.kind !== "number" || text === undefined) continue;
    if (!/^\d{1,3}$/.test(text) || !fits(field, Number(text))) return field.unfit;
  }
  return undefined;
}

/** Why a job cannot be begun with these settings. */
export function startFault(job: string, values: Values): WhyWord | undefined {
  if (!isJob(job)) return "function-unknown";
  const nobody = fieldsOf(job).includes("destinations") && chosenDestinations(values.destinations ?? "").length === 0;
  return nobody ? "destination-missing" : settingsFault(job, values);
}
