/** The settings of one function: for one job, for a button, or as the user's defaults. */
import { unreachable } from "../../model/assert.ts";
import type { JobName } from "../../model/job.ts";
import { settingsFault, storedSettings } from "../job-settings.ts";
import type { JobPurpose } from "../own-place.ts";
import { BACK, go, greyed, type Page, type PageRow, softKey } from "../page.ts";
import type { Values } from "../place.ts";
import { dataOf, type PanelState, textsOf, topFrame } from "../state.ts";
import type { WhyWord } from "../texts/texts.ts";
import { settingFields, startRow } from "./job-rows.ts";
import { originRow } from "./origin.ts";
import { registerRows } from "./register.ts";

export function jobFormPage(state: PanelState, job: JobName, purpose: JobPurpose): Page {
  const texts = textsOf(state);
  const { values } = topFrame(state);
  const last = lastRows(state, job, purpose, values);
  const [first] = last;
  return {
    kind: "form",
    title: purpose.kind === "default" ? texts.own.defaultsOf(texts.button.jobs[job]) : texts.button.jobs[job],
    rows: [...settingFields(job, values, texts), ...last],
    ...(purpose.kind === "run" ? { startRow: "start" } : {}),
    softKeys: first === undefined ? [] : [softKey(first.text, { do: "press", row: first.key })],
  };
}

function lastRows(state: PanelState, job: JobName, purpose: JobPurpose, values: Values): readonly PageRow[] {
  const texts = textsOf(state);
  switch (purpose.kind) {
    case "run":
      return [startRow(state, job, values, purpose.from), recallRow(state, job), ...registerRows(state, job, values)];
    case "button":
      return [greyed({ key: "use", text: texts.own.use, act: { do: "back", levels: 1, values } }, settingsFault(job, values))];
    case "default":
      return [saveDefaults(state, job, values), ...originOfDefaults(state, job)];
    default:
      return unreachable(purpose);
  }
}

/** The settings with which this user began the last job of this kind, on whichever machine. */
function recallRow(state: PanelState, job: JobName): PageRow {
  const previous = state.user === undefined ? undefined : dataOf(state, state.user.owner).own.previous[job];
  const why: WhyWord | undefined = state.user === undefined ? "log-in-first" : previous === undefined ? "nothing-previous" : undefined;
  return greyed(
    {
      key: "recall",
      text: textsOf(state).own.recall,
      act: { do: "back", levels: 0, ...(previous === undefined ? {} : { values: previous }) },
    },
    why,
  );
}

const originOfDefaults = (state: PanelState, job: JobName): PageRow[] =>
  state.user === undefined ? [] : [originRow(state, { owner: state.user.owner, item: "default-job-settings", key: job })];

function saveDefaults(state: PanelState, job: JobName, values: Values): PageRow {
  const row = { key: "save", text: textsOf(state).action.save };
  if (state.user === undefined) {
    return greyed({ ...row, act: go({ screen: "message", notice: { kind: "why", why: "log-in-first" } }) }, "log-in-first");
  }
  const intent = {
    kind: "set-fields",
    owner: state.user.owner,
    item: "default-job-settings",
    key: job,
    fields: storedSettings(job, values),
  } as const;
  return greyed({ ...row, act: { do: "ask", intent, then: BACK } }, settingsFault(job, values));
}
