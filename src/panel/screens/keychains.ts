/**
 * Keychain: what a user is asked for at network places, kept by their numbers (M25). It is typed and kept, and never shown
 * again (B08): whoever wants another name or password types both anew.
 */
import { capacityOf } from "../../model/config.ts";
import { LIMITS } from "../../model/limits.ts";
import { type Act, BACK, go, greyed, type Page, type PageRow, says, softKey, STAY, type TextField } from "../page.ts";
import { dataOf, type PanelState, textsOf, topFrame } from "../state.ts";
import { originRow } from "./origin.ts";
import type { WhyWord } from "../texts/texts.ts";

export function keychainsPage(state: PanelState): Page {
  const texts = textsOf(state);
  const { user } = state;
  const keys = user === undefined ? [] : dataOf(state, user.owner).own.keychains;
  const full = keys.length >= capacityOf("keychain", state.config) ? "keychains-full" : undefined;
  const add = { key: "add", text: texts.own.keychain.add, act: go({ screen: "keychain-form", key: undefined }) };
  return {
    kind: "list",
    title: texts.admin.items.keychain,
    rows: [
      ...keys.map((key) => ({ key: `place/${key}`, text: texts.own.keychain.place(key), act: go({ screen: "keychain-form", key }) })),
      greyed(add, user === undefined ? "log-in-first" : full),
    ],
    softKeys: [],
  };
}

export function keychainFormPage(state: PanelState, key: string | undefined): Page {
  const texts = textsOf(state).own.keychain;
  const { user } = state;
  const { values } = topFrame(state);
  const { place = "", account = "", password = "" } = values;
  const number = key ?? place.replace(/^0+(?=\d)/, "");
  const field = (name: string, label: string, more: Partial<TextField> = {}): PageRow => ({
    key: name,
    text: label,
    act: { do: "type" },
    textField: { label, secret: false, starts: "small", charactersMax: LIMITS.panelSecretCharactersMax, ...more },
  });
  const why = user === undefined ? "log-in-first" : whyUnfit({ number, account, isNew: key === undefined });
  const act: Act =
    user === undefined
      ? STAY
      : {
          do: "ask",
          intent: { kind: "set-fields", owner: user.owner, item: "keychain", key: number, fields: { user: account, password } },
          then: BACK,
        };
  const remove: PageRow[] =
    user === undefined || key === undefined
      ? []
      : [
          {
            key: "delete",
            text: textsOf(state).action.delete,
            act: go({ screen: "question", question: { kind: "delete-keychain", owner: user.owner, key } }),
          },
        ];
  return {
    kind: "form",
    title: key === undefined ? texts.add : texts.place(key),
    rows: [
      ...(key === undefined ? [field("place", texts.number, { starts: "digits", charactersMax: LIMITS.panelPlaceDigitsMax })] : []),
      field("account", texts.account),
      field("password", texts.password, { secret: true }),
      greyed({ key: "save", text: textsOf(state).action.save, act }, why),
      ...remove,
      ...(user === undefined || key === undefined ? [] : [originRow(state, { owner: user.owner, item: "keychain", key })]),
      says("hidden", texts.hidden),
    ],
    softKeys: [softKey(textsOf(state).action.save, { do: "press", row: "save" })],
  };
}

/** Why what was typed cannot be saved; the place of an entry that is there already is right as it is. */
function whyUnfit({
  number,
  account,
  isNew,
}: {
  readonly number: string;
  readonly account: string;
  readonly isNew: boolean;
}): WhyWord | undefined {
  if (isNew && !/^[1-9]\d*$/.test(number)) return "place-unfit";
  return account === "" ? "account-needed" : undefined;
}
