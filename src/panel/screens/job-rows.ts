/** Job settings as rows: to be read, to be entered, and what begins a job with them. */
import { unreachable } from "../../model/assert.ts";
import type { EntryName } from "../../model/entry.ts";
import { isJob, type JobName } from "../../model/job.ts";
import { chosenDestinations, nameOfDestination } from "../chosen-destinations.ts";
import { fieldsOf, JOB_FIELDS, type JobField, settingValues, startFault, storedSettings } from "../job-settings.ts";
import { type Act, go, greyed, type PageRow, says, shown, STAY } from "../page.ts";
import type { Values } from "../place.ts";
import { dataOf, type PanelState, textsOf } from "../state.ts";
import type { Texts } from "../texts/texts.ts";

/** What a function begins with: the user's default settings, else the factory's. */
export function defaultsOf(state: PanelState, job: JobName): Values {
  const own = state.user === undefined ? undefined : dataOf(state, state.user.owner).own.defaults[job];
  return own ?? settingValues(job, undefined);
}

export const jobText = (job: string, texts: Texts): string => (isJob(job) ? texts.button.jobs[job] : shown(job, texts.noName));

/** "2 copies, 2-sided, Colour". */
export const summary = (job: string, settings: Values, texts: Texts): string =>
  fieldsOf(job)
    .map((field) => fieldText(field, settings[field] ?? "", texts))
    .join(", ");

/** One row a setting, to be read. */
export const settingRows = (job: string, settings: Values, texts: Texts): readonly PageRow[] =>
  fieldsOf(job).map((field) =>
    says(`setting/${field}`, texts.labelled(texts.own.fields[field], valueText(field, settings[field] ?? "", texts))),
  );

function valueText(field: JobField, value: string, texts: Texts): string {
  const kind = JOB_FIELDS[field];
  switch (kind.kind) {
    case "choice":
      return texts.own.choices[kind.options.find((option) => option === value) ?? kind.options[0]];
    case "number":
      return shown(value, "-");
    case "destinations":
      return shown(
        chosenDestinations(value)
          .map((destination) => nameOfDestination(destination))
          .join(", "),
        texts.own.noDestination,
      );
    default:
      return unreachable(kind);
  }
}

/** A value that says by itself what it is. */
function fieldText(field: JobField, value: string, texts: Texts): string {
  if (field === "copies") return texts.own.copies(Number(value));
  return field === "box" ? texts.own.box(value) : valueText(field, value, texts);
}

/** One row a setting, to be entered under the field's name. */
export const settingFields = (job: JobName, values: Values, texts: Texts): readonly PageRow[] =>
  fieldsOf(job).map((field): PageRow => {
    const label = texts.own.fields[field];
    const kind = JOB_FIELDS[field];
    switch (kind.kind) {
      case "choice": {
        const options = kind.options.map((value) => ({ value, text: texts.own.choices[value] }));
        return { key: field, text: label, act: { do: "choose" }, choiceField: { label, options } };
      }
      case "number": {
        const charactersMax = String(kind.most).length;
        return { key: field, text: label, act: { do: "type" }, textField: { label, secret: false, starts: "digits", charactersMax } };
      }
      case "destinations": {
        const chosen = values.destinations ?? "";
        return { key: field, text: texts.labelled(label, valueText(field, chosen, texts)), act: go({ screen: "destinations", chosen }) };
      }
      default:
        return unreachable(kind);
    }
  });

interface Source {
  readonly name: EntryName;
  readonly before: Values;
}

/** Begins the job; greyed where it cannot be. */
export function startRow(state: PanelState, job: string, settings: Values, from: Source | undefined): PageRow {
  const text = textsOf(state).own.start;
  const act: Act = isJob(job) ? starting(state, job, settings, from) : STAY;
  return greyed({ key: "start", text, act }, startFault(job, settings));
}

function starting({ user }: PanelState, job: JobName, settings: Values, from: Source | undefined): Act {
  const intent = {
    kind: "run-job",
    owner: user?.owner,
    job,
    settings: storedSettings(job, settings, from?.before),
    from: from?.name,
  } as const;
  return { do: "ask", intent, then: go({ screen: "job", job, settings }) };
}
