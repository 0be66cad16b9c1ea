import test, { type ExecutionContext } from "ava";
import type { HistoryRecord } from "../../hal/services/history.ts";
import type { Preview } from "../../hal/services/preview.ts";
import { CODES } from "../../src/model/errors.ts";
import { ITEMS } from "../../src/model/item.ts";
import { LIMITS } from "../../src/model/limits.ts";
import type { Refusal } from "../../src/model/refusal.ts";
import { LANGUAGES } from "../../src/panel/texts/languages.ts";
import { SERVER } from "./fake-administration.ts";
import { owner, PanelMachine } from "./machine.ts";

const [ALICE, BOB, GROUP] = [owner("user:alice"), owner("user:bob"), owner("group:1")];
const RUNNING = { state: "running", machines: 2, users: 2, usersMax: 1_000, revision: 7 } as const;
const OWNERS = [
  { owner: GROUP, kind: "group", domain: "", name: "1" },
  { owner: ALICE, kind: "user", domain: "", name: "alice", lastLogin: "2026-11-01" },
  { owner: BOB, kind: "user", domain: "", name: "bob" },
] as const;
const LOST: HistoryRecord = {
  id: "1",
  lostBy: "client",
  owner: ALICE,
  item: "personal-button",
  key: "b",
  value: { name: "Plan", function: "copy" },
  because: "superseded",
  text: "",
  by: BOB,
  madeAt: "2026-11-20T10:00:00.000Z",
  lostAt: "2026-11-21T09:30:00.000Z",
  stands: { by: "import", deviceId: SERVER, deviceName: "MFP-2", at: "2026-11-21T09:00:00.000Z", certain: true, why: "later", revision: 5 },
};

/** An administrator stands before the screen of the server function. */
async function atTheServer(t: ExecutionContext): Promise<PanelMachine> {
  const machine = await PanelMachine.start(t);
  machine.administration.setStatus({ server: RUNNING });
  machine.administration.known = { ...machine.administration.known, owners: OWNERS, history: [LOST] };
  await machine.logIn("Administrator");
  await machine.press("settings");
  await machine.choose("Management", "Device", "Synchronize Custom Settings (Server)");
  machine.administration.calls.length = 0;
  return machine;
}

async function atTheClient(t: ExecutionContext): Promise<PanelMachine> {
  const machine = await PanelMachine.start(t);
  await machine.logIn("Administrator");
  await machine.press("settings");
  await machine.choose("Management", "Device", "Synchronize Custom Settings (Client)");
  return machine;
}

test("M15 users and groups are searched, ticked, and deleted after a question; No is under the finger first", async (t) => {
  const machine = await atTheServer(t);
  await machine.choose("Users: 2 of 1000");
  t.deepEqual(machine.lines, [
    "Search (user name, group ID):",
    "Delete User Data of those ticked",
    "[ ] Group Sales",
    "[ ] alice, last login 2026-11-01",
    "[ ] bob",
  ]);
  t.is(machine.selected, "[ ] Group Sales");
  await machine.press("soft1");
  t.is(machine.lines[0], "Nobody is ticked yet. Go to the users and groups that you mean and press OK.");
  await machine.press("back");
  await machine.choose("[ ] bob");
  t.is(machine.selected, "[x] bob");
  await machine.type("ALI");
  await machine.press("ok");
  t.deepEqual(machine.lines.slice(1), ["Delete User Data (1)", "[ ] alice, last login 2026-11-01"], "what is ticked stays ticked");
  await machine.press("ok");
  await machine.choose("Delete User Data (2)");
  t.is(machine.screen.title, "Delete data of 2 users or groups?");
  t.deepEqual(machine.lines.slice(0, 2), ["alice", "bob"]);
  t.is(machine.selected, "No");
  await machine.press("ok");
  t.deepEqual(machine.administration.calls, []);
  await machine.choose("Delete User Data (2)", "Yes");
  t.deepEqual(machine.administration.calls, ["delete user:alice", "delete user:bob"]);
  t.is(machine.lines[0], "The data of 2 users or groups was deleted.");
  await machine.press("ok", "clear", "clear", "clear", "up", "up", "up", "clear", "clear", "clear");
  t.deepEqual(machine.lines.slice(1), ["Delete User Data of those ticked", "[ ] Group Sales"]);
});

