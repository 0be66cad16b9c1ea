/** The password of the user who logs in. */
import type { Account } from "../../../hal/users.ts";
import { LIMITS } from "../../model/limits.ts";
import { type Act, type Page, shown, softKey } from "../page.ts";
import { type PanelState, textsOf, topFrame } from "../state.ts";

export function passwordPage(state: PanelState, account: Account): Page {
  const texts = textsOf(state);
  const password = topFrame(state).values.password ?? "";
  const logIn: Act = { do: "ask", intent: { kind: "log-in", owner: account.owner, password }, then: { do: "home" } };
  return {
    kind: "form",
    title: texts.login.passwordOf(shown(account.displayName, texts.noName)),
    rows: [
      {
        key: "password",
        text: texts.login.password,
        act: { do: "type" },
        textField: { label: texts.login.password, secret: true, starts: "small", charactersMax: LIMITS.panelSecretCharactersMax },
      },
      { key: "log-in", text: texts.action.logIn, act: logIn },
    ],
    softKeys: [softKey(texts.action.logIn, logIn)],
  };
}
