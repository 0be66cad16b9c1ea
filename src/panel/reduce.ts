/**
 * What happens, one event after the other. Invariants:
 * 1 one answer at most is awaited, and keys that arrive meanwhile are kept in their order: none is lost, none acts twice.
 * 2 what is selected stays selected by its key, wherever a change of the data moves its row.
 * 3 a login, a logout and the auto reset leave nothing of what was open or half-typed.
 * 4 an answer to what an earlier session asked for changes nothing.
 * 5 whom to trust is decided by keys pressed after the question was on the screen, by no earlier ones.
 */
import type { ModuleStatus, RegisteredMachine } from "../../hal/services.ts";
import type { LoggedIn } from "../../hal/users.ts";
import { unreachable } from "../model/assert.ts";
import { LIMITS } from "../model/limits.ts";
import type { EntryChange } from "../model/entry.ts";
import { COMMON, type Owner } from "../model/owner.ts";
import type { Key } from "../model/screen.ts";
import { withOwn } from "./appearance.ts";
import { NO_FACTS } from "./facts.ts";
import type { Outcome, Progress } from "./intent.ts";
import { goOn, only, tell } from "./navigate.ts";
import type { Then } from "./page.ts";
import type { PersonalData } from "./personal-data.ts";
import { press } from "./press.ts";
import { pageOf } from "./screens.ts";
import { initialScreen } from "./screens/initial.ts";
import { HOME, type Input, type PanelState, type Step, topFrame, type Waiting, withTop } from "./state.ts";
import { selectedIndex } from "./view.ts";

export type PanelEvent =
  | Input
  | { readonly kind: "answer"; readonly id: number; readonly outcome: Outcome }
  /** The answer takes long enough to be shown; the answer is not waited for any longer. */
  | { readonly kind: "slow"; readonly id: number }
  | { readonly kind: "late"; readonly id: number }
  | { readonly kind: "progress"; readonly id: number; readonly progress: Progress }
  | { readonly kind: "status"; readonly status: ModuleStatus; readonly machines: readonly RegisteredMachine[] }
  | { readonly kind: "data"; readonly owner: Owner; readonly data: PersonalData }
  /** Somebody has come to the panel, and the common address lists are being read; then they are there. */
  | { readonly kind: "fetching"; readonly fetching: boolean }
  /** Somebody has set this on this very machine. */
  | { readonly kind: "set-here"; readonly changes: readonly EntryChange[] }
  /** A job begins or ends. */
  | { readonly kind: "job"; readonly runs: boolean }
  | { readonly kind: "groups"; readonly names: ReadonlyMap<Owner, string> }
  /** Somebody logged in, and the data is being read; then it is there. */
  | { readonly kind: "logging-in" }
  | { readonly kind: "login"; readonly user: LoggedIn; readonly data: ReadonlyMap<Owner, PersonalData> }
  | { readonly kind: "logout" }
  | { readonly kind: "auto-reset" };

export function reduce(before: PanelState, event: PanelEvent): Step {
  let step = happened(before, event);
  while (step.state.waiting === undefined && !step.state.reading && !step.state.fetching) {
    const [input, ...kept] = step.state.kept;
    if (input === undefined) break;
    const after = press({ ...step.state, kept }, input);
    step = { ...step, state: after.state, intents: [...step.intents, ...after.intents] };
  }
  return { ...step, state: anchored(step.state) };
}

function happened(state: PanelState, event: PanelEvent): Step {
  switch (event.kind) {
    case "key":
      return event.key === "stop" && state.waiting?.begins === false ? stop(state, state.waiting) : only(keep(state, event));
    case "text":
      return only(keep(state, event));
    case "answer":
      return only(answered(state, event.id, event.outcome));
    case "slow":
      return only(state.waiting?.id === event.id ? { ...state, waiting: { ...state.waiting, slow: true } } : state);
    case "late":
      return only(state.waiting?.id === event.id ? tell({ ...state, waiting: undefined, kept: [] }, { kind: "late" }) : state);
    case "progress":
      return only(state.waiting?.id === event.id ? { ...state, waiting: { ...state.waiting, progress: event.progress } } : state);
    case "status":
      return only(allowed({ ...state, status: event.status, machines: event.machines }));
    case "data":
      return only(read(state, event.owner, event.data));
    case "fetching":
      return only({ ...state, fetching: event.fetching });
    case "set-here":
      return only(setHere(state, event.changes));
    case "job":
      return only({ ...state, jobRuns: event.runs });
    case "groups":
      return only({ ...state, groupNames: event.names });
    case "logging-in":
      return only({ ...newSession(state), user: undefined, inForce: undefined, reading: true, data: commonOf(state) });
    case "login":
      return only(loggedIn(state, event.user, event.data));
    case "logout":
      return only({ ...newSession(state), user: undefined, inForce: undefined, reading: false, data: commonOf(state) });
    case "auto-reset":
      return autoReset(state);
    default:
      return unreachable(event);
  }
}

/** What goes step by step ends after the step it is at, and then says how far it came; anything else is not waited for any longer. */
function stop(state: PanelState, waiting: Waiting): Step {
  if (waiting.progress === undefined) return only({ ...state, waiting: undefined, kept: [] });
  return { state: { ...state, waiting: { ...waiting, stopping: true }, kept: [] }, intents: [], stop: waiting.id };
}