/** An administrator has ticked all three and said yes; each deletion waits until the test lets it go on. */
async function deletingThree(t: ExecutionContext): Promise<{ machine: PanelMachine; next: () => Promise<void> }> {
  const machine = await atTheServer(t);
  let release = (): void => undefined;
  const hold = (): void => {
    machine.administration.gate = new Promise((resolve) => {
      release = resolve;
    });
  };
  hold();
  await machine.choose("Users: 2 of 1000", "[ ] Group Sales", "[ ] alice", "[ ] bob", "Delete User Data (3)", "Yes");
  const next = async (): Promise<void> => {
    const resume = release;
    hold();
    resume();
    await machine.quiet();
  };
  return { machine, next };
}

test("M15 a long deletion says how far it is, and Stop ends it after the user it is at: what was done is told, the others stay ticked", async (t) => {
  const { machine, next } = await deletingThree(t);
  await machine.clock.advance(LIMITS.panelSlowMs);
  t.is(machine.screen.kind, "progress");
  t.deepEqual(machine.lines, ["0 of 3 done.", "Stop key: stop here. What is done stays done."]);
  await next();
  t.is(machine.lines[0], "1 of 3 done.");
  await machine.press("stop", "stop");
  t.deepEqual(machine.lines, ["1 of 3 done.", "It stops ..."]);
  await next();
  t.deepEqual(machine.administration.calls.length, 2);
  t.is(machine.lines[0], "Stopped: the data of 2 users or groups was deleted.");
  await machine.press("ok");
  t.is(machine.lines[1], "Delete User Data (1)");
});

test("M15 a deletion of many users is waited for as long as it goes on, each step as long as a whole answer", async (t) => {
  const { machine, next } = await deletingThree(t);
  for (const done of [1, 2]) {
    await machine.clock.advance(LIMITS.panelLongAnswerMs - 1);
    await next();
    t.is(machine.lines[0], `${done} of 3 done.`, "nobody is logged out while it goes on");
  }
  await machine.clock.advance(LIMITS.panelLongAnswerMs);
  t.not(machine.screen.kind, "progress", "a step that takes longer than any answer is not waited for");
});

test("M15 a group is found by its ID and by its name", async (t) => {
  const machine = await atTheServer(t);
  await machine.choose("Users: 2 of 1000");
  for (const text of ["1", "sal"]) {
    await machine.type(text);
    t.deepEqual(machine.lines.slice(2), ["[ ] Group Sales"], text);
    await machine.press(...Array.from(text, () => "clear" as const));
  }
});

test("M18 the scope is changed after a question; refused, the machines that still operate are named", async (t) => {
  const machine = await atTheServer(t);
  const sharing = ITEMS.map(({ id, scope, scopeSelectable }) => ({ item: id, scope, selectable: scopeSelectable }));
  machine.administration.known = { ...machine.administration.known, sharing };
  await machine.choose("Data Sharing Details");
  t.is(machine.selected, "Timeline: Shared across All Devices");
  t.is(machine.lines.length, ITEMS.length);
  await machine.choose("Display language");
  t.regex(machine.lines[0] ?? "", /always shared/);
  await machine.press("back");
  machine.administration.refusal = { word: "machines-operating", machines: ["MFP-2", "MFP-3"] };
  await machine.choose("Timeline", "Device-Specific");
  t.is(machine.selected, "No");
  await machine.choose("Yes");
  t.is(machine.lines[1], "These machines still operate: MFP-2, MFP-3.");
  machine.administration.refusal = undefined;
  await machine.press("back");
  await machine.choose("Device-Specific", "Yes");
  t.deepEqual(machine.administration.calls.at(-1), 'scopes {"timeline":"device-specific"}');
  t.is(machine.selected, "Timeline: Device-Specific (Not Shared)");
});

