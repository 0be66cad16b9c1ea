/** Network: the time server with its check (M06), and the proxy. A stored password is no part of what the panel knows. */
import type { NetworkChange } from "../../../hal/network-settings.ts";
import { LIMITS } from "../../model/limits.ts";
import { order } from "../order.ts";
import { type Act, BACK, go, greyed, type Page, type PageRow, shown, softKey, STAY } from "../page.ts";
import type { Values } from "../place.ts";
import { type PanelState, textsOf, topFrame } from "../state.ts";

const NO = "no";

export function networkPage(state: PanelState): Page {
  const texts = textsOf(state);
  const { network } = texts.admin;
  const { timeServer, proxy, proxyExcludesLocalhost } = state.facts.network;
  const proxyValues: Values = { address: proxy?.address ?? "", user: proxy?.user ?? "", localhost: proxyExcludesLocalhost ? "" : NO };
  return {
    kind: "menu",
    title: network.title,
    rows: [
      {
        key: "sntp",
        text: texts.labelled(network.sntp, shown(timeServer, network.off)),
        act: go({ screen: "admin", page: { kind: "sntp" } }, { timeServer }),
      },
      {
        key: "proxy",
        text: texts.labelled(network.proxy, shown(proxy?.address ?? "", network.off)),
        act: go({ screen: "admin", page: { kind: "proxy" } }, proxyValues),
      },
    ],
    softKeys: [],
  };
}

const field = (key: string, label: string, starts: "small" | "digits"): PageRow => ({
  key,
  text: label,
  act: { do: "type" },
  textField: { label, secret: false, starts, charactersMax: LIMITS.panelTextCharactersMax },
});

const saving = (change: NetworkChange): Act => order({ kind: "set-network", change }, BACK);

export function sntpPage(state: PanelState): Page {
  const { admin, action } = textsOf(state);
  const timeServer = (topFrame(state).values.timeServer ?? "").trim();
  const check: PageRow = { key: "check", text: admin.network.check, act: order({ kind: "check-time-server" }, STAY) };
  return {
    kind: "form",
    title: admin.network.sntp,
    rows: [
      field("timeServer", admin.network.timeServer, "digits"),
      { key: "save", text: action.save, act: saving({ timeServer }) },
      greyed(check, timeServer === "" || timeServer !== state.facts.network.timeServer ? "save-first" : undefined),
    ],
    softKeys: [softKey(action.save, { do: "press", row: "save" })],
  };
}

export function proxyPage(state: PanelState): Page {
  const { admin, action } = textsOf(state);
  const { network } = admin;
  const { values } = topFrame(state);
  const address = (values.address ?? "").trim();
  const password = values.password ?? "";
  const proxy = address === "" ? null : { address, user: (values.user ?? "").trim(), ...(password === "" ? {} : { password }) };
  const passwordLabel = state.facts.network.proxy?.passwordSet === true ? network.passwordSet : network.password;
  return {
    kind: "form",
    title: network.proxy,
    rows: [
      field("address", network.address, "digits"),
      field("user", network.user, "small"),
      {
        key: "password",
        text: passwordLabel,
        act: { do: "type" },
        textField: { label: passwordLabel, secret: true, starts: "small", charactersMax: LIMITS.panelSecretCharactersMax },
      },
      {
        key: "localhost",
        text: network.localhost,
        act: { do: "choose" },
        choiceField: {
          label: network.localhost,
          options: [
            { value: "", text: network.excluded },
            { value: NO, text: network.included },
          ],
        },
      },
      { key: "save", text: action.save, act: saving({ proxy, proxyExcludesLocalhost: values.localhost !== NO }) },
    ],
    softKeys: [softKey(action.save, { do: "press", row: "save" })],
  };
}
