/** Places about what belongs to a user beside buttons and addresses. screens/own.ts has the screen of each. */
import type { EntryName } from "../model/entry.ts";
import type { JobName } from "../model/job.ts";
import type { ChosenItem } from "./personal-settings.ts";
import type { Values } from "./place.ts";

/** What the settings of a function are entered for. */
export type JobPurpose =
  /** `from`: the entry whose settings were taken, and what they were; only what differs from them is the person's. */
  | { readonly kind: "run"; readonly from: { readonly name: EntryName; readonly before: Values } | undefined }
  /** For the button that is being made or changed, one level below. */
  | { readonly kind: "button" }
  | { readonly kind: "default" };

export type OwnPlace =
  | { readonly screen: "jobs" }
  | { readonly screen: "job-form"; readonly job: JobName; readonly purpose: JobPurpose }
  /** `chosen`: as chosen-destinations.ts writes it; what is chosen here stands in the form one level below afterwards. */
  | { readonly screen: "destinations"; readonly chosen: string }
  | { readonly screen: "timeline-entry"; readonly key: string }
  | { readonly screen: "personal-settings" }
  | { readonly screen: "personal-setting"; readonly item: ChosenItem; readonly before: Values }
  | { readonly screen: "default-jobs" }
  | { readonly screen: "keychains" }
  /** `key`: the network place whose entry is typed anew; undefined: of one that is still to be named. */
  | { readonly screen: "keychain-form"; readonly key: string | undefined }
  | { readonly screen: "job"; readonly job: JobName; readonly settings: Values };