test("B02 the history says what lost, to whom and when, and puts it back", async (t) => {
  const machine = await atTheServer(t);
  await machine.choose("History");
  t.deepEqual(machine.administration.calls, ["history seen"]);
  t.deepEqual(machine.lines, ["alice: Personal button: Plan"]);
  await machine.press("ok");
  t.deepEqual(machine.lines, [
    "Of: alice",
    "Personal button: Plan",
    "Function: Copy",
    "Made by: bob",
    "Made: 2026-11-20 10:00 UTC",
    "Replaced: 2026-11-21 09:30 UTC",
    "A later change of another machine stands.",
    "In its place now: an import, MFP-2, 2026-11-21 09:00 UTC",
    "Put this back",
    "Put back everything of alice",
  ]);
  await machine.choose("Put this back", "Yes");
  t.true(machine.administration.calls.includes("put back user:alice 1"));
  t.is(machine.lines[0], "1 entry was put back.");
  await machine.press("ok");
  t.deepEqual(machine.lines, ["alice: Personal button: Plan (put back)"]);
});

test("M28 the server says why it does not sleep", async (t) => {
  const machine = await atTheServer(t);
  t.false(machine.lines.some((line) => line.startsWith("Does not sleep")));
  machine.administration.setStatus({ server: { ...RUNNING, keptAwakeBy: ["MFP-2", "MFP-3"] } });
  await machine.quiet();
  t.true(machine.lines.includes("Does not sleep, because these are operating: MFP-2, MFP-3"));
  machine.administration.setStatus({ server: { ...RUNNING, awaitsMachines: true } });
  await machine.quiet();
  t.true(machine.lines.some((line) => line.startsWith("Does not sleep yet")));
});

test("M06 a date that is years ahead is told where the server function stands, and on the Status Monitor, with what to do", async (t) => {
  const machine = await atTheServer(t);
  const told = () => machine.lines.filter((line) => /6935 days|not believed|SNTP/.test(line)).length;
  t.is(told(), 0);
  machine.administration.setStatus({ server: { ...RUNNING, dateAheadDays: 6_935 } });
  await machine.quiet();
  t.is(told(), 3);
  await machine.press("status");
  t.is(told(), 3);
});

test("M31 a machine of the server is shown with its state, what waits on it, and its last contact", async (t) => {
  const machine = await atTheServer(t);
  const known = {
    deviceName: "MFP-2",
    productName: "P",
    location: "2nd floor",
    serialNumber: "S2",
    lastContactAt: "2026-11-21T09:30:00.000Z",
  };
  machine.administration.registered = [{ ...known, deviceId: SERVER, operating: true, waiting: 3, networkPlacesDiffer: true }];
  machine.administration.setStatus({});
  await machine.choose("Machines", "MFP-2: operating");
  t.deepEqual(machine.lines, [
    "State: operating",
    "Product: P",
    "Location: 2nd floor",
    "Serial number: S2",
    "Not sent yet: 3 changes",
    "Keychains are not synchronised: other order of network places",
    "Last contact: 2026-11-21 09:30 UTC",
    "Take this machine out",
  ]);
});

test("M23 the export is prepared for those that are ticked, or for all", async (t) => {
  const machine = await atTheServer(t);
  await machine.choose("Prepare for User Data Export", "Prepare all");
  t.is(machine.lines[0], "The export is open for 15 minutes.");
  await machine.press("ok");
  await machine.choose("Prepare for User Data Export", "[ ] alice", "Prepare those ticked (1)");
  t.deepEqual(machine.administration.calls, ["prepare ", "prepare user:alice"]);
});

