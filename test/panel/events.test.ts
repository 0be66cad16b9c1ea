/** What one event makes of the panel, event by event: logins and their ends, answers that come late, keys that wait, fields that are typed into. */
import test from "ava";
import { LIMITS } from "../../src/model/limits.ts";
import { COMMON } from "../../src/model/owner.ts";
import { NO_FACTS } from "../../src/panel/facts.ts";
import { settingValues } from "../../src/panel/job-settings.ts";
import type { PanelEvent } from "../../src/panel/reduce.ts";
import { frameAt, HOME, type Input, type PanelState, type Waiting } from "../../src/panel/state.ts";
import { owner } from "./machine.ts";
import { ADMINISTRATOR, after, ALICE, at, data } from "./state.ts";

const look = (language: string) => data({ appearance: { language, accessibility: {} } });
const KNOWN = { ...NO_FACTS, found: [{ address: "10.0.0.7", server: "0".repeat(32), deviceName: "x" }] } as unknown as PanelState["facts"];
const waiting = (change: Partial<Waiting> = {}): Partial<PanelState> => ({
  asked: 3,
  waiting: {
    id: 3,
    then: { do: "home" },
    session: false,
    slow: false,
    begins: false,
    contacting: undefined,
    progress: undefined,
    stopping: false,
    ...change,
  },
});
const hers: Partial<PanelState> = {
  user: ALICE,
  inForce: { language: "de", accessibility: {} },
  data: new Map([
    [COMMON, look("en")],
    [ALICE.owner, look("fr")],
  ]),
  facts: KNOWN,
};
const key = (name: "ok" | "home" | "down"): Input => ({ kind: "key", key: name, atMs: 0 });
const placeOf = ({ stack }: PanelState) => stack.map(({ place }) => place.screen);

test("a login leaves nothing of whoever was there: no data, no way, no question, no facts; what is everyone's stays", (t) => {
  const before = at({ screen: "settings" }, { ...hers, ...waiting(), kept: [key("ok")] });
  const { state } = after(before, { kind: "logging-in" });
  t.deepEqual([...state.data.keys()], [COMMON]);
  t.deepEqual(placeOf(state), ["home"]);
  t.deepEqual([state.facts, state.waiting, state.kept, state.inForce, state.user], [NO_FACTS, undefined, [], undefined, undefined]);
  t.true(state.reading);
  const late = after(state, { kind: "answer", id: 3, outcome: { kind: "no", notice: { kind: "gone" } } }).state;
  t.deepEqual(placeOf(late), ["home"], "an answer to whoever was there before tells nothing");
  const elsewhere = { ...state, stack: [...HOME, frameAt({ screen: "settings" })] } as PanelState;
  const own = new Map([[ADMINISTRATOR.owner, look("ja")]]);
  const there = after(elsewhere, { kind: "login", user: ADMINISTRATOR, data: own }).state;
  t.deepEqual(placeOf(there), ["home"]);
  t.deepEqual([...there.data.keys()], [COMMON, ADMINISTRATOR.owner]);
  t.is(there.inForce?.language, "ja");
  t.false(there.reading);
  const unread = after(state, { kind: "login", user: ALICE, data: new Map([[ALICE.owner, { ...look("ja"), readable: false }]]) }).state;
  t.is(unread.inForce, undefined, "what could not be read is not in force");
});

test("a logout, and the auto reset, leave as little; the one asks for nothing, the other logs out", (t) => {
  const before = at({ screen: "settings" }, { ...hers, ...waiting(), kept: [key("ok")] });
  const out = after(before, { kind: "logout" });
  t.deepEqual(
    [[...out.state.data.keys()], placeOf(out.state), out.state.facts, out.state.waiting, out.state.kept, out.state.user],
    [[COMMON], ["home"], NO_FACTS, undefined, [], undefined],
  );
  t.deepEqual(out.intents, []);
  const reset = after(before, { kind: "auto-reset" });
  t.deepEqual([placeOf(reset.state), reset.state.facts, reset.state.waiting, reset.state.kept], [["home"], NO_FACTS, undefined, []]);
  t.deepEqual(reset.intents, [{ kind: "log-out" }]);
  const answered = after(reset.state, { kind: "answer", id: 4, outcome: { kind: "no", notice: { kind: "late" } } }).state;
  t.deepEqual(placeOf(answered), ["home"], "what the auto reset itself asked for tells nobody anything");
});

