/**
 * The panel from page to page, as a graph: from Home by every row and every soft key, with each answer that what is asked for
 * can have. From wherever somebody has come to, Back leads home level by level, and each level is as it was left.
 */
import test from "ava";
import { renderText } from "../../hal/parts/render-text.ts";
import { COMMON } from "../../src/model/owner.ts";
import { settingValues } from "../../src/panel/job-settings.ts";
import type { Intent, Outcome } from "../../src/panel/intent.ts";
import { NO_OWN_DATA } from "../../src/panel/own-data.ts";
import type { AdminPlace } from "../../src/panel/admin-place.ts";
import type { Place, Question, Values } from "../../src/panel/place.ts";
import { pageOf } from "../../src/panel/screens.ts";
import { type Frame, type PanelState, topFrame, withTop } from "../../src/panel/state.ts";
import { LANGUAGES } from "../../src/panel/texts/languages.ts";
import { view } from "../../src/panel/view.ts";
import { owner } from "./machine.ts";
import { unreadable } from "./readable.ts";
import { ADMINISTRATOR, after, ALICE, at, data } from "./state.ts";

const SMALL = { columns: 20, rows: 4 };
const DEVICE = "a".repeat(32);
/** Deeper than this only circles lead: the status, and a destination that is added while a group's members are chosen. */
const LEVELS_MAX = 9;

const address = (key: string, list: string, type: string) => ({
  ...{ key, list, type, number: "201", label: key, detail: `${key}@x`, access: "", password: type === "remotefilesystem", members: [] },
  ...{ lostMembers: 0, cells: { cn: key, mailaddress: `${key}@x` }, found: `${key}\n${key}@x` },
});
const SCAN = settingValues("scan-and-send", undefined);
const button = (key: string) => ({ key, name: key, job: "copy", settings: settingValues("copy", { copies: 2 }) });
const OWN = {
  ...NO_OWN_DATA,
  timeline: [{ key: "t", job: "scan-and-send", settings: SCAN }],
  previous: { copy: settingValues("copy", { copies: 3 }) },
  keychains: ["1"],
};
const USERS = (user: typeof ADMINISTRATOR): Partial<PanelState> => ({
  user,
  data: new Map([
    [COMMON, data({ buttons: [button("shared")], addresses: [address("anna", "2", "email"), address("files", "2", "remotefilesystem")] })],
    [user.owner, data({ buttons: [button("mine"), button("other")], addresses: [address("bert", "1", "email")], own: OWN })],
    [owner("group:1"), data({ addresses: [address("carl", "1", "email")] })],
  ]),
});
const LOST = { id: "1", lostBy: "client", owner: ALICE.owner, item: "personal-button", key: "b", value: { name: "Plan" } } as const;
const RECORD = { at: "2026-01-01T00:00:00.000Z", level: "Error", code: "put-out", text: "b was put out" } as const;
const PREVIEWED = {
  ...{ id: "p", joined: false, counts: { replaced: 1, supplied: 0, received: 0, unchanged: 0 } },
  holdings: [{ owner: ALICE.owner, outcome: "replaced", here: 1, there: 1, lost: 1 }],
  entries: [{ item: "personal-button", key: "b", outcome: "replaced", here: { name: "Plan" } }],
} as const;
const FACTS: PanelState["facts"] = {
  owners: [{ owner: ALICE.owner, kind: "user", domain: "", name: "alice" }],
  sharing: [{ item: "timeline", scope: "shared", selectable: true }],
  history: [{ ...LOST, text: "", because: "superseded", lostAt: RECORD.at }],
  log: [RECORD],
  attention: [
    { kind: "other-server", address: "10.0.0.9" },
    { kind: "storage-lost" },
    { kind: "kept-here", holdings: [ALICE.owner] },
    { kind: "stays-here", entries: 1 },
    { kind: "lost", records: 1 },
    { kind: "client", state: "refused" },
    { kind: "server", state: "stopped-by-error" },
  ],
  notApplied: [{ owner: ALICE.owner, item: "keychain", key: "1", because: "keychain-order", text: "" }],
  preview: PREVIEWED,
  previewed: PREVIEWED,
  found: [{ address: "10.0.0.9", deviceName: "MFP-9", server: "b".repeat(32) }],
  usersPolicy: { policy: "delete-oldest", locked: false },
  network: { timeServer: "10.0.0.1", proxy: undefined, proxyExcludesLocalhost: true },
  origin: undefined,
};
const RUNNING = { state: "running", machines: 1, users: 5, usersMax: 1_000, revision: 7 } as const;
const MACHINE = { deviceId: DEVICE, deviceName: "MFP-2", productName: "P", location: "", serialNumber: "S2", operating: true };
const machines = [{ ...MACHINE, lastContactAt: RECORD.at }];
const STATUS = (
  server: PanelState["status"]["server"],
  state?: NonNullable<PanelState["status"]["client"]>["state"],
): Partial<PanelState> => ({
  status: { deviceId: DEVICE, server, client: state === undefined ? undefined : { state, pending: 1, notApplied: 1 }, lost: 1 },
});
const ADMIN = { user: ADMINISTRATOR, facts: FACTS, machines };

