/** The pages of the places in own-place.ts. */
import { unreachable } from "../../model/assert.ts";
import type { OwnPlace } from "../own-place.ts";
import type { Page } from "../page.ts";
import type { PanelState } from "../state.ts";
import { destinationsPage } from "./destinations.ts";
import { jobFormPage } from "./job-form.ts";
import { jobPage } from "./job.ts";
import { defaultJobsPage, jobsPage } from "./jobs.ts";
import { keychainFormPage, keychainsPage } from "./keychains.ts";
import { personalSettingPage } from "./personal-setting.ts";
import { personalSettingsPage } from "./personal-settings.ts";
import { timelineEntryPage } from "./timeline-entry.ts";

export function ownPage(state: PanelState, place: OwnPlace): Page {
  switch (place.screen) {
    case "jobs":
      return jobsPage(state);
    case "job-form":
      return jobFormPage(state, place.job, place.purpose);
    case "destinations":
      return destinationsPage(state, place.chosen);
    case "timeline-entry":
      return timelineEntryPage(state, place.key);
    case "personal-settings":
      return personalSettingsPage(state);
    case "personal-setting":
      return personalSettingPage(state, place.item, place.before);
    case "default-jobs":
      return defaultJobsPage(state);
    case "keychains":
      return keychainsPage(state);
    case "keychain-form":
      return keychainFormPage(state, place.key);
    case "job":
      return jobPage(state, place.job, place.settings);
    default:
      return unreachable(place);
  }
}
