/** Which of one's own buttons a destination is copied to: a new one, or one that sends to such a destination. */
import { isJob } from "../../model/job.ts";
import { copiesOf, sendsTo } from "../destination-copy.ts";
import { type Act, greyed, type Page, type PageRow, shown } from "../page.ts";
import type { ListName } from "../place.ts";
import { dataOf, type PanelState, textsOf } from "../state.ts";
import { full } from "./home-buttons.ts";
import { gonePage } from "./message.ts";

export function addressCopyPage(state: PanelState, list: ListName, key: string): Page {
  const texts = textsOf(state);
  const { user } = state;
  const { addresses } = dataOf(state, list.owner);
  const found = addresses.find((candidate) => candidate.key === key);
  if (found === undefined || user === undefined) return gonePage(state);
  const copies = copiesOf(found, addresses);
  const { buttons } = dataOf(state, user.owner);
  const to = (button: string | undefined): Act => ({
    do: "ask",
    intent: { kind: "copy-destination", owner: user.owner, button, from: { owner: list.owner, item: list.item, key } },
    then: { do: "swap", levels: 1, place: { screen: "message", notice: { kind: "destination-copied" } } },
  });
  return {
    kind: "list",
    title: texts.address.copyTo,
    rows: [
      greyed({ key: "new", text: texts.address.copyToNew, act: to(undefined) }, full(state, buttons, "personal-button")),
      ...buttons.map(({ key: button, name, job }): PageRow => {
        const text = `${shown(name, texts.noName)} (${isJob(job) ? texts.button.jobs[job] : shown(job, texts.noName)})`;
        return greyed({ key: `button/${button}`, text, act: to(button) }, sendsTo(job, copies) ? undefined : "button-does-not-send");
      }),
    ],
    softKeys: [],
  };
}
