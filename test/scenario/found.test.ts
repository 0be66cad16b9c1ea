/** What the simulation of whole fleets has found, each as the shortest story that shows it. */
import test from "ava";
import { LIMITS } from "../../src/model/limits.ts";
import { ALL_CHANGES } from "../../src/store/journal-keys.ts";
import { Fleet } from "../fleet/fleet.ts";
import { SLOW_DISK } from "../fleet/virtual-disk.ts";
import { ALICE, BOB, button, LANGUAGE } from "./entries.ts";

test("M33 M02 a machine that joined after the backup keeps its place when that is restored, and one that was taken out stays out", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"], others: ["c"] });
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  const file = await fleet.backup("s");
  await fleet.join("c");
  const [b] = fleet
    .at("s")
    .administration.machines()
    .filter(({ serialNumber }) => serialNumber === fleet.at("b").serialNumber);
  t.is(await fleet.until(fleet.at("s").administration.removeMachine(b?.deviceId ?? "")), "done");
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "de");
  await fleet.advance(5_000);
  t.is(await fleet.restore("s", file), "done");
  await fleet.advance(60_000);
  for (const name of ["a", "c"]) {
    t.is(fleet.at(name).status?.client?.state, "synchronized", name);
    t.is(await fleet.at(name).read(ALICE, ...LANGUAGE), "fr", name);
  }
  t.is(fleet.at("b").status?.client?.state, "refused");
});

test("M18 a server that has just started does not know who operates: for one lease every other machine that has a place counts", async (t) => {
  const fleet = await Fleet.start({ server: "s", serverTakesPart: true, clients: ["a"] });
  const s = fleet.at("s");
  s.kill();
  await s.switchOn();
  await fleet.when(() => s.status?.server?.state === "running");
  const refused = { word: "machines-operating", machines: ["machine a"] } as const;
  t.deepEqual(await s.setSharing({ timeline: "device-specific" }), refused, "a goes on as if nothing had happened");
  fleet.at("a").powerOff();
  t.deepEqual(await s.setSharing({ timeline: "device-specific" }), refused);
  await fleet.advance(25_000);
  t.is(await s.setSharing({ timeline: "device-specific" }), "done");
});

test("M18 a server that has just started does not name machines as operating that have said goodbye to it since", async (t) => {
  const fleet = await Fleet.start({ server: "s", serverTakesPart: true, clients: ["a", "b", "c"] });
  const [s, a, b] = [fleet.at("s"), fleet.at("a"), fleet.at("b")];
  fleet.at("c").powerOff();
  s.kill();
  await s.switchOn();
  await fleet.settle();
  await a.sleepFully();
  await b.deactivate();
  await fleet.advance(1_000);
  const timeline = { timeline: "device-specific" } as const;
  t.deepEqual(await s.setSharing(timeline), { word: "machines-operating", machines: ["machine c"] }, "of c nobody knows");
  await fleet.advance(25_000);
  t.is(await s.setSharing(timeline), "done");
});

test("P9 P10 a machine whose disks were put back to an older image is answered alike for what it pushed before, and shows what stands", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"], config: { changesKept: 1 } });
  const a = fleet.at("a");
  a.unplug();
  await a.edit(ALICE, ...LANGUAGE, "de");
  await fleet.advance(1_000);
  const image = { module: a.moduleDisk.medium.content, machine: a.machineDisk.medium.content };
  a.plug();
  await fleet.settle();
  await a.restart();
  await a.edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  // The changes that would show the machine its own edit are kept no more: it gets a snapshot.
  await fleet.at("b").restart();
  await fleet.settle();
  for (let n = 1; n <= 4; n += 1) {
    await fleet.at("b").edit(ALICE, "accessibility", "", n);
    await fleet.settle();
  }
  const revision = fleet.at("s").status?.server?.revision;
  a.powerOff();
  a.moduleDisk.replace(image.module);
  a.machineDisk.replace(image.machine);
  await a.switchOn();
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr", "its older edit does not win over its newer one");
  t.is(fleet.at("s").status?.server?.revision, revision);
});

