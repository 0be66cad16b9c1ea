/** The language of the logged-in user; the panel speaks it at once. */
import { go, type Page } from "../page.ts";
import { languageOf, type PanelState, textsOf } from "../state.ts";
import { languageFor } from "../texts/texts.ts";

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
  return { kind: "choice", title: texts.settings.language, rows, first: languageFor(state.languages, languageOf(state)), softKeys: [] };
}
