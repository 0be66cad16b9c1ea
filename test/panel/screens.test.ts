import test from "ava";
import { COMMON } from "../../src/model/owner.ts";
import type { Key } from "../../src/model/screen.ts";
import type { Intent } from "../../src/panel/intent.ts";
import { settingValues } from "../../src/panel/job-settings.ts";
import type { Place } from "../../src/panel/place.ts";
import type { PanelState } from "../../src/panel/state.ts";
import { owner } from "./machine.ts";
import { unreadableAnywhere } from "./readable.ts";
import { ACCOUNTS, ADMINISTRATOR, after, ALICE, at, data, sketch } from "./state.ts";

const MINE = { owner: ALICE.owner, item: "personal-button" } as const;
const OURS = { owner: COMMON, item: "shared-button" } as const;
const LIST_2 = { owner: COMMON, item: "common-address", list: "2" } as const;
const PERSONAL = { owner: ALICE.owner, item: "personal-address", list: "" } as const;
const DEVICE = "a".repeat(32);
const destination = (key: string, cn: string) => ({
  key,
  list: "2",
  type: "email",
  number: "201",
  label: cn,
  detail: `${cn}@x`,
  access: "",
  password: false,
  members: [],
  lostMembers: 0,
  cells: { cn, mailaddress: `${cn}@x` },
  found: `${cn}\n${cn}@x`,
});

const alices: Partial<PanelState> = {
  user: ALICE,
  data: new Map([
    [
      COMMON,
      data({
        buttons: [{ key: "s", name: "Office", job: "scan-and-send", settings: settingValues("scan-and-send", undefined) }],
        addresses: [destination("u", "anna"), destination("v", "bert")],
      }),
    ],
    [ALICE.owner, data({ buttons: [{ key: "b", name: "Plan", job: "copy", settings: settingValues("copy", { copies: 2 }) }] })],
  ]),
};
const admins: Partial<PanelState> = { ...alices, user: ADMINISTRATOR };
const running = { state: "running", machines: 2, users: 5, usersMax: 1_000, revision: 7 } as const;
const machines = [
  {
    deviceId: DEVICE,
    deviceName: "MFP-2",
    productName: "P",
    location: "",
    serialNumber: "S2",
    operating: true,
    lastContactAt: "2026-01-01T00:00:00Z",
  },
];
const withStatus = (server: PanelState["status"]["server"], client: PanelState["status"]["client"]): Partial<PanelState> => ({
  ...admins,
  machines,
  status: { deviceId: DEVICE, server, client },
});
const ORIGIN = "Where it comes from";
const ROOM = "Address Lists 1-10 and administrators: 2 of 1600";
const APPLY = "Apply settings of others while working: Off";
const CLIENT = "Synchronize Custom Settings (Client)";
const SERVER = "Synchronize Custom Settings (Server)";

const OFFICE = [
  "Shared button",
  "Function: Scan and Send",
  "To: no destination",
  "Colour: Automatic colour",
  "Sides: 1-sided",
  "File format: PDF",
];

const RECORDS = ["History: replaced data", "Communication log"];
const SERVER_MENU = [
  "Data Sharing Details",
  ...RECORDS,
  "Prepare for User Data Export",
  "Backup and restore",
  "This machine's fingerprint",
  "Stop the server function",
];

