/** Buttons on the home screen: where they stand, and what they do there. */
import { capacityOf } from "../../model/config.ts";
import { arranged } from "../own-data.ts";
import { go, type PageRow, shown } from "../page.ts";
import type { Button, ButtonItem } from "../personal-data.ts";
import type { ButtonName } from "../place.ts";
import { dataOf, type PanelState, textsOf } from "../state.ts";
import { jobText, startRow } from "./job-rows.ts";

/** In the order that the person in front of the machine has chosen. */
export function buttonsOf(state: PanelState, { owner, item }: ButtonName): readonly Button[] {
  const order = state.user === undefined ? undefined : dataOf(state, state.user.owner).own.order[item];
  return arranged(dataOf(state, owner).buttons, order);
}

export function buttonRow(state: PanelState, { key, name, job, settings }: Button, button: ButtonName): PageRow {
  const texts = textsOf(state);
  const label = `${shown(name, texts.noName)} (${jobText(job, texts)})`;
  return {
    key: `${button.item}/${key}`,
    text: button.item === "shared-button" ? texts.home.shared(label) : label,
    act: go({ screen: "button", button, key }),
    start: startRow(state, job, settings, { name: { ...button, key }, before: settings }),
  };
}

/** Why an owner can have no more buttons; undefined while there is room. */
export const full = ({ config }: PanelState, buttons: readonly Button[], item: ButtonItem): "buttons-full" | undefined =>
  buttons.length >= capacityOf(item, config) ? "buttons-full" : undefined;
