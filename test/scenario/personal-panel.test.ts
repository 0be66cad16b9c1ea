import test from "ava";
import { must } from "../../src/model/assert.ts";
import type { Key, Screen } from "../../src/model/screen.ts";
import { parseOwner } from "../../src/model/owner.ts";
import { isFields } from "../../src/model/value.ts";
import { Fleet } from "../fleet/fleet.ts";
import { ALICE } from "./entries.ts";

const screenOf = (fleet: Fleet, name: string): Screen => must(fleet.at(name).hal.panel.screen(), "the panel shows a screen");
const recentOn = (fleet: Fleet, name: string): readonly string[] =>
  screenOf(fleet, name)
    .rows.map(({ text }) => text)
    .filter((text) => text.startsWith("Recent: "));

async function press(fleet: Fleet, name: string, ...keys: readonly Key[]): Promise<void> {
  for (const key of keys) {
    fleet.at(name).hal.panel.press(key);
    await fleet.advance(100);
  }
}

/** The Start key on the first button, and home again after the job. */
async function useFirst(fleet: Fleet, name: string): Promise<void> {
  await press(fleet, name, "home", "up", "up", "up", "start");
  await fleet.advance(5_000);
  await press(fleet, name, "ok");
}

test("B05 what is used on two machines, one of them cut off, is in the timeline once, with the settings that nobody here knows", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const [a, b] = [fleet.at("a"), fleet.at("b")];
  const owner = must(parseOwner(ALICE), "an owner");
  await a.edit(ALICE, "personal-button", "1", { name: "A plan", function: "copy", settings: { copies: 3, staple: true } });
  await fleet.settle();
  await a.login(ALICE);
  await fleet.advance(1_000);
  a.unplug();
  await useFirst(fleet, "a");
  await a.logout();
  await b.login(ALICE);
  await fleet.advance(1_000);
  await useFirst(fleet, "b");
  a.plug();
  await fleet.settle();
  const timeline = async () => (await fleet.until(b.hal.settings.read(owner))).filter(({ item }) => item === "timeline");
  const [entry, ...others] = await timeline();
  t.deepEqual(others, []);
  t.like(entry?.value, { function: "copy", settings: { copies: 3, staple: true } });
  t.deepEqual(recentOn(fleet, "b"), ["Recent: Copy: 3 copies, 1-sided, Automatic colour"]);
  await useFirst(fleet, "b");
  await fleet.settle();
  t.is(recentOn(fleet, "b").length, 1);
  t.deepEqual(
    (await timeline()).map(({ value }) => isFields(value) && value.turn),
    [2],
  );
});

test("M35 whoever logs in within a second of an edit on another machine never sees what was there before it", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const [a, b] = [fleet.at("a"), fleet.at("b")];
  await a.edit(ALICE, "personal-button", "1", { name: "first", function: "copy", settings: {} });
  await fleet.settle();
  const shown: string[] = [];
  b.hal.panel.onShow(({ title, rows }) => {
    if (title.includes("alice")) shown.push(rows[0]?.text ?? "");
  });
  for (const name of ["second", "third", "fourth"]) {
    await a.edit(ALICE, "personal-button", "1", { name, function: "copy", settings: {} });
    await fleet.advance(50);
  }
  const behind = b.status?.client?.revision;
  await b.login(ALICE);
  await fleet.advance(50);
  t.deepEqual(new Set(shown), new Set(["fourth (Copy)"]));
  t.true((behind ?? 0) < (b.status?.client?.revision ?? 0), "the login did not find it shown");
});

test("[Allow custom settings to be applied during operation] is off, outlives a restart, and lets a language in under the finger", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const [a, b] = [fleet.at("a"), fleet.at("b")];
  const speak = async (language: string): Promise<string> => {
    await a.edit(ALICE, "display-language", "", language);
    await fleet.settle();
    await fleet.advance(2_000);
    return screenOf(fleet, "b").title;
  };
  await b.login(ALICE);
  await fleet.advance(1_000);
  t.regex(await speak("de"), /^Home: /);
  await b.login(ALICE);
  await fleet.advance(1_000);
  t.regex(screenOf(fleet, "b").title, /^Startseite: /);
  t.is(await fleet.until(b.administration.synchronize({ duringOperation: true })), "done");
  t.true(b.status?.duringOperation);
  t.regex(await speak("fr"), /^Accueil/);
  await b.restart();
  await fleet.settle();
  t.true(b.status?.duringOperation);
  await b.login(ALICE);
  await fleet.advance(1_000);
  t.regex(await speak("en"), /^Home: /);
  t.is(await fleet.until(b.administration.synchronize({ duringOperation: false })), "done");
  t.is(b.status?.duringOperation, undefined);
  t.regex(await speak("de"), /^Home: /);
});
