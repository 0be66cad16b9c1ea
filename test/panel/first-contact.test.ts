import test, { type ExecutionContext } from "ava";
import { SyncError } from "../../src/model/errors.ts";
import { LANGUAGES } from "../../src/panel/texts/languages.ts";
import { fingerprintRows } from "../../src/panel/screens/first-contact.ts";
import { SERVER, SERVER_ROWS } from "./fake-administration.ts";
import { owner, PanelMachine } from "./machine.ts";

const PASSWORD = "s3cret-of-desk";
const ENTERED = { destination: "127.0.0.11", account: "Administrator", password: PASSWORD };
/** What a display shows in one row without wrapping it. */
const ROW_CHARACTERS_MAX = 38;

/** An administrator stands before the filled form, the finger on [Start]. */
async function atTheForm(t: ExecutionContext): Promise<PanelMachine> {
  const machine = await PanelMachine.start(t);
  await machine.logIn("Administrator");
  await machine.press("settings");
  await machine.choose("Management", "Device", "Synchronize Custom Settings (Client)", "Start the client", "Go on");
  // The address with the number pad: digits type themselves, the star is a dot.
  await machine.press("1", "2", "7", "*", "0", "*", "0", "*", "1", "1", "ok");
  t.is(machine.selected, "Administrator of the server:");
  await machine.type("Administrator");
  await machine.press("ok");
  await machine.type(PASSWORD);
  await machine.press("ok");
  t.is(machine.selected, "Start");
  return machine;
}

