/** One destination: what it is, change it, delete it. A stored password is no part of what the panel knows. */
import { ONE_TOUCH_LIST } from "../../model/entry.ts";
import { go, greyed, type Page, type PageRow, says, shown } from "../page.ts";
import { columnsOf } from "../personal-data.ts";
import type { ListName, Values } from "../place.ts";
import { dataOf, type PanelState, textsOf } from "../state.ts";
import { mayEdit, typeText } from "./address-list.ts";
import { gonePage } from "./message.ts";

export function addressPage(state: PanelState, list: ListName, key: string): Page {
  const texts = textsOf(state);
  const found = dataOf(state, list.owner).addresses.find((candidate) => candidate.key === key);
  if (found === undefined) return gonePage(state);
  const values: Values = Object.fromEntries(Object.entries(found.cells).map(([column, text]) => [column, text ?? ""]));
  const why = mayEdit(state, list);
  const cells = columnsOf(found.type)
    .filter((column) => column !== "cn")
    .map((column): PageRow => says(column, texts.labelled(texts.address.columns[column], shown(found.cells[column] ?? "", "-"))));
  return {
    kind: "menu",
    title: shown(found.cells.cn ?? "", texts.noName),
    rows: [
      says("type", texts.labelled(texts.address.type, typeText(found.type, texts))),
      ...cells,
      ...(found.list === ONE_TOUCH_LIST ? [says("number", texts.labelled(texts.address.oneTouchNumber, shown(found.number, "-")))] : []),
      greyed(
        { key: "change", text: texts.action.change, act: go({ screen: "address-form", list, changes: { key, before: values } }, values) },
        why,
      ),
      greyed(
        { key: "delete", text: texts.action.delete, act: go({ screen: "question", question: { kind: "delete-address", list, key } }) },
        why,
      ),
    ],
    first: "change",
    softKeys: [],
  };
}