/** Who stands there, on what kind of machine. */
const STARTS: Readonly<Record<string, Partial<PanelState>>> = {
  nobody: {},
  "a user of a group": USERS(ALICE),
  "an administrator with entries, nothing started": { ...ADMIN, ...USERS(ADMINISTRATOR), ...STATUS(undefined) },
  "an administrator of a server machine": { ...ADMIN, ...STATUS(RUNNING) },
  "an administrator of a client that waits for its restart": { ...ADMIN, ...STATUS(undefined, "restart-needed") },
  "an administrator of a client without its server": { ...ADMIN, ...STATUS(undefined, "offline") },
};

/** What somebody types where. */
const TYPED: Values = {
  ...{ name: "New", cn: "New", mailaddress: "a@b.c", dialdata: "123", uri: "a@b", url: "\\\\host\\share", indxid: "7", accesscode: "" },
  ...{ destination: "10.0.0.9", account: "Administrator", password: "p", place: "2", copies: "2", timeServer: "10.0.0.1", search: "" },
};

/** Everything that an answer can be. */
function outcomes(intent: Intent): readonly Outcome[] {
  const no: Outcome = { kind: "no", notice: { kind: "error", code: "hal-broken" } };
  const done: Outcome = { kind: "done" };
  switch (intent.kind) {
    case "contact": {
      const settings = { ...intent.entered, trust: { server: "b".repeat(32) } } as const;
      const blind = { ...intent.entered, trust: "first-answer" } as const;
      return [no, done, { kind: "met", settings, away: undefined }, { kind: "met", settings: blind, away: "server-unreachable" }];
    }
    case "test-way":
      return [no, { kind: "tested", report: { steps: [], destination: "10.0.0.9", server: undefined, aheadMs: undefined } }];
    case "log-out":
    case "log-in":
      return [no];
    default:
      return [no, done, { kind: "done", said: { kind: "said", word: "put-back", figure: 1 } }];
  }
}

/** One step further, with everything it can come to. */
function followed(state: PanelState, ...events: Parameters<typeof after>[1][]): readonly PanelState[] {
  const next = after(state, ...events);
  const id = next.state.waiting?.id;
  const [intent] = next.intents;
  if (id === undefined || intent === undefined) return [next.state];
  return outcomes(intent).map((outcome) => after(next.state, { kind: "answer", id, outcome }).state);
}

/** Where each row and each soft key of this page leads, with the form as it is and filled in. */
function onward(state: PanelState): readonly PanelState[] {
  const frame = topFrame(state);
  if (frame.mode.kind !== "rows") return [];
  const fields = pageOf(state).rows.filter(({ textField }) => textField !== undefined);
  const typed = Object.fromEntries(fields.flatMap(({ key }) => (TYPED[key] === undefined ? [] : [[key, TYPED[key]]])));
  const filled = withTop(state, { ...frame, values: { ...frame.values, ...typed } });
  return [state, ...(pageOf(state).kind === "form" ? [filled] : [])].flatMap((start) => {
    const { rows, softKeys } = pageOf(start);
    const chosen = rows.flatMap(({ key }) => followed(withTop(start, { ...topFrame(start), selected: key }), "ok"));
    const pressed = softKeys.flatMap((_, index) => followed(start, `soft${index + 1}` as "soft1"));
    return [...chosen, ...pressed, ...followed(start, "status")];
  });
}

/** What a place is, whatever has been entered and ticked there. */
const nameOf = ({ place, mode }: Frame): string =>
  JSON.stringify([place, mode.kind], (key, value: unknown) =>
    key === "chosen" || key === "values" || key === "before" ? undefined : value,
  );

/** Every page that somebody can come to, once for each page that it is come to from. */
function reached(start: PanelState): readonly PanelState[] {
  const found = new Map<string, PanelState>();
  const open = [start];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    const name = state.stack.slice(-2).map(nameOf).join();
    if (found.has(name) || state.stack.length > LEVELS_MAX) continue;
    found.set(name, state);
    open.push(...onward(state));
  }
  return [...found.values()];
}

