/** A job that was begun here: what it is and whether it still runs. OK means the same before and after its end. */
import type { JobName } from "../../model/job.ts";
import { type Page, says, softKey } from "../page.ts";
import type { Values } from "../place.ts";
import { type PanelState, textsOf } from "../state.ts";
import { settingRows } from "./job-rows.ts";

export function jobPage(state: PanelState, job: JobName, settings: Values): Page {
  const texts = textsOf(state);
  return {
    kind: "message",
    title: texts.button.jobs[job],
    rows: [
      says("state", state.jobRuns ? texts.own.running : texts.own.ended),
      ...settingRows(job, settings, texts),
      { key: "ok", text: texts.action.ok, act: { do: "home" } },
    ],
    first: "ok",
    softKeys: [softKey(texts.action.ok, { do: "home" })],
  };
}
