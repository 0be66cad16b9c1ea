/** A new e-mail destination, or other text in the columns of one. Nothing is written before [Save]. */
import { LIMITS } from "../../model/limits.ts";
import { type Act, BACK, greyed, type Page, type PageRow, softKey } from "../page.ts";
import { columnsOf } from "../personal-data.ts";
import type { Changes, ListName, Values } from "../place.ts";
import { dataOf, type PanelState, textsOf, topFrame } from "../state.ts";
import type { AddressColumn, Texts, WhyWord } from "../texts/texts.ts";
import { gonePage } from "./message.ts";

export function addressFormPage(state: PanelState, list: ListName, changes: Changes | undefined): Page {
  const texts = textsOf(state);
  const found = changes === undefined ? undefined : dataOf(state, list.owner).addresses.find(({ key }) => key === changes.key);
  if (changes !== undefined && found === undefined) return gonePage(state);
  const columns = columnsOf(found?.type ?? "email");
  const values = trimmed(topFrame(state).values, columns);
  const save = { key: "save", text: texts.action.save, act: saving(list, changes, values) };
  return {
    kind: "form",
    title: found === undefined ? texts.address.newMail : texts.address.changed,
    rows: [...columns.map((column) => columnRow(column, texts)), greyed(save, fault(values, columns))],
    softKeys: [softKey(texts.action.save, { do: "press", row: "save" })],
  };
}

function columnRow(column: AddressColumn, { address }: Texts): PageRow {
  const label = address.columns[column];
  const starts = column === "cn" ? "capital" : column === "dialdata" ? "digits" : "small";
  return {
    key: column,
    text: label,
    act: { do: "type" },
    textField: { label, secret: false, starts, charactersMax: LIMITS.panelTextCharactersMax },
  };
}

const trimmed = (values: Values, columns: readonly AddressColumn[]): Values =>
  Object.fromEntries(columns.map((column) => [column, (values[column] ?? "").trim()]));

function fault({ cn, mailaddress }: Values, columns: readonly AddressColumn[]): WhyWord | undefined {
  if (cn === "") return "name-missing";
  return columns.includes("mailaddress") && !/^[^\s@]+@[^\s@]+$/.test(mailaddress ?? "") ? "mail-address-malformed" : undefined;
}

/** Only what this person changed is written: somebody else may be changing the rest. */
function saving({ owner, item, list }: ListName, changes: Changes | undefined, values: Values): Act {
  if (changes === undefined) {
    const fields = list === "" ? values : { ...values, subdbid: list };
    return { do: "ask", intent: { kind: "add-entry", owner, item, fields }, then: { do: "back", levels: 1, selectAdded: true } };
  }
  const { key, before } = changes;
  const fields = Object.fromEntries(Object.entries(values).filter(([column, text]) => text !== (before[column] ?? "").trim()));
  if (Object.keys(fields).length === 0) return BACK;
  return { do: "ask", intent: { kind: "change-entry", owner, item, key, fields }, then: BACK };
}
