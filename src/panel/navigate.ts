/** Where acts lead: the way a person has gone grows and shrinks, and what is to be done is asked for. */
import { assert, unreachable } from "../model/assert.ts";
import type { Intent, Notice } from "./intent.ts";
import type { Act, Page, PageRow, Then } from "./page.ts";
import { type Frame, frameAt, HOME, type PanelState, ROWS, type Step, topFrame, withTop } from "./state.ts";
import { pageOf } from "./screens.ts";
import type { WhyWord } from "./texts/texts.ts";
import { chosen, rowOf } from "./view.ts";
import { startTyping } from "./typing.ts";

export const only = (state: PanelState): Step => ({ state, intents: [] });

/** Does what a row or a soft key of the page does. */
export function actOn(state: PanelState, page: Page, act: Act, row?: PageRow): Step {
  switch (act.do) {
    case "ask":
      return ask(state, act.intent, act.then);
    case "type":
      return only(row === undefined ? state : withTop(state, typingIn(topFrame(state), row)));
    case "choose":
      return only(row === undefined ? state : withTop(state, choosingIn(topFrame(state), row)));
    case "set":
      return only(withTop(state, { ...topFrame(state), values: { ...topFrame(state).values, [act.field]: act.value } }));
    case "press": {
      const pressed = rowOf(page, act.row);
      return pressed === undefined ? only(state) : chooseRow(state, page, pressed);
    }
    case "stay":
    case "go":
    case "back":
    case "swap":
    case "home":
      return only(goOn(state, act));
    default:
      return unreachable(act);
  }
}

/** A greyed row says why, every other does what it does. */
export function chooseRow(state: PanelState, page: Page, row: PageRow): Step {
  const selected = withTop(state, { ...topFrame(state), selected: row.key });
  if (row.why !== undefined) return only(tell(selected, { kind: "why", why: row.why }));
  return actOn(selected, page, row.act, row);
}

export function goOn(state: PanelState, then: Then): PanelState {
  const [home, ...rest] = state.stack;
  switch (then.do) {
    case "stay":
      return state;
    case "go":
      return { ...state, stack: [home, ...rest, frameAt(then.place, then.values)] };
    case "back": {
      const back: PanelState = { ...state, stack: [home, ...rest.slice(0, Math.max(0, rest.length - then.levels))] };
      const frame = topFrame(back);
      const selected = then.select === undefined ? {} : { selected: then.select };
      return then.values === undefined ? back : withTop(back, { ...frame, ...selected, values: { ...frame.values, ...then.values } });
    }
    case "swap":
      return { ...state, stack: [home, ...rest.slice(0, Math.max(0, rest.length - then.levels)), frameAt(then.place, then.values)] };
    case "home":
      return { ...state, stack: HOME };
    default:
      return unreachable(then);
  }
}

/** Says something; a question that it answers goes. Whoever goes on from it stands before what has to be put right. */
export const tell = (state: PanelState, notice: Notice): PanelState =>
  goOn(notice.kind === "why" ? atFault(state, notice.why) : state, {
    do: "swap",
    levels: topFrame(state).place.screen === "question" ? 1 : 0,
    place: { screen: "message", notice },
  });

/** Fields by what can be the matter with them. */
const FAULTS: { readonly [why in WhyWord]?: readonly string[] } = {
  "name-missing": ["name", "cn"],
  "account-missing": ["account"],
  "mail-address-malformed": ["mailaddress"],
  "fax-number-malformed": ["dialdata"],
  "fax-address-malformed": ["uri"],
  "host-missing": ["url"],
  "web-address-malformed": ["url"],
  "one-touch-malformed": ["indxid"],
  "one-touch-taken": ["indxid"],
  "access-number-malformed": ["accesscode"],
  "place-unfit": ["place"],
  "account-needed": ["account"],
};

function atFault(state: PanelState, why: WhyWord): PanelState {
  const row = pageOf(state).rows.find(({ key, textField }) => textField !== undefined && FAULTS[why]?.includes(key) === true);
  return row === undefined ? state : withTop(state, { ...topFrame(state), selected: row.key, mode: ROWS });
}

function ask(state: PanelState, intent: Intent, then: Then): Step {
  assert(state.waiting === undefined, "keys are kept while an answer is awaited");
  const id = state.asked + 1;
  const session = intent.kind === "log-in" || intent.kind === "log-out";
  const contacting = destinationOf(intent);
  // Another machine is asked, which takes a moment in any case: that is said at once.
  const slow = contacting !== undefined;
  const begins = intent.kind === "run-job";
  return {
    state: { ...state, asked: id, waiting: { id, then, session, slow, begins, contacting, progress: undefined, stopping: false } },
    intents: [{ id, intent }],
  };
}

/** "" where it is searched. */
function destinationOf(intent: Intent): string | undefined {
  if (intent.kind === "administer" && intent.order.kind === "search") return "";
  if (intent.kind === "administer") return intent.order.kind === "preview" ? intent.order.settings?.destination : undefined;
  if (intent.kind === "contact" || intent.kind === "test-way") return intent.entered.destination;
  return intent.kind === "start-client" ? intent.settings.destination : undefined;
}

function typingIn(frame: Frame, { key, textField }: PageRow): Frame {
  return textField === undefined ? frame : { ...frame, mode: startTyping(key, textField, frame.values[key] ?? "") };
}

function choosingIn(frame: Frame, { key, choiceField }: PageRow): Frame {
  return choiceField === undefined
    ? frame
    : { ...frame, mode: { kind: "choosing", field: key, selected: chosen(choiceField, frame.values[key]) } };
}
