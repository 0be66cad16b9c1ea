/** Settings/Registration. */
import { learn } from "../order.ts";
import { go, greyed, type Page } from "../page.ts";
import { type PanelState, textsOf } from "../state.ts";

export function settingsPage(state: PanelState): Page {
  const texts = textsOf(state);
  const language = greyed(
    { key: "language", text: texts.settings.languageNow(texts.name), act: go({ screen: "language" }) },
    state.user === undefined ? "log-in-first" : undefined,
  );
  const network = greyed(
    { key: "network", text: texts.admin.network.title, act: learn("network", go({ screen: "admin", page: { kind: "network" } })) },
    state.user?.administrator === true ? undefined : "administrators-only",
  );
  const personal = greyed(
    { key: "personal", text: texts.own.personalSettings, act: go({ screen: "personal-settings" }) },
    state.user === undefined ? "log-in-first" : undefined,
  );
  return {
    kind: "menu",
    title: texts.settings.title,
    rows: [language, personal, { key: "management", text: texts.settings.management, act: go({ screen: "management" }) }, network],
    softKeys: [],
  };
}
