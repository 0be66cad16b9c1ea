/** Who is it? The accounts of this machine, one row each. */
import { type Act, type Page, says, shown } from "../page.ts";
import type { Account } from "../../../hal/users.ts";
import { type PanelState, textsOf } from "../state.ts";

export function loginPage(state: PanelState): Page {
  const texts = textsOf(state);
  const rows = state.accounts.map((account) => ({
    key: account.owner,
    text: shown(account.displayName, texts.noName),
    act: logIn(account),
  }));
  return {
    kind: "list",
    title: texts.login.title,
    rows: rows.length === 0 ? [says("nobody", texts.login.nobody)] : rows,
    softKeys: [],
  };
}

const logIn = (account: Account): Act =>
  account.needsPassword
    ? { do: "go", place: { screen: "password", account } }
    : { do: "ask", intent: { kind: "log-in", owner: account.owner, password: "" }, then: { do: "home" } };
