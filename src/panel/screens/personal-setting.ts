/** One item of a user's own settings, as a form. Nothing is written before [Save]; a secret field left empty leaves what is there. */
import { type ChosenItem, fieldsOfItem, typedFieldsOf } from "../personal-settings.ts";
import { type Act, BACK, greyed, type Page, type PageRow, softKey, STAY } from "../page.ts";
import type { Values } from "../place.ts";
import { type PanelState, textsOf, topFrame } from "../state.ts";
import { originRow } from "./origin.ts";

export function personalSettingPage(state: PanelState, item: ChosenItem, before: Values): Page {
  const texts = textsOf(state);
  const typed = typedFieldsOf(item).map(({ name, charactersMax, secret }): PageRow => {
    const label = texts.own.typedFields[name];
    return { key: name, text: label, act: { do: "type" }, textField: { label, secret, starts: "small", charactersMax } };
  });
  const chosen = fieldsOfItem(item).map(({ name, options }): PageRow => {
    const label = texts.own.chosenFields[name];
    const choiceField = { label, options: options.map((value) => ({ value, text: optionText(state, value) })) };
    return { key: name, text: label, act: { do: "choose" }, choiceField };
  });
  const save = { key: "save", text: texts.action.save, act: saving(state, item, before) };
  return {
    kind: "form",
    title: texts.admin.items[item],
    rows: [...typed, ...chosen, greyed(save, state.user === undefined ? "log-in-first" : undefined), ...originOf(state, item)],
    softKeys: [softKey(texts.action.save, { do: "press", row: "save" })],
  };
}

const originOf = (state: PanelState, item: ChosenItem): PageRow[] =>
  state.user === undefined ? [] : [originRow(state, { owner: state.user.owner, item, key: "" })];

type Option = ReturnType<typeof fieldsOfItem>[number]["options"][number];

/** Functions and screens are called here as they are called there. */
function optionText(state: PanelState, option: Option): string {
  const texts = textsOf(state);
  switch (option) {
    case "home":
      return texts.home.title;
    case "jobs":
      return texts.own.jobs;
    case "address-lists":
      return texts.address.lists;
    case "status":
      return texts.status.title;
    case "copy":
    case "fax":
    case "scan-and-send":
    case "scan-and-store":
    case "access-stored-files":
      return texts.button.jobs[option];
    default:
      return texts.own.chosenOptions[option];
  }
}

/** Only what this person changed is written: another machine may be changing the rest. */
function saving(state: PanelState, item: ChosenItem, before: Values): Act {
  const { values } = topFrame(state);
  if (state.user === undefined) return STAY;
  const fields = Object.fromEntries(Object.entries(values).filter(([name, value]) => value !== before[name]));
  if (Object.keys(fields).length === 0) return BACK;
  return { do: "ask", intent: { kind: "set-fields", owner: state.user.owner, item, key: "", fields }, then: BACK };
}
