import { LIMITS } from "../../src/model/limits.ts";
import test from "ava";
import { SyncError } from "../../src/model/errors.ts";
import { isFields } from "../../src/model/value.ts";
import { button, mail, owner, PanelMachine } from "./machine.ts";

test("from the keys alone a user logs in, adds a button with the number pad, and finds it on Home", async (t) => {
  const machine = await PanelMachine.start(t);
  t.is(machine.screen.title, "Home");
  t.is(machine.selected, "Log in");
  await machine.press("id");
  t.is(machine.screen.title, "Log in: who are you?");
  await machine.choose("alice");
  t.is(machine.screen.title, "Home: alice");
  await machine.choose("Add a personal button");
  t.is(machine.screen.field?.label, "Name");
  // "Cab": three taps, then one, then a pause that ends the letter, then two.
  await machine.press("2", "2", "2");
  await machine.clock.advance(2_000);
  await machine.press("2");
  await machine.clock.advance(2_000);
  await machine.press("2", "2");
  t.is(machine.screen.field?.value, "Cab");
  await machine.press("ok");
  await machine.press("right", "down", "down", "ok");
  t.is(machine.screen.title, "Home: alice");
  t.is(machine.selected, "Cab (Fax)");
  const [entry] = await machine.entries("user:alice", "personal-button");
  t.deepEqual(entry?.value, { name: "Cab", function: "fax", settings: { destinations: [], resolution: "normal" } });
});

test("with a keyboard a button is named, chosen a function for, changed and deleted", async (t) => {
  const machine = await PanelMachine.start(t, { entries: [button("user:alice", "b1", "Invoices")] });
  await machine.logIn("alice");
  await machine.choose("Invoices", "Change");
  await machine.type("!");
  await machine.choose("Function");
  t.is(machine.screen.kind, "choice");
  await machine.choose("Scan and Send");
  t.is(machine.selected, "Settings: no destination, Automatic colour, 1-sided, PDF");
  await machine.choose("Save");
  t.is(machine.screen.title, "Invoices!");
  t.deepEqual((await machine.entries("user:alice", "personal-button"))[0]?.value, {
    name: "Invoices!",
    function: "scan-and-send",
    settings: { copies: 2, destinations: [], colour: "auto", sides: "1-sided", format: "pdf" },
  });
  await machine.choose("Delete");
  t.is(machine.selected, "No", "nothing is deleted by one OK too many");
  await machine.press("soft1");
  t.is(machine.screen.title, "Home: alice");
  t.deepEqual(await machine.entries("user:alice", "personal-button"), []);
});

test("a wrong password is said, and the field is empty again; the right one logs in", async (t) => {
  const machine = await PanelMachine.start(t);
  await machine.press("id");
  await machine.choose("Administrator");
  t.is(machine.screen.kind, "form");
  await machine.type("dusk-8274");
  t.is(machine.screen.field?.value, "*********");
  await machine.press("ok");
  t.is(machine.lines[0], "The password is wrong.");
  await machine.press("back");
  t.is(machine.screen.field?.value, "");
  await machine.type("desk");
  await machine.press("ok");
  t.is(machine.screen.title, "Home: Administrator");
  for (const screen of machine.shown) t.false(JSON.stringify(screen).includes("dusk-8274"));
});

test("keys pressed while an answer is awaited act once each, in their order, when it is there", async (t) => {
  const machine = await PanelMachine.start(t);
  await machine.press("id", "down", "ok", "down", "down", "down", "ok");
  t.is(machine.screen.title, "Settings/Registration");
  t.is(machine.hal.users.loggedIn()?.displayName, "alice");
  await machine.press("home", "ok");
  await machine.type("A");
  await machine.press("soft1", "ok", "ok");
  t.is((await machine.entries("user:alice", "personal-button")).length, 1, "OK on [Save], twice more, saves once");
});

test("Stop ends the waiting, an answer that takes long is shown, and one that never comes is told", async (t) => {
  const machine = await PanelMachine.start(t);
  await machine.logIn("Administrator");
  machine.administration.gate = new Promise(() => undefined);
  await machine.press("settings");
  await machine.choose("Management", "Device", "Synchronize Custom Settings (Server)", "Start the server");
  t.is(machine.screen.title, "Synchronize Custom Settings (Server)");
  await machine.clock.advance(1_000);
  t.is(machine.screen.kind, "progress");
  await machine.press("down", "down");
  t.is(machine.screen.kind, "progress");
  await machine.press("stop");
  t.is(machine.screen.title, "Synchronize Custom Settings (Server)");
  await machine.press("ok");
  await machine.clock.advance(20_000);
  t.is(machine.lines[0], "The machine has not answered yet.");
  t.deepEqual(machine.administration.calls, ["server on", "server on"]);
});