test("M08 the fingerprint of who answers is confirmed, the client function is started, and the restart is offered on the spot", async (t) => {
  const machine = await atTheForm(t);
  let restarts = 0;
  machine.hal.power.restart = async () => {
    restarts += 1;
  };
  await machine.press("ok");
  t.is(machine.screen.title, "Is this the server?");
  t.is(machine.lines[0], "127.0.0.11 answers. Its fingerprint:");
  t.deepEqual(machine.lines.slice(1, 3), SERVER_ROWS);
  t.regex(machine.lines[3] ?? "", /Synchronize Custom Settings \(Server\) > This machine's fingerprint/);
  t.deepEqual(machine.administration.started, [], "nothing is started and nobody trusted before the answer");
  await machine.choose("Same: start");
  t.deepEqual(machine.administration.started, [{ ...ENTERED, trust: { server: SERVER } }]);
  t.is(machine.screen.title, "Restart the machine now?");
  t.is(machine.screen.status, "Restart to begin synchronising");
  await machine.press("ok");
  t.is(restarts, 1);
  for (const screen of machine.shown) t.false(JSON.stringify(screen).includes(PASSWORD));
});

test("the server machine shows its own fingerprint in the same groups, whether or not its server function runs", async (t) => {
  const machine = await PanelMachine.start(t);
  machine.administration.setStatus({ deviceId: SERVER });
  await machine.logIn("Administrator");
  await machine.press("settings");
  await machine.choose("Management", "Device", "Synchronize Custom Settings (Server)", "This machine's fingerprint");
  t.deepEqual(machine.lines.slice(0, 2), SERVER_ROWS);
  await machine.press("ok");
  await machine.choose("Start the server function", "This machine's fingerprint");
  t.deepEqual(machine.lines.slice(0, 2), SERVER_ROWS);
});

test("an identity is compared in groups of four, and each row fits a display", (t) => {
  const rows = fingerprintRows(SERVER).map(({ text }) => text);
  t.deepEqual(rows, [...SERVER_ROWS]);
  for (const row of rows) t.true(row.length <= ROW_CHARACTERS_MAX);
});

test("another fingerprint cancels: nothing is started, it is said what that means, and what was typed is still there", async (t) => {
  const machine = await atTheForm(t);
  await machine.press("ok");
  await machine.choose("Different: cancel");
  t.is(machine.lines[0], "Nothing was started, and nothing was sent.");
  await machine.press("ok");
  t.is(machine.lines[0], "Server address: 127.0.0.11");
  t.deepEqual(machine.administration.calls, ["contact 127.0.0.11"]);
});

test("who presses a key once too often has confirmed nothing", async (t) => {
  for (const key of ["ok", "soft1"] as const) {
    const machine = await atTheForm(t);
    await machine.press(key, key, key, key);
    t.is(machine.screen.title, "Is this the server?", key);
    await machine.press(key, key);
    t.deepEqual(machine.administration.started, []);
    await machine.press("soft3");
    t.is(machine.administration.started.length, 1);
  }
});

test("keys pressed before the fingerprint was on the screen do not confirm it", async (t) => {
  const machine = await atTheForm(t);
  let open: () => void = () => undefined;
  machine.administration.gate = new Promise((resolve) => {
    open = resolve;
  });
  await machine.press("ok");
  t.is(machine.screen.title, "Contacting ...");
  t.deepEqual(machine.lines, ["127.0.0.11", "Stop key: do not wait any longer."]);
  await machine.press("soft3", "down", "down", "down", "down", "ok");
  open();
  await machine.quiet();
  t.is(machine.screen.title, "Is this the server?");
  t.deepEqual(machine.administration.started, []);
});

test("who leaves while the server is contacted has left", async (t) => {
  for (const [key, title] of [
    ["home", "Home: Administrator"],
    ["settings", "Settings/Registration"],
    ["back", "Start the client function"],
  ] as const) {
    const machine = await atTheForm(t);
    let open: () => void = () => undefined;
    machine.administration.gate = new Promise((resolve) => {
      open = resolve;
    });
    await machine.press("ok", "soft3", key);
    open();
    await machine.quiet();
    t.is(machine.screen.title, title);
    t.deepEqual(machine.administration.started, []);
  }
});

test("Stop ends the contacting, and its answer is not asked about any more", async (t) => {
  const machine = await atTheForm(t);
  let open: () => void = () => undefined;
  machine.administration.gate = new Promise((resolve) => {
    open = resolve;
  });
  await machine.press("ok", "stop");
  t.is(machine.screen.title, "Start the client function");
  open();
  await machine.quiet();
  t.is(machine.screen.title, "Start the client function");
  t.deepEqual(machine.administration.started, []);
});

test("a server that is away is tried again, and the start goes on when it answers", async (t) => {
  const machine = await atTheForm(t);
  machine.administration.answers = { kind: "away", code: "server-unreachable", message: "no answer" };
  await machine.press("ok");
  t.is(machine.screen.title, "The server does not answer");
  t.is(machine.lines[0], "No server machine answers at 127.0.0.11.");
  t.is(machine.selected, "Try again");
  await machine.press("ok");
  t.is(machine.screen.title, "The server does not answer");
  machine.administration.answers = { kind: "found", server: SERVER };
  await machine.press("ok");
  t.is(machine.screen.title, "Is this the server?");
  await machine.choose("Same: start");
  t.deepEqual(machine.administration.started, [{ ...ENTERED, trust: { server: SERVER } }]);
  await machine.press("back");
  t.is(machine.screen.title, "Synchronize Custom Settings (Client)");
});

test("a server that is away is started with only after the words of what that means, or cancelled", async (t) => {
  const machine = await atTheForm(t);
  machine.administration.answers = { kind: "away", code: "address-unusable", message: "no such name" };
  await machine.press("ok");
  t.is(machine.lines[1], "No machine can be found under this address.");
  await machine.choose("Cancel");
  t.is(machine.lines[0], "Server address: 127.0.0.11");
  await machine.choose("Start");
  const means = machine.lines.findIndex((line) => /the first machine that answers at this address.*will be trusted/.test(line));
  t.is(machine.lines[means + 1], "Start anyway");
  await machine.choose("Start anyway");
  t.deepEqual(machine.administration.started, [{ ...ENTERED, trust: "first-answer" }]);
  t.is(machine.screen.title, "Restart the machine now?");
});

test("M04 for the server function of this very machine nobody is asked about anybody", async (t) => {
  const machine = await PanelMachine.start(t);
  machine.administration.setStatus({ server: { state: "running", machines: 0, users: 0, usersMax: 1_000, revision: 0 } });
  await machine.logIn("Administrator");
  await machine.press("settings");
  await machine.choose("Management", "Device", "Synchronize Custom Settings (Client)", "Start the client", "Go on");
  t.is(machine.lines[0], "Server address: localhost");
  await machine.choose("Start");
  t.is(machine.screen.title, "Restart the machine now?");
  t.deepEqual(machine.administration.started, [{ destination: "localhost", account: "", password: "", trust: { server: "0".repeat(32) } }]);
  await machine.press("back");
  t.is(machine.screen.title, "Synchronize Custom Settings (Client)");
});

test("M09 without an address the server is searched for; what is found is shown and compared, and started with", async (t) => {
  const machine = await PanelMachine.start(t);
  machine.administration.answers = { kind: "found", server: SERVER, searched: { destination: "127.0.0.12", searchDepth: 1 } };
  await machine.logIn("Administrator");
  await machine.press("settings");
  await machine.choose("Management", "Device", "Synchronize Custom Settings (Client)", "Start the client", "Go on");
  await machine.press("down");
  await machine.type("Administrator");
  await machine.press("soft1");
  t.is(machine.lines[0], "127.0.0.12 answers. Its fingerprint:");
  await machine.press("soft3");
  t.like(machine.administration.started, [{ destination: "127.0.0.12", searchDepth: 1, trust: { server: SERVER } }]);
});

test("M36 the way is tested before a start, and the part that fails is said with what to do", async (t) => {
  const machine = await atTheForm(t);
  machine.administration.way = [
    { part: "address", outcome: "passed" },
    { part: "port", outcome: "failed", code: "server-unreachable", message: "refused" },
    { part: "service", outcome: "not-reached" },
  ];
  await machine.press("down", "ok");
  t.is(machine.screen.title, "Way to the server");
  t.deepEqual(machine.lines.slice(0, 5), [
    "Server address: 127.0.0.11",
    "Address: good",
    "Port 8443: failed",
    "It is off, the network is interrupted, or its server function is not started.",
    "Check the address, and start the server function there: Synchronize Custom Settings (Server).",
  ]);
  t.is(machine.lines.at(-2), "Server function: not tested");
  t.deepEqual(machine.administration.calls, ["test-way 127.0.0.11"]);
  await machine.press("ok");
  t.is(machine.selected, "Test the way to the server");
  t.deepEqual(machine.administration.started, [], "nothing was started");
});

test("M09 the search depth is chosen, and goes with the search", async (t) => {
  const machine = await PanelMachine.start(t);
  machine.administration.answers = { kind: "refused", refusal: { word: "server-not-found", searchDepth: 3 } };
  await machine.logIn("Administrator");
  await machine.press("settings");
  await machine.choose("Management", "Device", "Synchronize Custom Settings (Client)", "Start the client", "Go on");
  await machine.press(...Array.from({ length: 6 }, () => "down" as const), "ok", "down", "down", "ok");
  t.true(machine.lines.includes("Search depth (routers): 3"));
  await machine.press("soft1");
  t.deepEqual(machine.administration.calls, ["contact  over 3"]);
  t.true(machine.lines.includes("None answers over 2 routers."));
});

for (const [refusal, said] of [
  [{ word: "server-not-found", searchDepth: 1 }, /^No server machine was found\./],
  [{ word: "several-servers", addresses: ["10.0.0.1", "10.0.0.2"] }, /10\.0\.0\.1, 10\.0\.0\.2/],
] as const) {
  test(`M09 a search that ends in ${refusal.word} is said plainly`, async (t) => {
    const machine = await PanelMachine.start(t);
    machine.administration.answers = { kind: "refused", refusal };
    await machine.logIn("Administrator");
    await machine.press("settings");
    await machine.choose("Management", "Device", "Synchronize Custom Settings (Client)", "Start the client", "Go on");
    await machine.press("soft1");
    t.regex(machine.lines.join(" "), said);
    t.deepEqual(machine.administration.started, []);
  });
}

test("without an account nobody is asked", async (t) => {
  const machine = await PanelMachine.start(t);
  await machine.logIn("Administrator");
  await machine.press("settings");
  await machine.choose("Management", "Device", "Synchronize Custom Settings (Client)", "Start the client", "Go on");
  await machine.type("127.0.0.11");
  await machine.press("soft1");
  t.regex(machine.lines[0] ?? "", /^The name of an administrator of the server machine is missing\./);
  await machine.press("ok");
  t.is(machine.lines[0], "Server address: 127.0.0.11");
  t.is(machine.selected, "Administrator of the server:", "that is where to type it");
});

test("M09 the address of this very machine, which does not serve, is told as such", async (t) => {
  const machine = await atTheForm(t);
  machine.administration.answers = { kind: "refused", refusal: { word: "server-not-running" } };
  await machine.press("ok");
  t.deepEqual(machine.lines.slice(0, 2), [
    "This is the address of this machine itself. Nothing was started.",
    "Its own server function is not started.",
  ]);
  await machine.press("ok");
  t.is(machine.lines[0], "Server address: 127.0.0.11");
  t.deepEqual(machine.administration.started, []);
});

const REFUSED = [
  [{ word: "account-refused" }, /did not accept the account\. Nothing was started\..*Press Back and correct/],
  [{ word: "another-server" }, /Another machine answers now.*check the address/],
  [{ word: "server-not-running" }, /not running there.*Start it there first/],
  [{ word: "too-many-machines", machinesMax: 10 }, /already has all 10 machines/],
] as const;

for (const [refusal, says] of REFUSED) {
  test(`${refusal.word} after the comparison is said with what to do, and Back leads to the form`, async (t) => {
    const machine = await atTheForm(t);
    machine.administration.refusal = refusal;
    await machine.press("ok");
    await machine.choose("Same: start");
    t.regex(machine.lines.join(" "), says);
    await machine.press("back");
    t.is(machine.screen.title, "Start the client function");
    t.is(machine.lines[2], `Password of this administrator: ${"*".repeat(PASSWORD.length)}`);
  });
}

test("too many tries are said as what they are, with how long to wait", async (t) => {
  const machine = await atTheForm(t);
  machine.administration.trouble = new SyncError("rate-exceeded", "too many tries");
  await machine.press("ok");
  await machine.choose("Same: start");
  t.regex(machine.lines.join(" "), /no more tries for now.*Wait ten minutes/);
});

test("the first contact speaks German to whoever reads German", async (t) => {
  const machine = await PanelMachine.start(t, {
    entries: [{ owner: owner("user:Administrator"), item: "display-language", key: "", value: "de" }],
  });
  await machine.logIn("Administrator");
  await machine.press("settings");
  await machine.choose("Verwaltung", "Geräte", "Eigene Einstellungen synchronisieren (Client)", "Clientfunktion starten", "Weiter");
  await machine.type("127.0.0.11");
  await machine.press("ok");
  await machine.type("Administrator");
  await machine.press("soft1");
  t.is(machine.screen.title, "Ist das der Server?");
  t.is(machine.lines[0], "127.0.0.11 antwortet. Fingerabdruck:");
  t.deepEqual(machine.lines.slice(1, 3), SERVER_ROWS);
  t.true((machine.lines[3] ?? "").endsWith(`> ${LANGUAGES.de?.server.fingerprint ?? ""}.`));
  await machine.choose("Gleich: starten");
  t.is(machine.screen.title, "Gerät jetzt neu starten?");
});
