/** Home: my buttons, everyone's buttons, and the ways onward. */
import { COMMON } from "../../model/owner.ts";
import { itemOf } from "../../model/item.ts";
import { go, greyed, type Page, type PageRow, says, shown, softKey, type Act } from "../page.ts";
import { type Button, isJob } from "../personal-data.ts";
import type { ButtonName } from "../place.ts";
import { commonData, dataOf, type PanelState, textsOf } from "../state.ts";
import type { Texts } from "../texts/texts.ts";

export function homePage(state: PanelState): Page {
  const texts = textsOf(state);
  const { user } = state;
  const idKey: Act = user === undefined ? LOG_IN : { do: "ask", intent: { kind: "log-out" }, then: { do: "home" } };
  const idText = user === undefined ? texts.action.logIn : texts.action.logOut;
  return {
    kind: "home",
    title: user === undefined ? texts.home.title : texts.home.titleOf(shown(user.displayName, texts.noName)),
    rows: [
      ...(user === undefined ? [{ key: "log-in", text: texts.action.logIn, act: LOG_IN }] : []),
      ...personalButtons(state, texts),
      ...sharedButtons(state, texts),
      { key: "addresses", text: texts.home.addresses, act: go({ screen: "address-lists" }) },
      { key: "settings", text: texts.home.settings, act: go({ screen: "settings" }) },
      ...(user === undefined ? [] : [{ key: "log-out", text: texts.action.logOut, act: idKey }]),
      ...(readable(state) ? [] : [says("unreadable", texts.home.unreadable)]),
    ],
    softKeys: [softKey(idText, idKey)],
  };
}

/** Opening the login fetches the accounts afresh. */
export const LOG_IN: Act = { do: "ask", intent: { kind: "offer-accounts" }, then: { do: "go", place: { screen: "login" } } };

function personalButtons(state: PanelState, texts: Texts): PageRow[] {
  if (state.user === undefined) return [];
  const name: ButtonName = { owner: state.user.owner, item: "personal-button" };
  const { buttons } = dataOf(state, name.owner);
  const add: PageRow = {
    key: "add-personal",
    text: texts.home.addPersonal,
    act: go({ screen: "button-form", button: name, changes: undefined }),
  };
  return [...buttons.map((button) => row(button, name, texts)), greyed(add, full(buttons, name))];
}

function sharedButtons(state: PanelState, texts: Texts): PageRow[] {
  const name: ButtonName = { owner: COMMON, item: "shared-button" };
  const { buttons } = commonData(state);
  const rows = buttons.map((button) => row(button, name, texts));
  if (state.user?.administrator !== true) return rows;
  const add: PageRow = {
    key: "add-shared",
    text: texts.home.addShared,
    act: go({ screen: "button-form", button: name, changes: undefined }),
  };
  return [...rows, greyed(add, full(buttons, name))];
}

function row({ key, name, job }: Button, button: ButtonName, texts: Texts): PageRow {
  const label = `${shown(name, texts.noName)} (${isJob(job) ? texts.button.jobs[job] : shown(job, texts.noName)})`;
  return {
    key: `${button.item}/${key}`,
    text: button.item === "shared-button" ? texts.home.shared(label) : label,
    act: go({ screen: "button", button, key }),
  };
}

const full = (buttons: readonly Button[], { item }: ButtonName): "buttons-full" | undefined =>
  buttons.length >= (itemOf(item)?.entriesMax ?? 0) ? "buttons-full" : undefined;

const readable = (state: PanelState): boolean => [...state.data.values()].every((data) => data.readable);
