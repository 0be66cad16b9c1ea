/** One list of destinations: search, add, look. Typing anywhere in it searches. */
import { ONE_TOUCH_LIST } from "../../model/entry.ts";
import { ADMINISTRATOR_LIST } from "../../import-export/address-columns.ts";
import { LIMITS } from "../../model/limits.ts";
import { roomOf } from "../address-room.ts";
import { accessNumber, destinationOf } from "../destinations.ts";
import { go, greyed, type Page, type PageRow, says, softKey } from "../page.ts";
import { type Address, folded, oneLine } from "../personal-data.ts";
import type { ListName } from "../place.ts";
import { dataOf, type PanelState, textsOf, topFrame } from "../state.ts";
import type { Texts, WhyWord } from "../texts/texts.ts";
import { entriesOf, listTitle } from "./address-lists.ts";

export function addressListPage(state: PanelState, list: ListName): Page {
  const texts = textsOf(state);
  const wanted = (topFrame(state).values.search ?? "").trim();
  const all = entriesOf(state, list);
  const seen = visible(state, all, wanted);
  const entries = found(seen, wanted);
  const room = roomOf(list, dataOf(state, list.owner).addresses, state.config);
  const hidden = all.length - seen.length;
  return {
    kind: "list",
    title: listTitle(state, list),
    rows: [
      searchRow(texts.address.search),
      greyed({ key: "add", text: texts.address.add, act: go({ screen: "address-type", list }) }, mayEdit(state, list) ?? room.why),
      ...entries.map((address) => row(address, list, texts)),
      ...(entries.length > 0 ? [] : [says("empty", seen.length === 0 ? texts.address.empty : texts.address.nothingFound)]),
      ...(hidden === 0 ? [] : [says("hidden", texts.address.hidden(hidden))]),
      says("room", (room.together ? texts.address.roomTogether : texts.address.room)(room.used, room.max)),
    ],
    first: entries[0] === undefined ? "add" : rowKey(entries[0].key),
    typeInto: "search",
    softKeys: [softKey(texts.action.add, { do: "press", row: "add" }), softKey(texts.action.search, { do: "press", row: "search" })],
  };
}

export const searchRow = (label: string): PageRow => ({
  key: "search",
  text: label,
  act: { do: "type" },
  textField: { label, secret: false, starts: "small", charactersMax: LIMITS.panelTextCharactersMax },
});

/** Whoever knows the access number of a destination sees it, and administrators do. */
export const mayLook = ({ user }: PanelState, { access }: Address): boolean => access === "" || user?.administrator === true;

/** What there is to look at while this is typed. */
export const visible = (state: PanelState, addresses: readonly Address[], wanted: string): readonly Address[] =>
  addresses.filter((address) => mayLook(state, address) || isAccess(address, wanted));

const isAccess = ({ access }: Address, wanted: string): boolean => access !== "" && access === accessNumber(folded(wanted));

/** By name, address or number; what has the very number comes first. */
export function found(addresses: readonly Address[], wanted: string): readonly Address[] {
  if (wanted === "") return addresses;
  const text = folded(wanted);
  const number = accessNumber(text);
  const exact = (address: Address): boolean =>
    isAccess(address, wanted) || (address.list === ONE_TOUCH_LIST && number !== "" && accessNumber(address.number) === number);
  return [...addresses.filter(exact), ...addresses.filter((address) => !exact(address) && address.found.includes(text))];
}

/** Entry keys are foreign: a prefix keeps them apart from the rows that are ours. */
const rowKey = (key: string): string => `entry/${key}`;

const row = (address: Address, list: ListName, texts: Texts): PageRow => ({
  key: rowKey(address.key),
  text: addressText(address, texts),
  act: go({ screen: "address", list, key: address.key }),
});

/** A destination on one line: its one-touch number, its name, and where it leads or what it is. */
export function addressText({ list, number, label, detail, ...address }: Address, texts: Texts): string {
  const name = label || texts.noName;
  const numbered = list === ONE_TOUCH_LIST && number !== "" ? `${oneLine(number)} ${name}` : name;
  const { id } = destinationOf(address.type, address.cells.protocol);
  const what = id === "group" ? texts.address.members(address.members.length) : texts.address.types[id];
  return texts.labelled(numbered, detail || what);
}

/** Everyone who is logged in edits the common lists; the last one is the administrators'. */
export function mayEdit({ user }: PanelState, { owner, item, list }: ListName): WhyWord | undefined {
  if (user === undefined) return "log-in-first";
  if (list === ADMINISTRATOR_LIST && !user.administrator) return "administrators-only";
  const mine = item === "common-address" || owner === user.owner || user.groups.includes(owner);
  return mine ? undefined : "log-in-first";
}
