/** One list of destinations: search, add, look. Typing anywhere in it searches. */
import { ONE_TOUCH_LIST } from "../../model/entry.ts";
import { ADMINISTRATOR_LIST } from "../../import-export/address-columns.ts";
import { itemOf } from "../../model/item.ts";
import { LIMITS } from "../../model/limits.ts";
import { type Act, go, greyed, type Page, type PageRow, says, softKey } from "../page.ts";
import { type Address, folded, oneLine } from "../personal-data.ts";
import type { ListName } from "../place.ts";
import { dataOf, type PanelState, textsOf, topFrame } from "../state.ts";
import type { Texts, WhyWord } from "../texts/texts.ts";
import { entriesOf, listTitle } from "./address-lists.ts";

export function addressListPage(state: PanelState, list: ListName): Page {
  const texts = textsOf(state);
  const all = entriesOf(state, list);
  const wanted = folded((topFrame(state).values.search ?? "").trim());
  const entries = wanted === "" ? all : all.filter(({ found }) => found.includes(wanted));
  const add: Act = go({ screen: "address-form", list, changes: undefined });
  return {
    kind: "list",
    title: listTitle(state, list),
    rows: [
      searchRow(texts),
      greyed({ key: "add", text: texts.address.addMail, act: add }, whyNotAdd(state, list)),
      ...entries.map((address) => row(address, list, texts)),
      ...(entries.length > 0 ? [] : [says("empty", all.length === 0 ? texts.address.empty : texts.address.nothingFound)]),
    ],
    first: entries[0] === undefined ? "add" : rowKey(entries[0].key),
    typeInto: "search",
    softKeys: [softKey(texts.action.add, { do: "press", row: "add" }), softKey(texts.action.search, { do: "press", row: "search" })],
  };
}

const searchRow = (texts: Texts): PageRow => ({
  key: "search",
  text: texts.address.searchByName,
  act: { do: "type" },
  textField: { label: texts.address.searchByName, secret: false, starts: "small", charactersMax: LIMITS.panelTextCharactersMax },
});

/** Entry keys are foreign: a prefix keeps them apart from the rows that are ours. */
const rowKey = (key: string): string => `entry/${key}`;

function row({ key, type, number, label, detail }: Address, list: ListName, texts: Texts): PageRow {
  const name = label || texts.noName;
  const numbered = list.list === ONE_TOUCH_LIST && number !== "" ? `${oneLine(number)} ${name}` : name;
  return { key: rowKey(key), text: texts.labelled(numbered, detail || typeText(type, texts)), act: go({ screen: "address", list, key }) };
}

/** The name of a type of destination. */
export function typeText(type: string, { address: { types } }: Texts): string {
  const known: { readonly [type: string]: string } = types;
  return Object.hasOwn(known, type) ? (known[type] ?? types.other) : types.other;
}

function whyNotAdd(state: PanelState, list: ListName): WhyWord | undefined {
  return mayEdit(state, list) ?? (isFull(state, list) ? "list-full" : undefined);
}

/** Everyone who is logged in edits the common lists; the last one is the administrators'. */
export function mayEdit({ user }: PanelState, { owner, item, list }: ListName): WhyWord | undefined {
  if (user === undefined) return "log-in-first";
  if (list === ADMINISTRATOR_LIST && !user.administrator) return "administrators-only";
  const mine = item === "common-address" || owner === user.owner || user.groups.includes(owner);
  return mine ? undefined : "log-in-first";
}

/** The manuals' capacities: one-touch has its own, the other common lists share theirs. */
function isFull(state: PanelState, list: ListName): boolean {
  const { addresses } = dataOf(state, list.owner);
  if (list.item !== "common-address") return addresses.length >= (itemOf(list.item)?.entriesMax ?? 0);
  const oneTouch = addresses.filter((address) => address.list === ONE_TOUCH_LIST).length;
  return list.list === ONE_TOUCH_LIST ? oneTouch >= LIMITS.oneTouchMax : addresses.length - oneTouch >= LIMITS.commonAddressesMax;
}
