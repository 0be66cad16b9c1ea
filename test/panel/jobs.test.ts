import test from "ava";
import type { Value } from "../../src/model/value.ts";
import { COMMON } from "../../src/model/owner.ts";
import { isFields } from "../../src/model/value.ts";
import { button, mail, owner, PanelMachine } from "./machine.ts";
import { after, ALICE as STATE_ALICE, at, data, sketch } from "./state.ts";

const ALICE = "user:alice";
/** A setting that only a newer machine knows. */
const LATER = { staple: true };
const PLAN = { ...button(ALICE, "b1", "Plan"), value: { name: "Plan", function: "copy", settings: { copies: 2, ...LATER } } };
const JOB_MS = 3_000;

const timelineOf = async (machine: PanelMachine): Promise<readonly Value[]> => {
  const entries = (await machine.entries(ALICE, "timeline")).map(({ value }) => value);
  return entries.sort((a, b) => Number(isFields(b) && b.turn) - Number(isFields(a) && a.turn));
};
const recent = (machine: PanelMachine): readonly string[] => machine.lines.filter((line) => line.startsWith("Recent: "));
const wait = async (machine: PanelMachine): Promise<void> => {
  await machine.clock.advance(JOB_MS);
  await machine.quiet();
};

test("the Start key on a button begins its job, with the settings that this machine does not know as well", async (t) => {
  const machine = await PanelMachine.start(t, { entries: [PLAN] });
  await machine.logIn("alice");
  t.is(machine.selected, "Plan (Copy)");
  await machine.press("start");
  t.deepEqual(machine.hal.jobs.running(), { job: "copy", settings: { copies: 2, staple: true } });
  t.deepEqual(machine.lines, [
    "The job is running. The Stop key ends it.",
    "Copies: 2",
    "Sides: 1-sided",
    "Colour: Automatic colour",
    "OK",
  ]);
  await wait(machine);
  t.is(machine.lines[0], "The job has ended.");
  t.is(machine.selected, "OK", "what is under the finger means the same as before");
  await machine.press("ok");
  t.deepEqual(recent(machine), ["Recent: Copy: 2 copies, 1-sided, Automatic colour"]);
  t.deepEqual(await timelineOf(machine), [{ function: "copy", settings: { copies: 2, staple: true }, turn: 1 }]);
  t.deepEqual(await machine.entries(ALICE, "previous-settings"), [{ key: "copy", value: { copies: 2, staple: true } }]);
});

test("however often Start is pressed, one job begins", async (t) => {
  const machine = await PanelMachine.start(t, { entries: [PLAN] });
  await machine.logIn("alice");
  const begun: unknown[] = [];
  machine.hal.jobs.onJob((running) => running !== undefined && begun.push(running));
  await machine.press("start", "start", "start", "start");
  t.is(begun.length, 1);
  t.is((await timelineOf(machine)).length, 1);
  await machine.press("home", "start");
  t.deepEqual(machine.lines.slice(0, 2), ["It was not started.", "Another job is running on this machine."]);
  t.is(begun.length, 1);
});

test("the Stop key ends the running job, wherever one is by then", async (t) => {
  const machine = await PanelMachine.start(t, { entries: [PLAN] });
  await machine.logIn("alice");
  await machine.press("start", "stop");
  t.is(machine.hal.jobs.running(), undefined);
  t.is(machine.lines[0], "The job has ended.");
  await machine.press("home", "start", "home", "settings", "stop");
  t.is(machine.hal.jobs.running(), undefined);
  t.is(machine.screen.title, "Settings/Registration");
});

test("the timeline: used again unchanged it moves up, with a change it is new, and ten are kept", async (t) => {
  const machine = await PanelMachine.start(t);
  await machine.logIn("alice");
  const copy = async (copies: string): Promise<void> => {
    await machine.choose("Copy, scan, fax", "Copy");
    await machine.press("clear", ...([...copies] as "1"[]), "ok", "start");
    await wait(machine);
    await machine.press("home");
  };
  for (const copies of ["1", "2", "3"]) await copy(copies);
  t.deepEqual(
    recent(machine).map((line) => line.slice(0, 23)),
    ["Recent: Copy: 3 copies,", "Recent: Copy: 2 copies,", "Recent: Copy: 1 copy, 1"],
  );
  // Unchanged, by the timeline and by hand: the same entry.
  await machine.choose("Recent: Copy: 1 copy", "Start");
  await wait(machine);
  await machine.press("home");
  await copy("2");
  t.deepEqual(
    (await timelineOf(machine)).map((value) => isFields(value) && isFields(value.settings) && value.settings.copies),
    [2, 1, 3],
  );
  // Changed: a new one, and the old one stays.
  await machine.choose("Recent: Copy: 3 copies", "Use with other settings", "Sides", "2-sided", "Start");
  await wait(machine);
  await machine.press("home");
  t.deepEqual(recent(machine)[0], "Recent: Copy: 3 copies, 2-sided, Automatic colour");
  t.is(recent(machine).length, 4);
  for (let copies = 4; copies < 12; copies += 1) await copy(String(copies));
  t.is(recent(machine).length, 10);
  t.is((await timelineOf(machine)).length, 10);
  t.false(
    recent(machine).some((line) => line.startsWith("Recent: Copy: 1 copy")),
    "the oldest has gone",
  );
});

