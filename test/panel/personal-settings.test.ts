import test from "ava";
import { ITEMS } from "../../src/model/item.ts";
import type { EntryChange } from "../../src/model/entry.ts";
import type { Value } from "../../src/model/value.ts";
import { type ChosenItem, fieldsOfItem, isChosenItem, typedFieldsOf } from "../../src/panel/personal-settings.ts";
import { LANGUAGES } from "../../src/panel/texts/languages.ts";
import { owner, PanelMachine } from "./machine.ts";
import { after, ALICE, at, data } from "./state.ts";

const USER = "user:alice";
const CANARY = "canary-4410";
const of = (item: string, value: Value, key = ""): EntryChange => ({ owner: owner(USER), item, key, value });
const CHOSEN: readonly ChosenItem[] = ITEMS.map(({ id }) => id).filter(isChosenItem);

async function atPersonalSettings(machine: PanelMachine): Promise<void> {
  await machine.press("settings");
  await machine.choose("Personal settings");
}

test("the menu has the items of the table that a panel can set, in its order; nobody has personal settings", async (t) => {
  const machine = await PanelMachine.start(t);
  await machine.press("settings");
  t.false(machine.screen.rows.find(({ text }) => text === "Personal settings")?.enabled);
  await machine.logIn("alice");
  await atPersonalSettings(machine);
  const names = [
    "display-language",
    "keyboard-layout",
    "accessibility",
    "initial-screen",
    "direct-connection",
    "default-job-settings",
    "list-order",
  ] as const;
  t.deepEqual(
    machine.lines,
    [...names, "automatic-printing", "keychain"].map((item) => LANGUAGES.en.admin.items[item as ChosenItem]),
  );
});

for (const item of CHOSEN) {
  test(`${item}: every choice is saved, beside what a newer machine has written, and is there again`, async (t) => {
    const machine = await PanelMachine.start(t, { entries: [of(item, { later: [1] })] });
    await machine.logIn("alice");
    for (const [row, { name, options }] of fieldsOfItem(item).entries()) {
      for (const [index, option] of options.entries()) {
        await atPersonalSettings(machine);
        await machine.choose(LANGUAGES.en.admin.items[item]);
        await machine.press(...Array<"down">(typedFieldsOf(item).length + row).fill("down"), "ok");
        t.is(machine.screen.kind, "choice");
        await machine.press(...Array<"up">(9).fill("up"), ...Array<"down">(index).fill("down"), "ok");
        await machine.press("soft1");
        const [entry] = await machine.entries(USER, item);
        t.like(entry?.value, { later: [1], ...(index === 0 ? {} : { [name]: option }) });
      }
    }
  });

  test(`${item}: what does not fit stands there as if nobody had chosen, and nothing is saved that was not changed`, async (t) => {
    const machine = await PanelMachine.start(t, { entries: [of(item, "of-another-kind")] });
    await machine.logIn("alice");
    await atPersonalSettings(machine);
    await machine.choose(LANGUAGES.en.admin.items[item]);
    await machine.press("soft1");
    t.deepEqual(await machine.entries(USER, item), [{ key: "", value: "of-another-kind" }]);
    t.is(machine.screen.title, "Personal settings");
  });
}

test("direct connection: name and key of the network are typed; the key is shown nowhere, and stays until another one is typed", async (t) => {
  const machine = await PanelMachine.start(t);
  const values = async () => (await machine.entries(USER, "direct-connection")).map(({ value }) => value);
  const typed = async (label: string, text: string) => {
    await machine.choose(label);
    await machine.type(text);
    await machine.press("ok");
  };
  const open = async () => {
    await atPersonalSettings(machine);
    await machine.choose("Direct connection");
  };
  await machine.logIn("alice");
  await open();
  await typed("Network name (SSID)", "floor-2");
  await typed("Network key", CANARY);
  await machine.choose("Save");
  t.deepEqual(await values(), [{ ssid: "floor-2", networkKey: CANARY }]);
  await open();
  await machine.choose("Begin at login", "On", "Save");
  t.deepEqual(await values(), [{ ssid: "floor-2", networkKey: CANARY, atLogin: "on" }]);
  for (const screen of machine.shown) t.false(JSON.stringify(screen).includes(CANARY), JSON.stringify(screen));
});

