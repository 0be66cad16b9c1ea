/** Settings become a button: mine, or everyone's. */
import { COMMON, type Owner } from "../../model/owner.ts";
import { settingsFault } from "../job-settings.ts";
import { go, greyed, type PageRow, STAY } from "../page.ts";
import type { ButtonItem } from "../personal-data.ts";
import type { Values } from "../place.ts";
import { commonData, dataOf, type PanelState, textsOf } from "../state.ts";
import type { WhyWord } from "../texts/texts.ts";
import { full } from "./home-buttons.ts";

export function registerRows(state: PanelState, job: string, settings: Values): readonly PageRow[] {
  const texts = textsOf(state).own;
  const fault = settingsFault(job, settings);
  const { user } = state;
  const row = (key: string, text: string, owner: Owner | undefined, item: ButtonItem, why: WhyWord | undefined): PageRow => {
    const place = owner && ({ screen: "button-form", button: { owner, item }, changes: undefined } as const);
    return greyed({ key, text, act: place === undefined ? STAY : go(place, { ...settings, job }) }, why ?? fault);
  };
  const mine: WhyWord | undefined = user === undefined ? "log-in-first" : full(state, dataOf(state, user.owner).buttons, "personal-button");
  const ours: WhyWord | undefined =
    user?.administrator === true ? full(state, commonData(state).buttons, "shared-button") : "shared-by-administrators";
  return [
    row("register-personal", texts.registerPersonal, user?.owner, "personal-button", mine),
    row("register-shared", texts.registerShared, COMMON, "shared-button", ours),
  ];
}