test("an entry of the timeline becomes a button, or goes", async (t) => {
  const machine = await PanelMachine.start(t, {
    entries: [
      { owner: owner(ALICE), item: "timeline", key: "t1", value: { function: "copy", settings: { copies: 5, sides: "2-sided" }, turn: 3 } },
    ],
  });
  await machine.logIn("alice");
  await machine.choose("Recent: Copy: 5 copies");
  t.is(machine.selected, "Start");
  t.false(machine.screen.rows.find(({ text }) => text === "Register as a shared button")?.enabled);
  await machine.choose("Register as a personal button");
  t.is(machine.screen.title, "New personal button");
  t.true(machine.lines.includes("Settings: 5 copies, 2-sided, Automatic colour"));
  await machine.type("Five");
  await machine.choose("Save");
  t.deepEqual((await machine.entries(ALICE, "personal-button"))[0]?.value, {
    name: "Five",
    function: "copy",
    settings: { copies: 5, sides: "2-sided", colour: "auto" },
  });
  await machine.choose("Delete from the timeline");
  t.is(machine.screen.title, "Home: alice");
  t.deepEqual(await machine.entries(ALICE, "timeline"), []);
});

test("an administrator registers settings as a shared button", async (t) => {
  const machine = await PanelMachine.start(t);
  await machine.logIn("Administrator");
  await machine.choose("Copy, scan, fax", "Copy", "Colour", "Black", "Register as a shared button");
  await machine.type("Grey");
  await machine.press("soft1");
  t.like((await machine.entries("common", "shared-button"))[0]?.value, { name: "Grey", settings: { colour: "black-and-white" } });
});

test("destinations come out of the address lists as copies without a secret; without one nothing is sent", async (t) => {
  const entries = [
    mail("1", "m1", "Anna", { pwd: "SECRET-1" }),
    mail("12", "m2", "Hidden"),
    { ...mail("1", "m3", "Bert"), owner: owner(ALICE), item: "personal-address" },
  ];
  const machine = await PanelMachine.start(t, { entries });
  await machine.logIn("alice");
  await machine.choose("Copy, scan, fax", "Scan and Send");
  await machine.press("start");
  t.is(machine.lines[0], "There is nobody to send to yet. Go to the destinations and choose one.");
  await machine.press("ok");
  await machine.choose("To: no destination");
  t.deepEqual(
    machine.lines,
    ["Search (name or number):", "Bert: bert@example.com", "Anna: anna@example.com"],
    "the administrators' list is theirs",
  );
  await machine.choose("Anna", "To: Anna", "Bert");
  t.is(machine.lines[0], "To: Anna, Bert");
  await machine.choose("To: Anna, Bert", "Remove: Bert");
  await machine.press("start");
  t.deepEqual(machine.hal.jobs.running()?.settings.destinations, [{ objectclass: "email", cn: "Anna", mailaddress: "anna@example.com" }]);
  await wait(machine);
  // The address changes, the copy does not.
  await machine.arrives(mail("1", "m1", "Anna", { mailaddress: "new@example.com" }));
  await machine.press("home");
  await machine.choose("Recent: Scan and Send: Anna");
  await machine.press("start");
  t.deepEqual(machine.hal.jobs.running()?.settings.destinations, [{ objectclass: "email", cn: "Anna", mailaddress: "anna@example.com" }]);
});