test("M32 the log is read newest first, in words, and each record in full", async (t) => {
  const machine = await atTheServer(t);
  const log = [
    { at: "2026-11-21T09:00:00.000Z", level: "Information", code: "joined", text: "joined", note: { kind: "joined" } },
    { at: "2026-11-21T09:05:00.000Z", level: "Error", code: "too-many-machines", text: "MFP-11: there is no room" },
    { at: "2026-11-21T09:06:00.000Z", level: "Warning", code: "server-unreachable", text: "no answer" },
  ] as const;
  machine.administration.known = { ...machine.administration.known, log };
  await machine.choose("Communication log");
  t.deepEqual(machine.lines, [
    "2026-11-21 09:06 UTC Warning: The server cannot be reached.",
    "2026-11-21 09:05 UTC Error: This machine was not admitted.",
    "2026-11-21 09:00 UTC Information: This machine has joined.",
  ]);
  await machine.choose("2026-11-21 09:05");
  t.true(machine.lines.includes("In the log: MFP-11: there is no room"));
});

const PREVIEW: Preview = {
  id: "p1",
  joined: false,
  counts: { replaced: 1, supplied: 1, received: 0, unchanged: 0 },
  holdings: [
    { owner: ALICE, outcome: "replaced", here: 1, there: 2, lost: 1 },
    { owner: owner("common"), list: "3", outcome: "supplied", here: 4, there: 0, lost: 0 },
  ],
};
const ENTRY = { item: "personal-button", key: "b", outcome: "replaced", here: { name: "Plan" }, there: { name: "Draft" } } as const;

test("B01 what would happen is shown before the start, as far down as one likes, and the start holds to it", async (t) => {
  const machine = await atTheClient(t);
  machine.administration.previews = { "": PREVIEW, [ALICE]: { ...PREVIEW, entries: [ENTRY] } };
  await machine.choose("Start the client", "Go on");
  await machine.type("10.0.0.7");
  await machine.press("ok");
  await machine.type("Administrator");
  await machine.press("soft1");
  t.is(machine.screen.title, "Is this the server?");
  await machine.choose("Same: what would happen?");
  t.deepEqual(machine.lines.slice(0, 4), [
    "Replaced by the server's data: 1",
    "Supplied by this machine: 1",
    "New on this machine: 0",
    "Unchanged: 0",
  ]);
  await machine.choose("Replaced by", "alice (here 1, server 2)");
  t.deepEqual(machine.lines, ["Replaced: Personal button: Plan"]);
  await machine.press("ok");
  t.deepEqual(machine.lines.slice(0, 3), ["Replaced", "On this machine: Personal button: Plan", "On the server: Personal button: Draft"]);
  await machine.press("back", "back", "back");
  t.deepEqual(machine.administration.started, [], "nothing was started by looking");
  machine.administration.refusal = { word: "preview-stale" };
  await machine.choose("Start the client");
  t.is(machine.lines[0], "Nothing was started.");
  machine.administration.refusal = undefined;
  await machine.press("ok");
  await machine.choose("Start the client");
  t.is(machine.administration.calls.at(-1), "client on as in p1");
  t.is(machine.screen.title, "Restart the machine now?");
  await machine.press("back");
  t.is(machine.screen.title, "Synchronize Custom Settings (Client)");
});

test("M09 the servers that a search finds are listed; the one that is chosen is filled in, and none is trusted by it", async (t) => {
  const machine = await atTheClient(t);
  await machine.choose("Start the client", "Go on", "Search for");
  t.is(machine.lines[0], "No server machine was found.");
  await machine.press("ok");
  const found = [
    { address: "10.0.0.7", deviceName: "MFP-1", server: SERVER },
    { address: "10.0.0.8", deviceName: "MFP-9", server: SERVER },
  ];
  machine.administration.known = { ...machine.administration.known, search: { kind: "several", found } };
  await machine.choose("Search for", "MFP-9 (10.0.0.8), 0123 4567 ...");
  t.is(machine.lines[0], "Server address: 10.0.0.8");
  t.deepEqual(machine.administration.started, []);
});

test("M09 a search says at once that it runs, and the Stop key ends the waiting", async (t) => {
  const machine = await atTheClient(t);
  await machine.choose("Start the client", "Go on");
  machine.administration.gate = new Promise(() => undefined);
  await machine.choose("Search for");
  t.is(machine.screen.title, "Contacting ...");
  t.deepEqual(machine.lines, ["Search for the server", "Stop key: do not wait any longer."]);
  await machine.press("stop");
  t.is(machine.screen.title, "Start the client function");
});

