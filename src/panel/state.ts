/** All that the panel knows and shows. Plain data: reduce.ts makes the next one, view.ts shows it. */
import type { ModuleStatus, RegisteredMachine } from "../../hal/services.ts";
import type { Account, LoggedIn } from "../../hal/users.ts";
import type { Config } from "../model/config.ts";
import type { Key } from "../model/screen.ts";
import { COMMON, type Owner } from "../model/owner.ts";
import type { Asked, Progress } from "./intent.ts";
import type { Facts } from "./facts.ts";
import type { Then } from "./page.ts";
import type { Place, Values } from "./place.ts";
import type { Appearance } from "./appearance.ts";
import { NO_DATA, type PersonalData } from "./personal-data.ts";
import { type Languages, type Texts, textsFor } from "./texts/texts.ts";

/** What a person does. `atMs` is monotonic time: pressing a digit key again soon means its next letter. */
export type Input =
  | { readonly kind: "key"; readonly key: Key; readonly atMs: number }
  | { readonly kind: "text"; readonly text: string; readonly atMs: number };

export type CharacterSet = "small" | "capital" | "digits" | "hiragana" | "katakana";

/** Text is entered with the keys alone: one character is on offer, the digit keys work as on a telephone. */
export interface Typing {
  readonly kind: "typing";
  readonly field: string;
  /** What stood there, for Back. */
  readonly before: string;
  readonly set: CharacterSet;
  /** Index of the character on offer. */
  readonly at: number;
  readonly tap: { readonly key: Key; readonly turn: number; readonly atMs: number } | undefined;
}

export type Mode =
  /** `typed`: the selected field was just typed into with a keyboard, so OK means that it is finished. */
  | { readonly kind: "rows"; readonly typed: boolean }
  | Typing
  | { readonly kind: "choosing"; readonly field: string; readonly selected: string };

export const ROWS: Mode = { kind: "rows", typed: false };

/** One level of the way a person has gone. */
export interface Frame {
  readonly place: Place;
  /** Key of the selected row: what is under the finger, wherever the row moves. */
  readonly selected: string | undefined;
  /** Where it stood when it was last seen, for when it is gone. */
  readonly index: number;
  /** What has been entered here and not been saved. */
  readonly values: Values;
  readonly mode: Mode;
}

export interface Waiting {
  readonly id: number;
  /** What follows when it is done. */
  readonly then: Then;
  /** It changes who is logged in: what a login or logout ends does not end it. */
  readonly session: boolean;
  /** It takes long enough to be shown. */
  readonly slow: boolean;
  /** A job is being begun: the Stop key is for the job, once it runs. */
  readonly begins: boolean;
  /** The address of another machine that is asked meanwhile; "" while it is searched for. */
  readonly contacting: string | undefined;
  /** How far it is, where it goes step by step: between two steps it can be stopped. */
  readonly progress: Progress | undefined;
  /** The person has stopped it; it ends after the step it is at. */
  readonly stopping: boolean;
}

export interface PanelState {
  readonly languages: Languages;
  /** Of the machine: for nobody in particular, and for whoever has chosen none. */
  readonly ownLanguage: string | undefined;
  readonly user: LoggedIn | undefined;
  readonly accounts: readonly Account[];
  readonly status: ModuleStatus;
  readonly machines: readonly RegisteredMachine[];
  /** Names of the user groups by owner, where the machine has them. */
  readonly groupNames: ReadonlyMap<Owner, string>;
  /** false: the model has no server function, and no menu for it (M01). */
  readonly serverModel: boolean;
  /** How much there may be of what an owner has, and for how long what lost is kept, as this model is configured. */
  readonly config: Pick<Config, "capacities" | "historyDays">;
  readonly data: ReadonlyMap<Owner, PersonalData>;
  /** In force since the login; undefined until the data is there. */
  readonly inForce: Appearance | undefined;
  /** A job that was begun at this panel runs. */
  readonly jobRuns: boolean;
  /** Of this session only. */
  readonly facts: Facts;
  /** From home to where the person is. */
  readonly stack: readonly [Frame, ...Frame[]];
  /** The answer that is awaited; keys are kept until it comes. */
  readonly waiting: Waiting | undefined;
  /** A user has logged in and the data is being read; keys are kept until it is there. */
  readonly reading: boolean;
  /** Somebody has come to the panel, and the common address lists are being read; keys are kept until they are there. */
  readonly fetching: boolean;
  readonly kept: readonly Input[];
  /** Number of the last intent. */
  readonly asked: number;
  /** First intent of this session: answers to earlier ones are nobody's business any more. */
  readonly sessionFrom: number;
}

export interface Step {
  readonly state: PanelState;
  readonly intents: readonly Asked[];
  /** Number of an intent that is to end after the step it is at. */
  readonly stop?: number;
}

export const frameAt = (place: Place, values: Values = {}): Frame => ({ place, selected: undefined, index: 0, values, mode: ROWS });

export const HOME: readonly [Frame] = [frameAt({ screen: "home" })];

export const topFrame = (state: PanelState): Frame => state.stack.at(-1) ?? state.stack[0];

/** The same way, with another last level. */
export function withTop(state: PanelState, frame: Frame): PanelState {
  const [home, ...rest] = state.stack;
  return { ...state, stack: rest.length === 0 ? [frame] : [home, ...rest.slice(0, -1), frame] };
}

export const dataOf = (state: PanelState, owner: Owner): PersonalData => state.data.get(owner) ?? NO_DATA;
export const commonData = (state: PanelState): PersonalData => dataOf(state, COMMON);

/** What the panel looks like for whoever is logged in; undefined for nobody. */
export function appearanceOf({ user, data, inForce }: Pick<PanelState, "user" | "data" | "inForce">): Appearance | undefined {
  return user === undefined ? undefined : (inForce ?? data.get(user.owner)?.appearance);
}

export const languageOf = (state: PanelState): string | undefined => appearanceOf(state)?.language ?? state.ownLanguage;
export const textsOf = (state: PanelState): Texts => textsFor(state.languages, languageOf(state));
