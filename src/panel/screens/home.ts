/** Home: my buttons, everyone's buttons, what I used last, and the ways onward. */
import { COMMON } from "../../model/owner.ts";
import { go, greyed, type Page, type PageRow, says, shown, softKey, type Act } from "../page.ts";
import type { ButtonName } from "../place.ts";
import { dataOf, type PanelState, textsOf } from "../state.ts";
import type { Texts } from "../texts/texts.ts";
import { buttonRow, buttonsOf, full } from "./home-buttons.ts";
import { jobText, startRow, summary } from "./job-rows.ts";

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
      ...recentJobs(state, texts),
      { key: "jobs", text: texts.own.jobs, act: go({ screen: "jobs" }) },
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
  const buttons = buttonsOf(state, name);
  const add: PageRow = {
    key: "add-personal",
    text: texts.home.addPersonal,
    act: go({ screen: "button-form", button: name, changes: undefined }),
  };
  return [...buttons.map((button) => buttonRow(state, button, name)), greyed(add, full(state, buttons, name.item))];
}

function sharedButtons(state: PanelState, texts: Texts): PageRow[] {
  const name: ButtonName = { owner: COMMON, item: "shared-button" };
  const buttons = buttonsOf(state, name);
  const rows = buttons.map((button) => buttonRow(state, button, name));
  if (state.user?.administrator !== true) return rows;
  const add: PageRow = {
    key: "add-shared",
    text: texts.home.addShared,
    act: go({ screen: "button-form", button: name, changes: undefined }),
  };
  return [...rows, greyed(add, full(state, buttons, name.item))];
}

/** The timeline: what this user used last, on whichever machine. */
function recentJobs(state: PanelState, texts: Texts): PageRow[] {
  const { user } = state;
  if (user === undefined) return [];
  return dataOf(state, user.owner).own.timeline.map(({ key, job, settings }) => {
    const from = { name: { owner: user.owner, item: "timeline", key }, before: settings };
    return {
      key: `timeline/${key}`,
      text: texts.own.recent(texts.labelled(jobText(job, texts), shown(summary(job, settings, texts), "-"))),
      act: go({ screen: "timeline-entry", key }),
      start: startRow(state, job, settings, from),
    };
  });
}

const readable = (state: PanelState): boolean => [...state.data.values()].every((data) => data.readable);
