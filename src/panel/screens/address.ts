/** One destination: what it is, change it, delete it, copy it. A stored password is no part of what the panel knows. */
import { cellsOf, formValues } from "../address-fields.ts";
import { type AddressField, destinationOf } from "../destinations.ts";
import { go, greyed, type Page, type PageRow, says, shown } from "../page.ts";
import type { Address } from "../personal-data.ts";
import type { ListName, Values } from "../place.ts";
import { dataOf, type PanelState, textsOf } from "../state.ts";
import { mayEdit } from "./address-list.ts";
import { groupRows } from "./group-rows.ts";
import { gonePage } from "./message.ts";
import { originRow } from "./origin.ts";

export function addressPage(state: PanelState, list: ListName, key: string): Page {
  const texts = textsOf(state);
  const found = dataOf(state, list.owner).addresses.find((candidate) => candidate.key === key);
  if (found === undefined) return gonePage(state);
  const destination = destinationOf(found.type, found.cells.protocol);
  const values = formValues(found);
  const form = go({ screen: "address-form", list, type: destination.id, changes: { key, before: values } }, values);
  const why = mayEdit(state, list);
  return {
    kind: "menu",
    title: shown(found.cells.cn ?? "", texts.noName),
    rows: [
      says("type", texts.labelled(texts.address.type, texts.address.types[destination.id])),
      ...cellsOf(destination, list).flatMap(({ field }) => cellRow(state, found, field, values)),
      ...(destination.id === "group" ? groupRows(state, list, found) : []),
      greyed({ key: "change", text: texts.action.change, act: form }, why),
      ...(found.password ? [greyed(erasing(state, list, key), why)] : []),
      greyed({ key: "copy", text: texts.address.copy, act: go({ screen: "address-copy", list, key }) }, mayCopy(state)),
      greyed(
        { key: "delete", text: texts.action.delete, act: go({ screen: "question", question: { kind: "delete-address", list, key } }) },
        why,
      ),
      originRow(state, { owner: list.owner, item: list.item, key }),
    ],
    first: "change",
    softKeys: [],
  };
}

/** The name is the title; of a password it is told whether there is one, of an access number nothing. */
function cellRow(state: PanelState, address: Address, field: AddressField, values: Values): PageRow[] {
  const texts = textsOf(state);
  if (field === "cn" || field === "accesscode") return [];
  const stored = address.password ? texts.address.stored : texts.address.none;
  return [says(field, texts.labelled(texts.address.fields[field], field === "pwd" ? stored : shown(values[field] ?? "", "-")))];
}

const erasing = (state: PanelState, { owner, item }: ListName, key: string): PageRow => ({
  key: "erase",
  text: textsOf(state).address.erasePassword,
  act: { do: "ask", intent: { kind: "change-entry", owner, item, key, fields: { pwd: "" } }, then: { do: "stay" } },
});

/** A button of one's own is needed, so it needs somebody. */
const mayCopy = ({ user }: PanelState): "log-in-first" | undefined => (user === undefined ? "log-in-first" : undefined);