const VIEWS: readonly (readonly [name: string, place: Place, known: Partial<PanelState>, sketch: readonly string[]])[] = [
  [
    "home, nobody",
    { screen: "home" },
    { data: alices.data! },
    ["Home", "> Log in", "Shared: Office (Scan and Send)", "Copy, scan, fax", "Address lists", "Settings/Registration"],
  ],
  [
    "home, alice",
    { screen: "home" },
    alices,
    [
      "Home: alice",
      "> Plan (Copy)",
      "Add a personal button",
      "Shared: Office (Scan and Send)",
      "Copy, scan, fax",
      "Address lists",
      "Settings/Registration",
      "Log out",
    ],
  ],
  [
    "home, administrator",
    { screen: "home" },
    admins,
    [
      "Home: Administrator",
      "> Add a personal button",
      "Shared: Office (Scan and Send)",
      "Add a shared button",
      "Copy, scan, fax",
      "Address lists",
      "Settings/Registration",
      "Log out",
    ],
  ],
  ["login", { screen: "login" }, {}, ["Log in: who are you?", "> alice", "Administrator"]],
  ["login without users", { screen: "login" }, { accounts: [] }, ["Log in: who are you?", "> No user is registered on this machine."]],
  ["password", { screen: "password", account: ACCOUNTS[1]! }, {}, ["Log in: Administrator", "> Password:", "Log in"]],
  [
    "my button",
    { screen: "button", button: MINE, key: "b" },
    alices,
    [
      "Plan",
      "Personal button",
      "Function: Copy",
      "Copies: 2",
      "Sides: 1-sided",
      "Colour: Automatic colour",
      "> Start",
      "Use with other settings",
      "Change",
      "Place on Home: 1 of 1",
      "(Move up)",
      "(Move down)",
      "Delete",
      ORIGIN,
    ],
  ],
  [
    "shared button, not an administrator",
    { screen: "button", button: OURS, key: "s" },
    alices,
    [
      "Office",
      ...OFFICE,
      "> (Start)",
      "Use with other settings",
      "(Change)",
      "Place on Home: 1 of 1",
      "(Move up)",
      "(Move down)",
      "(Delete)",
      ORIGIN,
    ],
  ],
  [
    "shared button, administrator",
    { screen: "button", button: OURS, key: "s" },
    admins,
    [
      "Office",
      ...OFFICE,
      "> (Start)",
      "Use with other settings",
      "Change",
      "Place on Home: 1 of 1",
      "(Move up)",
      "(Move down)",
      "Delete",
      ORIGIN,
    ],
  ],
  [
    "a button that is gone",
    { screen: "button", button: MINE, key: "x" },
    alices,
    ["Please note", "This entry is no longer there.", "It was deleted meanwhile, here or on another machine.", "Press Back.", "> OK"],
  ],
  [
    "new button",
    { screen: "button-form", button: MINE, changes: undefined },
    alices,
    ["New personal button", "> Name:", "Function: Copy", "Settings: 1 copy, 1-sided, Automatic colour", "(Save)"],
  ],
  [
    "my list, empty",
    { screen: "address-list", list: PERSONAL },
    alices,
    [
      "Personal Address List",
      "Search (name or number):",
      "> Add a destination",
      "There is nothing in this list yet.",
      "Registered: 0 of 1000",
    ],
  ],
  [
    "a common list",
    { screen: "address-list", list: LIST_2 },
    alices,
    ["Address List 2", "Search (name or number):", "Add a destination", "> anna: anna@x", "bert: bert@x", ROOM],
  ],
  [
    "a common list, nobody",
    { screen: "address-list", list: LIST_2 },
    { data: alices.data! },
    ["Address List 2", "Search (name or number):", "(Add a destination)", "> anna: anna@x", "bert: bert@x", ROOM],
  ],
  [
    "a destination",
    { screen: "address", list: LIST_2, key: "u" },
    alices,
    ["anna", "Type: E-mail", "E-mail address: anna@x", "> Change", "Copy to a personal button", "Delete", ORIGIN],
  ],
  [
    "a new destination",
    { screen: "address-form", list: LIST_2, type: "email", changes: undefined },
    alices,
    ["New: E-mail", "> Name:", "E-mail address:", "Access number (may be empty):", "(Save)"],
  ],
  [
    "settings, nobody",
    { screen: "settings" },
    {},
    ["Settings/Registration", "> (Language: English)", "(Personal settings)", "Management Settings", "(Network)"],
  ],
  ["language", { screen: "language" }, alices, ["Language", "> English", "Deutsch", "Français", "日本語"]],
  [
    "device management, not an administrator",
    { screen: "device-management" },
    alices,
    ["Device Management", `> (${SERVER})`, `(${CLIENT})`, "(Manage Personal Settings)"],
  ],
  [
    "device management, administrator",
    { screen: "device-management" },
    admins,
    ["Device Management", `> ${SERVER}`, CLIENT, "Manage Personal Settings"],
  ],
  [
    "device management, client-only model",
    { screen: "device-management" },
    { ...admins, serverModel: false },
    ["Device Management", `> ${CLIENT}`, "Manage Personal Settings"],
  ],
  ["server off", { screen: "sync-server" }, admins, [SERVER, "State: Off", "> Start the server function", "This machine's fingerprint"]],
  [
    "server on",
    { screen: "sync-server" },
    withStatus(running, undefined),
    [SERVER, "State: Running", "> Machines: 2 of 10", "Users: 5 of 1000", ...SERVER_MENU],
  ],
  [
    "server without a clock",
    { screen: "sync-server" },
    withStatus({ ...running, state: "waiting-for-clock" }, undefined),
    [
      SERVER,
      "State: Waiting for the time server",
      "The time server (SNTP) is not set, or does not answer.",
      "Check Network > SNTP Settings. Once it answers, it goes on by itself.",
      "> Machines: 2 of 10",
      "Users: 5 of 1000",
      ...SERVER_MENU,
    ],
  ],
  [
    "fingerprint",
    { screen: "fingerprint" },
    admins,
    [
      "This machine's fingerprint",
      "0000 0000 0000 0000",
      "0000 0000 0000 0000",
      "A machine that is made a client of this one shows a fingerprint. Continue there only if it is this one, digit by digit.",
      "> OK",
    ],
  ],
  ["machines", { screen: "machines" }, withStatus(running, undefined), ["Machines", "> MFP-2: operating"]],
  [
    "a machine",
    { screen: "machine", deviceId: DEVICE },
    withStatus(running, undefined),
    [
      "MFP-2",
      "> State: operating",
      "Product: P",
      "Location: -",
      "Serial number: S2",
      "Last contact: 2026-01-01 00:00 UTC",
      "Take this machine out",
    ],
  ],
  ["client off", { screen: "sync-client" }, admins, [CLIENT, "State: Off", "> Start the client function", ...RECORDS, APPLY]],
  [
    "client before the restart",
    { screen: "sync-client" },
    withStatus(undefined, { state: "restart-needed", pending: 0 }),
    [
      CLIENT,
      "State: Begins after a restart",
      "> Restart the machine",
      "What would happen?",
      ...RECORDS,
      "Use another server machine",
      "Stop the client function",
      APPLY,
    ],
  ],
  [
    "client away from the server",
    { screen: "sync-client" },
    withStatus(undefined, { state: "offline", pending: 2 }),
    [
      CLIENT,
      "> State: Server cannot be reached",
      "The server cannot be reached.",
      "It is off, the network is interrupted, or its server function is stopped.",
      "Go on working: changes are saved here and sent later.",
      "Not sent yet: 2 changes",
      ...RECORDS,
      "Become the server in its place",
      "Use another server machine",
      "Stop the client function",
      APPLY,
    ],
  ],
  [
    "client away from a server whose address was written",
    { screen: "sync-client" },
    withStatus(undefined, { state: "offline", pending: 0, destination: "192.0.2.7" }),
    [
      CLIENT,
      "> State: Server cannot be reached",
      "The server cannot be reached.",
      "It is off, the network is interrupted, or its server function is stopped.",
      "Go on working: changes are saved here and sent later.",
      "Server address: 192.0.2.7",
      "If the server machine has another address now: Use another server machine. What is not sent yet goes along.",
      ...RECORDS,
      "Become the server in its place",
      "Use another server machine",
      "Stop the client function",
      APPLY,
    ],
  ],
  [
    "client away from a server that nobody finds under its name",
    { screen: "sync-client" },
    withStatus(undefined, { state: "offline", pending: 0, away: "address-unusable" }),
    [
      CLIENT,
      "> State: Server cannot be reached",
      "The server cannot be reached.",
      "No machine can be found under this address.",
      "Go on working: changes are saved here and sent later.",
      ...RECORDS,
      "Become the server in its place",
      "Use another server machine",
      "Stop the client function",
      APPLY,
    ],
  ],
  [
    "client whose proxy wants another account",
    { screen: "sync-client" },
    withStatus(undefined, { state: "offline", pending: 0, away: "authentication-failed" }),
    [
      CLIENT,
      "> State: Server cannot be reached",
      "The server cannot be reached.",
      "A proxy on the way, or the server machine itself, wants another account. The communication log says which.",
      "Go on working: changes are saved here and sent later.",
      ...RECORDS,
      "Become the server in its place",
      "Use another server machine",
      "Stop the client function",
      APPLY,
    ],
  ],
  [
    "client away from a server that a search found, as its server machine said",
    { screen: "sync-client" },
    withStatus(undefined, { state: "offline", pending: 0, reason: "server-not-running", destination: "192.0.2.7", searched: true }),
    [
      CLIENT,
      "> State: The server function does not run",
      "The server function is not running.",
      "It is not started on the server machine, was stopped there, or waits for the time server.",
      "Go to the server machine: Synchronize Custom Settings (Server) says what it needs.",
      "Server address: 192.0.2.7",
      ...RECORDS,
      "Become the server in its place",
      "Use another server machine",
      "Stop the client function",
      APPLY,
    ],
  ],
  [
    "client form",
    { screen: "sync-client-form" },
    admins,
    [
      "Start the client function",
      "> Server address:",
      "Administrator of the server:",
      "Password of this administrator:",
      "Start",
      "Test the way to the server",
      "Left empty, the server is searched for.",
      "Search depth (routers): 1",
      "Search for the server",
    ],
  ],
  [
    "the way to the server, tested",
    {
      screen: "way",
      report: {
        steps: [
          { part: "address", outcome: "passed" },
          { part: "port", outcome: "passed" },
          { part: "service", outcome: "passed" },
          { part: "clock", outcome: "failed", refusal: { word: "clock-not-right", sntp: "silent" } },
          { part: "account", outcome: "not-reached" },
          { part: "settings", outcome: "not-reached" },
        ],
        destination: "10.0.0.1",
        server: undefined,
        aheadMs: undefined,
      },
    },
    admins,
    [
      "Way to the server",
      "Server address: 10.0.0.1",
      "Address: good",
      "Port 8443: good",
      "Server function: good",
      "Clock of the server: failed",
      "The server function waits for the right time.",
      "Administrator of the server: not tested",
      "Authentication and groups: not tested",
      "> OK",
    ],
  ],
  [
    "status, with the export of user data open, keychains kept apart and entries that do not show",
    { screen: "status" },
    {
      status: {
        deviceId: DEVICE,
        server: undefined,
        client: {
          state: "synchronized",
          pending: 0,
          revision: 7,
          exportWindow: { owners: "all", secondsLeft: 541 },
          networkPlacesDiffer: true,
          notApplied: 3,
        },
      },
    },
    [
      "Status Monitor",
      "> Up to date",
      "Synchronize Custom Settings (Client): Synchronised",
      "Keychains are not synchronised: other order of network places",
      "Entries that differ on this machine: 3",
      "Export of user data: open for 10 min.",
    ],
  ],
  [
    "status, what waits for an administrator is named to whoever cannot open it",
    { screen: "status" },
    {
      status: {
        deviceId: "",
        server: undefined,
        client: { state: "synchronized", pending: 0, keptHere: 2 },
        lost: 3,
      },
    },
    [
      "Status Monitor",
      "> 3 things to look at",
      "Synchronize Custom Settings (Client): Synchronised",
      "On this machine alone: 2",
      "New in the history: 3",
      "Please tell an administrator of this machine.",
    ],
  ],
  [
    "server machine that was replaced",
    { screen: "sync-server" },
    withStatus({ ...running, state: "stood-down" }, undefined),
    [
      SERVER,
      "State: Replaced: another machine is the server",
      "Another machine has become the server in place of the former one, or an older state was put back into the server machine.",
      "On the machine that was replaced, stop the server function. On every other machine, choose Use another server machine. To undo it instead, or where there is no new one: stop the server function on the new one, then stop and start it on the former one.",
      "> Machines: 2 of 10",
      "Users: 5 of 1000",
      "Data Sharing Details",
      "History: replaced data",
      "Communication log",
      "Prepare for User Data Export",
      "Backup and restore",
      "This machine's fingerprint",
      "Stop the server function",
    ],
  ],
  [
    "client of a server machine that waits for itself",
    { screen: "sync-client" },
    withStatus({ state: "waiting-for-clock", machines: 0, users: 0, usersMax: 1000, revision: 0 }, { state: "offline", pending: 0 }),
    [
      "Synchronize Custom Settings (Client)",
      "> State: Server cannot be reached",
      "Synchronize Custom Settings (Server): Waiting for the time server",
      "History: replaced data",
      "Communication log",
      "Use another server machine",
      "Stop the client function",
      APPLY,
    ],
  ],
  ["status, nothing started", { screen: "status" }, {}, ["Status Monitor", "> Synchronising is not started on this machine."]],
];

