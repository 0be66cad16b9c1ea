/** One button: use it, change it, move it, delete it. */
import { type Act, go, greyed, type Page, type PageRow, says, shown } from "../page.ts";
import { moved } from "../own-data.ts";
import type { Button } from "../personal-data.ts";
import type { ButtonName } from "../place.ts";
import { dataOf, type PanelState, textsOf } from "../state.ts";
import type { WhyWord } from "../texts/texts.ts";
import { buttonsOf } from "./home-buttons.ts";
import { jobText, settingRows, startRow } from "./job-rows.ts";
import { gonePage } from "./message.ts";
import { originRow } from "./origin.ts";
import { otherSettingsRow } from "./timeline-entry.ts";

export function buttonPage(state: PanelState, button: ButtonName, key: string): Page {
  const texts = textsOf(state);
  const found = dataOf(state, button.owner).buttons.find((candidate) => candidate.key === key);
  if (found === undefined) return gonePage(state);
  const personal = button.item === "personal-button";
  const { name, job, settings } = found;
  const values = { name, job, ...settings };
  const from = { name: { ...button, key }, before: settings };
  const why = mayChange(state, button) ? undefined : "shared-by-administrators";
  return {
    kind: "menu",
    title: shown(name, texts.noName),
    rows: [
      says("kind", personal ? texts.button.personal : texts.button.shared),
      says("job", texts.labelled(texts.button.job, jobText(job, texts))),
      ...settingRows(job, settings, texts),
      startRow(state, job, settings, from),
      otherSettingsRow(state, job, settings, from),
      greyed(
        { key: "change", text: texts.action.change, act: go({ screen: "button-form", button, changes: { key, before: values } }, values) },
        why,
      ),
      ...moveRows(state, button, found),
      greyed(
        { key: "delete", text: texts.action.delete, act: go({ screen: "question", question: { kind: "delete-button", button, key } }) },
        why,
      ),
      originRow(state, { ...button, key }),
    ],
    first: "start",
    startRow: "start",
    softKeys: [],
  };
}

/** Personal buttons are their user's; shared ones are everyone's, so an administrator changes them. */
const mayChange = (state: PanelState, { owner, item }: ButtonName): boolean =>
  item === "personal-button" ? state.user?.owner === owner : state.user?.administrator === true;

/** The order on the home screen is each user's own, for shared buttons too. Where it stands says that a move was done. */
function moveRows(state: PanelState, button: ButtonName, { key }: Button): readonly PageRow[] {
  const { user } = state;
  const texts = textsOf(state).own;
  const keys = buttonsOf(state, button).map((each) => each.key);
  const at = keys.indexOf(key);
  const row = (name: string, text: string, by: number, ends: boolean): PageRow => {
    const why: WhyWord | undefined = user === undefined ? "log-in-first" : ends ? "moved-to-the-end" : undefined;
    const act: Act =
      user === undefined
        ? { do: "stay" }
        : {
            do: "ask",
            intent: {
              kind: "set-fields",
              owner: user.owner,
              item: "home-settings",
              key: "",
              fields: { [button.item]: moved(keys, key, by) },
            },
            then: { do: "stay" },
          };
    return greyed({ key: name, text, act }, why);
  };
  return [
    says("position", texts.position(at + 1, keys.length)),
    row("move-up", texts.moveUp, -1, at === 0),
    row("move-down", texts.moveDown, 1, at === keys.length - 1),
  ];
}