test("B05 the things to look at lead to where they are dealt with", async (t) => {
  const machine = await PanelMachine.start(t);
  const attention = [
    { kind: "client", state: "refused" },
    { kind: "other-server", address: "10.0.0.9" },
    { kind: "kept-here", holdings: ["user:bob"] },
    { kind: "lost", records: 3 },
  ] as const;
  machine.administration.known = { ...machine.administration.known, attention };
  machine.administration.setStatus({ client: { state: "refused", pending: 0, notApplied: 1 } });
  await machine.press("status");
  t.false(machine.lines.includes("Things to look at"), "for administrators only");
  await machine.logIn("Administrator");
  for (const [row, title] of [
    ["Synchronize", "Synchronize Custom Settings (Client)"],
    ["Another server machine: 10.0.0.9", "Another server machine"],
    ["On this machine alone: 1", "On this machine alone"],
    ["New in the history: 3", "History"],
  ] as const) {
    await machine.press("home", "status");
    await machine.choose("Things to look at", row);
    t.is(machine.screen.title, title);
  }
});

test("M27 what this machine does not show is listed with the reason", async (t) => {
  const machine = await PanelMachine.start(t);
  const notApplied = [{ owner: ALICE, item: "keychain", key: "k", because: "keychain-order", text: "" } as const];
  machine.administration.known = { ...machine.administration.known, notApplied };
  machine.administration.setStatus({ client: { state: "synchronized", pending: 0, notApplied: 1 } });
  await machine.logIn("Administrator");
  await machine.press("settings");
  await machine.choose("Management", "Device", "Synchronize Custom Settings (Client)", "Entries that differ");
  const listed = ["alice: Keychain: the network places are in another order than on the server"];
  t.deepEqual(machine.lines, listed);
  await machine.press("status");
  await machine.choose("Entries that differ on this machine: 1");
  t.deepEqual(machine.lines, listed, "from the Status Monitor as well");
});

test("M22 what happens over the limit of users is chosen, and locked with its reason while both functions run", async (t) => {
  const machine = await PanelMachine.start(t);
  const { restrictions } = machine.hal;
  await machine.logIn("Administrator");
  await machine.press("settings");
  await machine.choose("Management", "Device", "Manage Personal Settings");
  t.deepEqual(machine.lines, ["Action When Maximum Number of Users Exceeded", "Delete Oldest User Settings"]);
  await machine.choose("Action", "Discard New");
  t.is(restrictions.maxUsersPolicy(), "discard-new");
  t.is(machine.lines[1], "Discard New User Settings");
  await machine.choose("Action");
  const hold = restrictions.hold("max-users-policy");
  await machine.choose("Delete Oldest");
  t.regex(machine.lines[0] ?? "", /while both the server function and the client function run/);
  await machine.press("home", "settings");
  await machine.choose("Management", "Device", "Manage Personal Settings", "Action");
  t.regex(machine.lines[0] ?? "", /while both the server function and the client function run/);
  hold.release();
  t.is(restrictions.maxUsersPolicy(), "discard-new");
});

test("M06 the time server is set and checked under Network", async (t) => {
  const machine = await PanelMachine.start(t);
  const { networkSettings } = machine.hal;
  await machine.logIn("Administrator");
  await machine.press("settings");
  await machine.choose("Network", "SNTP Settings: not set", "Check NTP Server");
  t.regex(machine.lines[0] ?? "", /press Save first/);
  await machine.press("ok");
  await machine.choose("NTP Server Address");
  await machine.type("10.0.0.1 x");
  await machine.press("ok");
  t.is(machine.lines[1], "The machine does not take this value.");
  await machine.press("ok", "up", "clear", "clear");
  await machine.choose("Save");
  t.is(networkSettings.choices().timeServer, "10.0.0.1");
  await machine.choose("SNTP Settings: 10.0.0.1", "Check NTP Server");
  t.is(machine.lines[0], "The NTP server does not answer.");
  networkSettings.keeper.checkTimeServer = async () => "answers";
  await machine.press("ok");
  await machine.choose("Check NTP Server");
  t.is(machine.lines[0], "The NTP server answers.");
});

