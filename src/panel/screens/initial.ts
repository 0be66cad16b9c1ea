/** The screen that a user has chosen to see first after the login. */
import { isJob } from "../../model/job.ts";
import { go, STAY, type Then } from "../page.ts";
import { dataOf, type PanelState } from "../state.ts";
import { defaultsOf } from "./job-rows.ts";

/** From home. */
export function initialScreen(state: PanelState): Then {
  const chosen = state.user === undefined ? undefined : dataOf(state, state.user.owner).own.chosen["initial-screen"]?.screen;
  switch (chosen) {
    case "jobs":
    case "address-lists":
    case "status":
      return go({ screen: chosen });
    default:
      return chosen !== undefined && isJob(chosen)
        ? go({ screen: "job-form", job: chosen, purpose: { kind: "run", from: undefined } }, defaultsOf(state, chosen))
        : STAY;
  }
}
