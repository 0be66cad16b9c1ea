/** A new button, or another name and function for one. Nothing is written before [Save]. */
import type { Fields } from "../../model/value.ts";
import { type Act, BACK, greyed, type Page, type PageRow, softKey } from "../page.ts";
import { isJob, JOBS } from "../personal-data.ts";
import type { ButtonName, Changes, Values } from "../place.ts";
import { dataOf, type PanelState, textsOf, topFrame } from "../state.ts";
import { gonePage } from "./message.ts";

/** The item table's bound for the name of a button. */
const NAME_CHARACTERS_MAX = 100;
const FIRST_JOB = "copy";

export function buttonFormPage(state: PanelState, button: ButtonName, changes: Changes | undefined): Page {
  const texts = textsOf(state);
  const gone = changes !== undefined && !dataOf(state, button.owner).buttons.some(({ key }) => key === changes.key);
  if (gone) return gonePage(state);
  const { values } = topFrame(state);
  const job = values.job ?? FIRST_JOB;
  const options = [...new Set([...JOBS, job])].map((value) => ({ value, text: isJob(value) ? texts.button.jobs[value] : value }));
  return {
    kind: "form",
    title:
      changes !== undefined ? texts.button.changed : button.item === "personal-button" ? texts.button.newPersonal : texts.button.newShared,
    rows: [
      nameRow(texts.button.name),
      { key: "job", text: texts.button.job, act: { do: "choose" }, choiceField: { label: texts.button.job, options } },
      greyed(
        { key: "save", text: texts.action.save, act: saving(button, changes, values) },
        nameOf(values) === "" ? "name-missing" : undefined,
      ),
    ],
    softKeys: [softKey(texts.action.save, { do: "press", row: "save" })],
  };
}

const nameRow = (label: string): PageRow => ({
  key: "name",
  text: label,
  act: { do: "type" },
  textField: { label, secret: false, starts: "capital", charactersMax: NAME_CHARACTERS_MAX },
});

const nameOf = (values: Values): string => (values.name ?? "").trim();

/** Only what this person changed is written: somebody else may be changing the rest. */
function saving(button: ButtonName, changes: Changes | undefined, values: Values): Act {
  const name = nameOf(values);
  const job = values.job ?? FIRST_JOB;
  if (changes === undefined) {
    return {
      do: "ask",
      intent: { kind: "add-entry", ...button, fields: { name, function: job } },
      then: { do: "back", levels: 1, selectAdded: true },
    };
  }
  const { key, before } = changes;
  const fields: Fields = { ...(name === before.name ? {} : { name }), ...(job === before.job ? {} : { function: job }) };
  if (Object.keys(fields).length === 0) return BACK;
  return { do: "ask", intent: { kind: "change-entry", ...button, key, fields }, then: BACK };
}