test("B08 another network name erases the stored key; one that is typed with it stays, also the same one", async (t) => {
  const before = { ssid: "floor-2", networkKey: CANARY };
  for (const [typed, after] of [
    ["", { ssid: "lobby", networkKey: "" }],
    [CANARY, { ssid: "lobby", networkKey: CANARY }],
  ] as const) {
    const machine = await PanelMachine.start(t, { entries: [of("direct-connection", before)] });
    await machine.logIn("alice");
    await atPersonalSettings(machine);
    await machine.choose("Direct connection", "Network name (SSID)");
    await machine.press(...Array<"clear">("floor-2".length).fill("clear"));
    await machine.type("lobby");
    await machine.press("ok");
    if (typed !== "") {
      await machine.choose("Network key");
      await machine.type(typed);
      await machine.press("ok");
    }
    await machine.choose("Save");
    t.deepEqual(await machine.entries(USER, "direct-connection"), [{ key: "", value: after }]);
  }
});

test("[Save] writes what this person changed, and leaves what another machine has changed meanwhile", async (t) => {
  const machine = await PanelMachine.start(t);
  await machine.logIn("alice");
  await atPersonalSettings(machine);
  await machine.choose("Accessibility");
  await machine.arrives(of("accessibility", { keyRepeat: "off" }));
  await machine.choose("Screen colours", "Inverted", "Save");
  t.deepEqual(await machine.entries(USER, "accessibility"), [{ key: "", value: { keyRepeat: "off", colours: "inverted" } }]);
});

const FIRST: readonly (readonly [screen: string, title: string])[] = [
  ["home", "Home: alice"],
  ["jobs", "Copy, scan, fax"],
  ["copy", "Copy"],
  ["scan-and-send", "Scan and Send"],
  ["address-lists", "Address lists"],
  ["status", "Status Monitor"],
  ["of-later-version", "Home: alice"],
];
for (const [screen, title] of FIRST) {
  test(`initial screen "${screen}": it is the first after the login, and Back leads home`, async (t) => {
    const machine = await PanelMachine.start(t, { entries: [of("initial-screen", { screen })] });
    await machine.logIn("alice");
    t.is(machine.screen.title, title);
    await machine.press("back");
    t.is(machine.screen.title, "Home: alice");
    await machine.press("id");
    t.is(machine.screen.title, "Home");
  });
}

test("inverted colours and key repeat are the user's own: with the login they come, with the logout they go", async (t) => {
  const machine = await PanelMachine.start(t, { entries: [of("accessibility", { colours: "inverted", keyRepeat: "slow" })] });
  t.is(machine.screen.inverted, undefined);
  await machine.logIn("alice");
  t.like(machine.screen, { inverted: true, keyRepeat: "slow" });
  await machine.press("settings");
  t.like(machine.screen, { inverted: true, keyRepeat: "slow" }, "on every screen");
  await machine.logIn("bob");
  t.deepEqual([machine.screen.inverted, machine.screen.keyRepeat], [undefined, undefined]);
});

test("accessibility that is set here holds at once, and what arrives while one works from the next login on", async (t) => {
  const machine = await PanelMachine.start(t);
  await machine.logIn("alice");
  await machine.arrives(of("accessibility", { colours: "inverted" }));
  t.is(machine.screen.inverted, undefined, "the screen stays as it is under whoever works on it");
  await machine.logIn("alice");
  t.true(machine.screen.inverted);
  await atPersonalSettings(machine);
  await machine.choose("Accessibility", "Screen colours", "Normal", "Save");
  t.is(machine.screen.inverted, undefined);
  machine.administration.setStatus({ duringOperation: true });
  await machine.arrives(of("accessibility", { colours: "inverted" }));
  t.true(machine.screen.inverted, "the administrator has allowed it");
});