for (const [name, place, known, expected] of VIEWS) {
  test(`screen: ${name}`, (t) => {
    const state = at(place, known);
    t.deepEqual(sketch(after(state, { kind: "status", status: state.status, machines: state.machines }).screen), expected);
    t.deepEqual(unreadableAnywhere(state), []);
  });
}

const add: Intent = {
  kind: "add-entry",
  ...MINE,
  fields: { name: "New", function: "copy", settings: { copies: 1, sides: "1-sided", colour: "auto" } },
};
const FORM: Place = { screen: "button-form", button: MINE, changes: undefined };
const QUESTION: Place = { screen: "question", question: { kind: "stop-client" } };

const PRESSES: readonly (readonly [name: string, start: PanelState, keys: readonly Key[], title: string, intents: readonly Intent[]])[] = [
  ["ID offers the accounts", at({ screen: "home" }), ["id"], "Home", [{ kind: "offer-accounts" }]],
  ["ID logs out whoever is logged in", at({ screen: "language" }, alices), ["id"], "Home: alice", [{ kind: "log-out" }]],
  [
    "OK on an account without a password logs in",
    at({ screen: "login" }),
    ["ok"],
    "Log in: who are you?",
    [{ kind: "log-in", owner: ALICE.owner, password: "" }],
  ],
  ["OK on an account with one asks for it", at({ screen: "login" }), ["down", "ok"], "Log in: Administrator", []],
  ["Home leads home from anywhere", at(FORM, alices), ["home"], "Home: alice", []],
  ["Reset drops what was entered", at(FORM, alices, { name: "half" }), ["reset"], "Home: alice", []],
  ["Settings/Registration opens from anywhere", at(QUESTION, admins), ["settings"], "Settings/Registration", []],
  ["Status Monitor opens once, and Back leads to where one was", at(FORM, alices), ["status", "status", "back"], "New personal button", []],
  ["Back at home stays there", at({ screen: "home" }, alices), ["back", "back"], "Home: alice", []],
  ["a greyed row says why", at(FORM, alices), ["down", "down", "down", "ok"], "This cannot be used now", []],
  ["a soft key says why as well", at(FORM, alices), ["soft1"], "This cannot be used now", []],
  [
    "[Save] asks once, however often OK is pressed",
    at(FORM, alices, { name: "New" }),
    ["soft1", "ok", "ok", "soft1"],
    "New personal button",
    [add],
  ],
  [
    "Start, Stop and Energy Saver do nothing here",
    at(FORM, alices, { name: "New" }),
    ["start", "stop", "energy-saver"],
    "New personal button",
    [],
  ],
  [
    "No is selected where Yes destroys",
    at(QUESTION, withStatus(undefined, { state: "offline", pending: 1 })),
    ["ok"],
    "Home: Administrator",
    [],
  ],
  [
    "Yes by soft key",
    at(QUESTION, withStatus(undefined, { state: "offline", pending: 1 })),
    ["soft1"],
    "Stop the client function?",
    [{ kind: "stop-client" }],
  ],
  [
    "a restart is one OK away",
    at({ screen: "question", question: { kind: "restart" } }, admins),
    ["ok"],
    "Restart the machine now?",
    [{ kind: "restart" }],
  ],
  [
    "a language",
    at({ screen: "language" }, alices),
    ["down", "ok"],
    "Language",
    [{ kind: "set-language", owner: ALICE.owner, language: "de" }],
  ],
  ["the server function starts at once", at({ screen: "sync-server" }, admins), ["ok"], SERVER, [{ kind: "start-server" }]],
  [
    "the selection ends at the last row",
    at({ screen: "language" }, alices),
    ["down", "down", "down", "right", "up", "ok"],
    "Language",
    [{ kind: "set-language", owner: ALICE.owner, language: "fr" }],
  ],
];