test("M07 only an administrator starts the functions; others see them greyed and are told why", async (t) => {
  const machine = await PanelMachine.start(t);
  await machine.logIn("alice");
  await machine.press("settings");
  await machine.choose("Management Settings", "Device Management");
  t.deepEqual(
    machine.screen.rows.map(({ enabled }) => enabled),
    [false, false, false],
  );
  await machine.choose("Synchronize Custom Settings (Client)");
  t.is(machine.lines[0], "Only an administrator can use this. Log in as an administrator: press the ID key.");
  await machine.press("ok");
  t.is(machine.screen.title, "Device Management");
});

test("M01 a client-only model shows no server menu", async (t) => {
  const machine = await PanelMachine.start(t, { server: false });
  await machine.logIn("Administrator");
  await machine.press("settings");
  await machine.choose("Management", "Device");
  t.deepEqual(machine.lines, ["Synchronize Custom Settings (Client)", "Manage Personal Settings"]);
});

test("M06 the server function refuses while the clock is not right, and the panel says what to do", async (t) => {
  const machine = await PanelMachine.start(t);
  await machine.logIn("Administrator");
  machine.administration.refusal = { word: "clock-not-right", sntp: "off" };
  await machine.press("settings");
  await machine.choose("Management", "Device", "Synchronize Custom Settings (Server)", "Start the server");
  t.regex(machine.lines.join(" "), /clock.*No time server \(SNTP\) is set.*Set a time server/);
  machine.administration.refusal = undefined;
  await machine.press("ok");
  await machine.choose("Start the server");
  t.is(machine.lines[0], "State: Running");
  t.is(machine.screen.status, "Server running, 0 machines");
});

test("M09 an address that cannot be used is said, and Back leads to it", async (t) => {
  const machine = await PanelMachine.start(t);
  await machine.logIn("Administrator");
  machine.administration.answers = { kind: "refused", refusal: { word: "destination-malformed", text: "printer:80" } };
  await machine.press("settings");
  await machine.choose("Management", "Device", "Synchronize Custom Settings (Client)", "Start the client", "Go on");
  await machine.type("printer:80");
  await machine.press("soft1");
  t.regex(machine.lines[0] ?? "", /printer:80/);
  await machine.press("back");
  t.is(machine.lines[0], "Server address: printer:80");
});

test("M11 stopping the client function names the changes that were not sent", async (t) => {
  const machine = await PanelMachine.start(t);
  machine.administration.setStatus({ client: { state: "offline", pending: 3 } });
  await machine.logIn("Administrator");
  t.is(machine.screen.status, "Saved here, will be synchronised (3)");
  await machine.press("settings");
  await machine.choose("Management", "Device", "Synchronize Custom Settings (Client)", "Stop the client");
  t.is(machine.lines[0], "3 changes made here have not reached the server and will not be sent.");
  t.is(machine.selected, "No");
  await machine.choose("Yes");
  t.deepEqual(machine.administration.calls, ["client off"]);
  t.is(machine.lines[0], "State: Off");
});

test("P21 what a stop left unsent is said afterwards as well", async (t) => {
  const machine = await PanelMachine.start(t);
  machine.administration.setStatus({ client: { state: "restart-needed", pending: 0 } });
  machine.administration.discarded = 1;
  await machine.logIn("Administrator");
  await machine.press("settings");
  await machine.choose("Management", "Device", "Synchronize Custom Settings (Client)", "Stop the client", "Yes");
  t.is(machine.lines[0], "1 change made here has not reached the server.");
});

test("M02 a machine is taken out of the server's list after a question", async (t) => {
  const machine = await PanelMachine.start(t);
  const deviceId = "a".repeat(32);
  machine.administration.registered = [
    {
      deviceId,
      deviceName: "MFP-3",
      productName: "P",
      location: "2nd floor",
      serialNumber: "S3",
      operating: false,
      lastContactAt: "2026-01-01T00:00:00Z",
    },
  ];
  machine.administration.setStatus({ server: { state: "running", machines: 1, users: 4, usersMax: 1_000, revision: 9 } });
  await machine.logIn("Administrator");
  await machine.press("settings");
  await machine.choose("Management", "Device", "Synchronize Custom Settings (Server)", "Machines: 1 of 10", "MFP-3: not operating");
  t.true(machine.lines.includes("Location: 2nd floor"));
  await machine.choose("Take this machine out", "Yes");
  t.is(machine.screen.title, "Machines");
  t.regex(machine.lines[0] ?? "", /No machine has connected/);
});

