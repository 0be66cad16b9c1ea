import test from "ava";
import { Fleet } from "../fleet/fleet.ts";
import { ALICE, BOB, LANGUAGE } from "./entries.ts";

test("M20 a machine that lost its own stores gets the shared data back, and what is edited on it afterwards reaches the others", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const [a, b] = [fleet.at("a"), fleet.at("b")];
  for (const value of ["de", "fr", "it", "es"]) await a.edit(ALICE, ...LANGUAGE, value);
  await fleet.settle();
  a.powerOff();
  a.machineDisk.wipe();
  await a.switchOn();
  await fleet.settle();
  t.is(await a.read(ALICE, ...LANGUAGE), "es");
  await a.edit(ALICE, ...LANGUAGE, "ja");
  await a.edit(BOB, ...LANGUAGE, "nl");
  await fleet.settle();
  t.is(await b.read(ALICE, ...LANGUAGE), "ja");
  t.is(await b.read(BOB, ...LANGUAGE), "nl");
});

test("numbers of edits go on where they were when the machine's stores begin anew: none is taken for acknowledged too early", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  const a = fleet.at("a");
  for (const value of ["de", "fr", "it", "es"]) await a.edit(ALICE, ...LANGUAGE, value);
  await fleet.settle();
  a.powerOff();
  a.machineDisk.wipe();
  await a.switchOn();
  await fleet.settle();
  a.unplug();
  const before = a.administration.acknowledged().acknowledged;
  await a.edit(ALICE, ...LANGUAGE, "ja");
  const [number = 0] = await fleet.until(a.administration.recorded([1]));
  t.true(number > before);
  t.is(a.administration.acknowledged().acknowledged, before);
  a.plug();
  await fleet.settle();
  t.is(a.administration.acknowledged().acknowledged, number);
});

test("M20 M32 a machine whose module begins with an empty storage, though the machine took part, says so in its log; a new one, or one that stopped, does not", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"], others: ["n"] });
  const [a, b, n] = [fleet.at("a"), fleet.at("b"), fleet.at("n")];
  await a.edit(ALICE, ...LANGUAGE, "de");
  await fleet.settle();
  a.powerOff();
  a.moduleDisk.wipe();
  await a.switchOn();
  await b.stopClient();
  await b.restart();
  await fleet.settle();
  const told = [a, b, n].map(({ log }) => log.filter(({ level, code }) => level === "Error" && code === "storage-damaged").length);
  t.deepEqual(told, [1, 0, 0]);
  t.is(await a.read(ALICE, ...LANGUAGE), "de", "what the machine itself has stays");
  await fleet.join("a");
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "de");
});