test("default settings are where a function begins, previous ones are taken on demand", async (t) => {
  const machine = await PanelMachine.start(t, {
    entries: [
      { owner: owner(ALICE), item: "default-job-settings", key: "copy", value: { copies: 4, sides: "2-sided" } },
      { owner: owner(ALICE), item: "previous-settings", key: "copy", value: { copies: 7, colour: "colour" } },
    ],
  });
  await machine.logIn("alice");
  await machine.choose("Copy, scan, fax", "Copy");
  t.deepEqual(machine.lines.slice(0, 3), ["Copies: 4", "Sides: 2-sided", "Colour: Automatic colour"]);
  await machine.choose("Take the previous settings");
  t.deepEqual(machine.lines.slice(0, 3), ["Copies: 7", "Sides: 1-sided", "Colour: Full colour"]);
  t.is(machine.screen.title, "Copy");
  await machine.press("home");
  await machine.choose("Copy, scan, fax", "Fax");
  t.false(machine.screen.rows.find(({ text }) => text === "Take the previous settings")?.enabled);
});

test("a number of copies that does not fit is said before anything is started or saved", async (t) => {
  const machine = await PanelMachine.start(t);
  await machine.logIn("alice");
  await machine.choose("Copy, scan, fax", "Copy");
  await machine.press("clear", "0", "ok", "start");
  t.is(machine.lines[0], "The number of copies does not fit. Type a number from 1 to 999.");
  t.is(machine.hal.jobs.running(), undefined);
});

test("buttons are moved, on my home screen only, and stay in my order", async (t) => {
  const entries = ["One", "Three", "Two"].map((name, index) => button(ALICE, `b${index}`, name));
  const machine = await PanelMachine.start(t, {
    entries: [...entries, button("common", "s1", "Shared A"), button("common", "s2", "Shared B")],
  });
  await machine.logIn("alice");
  t.deepEqual(machine.lines.slice(0, 3), ["One (Copy)", "Three (Copy)", "Two (Copy)"]);
  await machine.choose("Two");
  t.true(machine.lines.includes("Place on Home: 3 of 3"));
  await machine.choose("Move up");
  t.true(machine.lines.includes("Place on Home: 2 of 3"), "that it was moved is seen");
  await machine.choose("Move up");
  t.is(machine.screen.title, "Two");
  await machine.press("ok");
  t.is(machine.lines[0], "It cannot be moved any further in this direction.");
  await machine.press("home");
  await machine.choose("Shared: Shared B", "Move up");
  await machine.press("home");
  t.deepEqual(
    machine.lines.filter((line) => line.endsWith("(Copy)")),
    ["Two (Copy)", "One (Copy)", "Three (Copy)", "Shared: Shared B (Copy)", "Shared: Shared A (Copy)"],
  );
  await machine.logIn("bob");
  t.deepEqual(machine.lines.slice(1, 3), ["Shared: Shared A (Copy)", "Shared: Shared B (Copy)"]);
});

test("without a login shared buttons work, and no timeline is kept of it", async (t) => {
  const machine = await PanelMachine.start(t, { entries: [button("common", "s1", "Ours")] });
  await machine.choose("Shared: Ours", "Start");
  t.is(machine.hal.jobs.running()?.job, "copy");
  t.deepEqual(await machine.hal.settings.owners(), [COMMON]);
});

test("a button whose function this machine does not know cannot be started, and says why", (t) => {
  const later = { key: "b", name: "Later", job: "hologram", settings: {} };
  const known = { user: STATE_ALICE, data: new Map([[STATE_ALICE.owner, data({ buttons: [later] })]]) };
  const pressed = after(at({ screen: "home" }, known), "start");
  t.deepEqual(pressed.intents, []);
  t.is(pressed.screen.rows[0]?.text, "This machine does not know the function. It can be used on the machine where it was registered.");
  t.deepEqual(
    sketch(after(at({ screen: "button", button: { owner: STATE_ALICE.owner, item: "personal-button" }, key: "b" }, known), "left").screen),
    [
      "Later",
      "> Personal button",
      "Function: hologram",
      "(Start)",
      "(Use with other settings)",
      "Change",
      "Place on Home: 1 of 1",
      "(Move up)",
      "(Move down)",
      "Delete",
      "Where it comes from",
    ],
  );
});

test("what arrives while I work never moves what is under the finger", async (t) => {
  const machine = await PanelMachine.start(t, { entries: [button(ALICE, "b1", "Mine"), button(ALICE, "b2", "Next")] });
  await machine.logIn("alice");
  await machine.press("down");
  t.is(machine.selected, "Next (Copy)");
  await machine.arrives(button(ALICE, "b0", "A new one"), {
    owner: owner(ALICE),
    item: "home-settings",
    key: "",
    value: { "personal-button": ["b2"] },
  });
  t.is(machine.selected, "Next (Copy)");
  t.is(machine.lines[0], "Next (Copy)", "it moved, and the finger with it");
  await machine.press("start");
  t.is(machine.hal.jobs.running()?.job, "copy");
});