test("M16 what arrives shows at once and never moves what is under the finger", async (t) => {
  const machine = await PanelMachine.start(t, { entries: [button("user:alice", "b5", "Minutes"), button("user:alice", "b6", "Notes")] });
  await machine.logIn("alice");
  await machine.press("down");
  t.is(machine.selected, "Notes (Copy)");
  await machine.arrives(
    button("user:alice", "b1", "Agenda"),
    button("user:alice", "b2", "Budget"),
    button("common", "s1", "Scan to office"),
  );
  t.is(machine.selected, "Notes (Copy)");
  t.true(machine.lines.includes("Agenda (Copy)"));
  t.true(machine.lines.includes("Shared: Scan to office (Copy)"));
  await machine.press("ok");
  await machine.arrives({ ...button("user:alice", "b6", ""), value: undefined });
  t.is(machine.lines[0], "This entry is no longer there.");
  await machine.press("ok");
  t.is(machine.screen.title, "Home: alice");
});

test("a field that another machine changes while I edit the entry keeps its change unless I changed it too", async (t) => {
  const machine = await PanelMachine.start(t, { entries: [button("user:alice", "b1", "Minutes")] });
  await machine.logIn("alice");
  await machine.choose("Minutes", "Change");
  await machine.arrives({ ...button("user:alice", "b1", ""), value: { name: "Protocol", function: "copy", color: "red" } });
  await machine.choose("Function", "Fax");
  await machine.choose("Save");
  t.deepEqual((await machine.entries("user:alice", "personal-button"))[0]?.value, {
    name: "Protocol",
    function: "fax",
    settings: { destinations: [], resolution: "normal" },
    color: "red",
  });
});

test("the panel speaks the language that was chosen on it at once, and one that arrives from the next login on", async (t) => {
  const machine = await PanelMachine.start(t);
  await machine.logIn("alice");
  await machine.press("settings", "ok");
  await machine.choose("Deutsch");
  t.is(machine.screen.title, "Einstellungen/Registrierung");
  t.deepEqual(await machine.entries("user:alice", "display-language"), [{ key: "", value: "de" }]);
  await machine.arrives({ owner: owner("user:alice"), item: "display-language", key: "", value: "en-GB" });
  t.is(machine.screen.title, "Einstellungen/Registrierung", "what arrives does not change the screen under the finger");
  await machine.press("id");
  t.is(machine.screen.title, "Home");
  await machine.logIn("alice");
  t.is(machine.screen.title, "Home: alice");
  machine.administration.setStatus({ duringOperation: true });
  await machine.arrives({ owner: owner("user:alice"), item: "display-language", key: "", value: "de" });
  t.is(machine.screen.title, "Startseite: alice", "where the administrator has allowed it, it does");
});

test("destinations are looked at, searched, added with the lowest free one-touch number, edited and deleted", async (t) => {
  const entries = [
    mail("11", "u1", "Anna", { indxid: "1" }),
    mail("11", "u3", "Cäsar", { indxid: "3", pwd: "", enablesfp: "x" }),
    mail("2", "v1", "Berta"),
  ];
  const machine = await PanelMachine.start(t, { entries });
  await machine.logIn("alice");
  await machine.choose("Address lists");
  t.deepEqual(machine.lines.slice(0, 4), [
    "Personal Address List (0)",
    "User Group Address List 01: Sales (0)",
    "One-Touch (2)",
    "Address List 1 (0)",
  ]);
  await machine.choose("One-Touch");
  t.is(machine.selected, "1 Anna: anna@example.com");
  await machine.type("CÄS");
  t.deepEqual(machine.lines.slice(2, -1), ["3 Cäsar: cäsar@example.com"]);
  await machine.press("ok");
  t.is(machine.selected, "3 Cäsar: cäsar@example.com");
  await machine.press("soft1");
  await machine.choose("E-mail");
  await machine.type("Dora");
  await machine.press("ok");
  await machine.type("dora");
  await machine.press("soft1");
  t.is(machine.lines[0], "The e-mail address is not complete. It looks like name@example.com.");
  await machine.press("ok");
  await machine.choose("E-mail address");
  await machine.type("@example.com");
  await machine.press("soft1", "soft1");
  t.is(machine.screen.title, "One-Touch");
  t.is(machine.selected, "2 Dora: dora@example.com");
  const dora = (await machine.entries("common", "common-address"))
    .map(({ value }) => (isFields(value) ? value : {}))
    .find(({ cn }) => cn === "Dora");
  t.like(dora, { objectclass: "email", subdbid: "11", indxid: "2", mailaddress: "dora@example.com", protocol: "smtp" });
  await machine.choose("3 Cäsar", "Change");
  await machine.type(" II");
  await machine.press("soft1");
  const cäsar = (await machine.entries("common", "common-address")).find(({ key }) => key === "u3")?.value;
  t.like(cäsar, { cn: "Cäsar II", cnread: "Cäsar II", enablesfp: "x", indxid: "3" });
  await machine.choose("Delete", "Yes");
  t.deepEqual(machine.lines.slice(2, -1), ["1 Anna: anna@example.com", "2 Dora: dora@example.com"]);
});