test("of an answer that is slow or late the one that is awaited is meant, and no earlier one; after a late one no key acts", (t) => {
  const before = at({ screen: "settings" }, { ...waiting(), kept: [key("home")] });
  t.false(after(before, { kind: "slow", id: 2 }).state.waiting?.slow);
  t.true(after(before, { kind: "slow", id: 3 }).state.waiting?.slow);
  t.truthy(after(before, { kind: "late", id: 2 }).state.waiting);
  const late = after(before, { kind: "late", id: 3 }).state;
  t.deepEqual([late.waiting, late.kept, placeOf(late).at(-1), late.stack.at(-1)?.selected], [undefined, [], "message", "ok"]);
  t.is(after(before, { kind: "progress", id: 2, progress: { done: 1, of: 2 } }).state.waiting?.progress, undefined);
});

test("keys wait while the common lists are read, and so many and no more", (t) => {
  const reading = at({ screen: "settings" }, { fetching: true });
  const many = Array.from({ length: LIMITS.panelKeysKeptMax + 1 }, () => key("down"));
  const kept = after(reading, ...many).state;
  t.is(kept.kept.length, LIMITS.panelKeysKeptMax);
  t.is(kept.stack.at(-1)?.selected, "language", "the finger is where it was");
  const done = after(after(reading, key("home")).state, { kind: "fetching", fetching: false }).state;
  t.deepEqual([placeOf(done), done.kept], [["home"], []]);
});

test("what is set here is in force at once for whoever is logged in, and for nobody else; what comes from elsewhere where it may", (t) => {
  const set = (of: string): PanelEvent => ({
    kind: "set-here",
    changes: [{ owner: owner(of), item: "display-language", key: "", value: "ja" }],
  });
  const state = at({ screen: "home" }, hers);
  t.is(after(state, set("user:bob")).state.inForce?.language, "de");
  t.is(after(state, set(ALICE.owner)).state.inForce?.language, "ja");
  const deleted: PanelEvent = { kind: "set-here", changes: [{ owner: ALICE.owner, item: "display-language", key: "", value: undefined }] };
  t.is(after(state, deleted).state.inForce?.language, undefined);
  const none = at({ screen: "home" }, { ...hers, inForce: undefined });
  t.is(after(none, { kind: "data", owner: owner("group:1"), data: look("ja") }).state.inForce, undefined, "of a group nothing is in force");
  t.is(after(none, { kind: "data", owner: ALICE.owner, data: look("ja") }).state.inForce?.language, "ja");
  const allowed: Extract<PanelEvent, { kind: "status" }> = {
    kind: "status",
    machines: [],
    status: { ...state.status, duringOperation: true },
  };
  t.is(after(state, allowed).state.inForce?.language, "fr", "from the moment on in which it is allowed");
  t.is(after(state, { ...allowed, status: state.status }).state.inForce?.language, "de");
});

test("a status, a job and the room of a session: each event changes its own part alone", (t) => {
  const state = at({ screen: "settings" }, { ...hers, ...waiting({ session: true }), kept: [key("ok")] });
  const { state: next } = after(state, { kind: "logging-in" });
  t.deepEqual([next.waiting?.id, next.kept.length, next.sessionFrom], [3, 1, 3], "what the panel itself asked for to log in goes on");
  t.true(after(state, { kind: "job", runs: true }).state.jobRuns);
});

const BUTTON = { screen: "button-form", button: { owner: ALICE.owner, item: "personal-button" }, changes: undefined } as const;

