/** What the machine can do: a function is chosen, and begins with the user's default settings. */
import { JOBS } from "../../model/job.ts";
import { go, type Page } from "../page.ts";
import { type PanelState, textsOf } from "../state.ts";
import { defaultsOf } from "./job-rows.ts";

export function jobsPage(state: PanelState): Page {
  const texts = textsOf(state);
  const rows = JOBS.map((job) => ({
    key: job,
    text: texts.button.jobs[job],
    act: go({ screen: "job-form", job, purpose: { kind: "run", from: undefined } }, defaultsOf(state, job)),
  }));
  return { kind: "menu", title: texts.own.jobs, rows, softKeys: [] };
}