test("B08 a stored password goes when the address it belongs to changes, and is never on a screen", async (t) => {
  const address = { objectclass: "remotefilesystem", cn: "Archive", subdbid: "1", url: "\\\\old", path: "in" };
  const server = { ...address, pwd: "pa55word-77", "#pwd-crypto": "2" };
  const machine = await PanelMachine.start(t, { entries: [{ owner: owner("common"), item: "common-address", key: "f1", value: server }] });
  await machine.logIn("alice");
  await machine.choose("Address lists", "Address List 1", "Archive", "Change");
  await machine.type("s");
  await machine.press("soft1");
  t.like((await machine.entries("common", "common-address"))[0]?.value, { cn: "Archives", pwd: "pa55word-77" });
  await machine.choose("Change", "Folder");
  await machine.press("left", "soft1");
  await machine.press("soft1");
  t.deepEqual((await machine.entries("common", "common-address"))[0]?.value, { ...address, cn: "Archives", path: "i", pwd: "" });
  for (const screen of machine.shown) t.false(JSON.stringify(screen).includes("pa55word-77"));
});

test("after an auto reset with nobody logged in, the keys work as before", async (t) => {
  const machine = await PanelMachine.start(t);
  await machine.clock.advance(130_000);
  await machine.press("id");
  t.is(machine.screen.title, "Log in: who are you?");
});

test("auto reset logs the user out after two minutes and keeps half-typed text out of anybody's sight", async (t) => {
  const machine = await PanelMachine.start(t);
  await machine.logIn("alice");
  await machine.choose("Add a personal button");
  await machine.clock.advance(100_000);
  await machine.type("Secret plans");
  await machine.clock.advance(119_000);
  t.is(machine.screen.field?.value, "Secret plans");
  await machine.clock.advance(1_000);
  t.is(machine.hal.users.loggedIn(), undefined);
  t.is(machine.screen.title, "Home");
  t.false(JSON.stringify(machine.screen).includes("Secret"));
});

test("after an auto reset that found nobody logged in, the next key is answered", async (t) => {
  const machine = await PanelMachine.start(t);
  await machine.clock.advance(LIMITS.autoResetMs * 2 + 1);
  await machine.press("id");
  t.is(machine.screen.title, "Log in: who are you?");
});

test("a login elsewhere shows that user's home and leaves nothing of the one before", async (t) => {
  const machine = await PanelMachine.start(t, { entries: [button("user:alice", "b1", "Alice's"), button("user:bob", "b1", "Bob's")] });
  await machine.logIn("alice");
  await machine.choose("Alice's", "Change");
  await machine.type(" draft");
  const before = machine.shown.length;
  await machine.logIn("bob");
  t.is(machine.screen.title, "Home: bob");
  for (const screen of machine.shown.slice(before)) t.false(JSON.stringify(screen).includes("Alice"));
  await machine.hal.users.logOut();
  await machine.quiet();
  t.is(machine.screen.title, "Home");
  t.false(JSON.stringify(machine.screen).includes("Bob"));
});

test("what the store refuses is told with what to do, and the entered text stays", async (t) => {
  const machine = await PanelMachine.start(t);
  await machine.logIn("alice");
  await machine.choose("Add a personal button");
  await machine.type("Plan");
  machine.hal.settings.edit = () => Promise.reject(new SyncError("hal-full", "no space left"));
  await machine.press("soft1");
  t.deepEqual(machine.lines.slice(0, 2), ["It was not saved.", "The machine's storage is full."]);
  await machine.press("ok");
  t.is(machine.lines[0], "Name: Plan");
});

