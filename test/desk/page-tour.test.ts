import test from "ava";
import type { Drawing } from "../../hal/sim/desk/page/drawing.ts";
import { BEGINNING, type Memo, type Step, type TourEvent, advance, cast } from "../../hal/sim/desk/page/tour-steps.ts";
import { FLEET, SERVER, UP_TO_DATE, but, drawing } from "./page-drawing.ts";

const DRAWN: TourEvent = { kind: "drawn" };
const NAMES = [{ owner: "user:alice", item: "personal-button", key: "a" }];
const accepted = (number: number): TourEvent => ({ kind: "accepted", number, names: NAMES });
const ALICE = { owner: "user:alice", displayName: "alice", administrator: false };
const BUTTON = { owner: "user:alice", name: "Scan", at: 2 };

interface Row {
  readonly says: string;
  readonly step: Step;
  readonly memo?: Memo;
  readonly drawings: readonly Drawing[];
  readonly event?: TourEvent;
  readonly goes: Step;
}

const waiting = (pending: number) => ({ ...UP_TO_DATE, pending });
const shown = [{ text: "Scan (Copy)", enabled: true }];
const OFF = { power: "off", phase: "off", lit: false, server: null, client: null } as const;
const ASLEEP = { power: "full-sleep", phase: "asleep", lit: false } as const;
const CUT = { cable: { connected: false, delayMs: 0, lossPercent: 0 } };

const ROWS: readonly Row[] = [
  { says: "factory-new printers are no fleet", step: "fleet", drawings: [drawing(1), drawing(2)], goes: "fleet" },
  {
    says: "a server machine alone is no fleet",
    step: "fleet",
    drawings: but([drawing(1), drawing(2)], 1, { server: SERVER }),
    goes: "fleet",
  },
  { says: "three that work together are one", step: "fleet", drawings: FLEET, goes: "button" },
  {
    says: "while one of them joins, they are not yet",
    step: "fleet",
    drawings: but(FLEET, 3, { client: { state: "joining", pending: 0 } }),
    goes: "fleet",
  },
  {
    says: "an edit of a button may be its deletion",
    step: "button",
    drawings: FLEET,
    event: { kind: "edited", number: 2, names: NAMES },
    goes: "button",
  },
  { says: "a button that is there is one", step: "button", drawings: FLEET, event: { kind: "registered", ...BUTTON }, goes: "elsewhere" },
  {
    says: "it does not count where it was made",
    step: "elsewhere",
    memo: { button: BUTTON },
    drawings: but(FLEET, 2, { user: ALICE, rows: shown }),
    goes: "elsewhere",
  },
  {
    says: "logged in elsewhere, but the button is not on the display",
    step: "elsewhere",
    memo: { button: BUTTON },
    drawings: but(FLEET, 3, { user: ALICE }),
    goes: "elsewhere",
  },
  {
    says: "the button on another display",
    step: "elsewhere",
    memo: { button: BUTTON },
    drawings: but(FLEET, 3, { user: ALICE, rows: shown }),
    goes: "cut",
  },
  { says: "the server machine's own cable is not meant", step: "cut", drawings: but(FLEET, 1, CUT), goes: "cut" },
  { says: "a client's cable", step: "cut", drawings: but(FLEET, 3, CUT), goes: "both" },
  {
    says: "changed on the cut side only",
    step: "both",
    memo: { cut: 2 },
    drawings: but(FLEET, 2, { ...CUT, client: waiting(1) }),
    goes: "both",
  },
  {
    says: "changed on both sides",
    step: "both",
    memo: { cut: 2 },
    drawings: but(FLEET, 2, { ...CUT, client: waiting(1) }),
    event: accepted(3),
    goes: "mend",
  },
  { says: "mended too early", step: "both", memo: { cut: 2 }, drawings: FLEET, goes: "cut" },
  { says: "mended, and it has not noticed", step: "mend", memo: { cut: 2 }, drawings: but(FLEET, 2, { client: waiting(1) }), goes: "mend" },
  {
    says: "mended, and it is behind",
    step: "mend",
    memo: { cut: 2 },
    drawings: but(FLEET, 2, { client: { ...UP_TO_DATE, revision: 8 } }),
    goes: "mend",
  },
  { says: "mended, and all is well", step: "mend", memo: { cut: 2 }, drawings: FLEET, goes: "plug" },
  { says: "the plug alone", step: "plug", memo: { server: 1 }, drawings: but(FLEET, 1, OFF), goes: "plug" },
  {
    says: "the plug, and a change that waits",
    step: "plug",
    memo: { server: 1 },
    drawings: but(but(FLEET, 1, OFF), 2, { client: waiting(1) }),
    goes: "power",
  },
  {
    says: "power, and a change still waits",
    step: "power",
    memo: { server: 1 },
    drawings: but(FLEET, 2, { client: waiting(1) }),
    goes: "power",
  },
  { says: "power, and all has arrived", step: "power", memo: { server: 1 }, drawings: FLEET, goes: "sleep" },
  { says: "somebody sleeps", step: "sleep", drawings: but(FLEET, 3, ASLEEP), goes: "sleep" },
  {
    says: "somebody sleeps, and another changes something",
    step: "sleep",
    drawings: but(FLEET, 3, ASLEEP),
    event: accepted(2),
    goes: "wake",
  },
  { says: "it sleeps on", step: "wake", memo: { slept: 3 }, drawings: but(FLEET, 3, ASLEEP), goes: "wake" },
  { says: "it is awake and up to date", step: "wake", memo: { slept: 3 }, drawings: FLEET, goes: "end" },
  { says: "the printer that slept was carried away", step: "wake", memo: { slept: 3 }, drawings: FLEET.slice(0, 2), goes: "sleep" },
  {
    says: "nobody takes part any more: back to the beginning",
    step: "mend",
    memo: { cut: 2 },
    drawings: [drawing(1), drawing(2)],
    goes: "fleet",
  },
  {
    says: "a fleet that just starts is still one",
    step: "mend",
    memo: { cut: 2 },
    drawings: but([drawing(1), drawing(2)], 1, { phase: "starting" }),
    goes: "mend",
  },
];

