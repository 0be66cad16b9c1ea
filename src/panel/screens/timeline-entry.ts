/** An entry of the timeline: use it again, make a button of it, take it out. */
import { isJob } from "../../model/job.ts";
import { BACK, go, greyed, type Page, type PageRow, STAY } from "../page.ts";
import { dataOf, type PanelState, textsOf } from "../state.ts";
import { jobText, settingRows, startRow } from "./job-rows.ts";
import { gonePage } from "./message.ts";
import { originRow } from "./origin.ts";
import { registerRows } from "./register.ts";

export function timelineEntryPage(state: PanelState, key: string): Page {
  const { user } = state;
  const found = user && dataOf(state, user.owner).own.timeline.find((candidate) => candidate.key === key);
  if (user === undefined || found === undefined) return gonePage(state);
  const texts = textsOf(state);
  const { job, settings } = found;
  const name = { owner: user.owner, item: "timeline", key } as const;
  const from = { name, before: settings };
  return {
    kind: "menu",
    title: jobText(job, texts),
    rows: [
      ...settingRows(job, settings, texts),
      startRow(state, job, settings, from),
      otherSettingsRow(state, job, settings, from),
      ...registerRows(state, job, settings),
      { key: "remove", text: texts.own.removeFromTimeline, act: { do: "ask", intent: { kind: "delete-entry", ...name }, then: BACK } },
      originRow(state, name),
    ],
    first: "start",
    startRow: "start",
    softKeys: [],
  };
}

/** The same once, with other settings; the entry or button they come from stays as it is. */
export function otherSettingsRow(state: PanelState, job: string, ...[settings, from]: OtherSettings): PageRow {
  const row = { key: "other-settings", text: textsOf(state).own.otherSettings };
  if (!isJob(job)) return greyed({ ...row, act: STAY }, "function-unknown");
  return { ...row, act: go({ screen: "job-form", job, purpose: { kind: "run", from } }, settings) };
}

type OtherSettings = [settings: Parameters<typeof startRow>[2], from: Parameters<typeof startRow>[3]];
