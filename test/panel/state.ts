/** States of the panel for tables of examples: where somebody is, what is known, and what keys make of it. */
import type { Account, LoggedIn } from "../../hal/users.ts";
import { DEFAULT_CONFIG } from "../../src/model/config.ts";
import type { Key, Screen } from "../../src/model/screen.ts";
import type { Intent } from "../../src/panel/intent.ts";
import { COMMON } from "../../src/model/owner.ts";
import { NO_FACTS } from "../../src/panel/facts.ts";
import { NO_DATA, type PersonalData } from "../../src/panel/personal-data.ts";
import type { Place, Values } from "../../src/panel/place.ts";
import { reduce, type PanelEvent } from "../../src/panel/reduce.ts";
import { frameAt, HOME, type PanelState } from "../../src/panel/state.ts";
import { LANGUAGES } from "../../src/panel/texts/languages.ts";
import { view } from "../../src/panel/view.ts";
import { owner } from "./machine.ts";

export const ALICE: LoggedIn = { owner: owner("user:alice"), displayName: "alice", administrator: false, groups: [owner("group:1")] };
export const ADMINISTRATOR: LoggedIn = {
  owner: owner("user:Administrator"),
  displayName: "Administrator",
  administrator: true,
  groups: [],
};
export const ACCOUNTS: readonly Account[] = [
  { owner: ALICE.owner, displayName: "alice", needsPassword: false },
  { owner: ADMINISTRATOR.owner, displayName: "Administrator", needsPassword: true },
];

export const data = (change: Partial<PersonalData>): PersonalData => ({ ...NO_DATA, ...change });

const NOTHING: PanelState = {
  languages: LANGUAGES,
  ownLanguage: undefined,
  user: undefined,
  accounts: ACCOUNTS,
  status: { deviceId: "0".repeat(32), server: undefined, client: undefined },
  machines: [],
  groupNames: new Map([[owner("group:1"), "Sales"]]),
  serverModel: true,
  config: DEFAULT_CONFIG,
  data: new Map([[COMMON, NO_DATA]]),
  inForce: undefined,
  jobRuns: false,
  facts: NO_FACTS,
  stack: HOME,
  waiting: undefined,
  reading: false,
  fetching: false,
  kept: [],
  asked: 0,
  sessionFrom: 1,
};

/** Somebody at a place, home below it. */
export function at(place: Place, change: Partial<PanelState> = {}, values: Values = {}): PanelState {
  return { ...NOTHING, ...change, stack: place.screen === "home" ? HOME : [...HOME, frameAt(place, values)] };
}

export interface After {
  readonly state: PanelState;
  readonly screen: Screen;
  readonly intents: readonly Intent[];
}

/** What is there after these events; keys may be given by their names. */
export function after(start: PanelState, ...events: readonly (Key | PanelEvent)[]): After {
  let state = start;
  const intents: Intent[] = [];
  for (const event of events) {
    const step = reduce(state, typeof event === "string" ? { kind: "key", key: event, atMs: 0 } : event);
    state = step.state;
    intents.push(...step.intents.map(({ intent }) => intent));
  }
  return { state, screen: view(state), intents };
}

/** A screen in few words: its title, and its rows; a greyed row in brackets, the selected one after an arrow. */
export const sketch = ({ title, rows, selected }: Screen): readonly string[] => [
  title,
  ...rows.map(({ text, enabled }, index) => `${index === selected ? "> " : ""}${enabled ? text : `(${text})`}`),
];