test("what arrives from another machine before anything could be read is in force when it is read", (t) => {
  const unreadable = { ...data({}), readable: false };
  const start = after(
    at({ screen: "home" }),
    { kind: "logging-in" },
    { kind: "login", user: ALICE, data: new Map([[ALICE.owner, unreadable]]) },
  ).state;
  const german = data({ appearance: { language: "de", accessibility: {} } });
  const readable = after(start, { kind: "data", owner: ALICE.owner, data: german });
  t.is(readable.screen.title, "Startseite: alice");
  const later = after(readable.state, { kind: "data", owner: ALICE.owner, data: data({}) });
  t.is(later.screen.title, "Startseite: alice");
});

test("[Allow custom settings to be applied during operation] is turned on and off by an administrator", async (t) => {
  const machine = await PanelMachine.start(t);
  await machine.logIn("Administrator");
  await machine.press("settings");
  await machine.choose("Management", "Device", "Synchronize Custom Settings (Client)");
  await machine.choose("Apply settings of others while working: Off");
  t.true(machine.administration.status().duringOperation);
  await machine.choose("Apply settings of others while working: On");
  t.is(machine.administration.status().duringOperation, undefined);
});

test("default job settings are chosen per function, and a job begins with them", async (t) => {
  const machine = await PanelMachine.start(t);
  await machine.logIn("alice");
  await atPersonalSettings(machine);
  await machine.choose("Default job settings", "Scan and Store");
  t.is(machine.screen.title, "Default: Scan and Store");
  await machine.choose("File format", "TIFF", "Save");
  t.deepEqual(await machine.entries(USER, "default-job-settings"), [
    { key: "scan-and-store", value: { box: 0, colour: "auto", sides: "1-sided", format: "tiff" } },
  ]);
  await machine.press("home");
  await machine.choose("Copy, scan, fax", "Scan and Store", "Start");
  t.like(machine.hal.jobs.running()?.settings, { format: "tiff" });
});

test("B08 a keychain entry is typed masked, saved, and on no screen ever again", async (t) => {
  const machine = await PanelMachine.start(t);
  await machine.logIn("alice");
  await atPersonalSettings(machine);
  await machine.choose("Keychain", "Add an entry");
  await machine.press("soft1");
  t.is(machine.lines[0], "The number of the network place is missing. Type the one under which it is registered, beginning with 1.");
  await machine.press("ok", "up", "up", "up");
  await machine.type("2");
  await machine.press("ok");
  await machine.type("nas-user");
  await machine.press("ok");
  await machine.type(CANARY);
  t.true(machine.screen.field?.secret);
  t.is(machine.screen.field?.value, "*".repeat(CANARY.length));
  await machine.press("soft1");
  t.deepEqual(await machine.entries(USER, "keychain"), [{ key: "2", value: { user: "nas-user", password: CANARY } }]);
  t.is(machine.screen.title, "Keychain");
  await machine.choose("Network place 2");
  t.deepEqual(machine.lines.slice(0, 2), ["User name there:", "Password there:"], "both are typed anew");
  for (const screen of machine.shown) t.false(JSON.stringify(screen).includes(CANARY));
  await machine.choose("Delete", "No");
  await machine.choose("Delete", "Yes");
  t.is(machine.screen.title, "Keychain");
  t.deepEqual(await machine.entries(USER, "keychain"), []);
});

test("B08 what was half typed into a keychain entry is gone with the login", async (t) => {
  const machine = await PanelMachine.start(t, { entries: [of("keychain", { user: "u", password: CANARY }, "1")] });
  await machine.logIn("alice");
  await atPersonalSettings(machine);
  await machine.choose("Keychain", "Network place 1");
  await machine.type("half");
  await machine.logIn("bob");
  for (const screen of machine.shown.slice(-3)) t.false(JSON.stringify(screen).includes("half") && screen.title.includes("bob"));
  await atPersonalSettings(machine);
  await machine.choose("Keychain");
  t.deepEqual(machine.lines, ["Add an entry"]);
  for (const screen of machine.shown) t.false(JSON.stringify(screen).includes(CANARY));
});
