import test from "ava";
import { LIMITS } from "../../src/model/limits.ts";
import type { Key } from "../../src/model/screen.ts";
import { NO_DATA } from "../../src/panel/personal-data.ts";
import { button, owner, PanelMachine } from "./machine.ts";
import { after, ALICE, at } from "./state.ts";

const BUTTONS = Array.from({ length: 9 }, (_, n) => button("user:alice", `b${n}`, `Button ${n}`));

test("a key held down moves one row for each repeat, and stops at the end", async (t) => {
  const machine = await PanelMachine.start(t, { entries: BUTTONS });
  await machine.logIn("alice");
  await machine.press("home");
  const from = machine.screen.selected ?? 0;
  await machine.press(...Array.from({ length: 5 }, (): Key => "down"));
  t.is(machine.screen.selected, from + 5);
  await machine.press(...Array.from({ length: 500 }, (): Key => "down"));
  t.is(machine.screen.selected, machine.lines.length - 1);
  await machine.press(...Array.from({ length: 500 }, (): Key => "up"));
  t.is(machine.screen.selected, 0);
});

test("OK held down on a question that destroys deletes nothing: No is under the finger", async (t) => {
  const machine = await PanelMachine.start(t, { entries: BUTTONS });
  await machine.logIn("alice");
  await machine.choose("Button 3");
  const index = machine.lines.indexOf("Delete");
  await machine.press(...Array.from({ length: index - (machine.screen.selected ?? 0) }, (): Key => "down"));
  await machine.press(...Array.from({ length: 21 }, (): Key => "ok"));
  t.is((await machine.entries("user:alice", "personal-button")).length, BUTTONS.length);
});

test("keys pressed while a user's data is being read are done when it is there, in their order, once each", (t) => {
  const login = { kind: "login", user: ALICE, data: new Map([[ALICE.owner, NO_DATA]]) } as const;
  const reading = after(at({ screen: "home" }), { kind: "logging-in" }, "settings", "down", "down", "down");
  t.is(reading.state.stack.length, 1);
  const { screen, state } = after(reading.state, login);
  t.is(screen.title, "Settings/Registration");
  t.is(screen.selected, 3);
  t.deepEqual(state.kept, []);
});

test("a key wakes a machine that sleeps, and does nothing else", async (t) => {
  const machine = await PanelMachine.start(t);
  await machine.press("energy-saver");
  t.not(machine.hal.power.state, "active");
  await machine.press("settings");
  t.is(machine.hal.power.state, "active");
  t.is(machine.screen.title, "Home");
  await machine.press("settings");
  t.is(machine.screen.title, "Settings/Registration");
});

test("an answer that comes after the auto reset shows nothing to whoever stands there then", async (t) => {
  const machine = await PanelMachine.start(t);
  await machine.logIn("Administrator");
  let release: () => void = () => undefined;
  machine.administration.gate = new Promise((resolve) => {
    release = resolve;
  });
  machine.administration.refusal = { word: "clock-not-right", sntp: "off" };
  await machine.press("settings");
  await machine.choose("Management", "Device", "Synchronize Custom Settings (Server)", "Start the server");
  await machine.clock.advance(LIMITS.autoResetMs + 1);
  t.is(machine.hal.users.loggedIn(), undefined);
  t.is(machine.screen.title, "Home");
  release();
  await machine.quiet();
  t.is(machine.screen.title, "Home");
});

test("Start, Stop, Clear and Energy Saver change nothing of a form; Clear takes a character, Reset drops it all", async (t) => {
  const machine = await PanelMachine.start(t);
  await machine.logIn("alice");
  await machine.choose("Add a personal button");
  await machine.type("Plan");
  await machine.press("stop", "clear");
  t.is(machine.screen.field?.value, "Pla");
  await machine.press("reset");
  t.is(machine.screen.title, "Home: alice");
  t.deepEqual(await machine.entries("user:alice", "personal-button"), []);
});

test("a Japanese user names a button in kana with the number pad", async (t) => {
  const language = { owner: owner("user:alice"), item: "display-language", key: "", value: "ja" };
  const machine = await PanelMachine.start(t, { entries: [language] });
  await machine.logIn("alice");
  await machine.choose("マイボタンを追加");
  await machine.press("ok", "soft2", "soft2");
  t.is(machine.lines.at(-1), "漢字は、接続したキーボードで入力してください。");
  await machine.press("2", "2", "0");
  t.is(machine.screen.field?.value, "きわ");
});