test("M20 B03 an older image of a machine's own store, put back alone, makes no edit anew: what stands is shown, and what is edited then counts", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const a = fleet.at("a");
  await a.edit(ALICE, ...LANGUAGE, "de");
  await fleet.settle();
  const image = a.machineDisk.medium.content;
  await a.edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  a.unplug();
  await fleet.advance(30_000);
  await a.edit(ALICE, "accessibility", "", 1);
  await fleet.advance(1_000);
  a.powerOff();
  a.machineDisk.replace(image);
  await a.switchOn();
  await fleet.advance(5_000);
  t.is(await a.read(ALICE, ...LANGUAGE), "fr", "its copy has it");
  t.is(await a.read(ALICE, "accessibility", ""), 1, "and what waits, too");
  await a.edit(ALICE, "personal-button", "x", button("x"));
  a.plug();
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr");
  t.is(await fleet.everywhere(ALICE, "accessibility", ""), 1);
  t.deepEqual(await fleet.everywhere(ALICE, "personal-button", "x"), button("x"));
});

test("P17 I8 older images of a machine's two storages, put back one after the other, leave nothing on it that nobody knows", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const a = fleet.at("a");
  await a.edit(ALICE, ...LANGUAGE, "de");
  await fleet.settle();
  a.unplug();
  await fleet.advance(1_000);
  const image = { module: a.moduleDisk.medium.content, machine: a.machineDisk.medium.content };
  await a.edit(ALICE, ...LANGUAGE, "fr");
  await fleet.advance(1_000);
  a.powerOff();
  a.machineDisk.replace(image.machine);
  await a.switchOn();
  await fleet.advance(5_000);
  t.is(await a.read(ALICE, ...LANGUAGE), "fr", "its copy had it");
  a.powerOff();
  a.moduleDisk.replace(image.module);
  await a.switchOn();
  await fleet.advance(5_000);
  t.is(await a.read(ALICE, ...LANGUAGE), "de", "and has it no more; the position of both is what it always was");
  a.plug();
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "de");
});

test("I8 an older image of the module's storage, put back alone, is compared where one store is level with it and the other is ahead", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const [a, b] = [fleet.at("a"), fleet.at("b")];
  const image = b.moduleDisk.medium.content;
  await a.edit(ALICE, ...LANGUAGE, "de");
  await fleet.advance(100);
  t.is(await b.read(ALICE, ...LANGUAGE), "de");
  b.powerOff();
  fleet.at("s").powerOff();
  b.moduleDisk.replace(image);
  await b.switchOn();
  await fleet.advance(1_000);
  t.is(await b.read(ALICE, ...LANGUAGE), undefined, "its copy does not have it, and says so");
  await fleet.at("s").switchOn();
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "de");
});

test("I8 B02 an older image of the module's storage, put back alone: what was set while its client function was stopped goes to the history", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const a = fleet.at("a");
  await a.edit(ALICE, ...LANGUAGE, "de");
  await fleet.settle();
  const image = a.moduleDisk.medium.content;
  // Nobody hears that it stops: it keeps its place.
  fleet.at("s").powerOff();
  await a.stopClient();
  await a.edit(ALICE, ...LANGUAGE, "fr");
  await a.edit(BOB, ...LANGUAGE, "fr");
  // A start without the client function forgets which edits there were: they are data of the next join.
  await a.restart();
  a.powerOff();
  a.moduleDisk.replace(image);
  await a.switchOn();
  await fleet.advance(1_000);
  await a.edit(BOB, "personal-button", "x", button("x"));
  await fleet.at("s").switchOn();
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "de");
  t.is(await fleet.everywhere(BOB, ...LANGUAGE), undefined);
  t.deepEqual(await fleet.everywhere(BOB, "personal-button", "x"), button("x"));
  const lost = (await a.history()).map(({ owner, value, because }) => [owner, value, because]);
  t.deepEqual(
    lost.sort(([one], [other]) => `${one}`.localeCompare(`${other}`)),
    [
      [ALICE, "fr", "restored"],
      [BOB, "fr", "restored"],
    ],
  );
});

