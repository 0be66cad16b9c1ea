/** What the panel says about jobs and a user's own settings, as a type. */
import type { JobChoice, JobField } from "../job-settings.ts";
import type { ChosenField, OwnOption, TypedField } from "../personal-settings.ts";

/** Why a row about them is greyed out. */
export type OwnWhyWord =
  | "function-unknown"
  | "destination-missing"
  | "destinations-full"
  | "copies-unfit"
  | "box-unfit"
  | "nothing-previous"
  | "moved-to-the-end"
  | "account-needed"
  | "place-unfit"
  | "keychains-full";

export interface OwnTexts {
  readonly jobs: string;
  readonly recent: (job: string) => string;
  readonly start: string;
  readonly otherSettings: string;
  /** Of how many buttons of its kind. */
  readonly position: (at: number, of: number) => string;
  readonly moveUp: string;
  readonly moveDown: string;
  readonly registerPersonal: string;
  readonly registerShared: string;
  readonly removeFromTimeline: string;
  readonly recall: string;
  readonly use: string;
  readonly settings: string;
  readonly defaultsOf: (job: string) => string;
  readonly fields: { readonly [field in JobField]: string };
  readonly choices: { readonly [choice in JobChoice]: string };
  readonly copies: (copies: number) => string;
  readonly box: (number: string) => string;
  readonly noDestination: string;
  readonly chooseDestination: string;
  readonly removeDestination: (name: string) => string;
  readonly noAddresses: string;
  readonly running: string;
  readonly ended: string;
  readonly personalSettings: string;
  readonly chosenFields: { readonly [field in ChosenField]: string };
  readonly typedFields: { readonly [field in TypedField]: string };
  readonly chosenOptions: { readonly [option in OwnOption]: string };
  readonly keychain: {
    readonly add: string;
    readonly place: (number: string) => string;
    readonly number: string;
    readonly account: string;
    readonly password: string;
    readonly hidden: string;
    readonly deleteQuestion: (place: string) => string;
    readonly deleteMeans: string;
  };
  readonly duringOperation: string;
}
