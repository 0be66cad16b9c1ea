/** Where the server is, and whose account proves this machine to it at the first contact. */
import { LIMITS } from "../../model/limits.ts";
import { type Act, go, type Page, says, softKey, STAY } from "../page.ts";
import { order } from "../order.ts";
import { type PanelState, textsOf, topFrame } from "../state.ts";
import { restartAfter } from "./first-contact.ts";

const DEPTHS = Array.from({ length: LIMITS.searchDepthMax }, (_, index) => ({ value: `${index + 1}`, text: `${index + 1}` }));

export function syncClientFormPage(state: PanelState): Page {
  const texts = textsOf(state);
  const { destination = "", account = "", password = "", depth = "1" } = topFrame(state).values;
  const typed = { destination: destination.trim(), account: account.trim(), password };
  const entered = typed.destination === "" ? { ...typed, searchDepth: Number(depth) } : typed;
  const test: Act = { do: "ask", intent: { kind: "test-way", entered }, then: STAY };
  // Nobody is trusted yet: it is looked who answers there, and that is what the person is asked about.
  const start: Act = { do: "ask", intent: { kind: "contact", entered }, then: restartAfter(1) };
  const search = order({ kind: "search", depth: Number(depth) }, go({ screen: "admin", page: { kind: "found" } }));
  const field = (key: "destination" | "account" | "password", starts: "small" | "digits", charactersMax: number) => ({
    key,
    text: texts.client[key],
    act: { do: "type" } as const,
    textField: { label: texts.client[key], secret: key === "password", starts, charactersMax },
  });
  return {
    kind: "form",
    title: texts.client.formTitle,
    rows: [
      field("destination", "digits", LIMITS.panelTextCharactersMax),
      field("account", "small", LIMITS.panelTextCharactersMax),
      field("password", "small", LIMITS.panelSecretCharactersMax),
      { key: "start", text: texts.action.start, act: start },
      { key: "test", text: texts.way.test, act: test },
      says("empty", texts.client.emptySearches),
      { key: "depth", text: texts.way.depth, act: { do: "choose" }, choiceField: { label: texts.way.depth, options: DEPTHS } },
      { key: "search", text: texts.admin.menu.search, act: search },
    ],
    softKeys: [softKey(texts.action.start, { do: "press", row: "start" })],
  };
}
