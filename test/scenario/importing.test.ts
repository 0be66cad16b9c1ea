import test from "ava";
import { Fleet } from "../fleet/fleet.ts";
import { ALICE, BOB, LANGUAGE } from "./entries.ts";

test("M23 while the client function is started, import and export are locked on that machine", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  t.is(fleet.at("a").hal.restrictions.beginImportExport(), "locked");
  t.not(fleet.at("b").hal.restrictions.beginImportExport(), "locked");
  await fleet.at("a").stopClient();
  t.not(fleet.at("a").hal.restrictions.beginImportExport(), "locked");
});

test("M24 while an import or export runs, the machine's client pauses; nothing is lost, and it catches up afterwards", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const a = fleet.at("a");
  await a.deactivate();
  // The lock goes with the module that held it.
  while (a.hal.restrictions.held("import-export")) t.fail("a stopped module leaves import and export locked");
  const run = a.hal.restrictions.beginImportExport();
  if (run === "locked") return t.fail("locked");
  await a.startModule();
  await fleet.advance(10_000);
  t.is(a.status?.client?.state, "paused");
  await a.edit(ALICE, ...LANGUAGE, "fr");
  await fleet.at("b").edit(BOB, ...LANGUAGE, "de");
  await fleet.advance(20_000);
  t.is(await fleet.at("b").read(ALICE, ...LANGUAGE), undefined, "it pushes nothing");
  t.is(await a.read(BOB, ...LANGUAGE), undefined, "it applies nothing");
  t.true(
    fleet
      .at("s")
      .administration.machines()
      .some(({ deviceName, operating }) => deviceName === "machine a" && operating),
    "it stays connected",
  );
  run.end();
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr");
  t.is(await fleet.everywhere(BOB, ...LANGUAGE), "de");
});
