/** What the panel says to an administrator, as a type; a file of its own in each language. */
import type { NotAppliedBecause } from "../../model/not-applied.ts";
import type { PreviewedEntry, PreviewOutcome } from "../../../hal/services/preview.ts";
import type { ItemId, Scope } from "../../model/item.ts";
import type { LostBecause } from "../../model/lost.ts";
import type { RefusalWord } from "../../model/refusal.ts";
import type { MaxUsersPolicy } from "../../../hal/restrictions.ts";
import type { TickedFor } from "../admin-place.ts";
import type { LogTexts } from "./log-texts.ts";
import type { Explanation } from "./texts.ts";

/** What was done, where the screen that follows does not show it; with a figure. */
export type AdminNotice =
  | "deleted"
  | "deleted-so-far"
  | "put-back"
  | "export-prepared"
  | "time-server-answers"
  | "time-server-silent"
  | "took-over"
  | "discarded";

/** Why a row of an administrator is greyed out. */
export type AdminWhy = "scope-fixed" | "nothing-ticked" | "users-policy-locked" | "save-first";

export interface AdminTexts {
  readonly items: { readonly [item in ItemId]: string };
  readonly common: string;
  readonly group: (name: string) => string;
  readonly deletedEntry: string;
  /** Names of the ways onward from the two functions' screens. */
  readonly menu: {
    readonly owners: string;
    readonly sharing: string;
    readonly history: string;
    readonly log: string;
    readonly files: string;
    readonly prepareExport: string;
    readonly preview: string;
    readonly previewFirst: string;
    readonly search: string;
    readonly notApplied: string;
    readonly attention: string;
  };
  /** Why the machine does not sleep (M28). */
  readonly awake: { readonly operating: (machines: string) => string; readonly unknown: string };
  readonly owners: {
    readonly title: string;
    readonly prepareTitle: string;
    readonly search: string;
    readonly none: string;
    readonly lastLogin: (name: string, day: string) => string;
    /** On a soft key. */
    readonly acts: { readonly [purpose in TickedFor]: string };
    readonly delete: (owners: number) => string;
    readonly prepare: (owners: number) => string;
    readonly prepareAll: string;
    readonly deleteQuestion: (owners: number) => string;
    readonly andMore: (owners: number) => string;
    readonly deleteMeans: string;
  };
  readonly sharing: {
    readonly title: string;
    readonly none: string;
    readonly scopes: { readonly [scope in Scope]: string };
    readonly means: { readonly [scope in Scope]: string };
    readonly onlyAlone: string;
  };
  readonly history: {
    readonly title: string;
    readonly none: (days: number) => string;
    readonly isBack: (text: string) => string;
    readonly of: string;
    readonly by: string;
    readonly byImport: string;
    readonly byPutBack: string;
    readonly byNobody: string;
    readonly made: string;
    readonly lost: string;
    readonly stands: string;
    readonly putBackAt: string;
    readonly putBack: string;
    readonly putBackAll: (owner: string) => string;
    readonly putBackQuestion: string;
    readonly putBackMeans: string;
    readonly putBackAllMeans: (owner: string) => string;
    readonly because: { readonly [because in Exclude<LostBecause, RefusalWord>]: string };
  };
  readonly log: LogTexts;
  readonly files: { readonly title: string; readonly where: string; readonly backup: string; readonly restore: string };
  readonly preview: {
    readonly title: string;
    readonly none: string;
    readonly joined: string;
    readonly counts: { readonly [outcome in PreviewOutcome]: (owners: number) => string };
    readonly kept: (days: number) => string;
    /** `left`: of what this machine supplies, entries for which the server has no room. */
    readonly holding: (name: string, here: number, there: number, left: number) => string;
    readonly nobody: string;
    readonly entry: { readonly [outcome in PreviewedEntry["outcome"]]: string };
    readonly here: string;
    readonly there: string;
    readonly absent: string;
  };
  readonly found: { readonly title: string; readonly means: string };
  readonly attention: {
    readonly title: string;
    readonly none: string;
    readonly otherServer: (address: string) => string;
    readonly otherServerTitle: string;
    readonly otherServerMeans: string;
    readonly storageLost: string;
    readonly storageLostMeans: readonly string[];
    /** What is chosen where the machine is to take part no more. */
    readonly storageLostSeen: string;
    readonly keptHere: (holdings: number) => string;
    readonly keptHereTitle: string;
    readonly keptHereMeans: string;
    readonly lost: (records: number) => string;
  };
  readonly notApplied: {
    readonly title: string;
    readonly none: string;
    readonly because: { readonly [because in NotAppliedBecause]: string };
  };
  /** Manage Personal Settings (M22); `action` by its full name, and by a short one for a title. */
  readonly users: {
    readonly title: string;
    readonly action: string;
    readonly actionShort: string;
    readonly policies: { readonly [policy in MaxUsersPolicy]: string };
  };
  readonly network: {
    readonly title: string;
    readonly off: string;
    readonly sntp: string;
    readonly timeServer: string;
    readonly check: string;
    readonly proxy: string;
    readonly address: string;
    readonly user: string;
    readonly password: string;
    readonly passwordSet: string;
    readonly localhost: string;
    readonly excluded: string;
    readonly included: string;
  };
  readonly takeOver: { readonly title: string; readonly question: string; readonly when: string; readonly means: string };
  readonly said: { readonly [notice in AdminNotice]: (figure: number) => Explanation };
}
