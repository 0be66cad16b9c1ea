/** One button: what it does, change it, delete it. */
import { go, greyed, type Page, says, shown } from "../page.ts";
import { isJob } from "../personal-data.ts";
import type { ButtonName } from "../place.ts";
import { dataOf, type PanelState, textsOf } from "../state.ts";
import { gonePage } from "./message.ts";

export function buttonPage(state: PanelState, button: ButtonName, key: string): Page {
  const texts = textsOf(state);
  const found = dataOf(state, button.owner).buttons.find((candidate) => candidate.key === key);
  if (found === undefined) return gonePage(state);
  const personal = button.item === "personal-button";
  const values = { name: found.name, job: found.job };
  const why = mayChange(state, button) ? undefined : "shared-by-administrators";
  return {
    kind: "menu",
    title: shown(found.name, texts.noName),
    rows: [
      says("kind", personal ? texts.button.personal : texts.button.shared),
      says("job", texts.labelled(texts.button.job, isJob(found.job) ? texts.button.jobs[found.job] : shown(found.job, texts.noName))),
      greyed(
        { key: "change", text: texts.action.change, act: go({ screen: "button-form", button, changes: { key, before: values } }, values) },
        why,
      ),
      greyed(
        { key: "delete", text: texts.action.delete, act: go({ screen: "question", question: { kind: "delete-button", button, key } }) },
        why,
      ),
    ],
    first: "change",
    softKeys: [],
  };
}

/** Personal buttons are their user's; shared ones are everyone's, so an administrator changes them. */
const mayChange = (state: PanelState, { owner, item }: ButtonName): boolean =>
  item === "personal-button" ? state.user?.owner === owner : state.user?.administrator === true;