function keep(state: PanelState, input: Input): PanelState {
  return state.kept.length >= LIMITS.panelKeysKeptMax ? state : { ...state, kept: [...state.kept, input] };
}

function answered(state: PanelState, id: number, outcome: Outcome): PanelState {
  if (id < state.sessionFrom) return state;
  const waiting = state.waiting?.id === id ? state.waiting : undefined;
  const free = waiting === undefined ? state : { ...state, waiting: undefined };
  if (outcome.kind === "no") {
    // A wrong password is typed anew from its first character.
    const emptied = outcome.notice.kind === "wrong-password" ? withTop(free, { ...topFrame(free), values: {}, selected: undefined }) : free;
    return tell(emptied, outcome.notice);
  }
  if (waiting === undefined) return free;
  if (outcome.kind === "tested") return goOn(free, { do: "go", place: { screen: "way", report: outcome.report } });
  if (outcome.kind === "met") return askWhomToTrust(free, outcome);
  const { accounts = free.accounts, facts } = outcome;
  const after = added(goOn({ ...free, accounts, facts: { ...free.facts, ...facts } }, waiting.then), waiting.then, outcome.key);
  return outcome.said === undefined ? after : goOn(after, { do: "go", place: { screen: "message", notice: outcome.said } });
}

/** What was read before anything is in force comes into force; later only what may ([appearance.ts]). */
function read(state: PanelState, owner: Owner, data: PersonalData): PanelState {
  const first = owner === state.user?.owner && state.inForce === undefined && data.readable;
  return allowed({ ...state, data: new Map([...state.data, [owner, data]]), inForce: first ? data.appearance : state.inForce });
}

/** Where the administrator allows it, what is stored is in force; it stays so when that is no longer allowed. */
function allowed(state: PanelState): PanelState {
  const stored = state.user === undefined ? undefined : state.data.get(state.user.owner);
  return state.status.duringOperation === true && stored?.readable === true ? { ...state, inForce: stored.appearance } : state;
}

function setHere(state: PanelState, changes: readonly EntryChange[]): PanelState {
  const own = changes.filter(({ owner }) => owner === state.user?.owner);
  return state.inForce === undefined ? state : { ...state, inForce: withOwn(state.inForce, own) };
}

/** The user's initial screen is the first, with home below it. */
function loggedIn(before: PanelState, user: LoggedIn, data: ReadonlyMap<Owner, PersonalData>): PanelState {
  const own = data.get(user.owner);
  const inForce = own?.readable === true ? own.appearance : undefined;
  const state: PanelState = { ...before, stack: HOME, user, reading: false, data: new Map([...commonOf(before), ...data]), inForce };
  return goOn(state, initialScreen(state));
}

/** What leads away from a question without answering it. */
const LEAVING: readonly Key[] = ["home", "reset", "settings", "id", "back"];

/** Invariant 5. It takes the place of a question that it answers. Whoever has left meanwhile has left. */
function askWhomToTrust(state: PanelState, { settings, away }: Extract<Outcome, { kind: "met" }>): PanelState {
  const levels = topFrame(state).place.screen === "question" ? 1 : 0;
  const left = state.kept.findIndex((input) => input.kind === "key" && LEAVING.includes(input.key));
  const kept = left < 0 ? [] : state.kept.slice(left);
  return goOn(
    { ...state, kept },
    { do: "swap", levels, place: { screen: "question", question: { kind: "start-client", settings, away } } },
  );
}

/** Puts the finger on what was just added, and clears a search that might hide it. */
function added(state: PanelState, then: Then, key: string | undefined): PanelState {
  if (then.do !== "back" || then.selectAdded !== true || key === undefined) return state;
  const all = withTop(state, { ...topFrame(state), values: {} });
  const row = pageOf(all).rows.find((candidate) => candidate.key.endsWith(`/${key}`));
  return row === undefined ? all : withTop(all, { ...topFrame(all), selected: row.key });
}

/** Invariant 3. What the panel itself asked for to log in or out goes on, and so do the keys pressed after it. */
function newSession(state: PanelState): PanelState {
  const own = state.waiting?.session === true ? state.waiting : undefined;
  return {
    ...state,
    stack: HOME,
    facts: NO_FACTS,
    waiting: own,
    kept: own === undefined ? [] : state.kept,
    sessionFrom: own?.id ?? state.asked + 1,
  };
}

function autoReset(state: PanelState): Step {
  const asked = state.asked + 1;
  const fresh = { ...state, stack: HOME, facts: NO_FACTS, waiting: undefined, kept: [], asked, sessionFrom: asked + 1 };
  return state.user === undefined ? only(fresh) : { state: fresh, intents: [{ id: asked, intent: { kind: "log-out" } }] };
}

const commonOf = ({ data }: PanelState): ReadonlyMap<Owner, PersonalData> => new Map([...data].filter(([owner]) => owner === COMMON));

/** Invariant 2: remembers what is under the finger before anything else can move it. */
function anchored(state: PanelState): PanelState {
  const frame = topFrame(state);
  const page = pageOf(state);
  const index = selectedIndex(page, frame);
  const selected = index === undefined ? undefined : page.rows[index]?.key;
  return selected === frame.selected && (index ?? 0) === frame.index ? state : withTop(state, { ...frame, selected, index: index ?? 0 });
}
