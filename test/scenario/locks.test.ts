import test from "ava";
import { LIMITS } from "../../src/model/limits.ts";
import { Fleet } from "../fleet/fleet.ts";
import { ownerNamed, type VirtualMachine } from "../fleet/machine.ts";
import { ALICE, BOB, button, LANGUAGE } from "./entries.ts";

const CAROL = "user:carol";

/** An import or export begins in the moment in which the module is not there to forbid it. */
async function importing(machine: VirtualMachine): Promise<() => void> {
  await machine.deactivate();
  const run = machine.hal.restrictions.beginImportExport();
  if (run === "locked") throw new Error("a stopped module leaves import and export locked");
  await machine.startModule();
  return () => run.end();
}

const isLocked = (machine: VirtualMachine): boolean => {
  const run = machine.hal.restrictions.beginImportExport();
  if (run !== "locked") run.end();
  return run === "locked";
};

const operating = (fleet: Fleet, name: string): boolean =>
  fleet
    .at("s")
    .administration.machines()
    .some((machine) => machine.deviceName === `machine ${name}` && machine.operating);

test("M24 while a long import runs the machine stays connected for hours, and the server awake; nothing is applied and nothing pushed", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const [s, a, b] = [fleet.at("s"), fleet.at("a"), fleet.at("b")];
  const end = await importing(a);
  await fleet.advance(10_000);
  b.powerOff();
  await fleet.advance(2 * LIMITS.leaseMs);
  await s.sleepFully();
  const before = fleet.wiretap.messages.length;
  for (let n = 1; n <= 20; n += 1) {
    await a.edit(ALICE, "personal-button", `${n}`, button(`${n}`));
    await fleet.advance(300_000);
    t.true(operating(fleet, "a"));
    t.is(a.status?.client?.state, "paused");
  }
  t.is(s.hal.power.state, "partial-sleep", "M28: a client machine operates");
  t.is(a.status?.client?.pending, 20, "what is edited is kept durably");
  const said = new Set(fleet.wiretap.messages.slice(before).map(({ message }) => message.body.kind));
  t.deepEqual([...said].sort(), ["client-beat", "server-beat"], "beats and nothing else");
  end();
  await fleet.settle();
  await b.switchOn();
  await fleet.settle();
  for (let n = 1; n <= 20; n += 1) t.deepEqual(await fleet.everywhere(ALICE, "personal-button", `${n}`), button(`${n}`));
});

test("M31 the list of machines says how many edits wait on each, and the panel is told when that changes", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  const [s, a] = [fleet.at("s"), fleet.at("a")];
  const waiting = () => s.administration.machines().find(({ deviceName }) => deviceName === "machine a")?.waiting;
  const end = await importing(a);
  await fleet.advance(10_000);
  t.is(waiting(), undefined);
  const told: (number | undefined)[] = [];
  s.administration.onStatus(() => told.push(waiting()));
  for (const key of ["1", "2"]) await a.edit(ALICE, "personal-button", key, button(key));
  await fleet.advance(2 * LIMITS.beatMs);
  t.is(waiting(), 2);
  t.is(told.at(-1), 2);
  end();
  await fleet.settle();
  await fleet.advance(2 * LIMITS.beatMs);
  t.is(waiting(), undefined);
  t.is(told.at(-1), undefined);
});

test("M24 what the server changed and deleted meanwhile is caught up with, and meets the edits of the import by the usual rules", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const [s, a, b] = [fleet.at("s"), fleet.at("a"), fleet.at("b")];
  for (const owner of [ALICE, BOB, CAROL]) await b.edit(owner, ...LANGUAGE, "fr");
  await fleet.settle();
  const end = await importing(a);
  await fleet.advance(5_000);
  await a.editAll([{ owner: ownerNamed(ALICE), item: LANGUAGE[0], key: "", value: "de" }]);
  await a.editAll([{ owner: ownerNamed(BOB), item: LANGUAGE[0], key: "", value: "de" }]);
  await fleet.advance(5_000);
  await b.edit(BOB, ...LANGUAGE, "it");
  await s.deleteOwner(CAROL);
  await s.deleteOwner(ALICE);
  await fleet.advance(5_000);
  t.is(await a.read(CAROL, ...LANGUAGE), "fr", "nothing is applied");
  end();
  await fleet.settle();
  t.is(await fleet.everywhere(BOB, ...LANGUAGE), "it", "made later than what was imported");
  t.is(await fleet.everywhere(CAROL, ...LANGUAGE), undefined);
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), undefined, "deleted after the import had changed it (M15)");
});