test("stores that cannot be read are said, and read again by and by", async (t) => {
  const machine = await PanelMachine.start(t, { entries: [button("user:alice", "b1", "Minutes")] });
  const read = machine.hal.settings.read.bind(machine.hal.settings);
  machine.hal.settings.read = () => Promise.reject(new SyncError("hal-unavailable", "busy"));
  await machine.logIn("alice");
  t.regex(machine.lines.at(-1) ?? "", /cannot be read just now/);
  machine.hal.settings.read = read;
  await machine.clock.advance(6_000);
  await machine.quiet();
  t.is(machine.lines[0], "Minutes (Copy)");
});

test("a bug ends the run with its error, and nothing listens after the end", async (t) => {
  const machine = await PanelMachine.start(t);
  machine.hal.users.accounts = () => Promise.reject(new Error("a bug"));
  const ended = machine.ended;
  machine.ended = Promise.resolve();
  machine.hal.panel.press("id");
  await t.throwsAsync(ended, { message: "a bug" });
  const shown = machine.shown.length;
  await machine.press("settings");
  t.is(machine.shown.length, shown);
});

test("the panel does not read the whole address book for each of many changes", async (t) => {
  const machine = await PanelMachine.start(t);
  await machine.logIn("alice");
  const read = machine.hal.addressBook.read.bind(machine.hal.addressBook);
  let reads = 0;
  machine.hal.addressBook.read = (of) => {
    reads += 1;
    return read(of);
  };
  const changes = Array.from({ length: 200 }, (_, number) => mail("1", `k${number}`, `Name ${number}`));
  for (const change of changes) void machine.arrives(change);
  await machine.quiet();
  await machine.clock.advance(LIMITS.panelGatherMs);
  await machine.quiet();
  await machine.choose("Address lists");
  t.true(machine.lines.includes("Address List 1 (200)"));
  t.true(reads <= 4, `${reads} readings`);
});

test("a row that adds is greyed where this model's configuration has no more room, and says so when it is chosen", async (t) => {
  const own = { owner: owner("user:alice") };
  const entries = [
    button("user:alice", "b", "Plan"),
    button("common", "s", "Office"),
    { ...own, item: "keychain", key: "1", value: { user: "a", password: "b" } },
    { ...mail("", "p", "Anna"), ...own, item: "personal-address" },
  ];
  const machine = await PanelMachine.start(t, {
    entries,
    capacities: { "personal-button": 1, "shared-button": 2, keychain: 1, "personal-address": 1 },
  });
  const greyed = () => machine.screen.rows.flatMap(({ text, enabled }) => (enabled ? [] : [text]));
  await machine.logIn("alice");
  t.true(greyed().includes("Add a personal button"));
  await machine.choose("Add a personal button");
  t.is(machine.lines[0], "There is no room for one more button. Delete one that is no longer needed.");
  await machine.press("home");
  await machine.choose("Address lists", "Personal Address List");
  t.true(greyed().includes("Add a destination"));
  t.true(machine.lines.includes("Registered: 1 of 1"));
  await machine.press("settings");
  await machine.choose("Personal settings", "Keychain");
  t.deepEqual(greyed(), ["Add an entry"]);
  await machine.choose("Add an entry");
  t.is(machine.lines[0], "There is no room for one more entry. Delete one that is no longer needed.");
  await machine.logIn("Administrator");
  t.false(greyed().includes("Add a shared button"), "of two there is one");
});

test("a button's name has a hundred characters as people count them, and the machine's store takes it", async (t) => {
  const machine = await PanelMachine.start(t);
  await machine.logIn("alice");
  await machine.choose("Add a personal button");
  await machine.type("😀".repeat(101));
  await machine.press("ok");
  await machine.choose("Save");
  t.is(machine.selected, `${"😀".repeat(100)} (Copy)`);
});

test("the panel speaks the machine's language while nobody is logged in, and to whoever has chosen none", async (t) => {
  const entries = [{ owner: owner("user:alice"), item: "display-language", key: "", value: "en" }];
  const machine = await PanelMachine.start(t, { entries, language: "de-AT" });
  t.deepEqual([machine.screen.title, machine.selected], ["Startseite", "Anmelden"]);
  await machine.logIn("bob");
  t.is(machine.screen.title, "Startseite: bob");
  await machine.logIn("alice");
  t.is(machine.screen.title, "Home: alice", "her own choice");
  const strange = await PanelMachine.start(t, { language: "tlh" });
  t.is(strange.screen.title, "Home");
});