/** What is under the finger is on the first page of the smallest display, and all can be read there, in each language. */
function seen(state: PanelState, looked: Set<string>): readonly string[] {
  const drawn = JSON.stringify(view(state));
  if (looked.has(drawn)) return [];
  looked.add(drawn);
  return Object.entries(LANGUAGES).flatMap(([tag, texts]) => {
    const screen = view({ ...state, languages: { ...LANGUAGES, en: texts } });
    const first = renderText(screen, SMALL)[0] ?? [];
    const shows = screen.selected === undefined || first.some(({ part }) => part === "selected");
    const faults = [...unreadable(screen, SMALL), ...(shows ? [] : [`nothing is selected on ${screen.title}`])];
    return faults.map((fault) => `${tag}: ${fault}`);
  });
}

/** Presses Back until home; what was wrong on the way. */
function wayBack(start: PanelState): readonly string[] {
  const faults: string[] = [];
  let state = start;
  while (state.stack.length > 1 || topFrame(state).mode.kind !== "rows") {
    const { mode } = topFrame(state);
    const below = mode.kind === "rows" ? state.stack.slice(0, -1) : state.stack;
    const { state: next, intents } = after(state, "back");
    if (intents.length > 0) faults.push(`Back does something at ${nameOf(topFrame(state))}`);
    if (next.stack.length !== below.length) return [...faults, `Back goes ${below.length - next.stack.length} levels too far`];
    if (next.stack.map(({ place }) => place).some((place, level) => place !== below[level]?.place)) faults.push("Back leads elsewhere");
    const left = below.at(-1)?.selected;
    if (mode.kind === "rows" && left !== undefined && topFrame(next).selected !== left)
      faults.push(`the finger was on ${left} of ${nameOf(topFrame(next))}`);
    state = next;
  }
  const { state: home } = after(state, "back");
  return topFrame(home).place.screen === "home" ? faults : [...faults, "Back leaves home"];
}

const WAYS = Object.entries(STARTS).map(([who, known]) => ({ who, states: reached(at({ screen: "home" }, known)) }));

for (const { who, states } of WAYS) {
  test(`Back leads home from every depth, level by level, on a display of 20x4: ${who}`, (t) => {
    const faults: string[] = [];
    const looked = new Set<string>();
    for (const state of states) {
      const found = [...wayBack(state), ...seen(state, looked), ...seen(after(state, "back").state, looked)];
      faults.push(...found.map((fault) => `${state.stack.map(nameOf).join(" > ")}: ${fault}`));
    }
    t.deepEqual(faults, []);
  });
}

function nameOfPlace(place: Place): string {
  if (place.screen === "admin") return `admin ${place.page.kind}`;
  return place.screen === "question" ? `question ${place.question.kind}` : place.screen;
}

/** The compiler asks for every place there is. */
const PLACES: { readonly [screen in Place["screen"]]: true } = {
  ...{ home: true, login: true, password: true, button: true, "button-form": true, "address-lists": true, "address-list": true },
  ...{ address: true, "address-type": true, "address-form": true, "address-copy": true, settings: true, language: true },
  ...{ management: true, "device-management": true, "sync-server": true, fingerprint: true, machines: true, machine: true },
  ...{ "sync-client": true, "sync-client-form": true, way: true, jobs: true, "job-form": true, destinations: true, job: true },
  ...{ "timeline-entry": true, "personal-settings": true, "personal-setting": true, "default-jobs": true, keychains: true },
  ...{ "keychain-form": true, admin: true, status: true, origin: true, question: true, message: true },
};
const ADMIN_PLACES: { readonly [kind in AdminPlace["kind"]]: true } = {
  ...{ owners: true, sharing: true, scope: true, history: true, lost: true, log: true, "log-record": true, files: true, preview: true },
  ...{ holdings: true, holding: true, "previewed-entry": true, found: true, attention: true, "other-server": true, "storage-lost": true },
  ...{ "kept-here": true, "not-applied": true, "personal-management": true, "users-policy": true, network: true, sntp: true, proxy: true },
};
const QUESTIONS: { readonly [kind in Question["kind"]]: true } = {
  ...{ "delete-button": true, "delete-address": true, "delete-keychain": true, "stop-server": true, "export-first": true },
  ...{ "start-client": true, "stop-client": true, restart: true, "remove-machine": true, admin: true },
};

test("every place that there is can be come to by keys from home", (t) => {
  const visited = new Set(WAYS.flatMap(({ states }) => states.flatMap(({ stack }) => stack.map(({ place }) => nameOfPlace(place)))));
  const all = [
    ...Object.keys(PLACES).filter((screen) => screen !== "admin" && screen !== "question"),
    ...Object.keys(ADMIN_PLACES).map((kind) => `admin ${kind}`),
    ...Object.keys(QUESTIONS).map((kind) => `question ${kind}`),
  ];
  t.deepEqual(
    all.filter((name) => !visited.has(name)),
    [],
  );
});
