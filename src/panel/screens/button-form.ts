/** A new button, or another name, function and settings for one. Nothing is written before [Save]. */
import { LIMITS } from "../../model/limits.ts";
import { isJob, JOBS } from "../../model/job.ts";
import type { Fields } from "../../model/value.ts";
import { settingsFault, storedSettings } from "../job-settings.ts";
import { type Act, BACK, go, greyed, type Page, type PageRow, softKey, STAY } from "../page.ts";
import type { ButtonName, Changes, Values } from "../place.ts";
import { dataOf, type PanelState, textsOf, topFrame } from "../state.ts";
import { defaultsOf, jobText, summary } from "./job-rows.ts";
import { gonePage } from "./message.ts";

const FIRST_JOB = "copy";

export function buttonFormPage(state: PanelState, button: ButtonName, changes: Changes | undefined): Page {
  const texts = textsOf(state);
  const gone = changes !== undefined && !dataOf(state, button.owner).buttons.some(({ key }) => key === changes.key);
  if (gone) return gonePage(state);
  const entered = topFrame(state).values;
  const job = entered.job ?? FIRST_JOB;
  const values = { ...(isJob(job) ? defaultsOf(state, job) : {}), ...entered, job };
  const options = [...new Set([...JOBS, job])].map((value) => ({ value, text: jobText(value, texts) }));
  const fault = nameOf(values) === "" ? "name-missing" : settingsFault(job, values);
  return {
    kind: "form",
    title:
      changes !== undefined ? texts.button.changed : button.item === "personal-button" ? texts.button.newPersonal : texts.button.newShared,
    rows: [
      nameRow(texts.button.name),
      { key: "job", text: texts.button.job, act: { do: "choose" }, choiceField: { label: texts.button.job, options } },
      settingsRow(state, values),
      greyed({ key: "save", text: texts.action.save, act: saving(button, changes, values) }, fault),
    ],
    softKeys: [softKey(texts.action.save, { do: "press", row: "save" })],
  };
}

const nameRow = (label: string): PageRow => ({
  key: "name",
  text: label,
  act: { do: "type" },
  textField: { label, secret: false, starts: "capital", charactersMax: LIMITS.buttonNameCharactersMax },
});

/** The settings of a function that this version does not know stay as they are. */
function settingsRow(state: PanelState, values: Values & { readonly job: string }): PageRow {
  const texts = textsOf(state);
  const { job } = values;
  const row = { key: "settings", text: texts.labelled(texts.own.settings, summary(job, values, texts)).trimEnd() };
  if (!isJob(job)) return greyed({ ...row, act: STAY }, "function-unknown");
  return { ...row, act: go({ screen: "job-form", job, purpose: { kind: "button" } }, values) };
}

const nameOf = (values: Values): string => (values.name ?? "").trim();

/** Only what this person changed is written: somebody else may be changing the rest. */
function saving(button: ButtonName, changes: Changes | undefined, values: Values & { readonly job: string }): Act {
  const name = nameOf(values);
  const { job } = values;
  if (changes === undefined) {
    return {
      do: "ask",
      intent: { kind: "add-entry", ...button, fields: { name, function: job, settings: storedSettings(job, values) } },
      then: { do: "back", levels: 1, selectAdded: true },
    };
  }
  const { key, before } = changes;
  const settings = storedSettings(job, values, job === before.job ? before : undefined);
  const fields: Fields = {
    ...(name === before.name ? {} : { name }),
    ...(job === before.job ? {} : { function: job }),
    ...(Object.keys(settings).length === 0 ? {} : { settings }),
  };
  if (Object.keys(fields).length === 0) return BACK;
  return { do: "ask", intent: { kind: "change-entry", ...button, key, fields }, then: BACK };
}
