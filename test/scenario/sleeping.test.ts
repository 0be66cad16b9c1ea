import test from "ava";
import { LIMITS } from "../../src/model/limits.ts";
import { Fleet } from "../fleet/fleet.ts";
import { ALICE, LANGUAGE } from "./entries.ts";

/** After this the server has noticed, whatever happened. */
const LEASE_MS = LIMITS.leaseMs + 500;

test("M28 the server machine does not sleep fully while a client machine is operating; it may sleep partially", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  await fleet.at("s").sleepFully();
  await fleet.advance(120_000);
  t.is(fleet.at("s").hal.power.state, "partial-sleep");
  await fleet.at("s").sleepFully();
  t.is(fleet.at("s").hal.power.state, "partial-sleep", "the hold was renewed");
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  t.is(fleet.at("a").status?.client?.state, "synchronized");
});

test("M28 when the last client machine stops, sleeps or is lost, the server may sleep fully within one lease", async (t) => {
  for (const how of ["stops", "sleeps", "is switched off", "is killed", "loses its cable"] as const) {
    const fleet = await Fleet.start({ server: "s", clients: ["a"] });
    const a = fleet.at("a");
    await fleet.at("s").sleepFully();
    if (how === "stops") await a.stopClient();
    else if (how === "sleeps") await a.sleepFully();
    else if (how === "is switched off") a.powerOff();
    else if (how === "is killed") a.kill();
    else a.unplug();
    await fleet.advance(LEASE_MS);
    t.is(fleet.at("s").hal.power.state, "full-sleep", `a ${how}`);
  }
});

test("M28 with two client machines, one that goes is not enough", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.at("s").sleepFully();
  fleet.at("a").powerOff();
  await fleet.advance(60_000);
  t.is(fleet.at("s").hal.power.state, "partial-sleep");
  await fleet.at("b").stopClient();
  await fleet.advance(LEASE_MS);
  t.is(fleet.at("s").hal.power.state, "full-sleep");
});

test("M28 the server says who keeps it awake, and that it does not know yet", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"], serverTakesPart: true });
  const s = fleet.at("s");
  const said = () => [s.status?.server?.keptAwakeBy?.length, s.status?.server?.awaitsMachines];
  const names = ["a", "b"].map((name) => fleet.at(name).hal.device.deviceName).sort();
  t.deepEqual(s.status?.server?.keptAwakeBy, names);
  fleet.at("a").powerOff();
  await fleet.at("b").stopClient();
  await fleet.advance(LEASE_MS);
  t.deepEqual(said(), [undefined, undefined]);
  await s.restart();
  await fleet.when(() => s.status?.server?.state === "running", 30_000, "the server function");
  t.deepEqual(said(), [undefined, true]);
  await fleet.advance(LEASE_MS);
  t.deepEqual(said(), [undefined, undefined]);
});

test("M28 a server that restarts holds for one lease before it decides", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  fleet.at("a").powerOff();
  await fleet.advance(60_000);
  const s = fleet.at("s");
  await s.restart();
  await fleet.when(() => s.status?.server?.state === "running", 30_000, "the server function");
  t.true(s.heldAwake);
  await s.sleepFully();
  t.is(s.hal.power.state, "partial-sleep");
  await fleet.advance(LEASE_MS);
  t.is(s.hal.power.state, "full-sleep");
});

test("M28 a server machine that wakes holds for one lease as well: machines may have begun to operate meanwhile", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  const s = fleet.at("s");
  fleet.at("a").powerOff();
  await fleet.advance(60_000);
  await s.sleepFully();
  t.is(s.hal.power.state, "full-sleep");
  await fleet.advance(60_000);
  s.wake();
  await fleet.advance(100);
  t.true(s.status?.server?.awaitsMachines);
  await s.sleepFully();
  t.is(s.hal.power.state, "partial-sleep");
  await fleet.advance(LEASE_MS);
  t.is(s.hal.power.state, "full-sleep");
});

test("M29 its own client does not keep a server machine awake", async (t) => {
  const fleet = await Fleet.start({ server: "s", serverTakesPart: true });
  await fleet.advance(LEASE_MS);
  t.is(fleet.at("s").status?.client?.state, "synchronized");
  await fleet.at("s").sleepFully();
  t.is(fleet.at("s").hal.power.state, "full-sleep");
});

test("M29 its own client keeps a server machine awake when it comes through a proxy, and no longer when the proxy is out of the way", async (t) => {
  const fleet = await Fleet.start({ server: "s", serverTakesPart: true });
  const s = fleet.at("s");
  s.setProxy({ proxy: "http://proxy:3128", proxyExcludesLocalhost: false });
  await fleet.settle();
  await fleet.advance(LEASE_MS);
  t.is(s.status?.client?.state, "synchronized");
  await s.sleepFully();
  await fleet.advance(120_000);
  t.is(s.hal.power.state, "partial-sleep", "it is one of many");
  s.setProxy({ proxy: "http://proxy:3128", proxyExcludesLocalhost: true });
  await fleet.advance(LEASE_MS);
  t.is(s.hal.power.state, "full-sleep");
});

test("M29 P30 through a proxy the own client opens the door for the others all the same, and edits go both ways", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  const s = fleet.at("s");
  s.setProxy({ proxy: "http://proxy:3128", proxyExcludesLocalhost: false });
  await s.startClient("localhost");
  await s.restart();
  await fleet.when(() => s.status?.client?.state === "synchronized", 30_000, "its own client's join");
  await fleet.when(() => fleet.at("a").status?.client?.state === "synchronized", 30_000, "coming in by the open door");
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  t.is(await s.read(ALICE, ...LANGUAGE), "fr");
  await s.edit(ALICE, ...LANGUAGE, "de");
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "de");
});

test("M30 an import or export keeps a machine from sleeping, a client machine as well; when it ends, the machine sleeps", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  for (const name of ["a", "b"]) {
    const machine = fleet.at(name);
    if (name === "a") await machine.deactivate();
    const run = machine.hal.restrictions.beginImportExport();
    if (run === "locked") return t.fail("locked");
    if (name === "a") await machine.startModule();
    await machine.sleepFully();
    await fleet.advance(3_600_000);
    t.is(machine.hal.power.state, "active", name);
    run.end();
    await fleet.advance(LIMITS.sleepComesMs);
    t.is(machine.hal.power.state, "full-sleep", name);
  }
});

test("M28 a sleeping client machine that wakes is up to date again, and holds the server awake", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.at("a").sleepFully();
  t.is(fleet.at("a").hal.power.state, "full-sleep");
  await fleet.at("b").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.advance(300_000);
  t.is(await fleet.at("a").read(ALICE, ...LANGUAGE), undefined);
  fleet.at("a").wake();
  await fleet.settle();
  t.is(await fleet.at("a").read(ALICE, ...LANGUAGE), "fr");
});

test("M37 a connection wakes a server machine from full sleep to partial sleep; until then clients work from their copy", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  const [s, a] = [fleet.at("s"), fleet.at("a")];
  await a.edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  a.powerOff();
  await fleet.advance(LEASE_MS);
  await s.sleepFully();
  t.is(s.hal.power.state, "full-sleep");
  await fleet.advance(600_000);
  await a.switchOn();
  t.is(await a.read(ALICE, ...LANGUAGE), "fr", "from its copy");
  await a.edit(ALICE, ...LANGUAGE, "de");
  await fleet.when(() => s.hal.power.state === "partial-sleep", 30_000, "waking");
  await fleet.settle();
  t.is(a.status?.client?.state, "synchronized");
  t.is(a.status?.client?.pending, 0);
});