for (const { says, step, memo = {}, drawings, event = DRAWN, goes } of ROWS)
  test(`tour, ${step}: ${says}`, (t) => t.is(advance({ step, memo }, drawings, event).step, goes));

test("what changes nothing leaves the very same state", (t) => {
  const state = { step: "cut" as const, memo: { server: 1 } };
  t.is(advance(state, FLEET, DRAWN), state);
  t.is(advance(BEGINNING, [drawing(1), drawing(2)], DRAWN), BEGINNING);
});

test("both sides may be changed one after the other", (t) => {
  const cut = but(FLEET, 2, CUT);
  const elsewhere = advance({ step: "both", memo: { cut: 2 } }, cut, accepted(3));
  t.is(elsewhere.step, "both");
  t.is(advance(elsewhere, but(cut, 2, { ...CUT, client: waiting(1) }), DRAWN).step, "mend");
});

test("the cast: the server machine is known while it is off, and a step is about the printer that it began with", (t) => {
  const names = (step: Step, memo: Memo, drawings: readonly Drawing[]) => {
    const actors = cast({ step, memo }, drawings);
    return [actors?.server.number, actors?.first.number, actors?.second.number];
  };
  t.deepEqual(names("button", {}, FLEET), [1, 2, 3]);
  t.deepEqual(names("power", { server: 3 }, but(FLEET, 3, OFF)), [3, 1, 2]);
  t.deepEqual(names("mend", { server: 1, cut: 3 }, FLEET), [1, 3, 2]);
  t.deepEqual(names("wake", { server: 1, slept: 2 }, FLEET).at(2), 2);
  t.deepEqual(names("elsewhere", { server: 1, button: { ...BUTTON, at: 1 } }, FLEET), [1, 1, 2]);
  t.deepEqual(names("button", {}, FLEET.slice(0, 2)), [1, 2, 1], "of two printers the second is the server machine itself");
  t.deepEqual(names("fleet", {}, [drawing(1)]), [undefined, undefined, undefined]);
});