test("M29 the proxy is set under Network; its password is never shown again", async (t) => {
  const machine = await PanelMachine.start(t);
  const { networkSettings } = machine.hal;
  await machine.logIn("Administrator");
  await machine.press("settings");
  await machine.choose("Network", "Proxy Settings: not set");
  for (const text of ["proxy:3128", "me", "SECRET-7"]) {
    await machine.type(text);
    await machine.press("ok");
  }
  await machine.press("right");
  await machine.choose("Save", "Proxy Settings: proxy:3128");
  t.deepEqual(networkSettings.choices(), {
    timeServer: "",
    proxy: { address: "proxy:3128", user: "me", passwordSet: true },
    proxyExcludesLocalhost: false,
  });
  t.deepEqual(machine.lines.slice(0, 4), [
    "Proxy and port (empty: no proxy): proxy:3128",
    "User name: me",
    "Proxy password (is set; empty: keep):",
    "Connections to this machine itself: Through the proxy",
  ]);
  await machine.choose("Save");
  t.true(networkSettings.choices().proxy?.passwordSet, "what is not typed stays");
  for (const screen of machine.shown) t.false(JSON.stringify(screen).includes("SECRET-7"));
});

test("B06 a client machine becomes the server after a question; while the old one answers it is refused", async (t) => {
  const machine = await PanelMachine.start(t);
  machine.administration.setStatus({ client: { state: "offline", pending: 0 } });
  await machine.logIn("Administrator");
  await machine.press("settings");
  await machine.choose("Management", "Device", "Synchronize Custom Settings (Client)", "Become the server");
  t.is(machine.selected, "No");
  machine.administration.refusal = { word: "server-alive" };
  await machine.choose("Yes");
  t.is(machine.lines[0], "This machine did not become the server.");
  machine.administration.refusal = undefined;
  await machine.press("ok");
  await machine.choose("Become the server", "Yes");
  t.is(machine.lines[0], "This machine is the server now.");
});

const REFUSALS = Object.keys(LANGUAGES.en.refusals) as Refusal["word"][];
for (const [tag, texts] of Object.entries(LANGUAGES)) {
  test(`${tag}: whatever the engine refuses or fails at, the panel says it in this language`, async (t) => {
    const machine = await atTheServer(t);
    const sharing = [{ item: "timeline", scope: "shared", selectable: true } as const];
    machine.administration.known = { ...machine.administration.known, sharing };
    await machine.hal.settings.edit([{ owner: owner("user:Administrator"), item: "display-language", key: "", value: tag }], "");
    await machine.quiet();
    await machine.choose(texts.admin.menu.sharing, texts.admin.items.timeline, texts.admin.sharing.scopes["device-specific"]);
    for (const word of REFUSALS) {
      machine.administration.refusal = { word } as Refusal;
      await machine.choose(texts.action.yes);
      const { what } = texts.refusals[word]({ machinesMax: 10, usersMax: 1_000 });
      t.is(machine.lines[0], what, word);
      await machine.press("back");
      await machine.choose(texts.admin.sharing.scopes["device-specific"]);
    }
    t.deepEqual(Object.keys(texts.errors).sort(), Object.keys(CODES).sort());
  });
}

test("M34 whoever starts the client function is offered the export of the machine's own data first, and may go on without", async (t) => {
  const machine = await atTheClient(t);
  await machine.choose("Start the client");
  t.is(machine.screen.title, "Export this machine's data first?");
  t.regex(machine.lines.join(" "), /nothing can be exported here.*Remote UI of this machine/);
  await machine.choose("Not yet");
  t.is(machine.screen.title, "Synchronize Custom Settings (Client)");
  await machine.choose("Start the client", "Go on");
  t.is(machine.screen.title, "Start the client function");
  await machine.press("back");
  t.is(machine.screen.title, "Synchronize Custom Settings (Client)", "it is asked once");
});
