/** What a user sets for himself, wherever he logs in: the items of THE table that a panel can set, in its order. */
import { type ItemId, ITEMS } from "../../model/item.ts";
import { chosenValues, isChosenItem } from "../personal-settings.ts";
import { go, greyed, type Page, type Then } from "../page.ts";
import { dataOf, type PanelState, textsOf } from "../state.ts";

export function personalSettingsPage(state: PanelState): Page {
  const texts = textsOf(state);
  const why = state.user === undefined ? "log-in-first" : undefined;
  const rows = ITEMS.flatMap(({ id }) => {
    const act = leadingTo(state, id);
    return act === undefined ? [] : [greyed({ key: id, text: texts.admin.items[id], act }, why)];
  });
  return { kind: "menu", title: texts.own.personalSettings, rows, softKeys: [] };
}

/** Undefined: the item is set elsewhere (buttons and addresses), or by using the machine (timeline, previous settings). */
function leadingTo(state: PanelState, item: ItemId): Then | undefined {
  if (item === "display-language") return go({ screen: "language" });
  if (item === "default-job-settings") return go({ screen: "default-jobs" });
  if (item === "keychain") return go({ screen: "keychains" });
  if (!isChosenItem(item)) return undefined;
  const chosen = state.user === undefined ? undefined : dataOf(state, state.user.owner).own.chosen[item];
  const before = chosen ?? chosenValues(item, undefined);
  return go({ screen: "personal-setting", item, before }, before);
}