test("M24 killed after any of its writes while an import runs, and after it, the machine loses nothing", async (t) => {
  for (let writes = 1; writes <= 10; writes += 1) {
    for (const which of ["moduleDisk", "machineDisk"] as const) {
      const fleet = await Fleet.start({ seed: writes, server: "s", clients: ["a", "b"] });
      const [a, b] = [fleet.at("a"), fleet.at("b")];
      const end = await importing(a);
      await fleet.advance(3_000);
      let left = writes;
      a[which].onDurable = () => {
        left -= 1;
        if (left === 0) a.kill();
      };
      void a.hal.settings.edit([{ owner: ownerNamed(ALICE), item: LANGUAGE[0], key: "", value: "de" }], "import");
      await fleet.advance(100);
      await b.edit(BOB, ...LANGUAGE, "it");
      await fleet.advance(1_000);
      if (a.on) end();
      await fleet.advance(5_000);
      a[which].onDurable = undefined;
      await a.switchOn();
      const own = await a.read(ALICE, ...LANGUAGE);
      await fleet.settle();
      t.is(await fleet.everywhere(ALICE, ...LANGUAGE), own, `killed after write ${writes} to the ${which}`);
      t.is(await fleet.everywhere(BOB, ...LANGUAGE), "it");
    }
  }
});

test("M24 P20 a machine that is to join while an import runs joins when it has ended; what was imported is data of the join", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["b"], others: ["a"] });
  const [s, a] = [fleet.at("s"), fleet.at("a")];
  await fleet.at("b").edit(BOB, ...LANGUAGE, "fr");
  await fleet.settle();
  t.is(await a.startClient(s.address), "done");
  t.false(isLocked(a), "the client function works from the restart on (M08)");
  await a.restart();
  const end = await importing(a);
  await a.editAll([
    { owner: ownerNamed(ALICE), item: LANGUAGE[0], key: "", value: "de" },
    { owner: ownerNamed(BOB), item: LANGUAGE[0], key: "", value: "de" },
  ]);
  await fleet.advance(60_000);
  t.is(a.status?.client?.state, "paused");
  t.is(a.status?.client?.revision, undefined, "it has not joined");
  t.is(await a.read(BOB, ...LANGUAGE), "de");
  end();
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "de", "only this machine held it (M13)");
  t.is(await fleet.everywhere(BOB, ...LANGUAGE), "fr", "the server held it (M12)");
});

test("M24 a machine that is told amid an import to fetch everything asks for nothing before the import has ended", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["b"], others: ["a"] });
  const [s, a] = [fleet.at("s"), fleet.at("a")];
  await fleet.at("b").edit(BOB, ...LANGUAGE, "fr");
  await fleet.settle();
  t.is(await a.startClient(s.address), "done");
  a.unplug();
  await a.restart();
  const end = await importing(a);
  a.plug();
  await fleet.advance(60_000);
  const saidBy = () => fleet.wiretap.messages.flatMap(({ from, message: { body } }) => (from === "a" ? [body.kind] : []));
  t.true(saidBy().includes("hello"));
  t.false(saidBy().includes("pull-part"));
  end();
  await fleet.settle();
  t.true(saidBy().includes("pull-part"));
  t.is(await a.read(BOB, ...LANGUAGE), "fr");
});

test("M23 M24 an import and synchronisation exclude each other at every moment of a start, a failure and a stop", async (t) => {
  const fleet = await Fleet.start({ seed: 3, server: "s", clients: ["a"] });
  const a = fleet.at("a");
  let moments = 0;
  /** After each event: whoever synchronises has import and export locked. */
  const watch = async (ms: number) => {
    const endMs = fleet.world.nowMs + ms;
    while (await fleet.world.step(endMs)) {
      if (!a.running || a.status?.client?.state !== "synchronized") continue;
      moments += 1;
      if (!isLocked(a)) t.fail(`not locked at ${fleet.world.nowMs} ms`);
    }
  };
  void a.restartSoon();
  await watch(10_000);
  // The function fails and is started again; the lock stays.
  a.moduleDisk.failingWrites = 3;
  void a.changeSoon(ALICE, ...LANGUAGE, "de");
  await watch(20_000);
  void a.stopClientSoon();
  await watch(5_000);
  t.true(moments > 20);
  t.false(isLocked(a));
});