test("M32 a machine that is refused before it has recovered from a crash says so all the same", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const a = fleet.at("a");
  const image = a.moduleDisk.medium.content;
  await fleet.at("b").edit(ALICE, ...LANGUAGE, "de");
  await fleet.settle();
  await a.stopClient();
  // The module comes back with a place that it has given up; its copy is older than what the machine shows.
  a.powerOff();
  a.moduleDisk.replace(image);
  a.machineDisk.speed = SLOW_DISK;
  await a.switchOn();
  await fleet.advance(10_000);
  t.is(a.status?.client?.reason, "not-paired");
  t.true(a.log.some(({ level, text }) => level === "Error" && text.includes("the server machine")));
});

test("I26 the journal is trimmed again soon after a join to which nothing changed: its machine never asks for changes", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"], config: { changesKept: 2 } });
  await fleet.join("b");
  await fleet.advance(LIMITS.transferPauseMs);
  for (let n = 1; n <= 12; n += 1) {
    await fleet.at("a").edit(ALICE, "accessibility", "", n);
    await fleet.settle();
  }
  t.is(await fleet.everywhere(ALICE, "accessibility", ""), 12);
  const { content } = fleet.at("s").moduleDisk.medium;
  const { from, to } = ALL_CHANGES;
  t.true([...content.ascending(from, to)].length <= 4, "two are kept, and as many as go at once");
});

test("M23 B06 a machine that takes over keeps imports locked all the while", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  fleet.at("s").powerOff();
  await fleet.advance(20_000);
  const a = fleet.at("a");
  let outcome: unknown;
  void a.administration.takeOver().then((told) => (outcome = told));
  for (let ms = 0; outcome === undefined && ms < 60_000; ms += 1) {
    await fleet.advance(1);
    if (a.hal.restrictions.held("import-export")) continue;
    return t.fail(`not locked after ${ms} ms`);
  }
  t.is(outcome, "done");
  a.destination = "localhost";
  await fleet.settle();
  t.true(a.hal.restrictions.held("import-export"));
  await a.stopClient();
  t.false(a.hal.restrictions.held("import-export"));
});

test("M23 B06 a client function that is pointed to another server machine keeps imports locked until it is set", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["t"] });
  await fleet.serve("t");
  const a = fleet.at("a");
  let outcome: unknown;
  void a.startClientSoon(fleet.at("t").address).then((told) => (outcome = told));
  const before = a.moduleDisk.writes;
  for (let ms = 0; outcome === undefined && ms < 60_000; ms += 1) {
    await fleet.advance(1);
    if (a.status?.client?.state === "restart-needed" || a.hal.restrictions.held("import-export")) continue;
    return t.fail(`not locked after ${ms} ms`);
  }
  t.is(outcome, "done");
  t.true(a.moduleDisk.writes > before + 1);
});

test("P28 P18 what the server machine's own client had set is supplied by it again when its item is shared once more: taken once for each join", async (t) => {
  const fleet = await Fleet.start({ server: "s", serverTakesPart: true, clients: ["a"] });
  const jobs = { function: "copy", settings: { copies: 7 } };
  await fleet.at("s").edit(ALICE, "timeline", "1", jobs);
  await fleet.settle();
  await fleet.setSharing({ timeline: "device-specific" });
  await fleet.setSharing({ timeline: "shared" });
  await fleet.settle();
  t.deepEqual(await fleet.everywhere(ALICE, "timeline", "1"), jobs);
  t.is(fleet.wiretap.journal.fault, undefined);
});
