/** What kind of destination is to be added. */
import { ONE_TOUCH_LIST } from "../../model/entry.ts";
import { freeOneTouch, oneTouchTaken } from "../address-room.ts";
import { DESTINATIONS } from "../destinations.ts";
import { go, type Page } from "../page.ts";
import type { ListName, Values } from "../place.ts";
import { dataOf, type PanelState, textsOf } from "../state.ts";

export function addressTypePage(state: PanelState, list: ListName): Page {
  const texts = textsOf(state).address;
  const values: Values =
    list.list === ONE_TOUCH_LIST ? { indxid: String(freeOneTouch(oneTouchTaken(dataOf(state, list.owner).addresses, undefined))) } : {};
  return {
    kind: "choice",
    title: texts.chooseType,
    rows: DESTINATIONS.map(({ id }) => ({
      key: id,
      text: texts.types[id],
      act: go({ screen: "address-form", list, type: id, changes: undefined }, values),
    })),
    softKeys: [],
  };
}
