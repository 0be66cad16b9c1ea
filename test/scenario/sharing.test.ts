import test from "ava";
import type { Value } from "../../src/model/value.ts";
import { CLIENT_HISTORY, readHistory } from "../../src/store/history.ts";
import { Fleet } from "../fleet/fleet.ts";
import type { VirtualMachine } from "../fleet/machine.ts";
import { ALICE, button, LANGUAGE } from "./entries.ts";

const OWN = { timeline: "device-specific" } as const;
const SHARED = { timeline: "shared" } as const;
const copies = (count: number): Value => ({ function: "copy", settings: { copies: count } });

/** What a machine shows of Alice's timeline, by key. */
async function timeline(machine: VirtualMachine, owner = ALICE): Promise<Record<string, Value>> {
  const entries = await machine.hal.settings.read(owner as never);
  return Object.fromEntries(entries.filter(({ item }) => item === "timeline").map(({ key, value }) => [key, value]));
}

/** What a machine keeps of what it lost, as "KEY because". */
async function lost(machine: VirtualMachine): Promise<string[]> {
  const found: string[] = [];
  for await (const { key, because } of readHistory(machine.moduleDisk.peek(), CLIENT_HISTORY)) found.push(`${key} ${because}`);
  return found.sort();
}

test("M18 the scope is changed only while no other client operates: refused, with the machines named", async (t) => {
  const fleet = await Fleet.start({ server: "s", serverTakesPart: true, clients: ["a", "b"] });
  t.deepEqual(await fleet.at("s").setSharing(OWN), { word: "machines-operating", machines: ["machine a", "machine b"] });
  fleet.at("a").powerOff();
  await fleet.advance(30_000);
  t.deepEqual(await fleet.at("s").setSharing(OWN), { word: "machines-operating", machines: ["machine b"] });
  await fleet.at("b").sleepFully();
  await fleet.advance(1_000);
  t.is(await fleet.at("s").setSharing(OWN), "done", "a machine in full sleep does not operate, and its own client does not count");
  t.is(
    fleet
      .at("s")
      .administration.sharing()
      .find(({ item }) => item === "timeline")?.scope,
    "device-specific",
  );
});

test("M18 a machine that is seldom heard operates until its lease ends", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  fleet.at("a").powerOff();
  await fleet.advance(15_000);
  t.like(await fleet.at("s").setSharing(OWN), { word: "machines-operating" });
  await fleet.advance(10_000);
  t.is(await fleet.at("s").setSharing(OWN), "done");
});

test("M17 only timeline, default job settings and previous settings can be chosen; one that cannot be spoils all of a choice", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: [] });
  const s = fleet.at("s");
  t.deepEqual(await s.setSharing({ timeline: "device-specific", keychain: "device-specific" }), { word: "scope-fixed", item: "keychain" });
  const chosen = s.administration.sharing().filter(({ selectable }) => selectable);
  t.deepEqual(
    chosen.map(({ item, scope }) => [item, scope]),
    [
      ["timeline", "shared"],
      ["default-job-settings", "shared"],
      ["previous-settings", "shared"],
    ],
  );
});

test("M18 a scope that is as wanted already is no change, whoever operates", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  const before = fleet.at("s").status?.server?.revision;
  t.is(await fleet.at("s").setSharing(SHARED), "done");
  t.is(fleet.at("s").status?.server?.revision, before);
});

test("M18 a server function that does not run refuses", async (t) => {
  const fleet = await Fleet.start({ others: ["s"] });
  t.deepEqual(await fleet.at("s").setSharing(OWN), { word: "server-not-running" });
  t.deepEqual(fleet.at("s").administration.sharing(), []);
});

test("M19 made device-specific, every machine goes its own way from the common data as it was, also one that was off", async (t) => {
  const fleet = await Fleet.start({ server: "s", serverTakesPart: true, clients: ["a", "b"] });
  fleet.at("b").powerOff();
  await fleet.at("a").edit(ALICE, "timeline", "1", copies(1));
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "de");
  await fleet.settle();
  await fleet.setSharing(OWN, ["a", "b"]);
  for (const name of ["s", "a", "b"]) t.deepEqual(await timeline(fleet.at(name)), { 1: copies(1) }, name);
  await fleet.at("a").edit(ALICE, "timeline", "2", copies(2));
  await fleet.at("b").edit(ALICE, "timeline", "1", copies(3));
  await fleet.at("s").delete(ALICE, "timeline", "1");
  await fleet.at("s").edit(ALICE, "personal-button", "x", button("x"));
  await fleet.settle();
  t.deepEqual(await timeline(fleet.at("a")), { 1: copies(1), 2: copies(2) });
  t.deepEqual(await timeline(fleet.at("b")), { 1: copies(3) });
  t.deepEqual(await timeline(fleet.at("s")), {});
  t.deepEqual(await fleet.everywhere(ALICE, "personal-button", "x"), button("x"), "everything else goes on being shared");
});

test("M19 P27 edits that were pending at the change stay on top of the common data, and never travel", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.at("a").edit(ALICE, "timeline", "1", copies(1));
  await fleet.at("a").edit(ALICE, "timeline", "2", copies(2));
  await fleet.settle();
  fleet.at("b").unplug();
  await fleet.advance(30_000);
  await fleet.at("b").edit(ALICE, "timeline", "1", copies(9));
  await fleet.at("b").delete(ALICE, "timeline", "2");
  await fleet.at("b").edit(ALICE, "timeline", "3", copies(8));
  await fleet.at("a").edit(ALICE, "timeline", "4", copies(4));
  await fleet.advance(1_000);
  fleet.at("b").powerOff();
  fleet.at("b").plug();
  await fleet.setSharing(OWN, ["a", "b"]);
  t.deepEqual(await timeline(fleet.at("b")), { 1: copies(9), 3: copies(8), 4: copies(4) });
  t.deepEqual(await timeline(fleet.at("a")), { 1: copies(1), 2: copies(2), 4: copies(4) });
  t.deepEqual(fleet.at("b").administration.acknowledged().pending, []);
  t.deepEqual(await lost(fleet.at("b")), []);
});