for (const [name, start, keys, title, intents] of PRESSES) {
  test(`keys: ${name}`, (t) => {
    const { screen, intents: asked } = after(start, ...keys);
    t.is(screen.title, title);
    t.deepEqual(asked, intents);
  });
}

test("an answer to what another session asked for changes nothing, and says nothing", (t) => {
  const asked = after(at(FORM, alices, { name: "New" }), "soft1").state;
  const bob = { ...ALICE, owner: owner("user:bob"), displayName: "bob" };
  const state = after(asked, { kind: "logout" }, { kind: "logging-in" }, { kind: "login", user: bob, data: new Map() }).state;
  const late = after(state, { kind: "answer", id: 1, outcome: { kind: "no", notice: { kind: "gone" } } });
  t.is(late.screen.title, "Home: bob");
  t.deepEqual(late.state.stack, state.stack);
});

test("what went wrong is told even when it is no longer waited for", (t) => {
  const asked = after(at(FORM, alices, { name: "New" }), "soft1", "stop", "home");
  t.is(asked.screen.title, "Home: alice");
  const told = after(asked.state, { kind: "answer", id: 1, outcome: { kind: "no", notice: { kind: "error", code: "hal-full" } } });
  t.is(told.screen.rows[0]?.text, "It was not saved.");
});