test("a field: Back puts back what stood there, a keyboard's word and the next tap of a key are two, a set begins with its first character", (t) => {
  const form = at(BUTTON, { user: ALICE }, { name: "Plan" });
  const typing = after(form, "ok", "down", "right");
  t.is(typing.state.stack.at(-1)?.values.name?.length, 5);
  const back = after(typing.state, "back").state;
  t.deepEqual([back.stack.at(-1)?.values.name, back.stack.at(-1)?.mode.kind], ["Plan", "rows"]);
  const tapped = after(form, "ok", "2", { kind: "text", text: "x", atMs: 1 }, { kind: "key", key: "2", atMs: 2 }).state;
  t.is(tapped.stack.at(-1)?.values.name, "Planaxa", "what was typed in between ends the tapping");
  const other = after(form, "ok", "down", "down", "soft2", "right").state;
  t.regex(other.stack.at(-1)?.values.name ?? "", /^Plan[0A]$/);
  const named = after(at(BUTTON, { user: ALICE }), { kind: "text", text: "Pl", atMs: 0 }, "3").state;
  t.is(named.stack.at(-1)?.values.name, "Pl3", "after a keyboard a digit is a digit");
});

test("a choice: Back leaves it, left and right turn it over and round", (t) => {
  const form = at({ screen: "job-form", job: "copy", purpose: { kind: "default" } }, { user: ALICE }, settingValues("copy", undefined));
  const colourOf = (state: PanelState) => state.stack.at(-1)?.values.colour;
  const onColour = after(form, "down", "down").state;
  t.deepEqual(
    [
      colourOf(after(onColour, "right").state),
      colourOf(after(onColour, "left").state),
      colourOf(after(onColour, "right", "right", "right").state),
    ],
    ["colour", "black-and-white", "auto"],
  );
  const chosen = after(onColour, "ok", "down", "back").state;
  t.deepEqual([colourOf(chosen), chosen.stack.at(-1)?.mode.kind], ["auto", "rows"]);
  t.is(colourOf(after(onColour, "ok", "down", "ok").state), "colour");
});

test("Start begins what is selected where it can be begun, and nothing while a field is entered", (t) => {
  const button = { key: "b", name: "Plan", job: "copy", settings: settingValues("copy", undefined) };
  const state = at({ screen: "home" }, { user: ALICE, data: new Map([[ALICE.owner, data({ buttons: [button] })]]) });
  t.deepEqual(
    after(state, "start").intents.map(({ kind }) => kind),
    ["run-job"],
  );
  const form = at({ screen: "job-form", job: "copy", purpose: { kind: "run", from: undefined } }, { user: ALICE }, button.settings);
  t.deepEqual(after(form, "ok", "start").intents, []);
  t.deepEqual(
    after(form, "start").intents.map(({ kind }) => kind),
    ["run-job"],
  );
  t.deepEqual(after({ ...form, jobRuns: true }, "stop").intents, [{ kind: "stop-job" }]);
  t.deepEqual(after(form, "stop").intents, []);
});

test("Home is Home while something is entered as well; whoever asks another machine is told at once, and what logs in or out outlives it", (t) => {
  const form = at(BUTTON, { user: ALICE }, { name: "Plan" });
  t.deepEqual(placeOf(after(form, "ok", "home").state), ["home"]);
  const client = at({ screen: "sync-client-form" }, { user: ADMINISTRATOR }, { destination: "10.0.0.7", account: "a", password: "p" });
  const tested = after(client, "down", "down", "down", "down", "ok");
  t.is(tested.intents[0]?.kind, "test-way");
  t.like(tested.state.waiting, { contacting: "10.0.0.7", slow: true, session: false });
  const settings = { destination: "10.0.0.7", account: "a", password: "p", trust: { server: "0".repeat(32) } };
  const question = at({ screen: "question", question: { kind: "start-client", settings, away: undefined } }, { user: ADMINISTRATOR });
  const started = after(question, "soft3");
  t.is(started.intents[0]?.kind, "start-client");
  t.like(started.state.waiting, { contacting: "10.0.0.7", slow: true });
  const out = after(at({ screen: "settings" }, { user: ALICE }), "id");
  t.deepEqual(out.intents, [{ kind: "log-out" }]);
  t.true(out.state.waiting?.session);
  for (const keyRepeat of ["slow", "off"] as const) {
    const look = { language: undefined, accessibility: { keyRepeat } };
    t.is(after(at({ screen: "home" }, { user: ALICE, inForce: look })).screen.keyRepeat, keyRepeat);
  }
});
