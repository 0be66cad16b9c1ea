/** What is under the finger when a page opens: nothing that destroys, wherever somebody goes from the first screen on. */
import test from "ava";
import type { Entry } from "../../src/model/entry.ts";
import { COMMON } from "../../src/model/owner.ts";
import { type Facts, NO_FACTS } from "../../src/panel/facts.ts";
import type { Asked, Intent, Outcome } from "../../src/panel/intent.ts";
import { settingValues } from "../../src/panel/job-settings.ts";
import type { Act } from "../../src/panel/page.ts";
import { reduce } from "../../src/panel/reduce.ts";
import { personalData } from "../../src/panel/personal-data.ts";
import { pageOf } from "../../src/panel/screens.ts";
import { type PanelState, topFrame, withTop } from "../../src/panel/state.ts";
import { selectedIndex } from "../../src/panel/view.ts";
import { owner } from "./machine.ts";
import { ADMINISTRATOR, at, data } from "./state.ts";

const destination = (key: string, list: string): Entry => ({
  ...{ owner: COMMON, item: "common-address", key },
  value: { objectclass: "email", cn: key, subdbid: list, mailaddress: "a@b.c" },
});
const DEVICE = "a".repeat(32);
const ALICE = owner("user:alice");
const PLAN = { key: "b", name: "Plan", job: "copy", settings: settingValues("copy", { copies: 2 }) } as const;
const LOST = {
  id: "1",
  lostBy: "client",
  owner: ALICE,
  item: "personal-button",
  key: "b",
  value: { name: "Plan" },
  because: "superseded",
  text: "a later change stands",
  lostAt: "2026-01-01T00:00:00.000Z",
} as const;

const FACTS: Facts = {
  ...NO_FACTS,
  owners: [{ owner: ALICE, kind: "user", domain: "", name: "alice" }],
  sharing: [{ item: "timeline", scope: "shared", selectable: true }],
  history: [LOST],
  log: [{ at: "2026-01-01T00:00:00.000Z", level: "Information", code: "joined", text: "joined", note: { kind: "joined" } }],
  attention: [
    { kind: "client", state: "refused" },
    { kind: "lost", records: 1 },
  ],
  found: [{ address: "10.0.0.1", server: DEVICE, deviceName: "MFP-1" }],
  usersPolicy: { policy: "delete-oldest", locked: false },
};

const STANDING: Partial<PanelState> = {
  user: ADMINISTRATOR,
  data: new Map([
    [COMMON, { ...data({ buttons: [PLAN] }), addresses: personalData([], [destination("u", "1"), destination("v", "11")]).addresses }],
    [ADMINISTRATOR.owner, data({ buttons: [PLAN, { ...PLAN, key: "c" }] })],
  ]),
  machines: [
    {
      ...{ deviceId: DEVICE, deviceName: "MFP-2", productName: "P", location: "", serialNumber: "S2" },
      ...{ operating: true, lastContactAt: "2026-01-01T00:00:00Z" },
    },
  ],
};
const server = { state: "running", machines: 2, users: 5, usersMax: 1_000, revision: 7 } as const;
const STATES: readonly (readonly [name: string, known: Partial<PanelState>])[] = [
  ["nothing started", { status: { deviceId: DEVICE, server: undefined, client: undefined } }],
  ["a server/client", { status: { deviceId: DEVICE, server, client: { state: "synchronized", pending: 0 } } }],
  ["a client away", { status: { deviceId: DEVICE, server: undefined, client: { state: "offline", pending: 3, notApplied: 2 } } }],
  [
    "a restart is due while a job runs",
    { jobRuns: true, status: { deviceId: DEVICE, server: undefined, client: { state: "restart-needed", pending: 0 } } },
  ],
];

const DESTROYING: readonly Intent["kind"][] = ["stop-server", "stop-client", "delete-entry", "remove-machine", "start-client"];
const ORDERS = ["delete-owners", "set-sharing", "take-over"];
/** Questions that lead nowhere else than to what destroys. */
const ASKED = [
  "stop-server",
  "stop-client",
  "remove-machine",
  "delete-button",
  "delete-address",
  "delete-keychain",
  "delete-owners",
  "take-over",
];

function destroys(act: Act, state: PanelState): boolean {
  if (act.do === "ask")
    return (
      DESTROYING.includes(act.intent.kind) ||
      (act.intent.kind === "administer" && ORDERS.includes(act.intent.order.kind)) ||
      (act.intent.kind === "restart" && state.jobRuns)
    );
  if (act.do === "press") {
    const row = pageOf(state).rows.find(({ key }) => key === act.row);
    return row !== undefined && destroys(row.act, state);
  }
  if (act.do !== "go" || act.place.screen !== "question") return false;
  const { question } = act.place;
  return ASKED.includes(question.kind === "admin" ? question.question.kind : question.kind);
}

function answerTo({ intent }: Asked): Outcome {
  if (intent.kind === "contact")
    return { kind: "met", settings: { ...intent.entered, destination: "10.0.0.1", trust: { server: DEVICE } }, away: undefined };
  return { kind: "done", facts: FACTS };
}

/** No page of ours lies deeper; a way that leads in circles ends there. */
const LEVELS_MAX = 9;

/** All that OK opens, from here on: what stands in the states is enough to tell pages apart. */
function openedFrom(start: PanelState): { readonly pages: number; readonly faults: string[] } {
  const seen = new Set<string>();
  const faults: string[] = [];
  const open = [start];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    for (const { key } of pageOf(state).rows) {
      const pressed = reduce(withTop(state, { ...topFrame(state), selected: key }), { kind: "key", key: "ok", atMs: 0 });
      let after = pressed.state;
      for (const asked of pressed.intents) after = reduce(after, { kind: "answer", id: asked.id, outcome: answerTo(asked) }).state;
      const name = JSON.stringify(topFrame(after).place);
      if (after.stack.length > LEVELS_MAX || seen.has(name) || topFrame(after).mode.kind !== "rows") continue;
      seen.add(name);
      const page = pageOf(after);
      const index = selectedIndex(page, topFrame(after));
      const row = index === undefined ? undefined : page.rows[index];
      if (row !== undefined && destroys(row.act, after)) faults.push(`${page.title}: ${row.text}`);
      open.push(after);
    }
  }
  return { pages: seen.size, faults };
}

for (const [name, known] of STATES) {
  test(`what destroys is under no finger when a page opens: ${name}`, (t) => {
    const { pages, faults } = openedFrom(at({ screen: "home" }, { ...STANDING, ...known }));
    t.deepEqual(faults, []);
    t.true(pages > 40, `${pages} pages were opened`);
  });
}
