/** The functions of the machine, each with the user's default settings: to begin a job, or to change those. */
import { JOBS } from "../../model/job.ts";
import type { JobPurpose } from "../own-place.ts";
import { go, type Page } from "../page.ts";
import { type PanelState, textsOf } from "../state.ts";
import { defaultsOf } from "./job-rows.ts";

export const jobsPage = (state: PanelState): Page => page(state, textsOf(state).own.jobs, { kind: "run", from: undefined });

export const defaultJobsPage = (state: PanelState): Page =>
  page(state, textsOf(state).admin.items["default-job-settings"], { kind: "default" });

function page(state: PanelState, title: string, purpose: JobPurpose): Page {
  const texts = textsOf(state);
  const rows = JOBS.map((job) => ({
    key: job,
    text: texts.button.jobs[job],
    act: go({ screen: "job-form", job, purpose }, defaultsOf(state, job)),
  }));
  return { kind: "menu", title, rows, softKeys: [] };
}