test("what was added is under the finger, also when a search would hide it", (t) => {
  const list = at({ screen: "address-list", list: LIST_2 }, alices, { search: "anna" });
  const added = after(
    {
      ...list,
      stack: [
        ...list.stack,
        ...at({ screen: "address-type", list: LIST_2 }).stack.slice(1),
        ...at(
          { screen: "address-form", list: LIST_2, type: "email", changes: undefined },
          {},
          { cn: "Zoe", mailaddress: "z@x" },
        ).stack.slice(1),
      ],
    },
    "soft1",
    { kind: "data", owner: COMMON, data: data({ addresses: [destination("u", "anna"), destination("w", "Zoe")] }) },
    { kind: "answer", id: 1, outcome: { kind: "done", key: "w" } },
  );
  t.deepEqual(sketch(added.screen).slice(3, -1), ["anna: anna@x", "> Zoe: Zoe@x"]);
});

test("a list keeps the place when the entry under the finger is deleted elsewhere", (t) => {
  const start = after(at({ screen: "address-list", list: LIST_2 }, alices), "down").state;
  const rest = data({ addresses: [destination("u", "anna"), destination("w", "zoe")] });
  t.deepEqual(sketch(after(start, { kind: "data", owner: COMMON, data: rest }).screen).slice(3, -1), ["anna: anna@x", "> zoe: zoe@x"]);
});
