/** Where the server is, and whose account proves this machine to it at the first contact. */
import { LIMITS } from "../../model/limits.ts";
import { type Act, go, type Page, softKey } from "../page.ts";
import { type PanelState, textsOf, topFrame } from "../state.ts";

export function syncClientFormPage(state: PanelState): Page {
  const texts = textsOf(state);
  const { destination = "", account = "", password = "" } = topFrame(state).values;
  const settings = { destination: destination.trim(), account: account.trim(), password, confirmed: true };
  // Nothing is confirmed yet: the question that follows says what it means, and only its Yes sends the settings.
  const start: Act = go({ screen: "question", question: { kind: "start-client", settings } });
  const field = (key: "destination" | "account" | "password", starts: "small" | "digits", charactersMax: number) => ({
    key,
    text: key === "destination" && destination === "" ? `${texts.client.destination} ${texts.client.destinationEmpty}` : texts.client[key],
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
    ],
    softKeys: [softKey(texts.action.start, { do: "press", row: "start" })],
  };
}
