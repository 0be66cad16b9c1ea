/** What screens want done about a user's own settings and jobs; own-perform.ts does it. */
import type { EntryName } from "../model/entry.ts";
import type { JobName } from "../model/job.ts";
import type { Owner } from "../model/owner.ts";
import type { Fields } from "../model/value.ts";
import type { ChosenItem } from "./personal-settings.ts";

export type OwnIntent =
  /**
   * Begins a job. `from`: with the settings of that entry, unknown ones included, and `settings` upon them. With an owner,
   * it becomes the newest of that user's timeline.
   */
  | {
      readonly kind: "run-job";
      readonly owner: Owner | undefined;
      readonly job: JobName;
      readonly settings: Fields;
      readonly from: EntryName | undefined;
    }
  | { readonly kind: "stop-job" }
  /** [Allow custom settings to be applied during operation] */
  | { readonly kind: "apply-during-operation"; readonly on: boolean }
  /** Sets these fields of an entry, which is made where it is not there yet; the others stay as they are by then. */
  | { readonly kind: "set-fields"; readonly owner: Owner; readonly item: OwnItem; readonly key: string; readonly fields: Fields };

export type OwnItem = ChosenItem | "home-settings" | "default-job-settings" | "keychain";
