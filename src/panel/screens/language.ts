/** The language of the logged-in user; the panel speaks it at once. */
import { go, type Page, softKey } from "../page.ts";
import { languageOf, type PanelState, textsOf } from "../state.ts";
import { languageFor } from "../texts/texts.ts";
import { originRow } from "./origin.ts";

export function languagePage(state: PanelState): Page {
  const texts = textsOf(state);
  const { user } = state;
  const rows = Object.entries(state.languages).map(([language, { name }]) => ({
    key: language,
    text: name,
    act:
      user === undefined
        ? go({ screen: "message", notice: { kind: "why", why: "log-in-first" } })
        : ({ do: "ask", intent: { kind: "set-language", owner: user.owner, language }, then: { do: "back", levels: 1 } } as const),
  }));
  const first = languageFor(state.languages, languageOf(state));
  const origin = user === undefined ? undefined : originRow(state, { owner: user.owner, item: "display-language", key: "" });
  // Every row is a language.
  const softKeys = origin === undefined ? [] : [softKey(origin.text, origin.act)];
  return { kind: "choice", title: texts.settings.language, rows, first, softKeys };
}
