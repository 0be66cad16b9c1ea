import test from "ava";
import type { Value } from "../../src/model/value.ts";
import { decodeEdit } from "../../src/protocol/edit.ts";
import { CLIENT_HISTORY, readHistory } from "../../src/store/history.ts";
import { Fleet } from "../fleet/fleet.ts";
import { forgetChanges } from "../fleet/forget-changes.ts";
import { ownerNamed, type VirtualMachine } from "../fleet/machine.ts";
import { FAIR_WEATHER } from "../fleet/virtual-network.ts";
import { ALICE, BOB, button, LANGUAGE } from "./entries.ts";

const OWN = { timeline: "device-specific" } as const;
const SHARED = { timeline: "shared" } as const;
const copies = (count: number): Value => ({ function: "copy", settings: { copies: count } });

/** What a machine shows of Alice's timeline, by key. */
async function timeline(fleet: Fleet, name: string, owner = ALICE): Promise<Record<string, Value>> {
  const entries = await fleet.until(fleet.at(name).hal.settings.read(ownerNamed(owner)));
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
  for (const name of ["s", "a", "b"]) t.deepEqual(await timeline(fleet, name), { 1: copies(1) }, name);
  await fleet.at("a").edit(ALICE, "timeline", "2", copies(2));
  await fleet.at("b").edit(ALICE, "timeline", "1", copies(3));
  await fleet.at("s").delete(ALICE, "timeline", "1");
  await fleet.at("s").edit(ALICE, "personal-button", "x", button("x"));
  await fleet.settle();
  t.deepEqual(await timeline(fleet, "a"), { 1: copies(1), 2: copies(2) });
  t.deepEqual(await timeline(fleet, "b"), { 1: copies(3) });
  t.deepEqual(await timeline(fleet, "s"), {});
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
  await fleet.at("b").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.at("a").edit(ALICE, "timeline", "4", copies(4));
  await fleet.advance(1_000);
  fleet.at("b").powerOff();
  fleet.at("b").plug();
  const from = fleet.wiretap.messages.length;
  await fleet.setSharing(OWN, ["a", "b"]);
  t.deepEqual(await timeline(fleet, "b"), { 1: copies(9), 3: copies(8), 4: copies(4) });
  t.deepEqual(await timeline(fleet, "a"), { 1: copies(1), 2: copies(2), 4: copies(4) });
  const travelled = fleet.wiretap.messages
    .slice(from)
    .flatMap(({ message: { body } }) => (body.kind === "push" ? body.edits.map((bytes) => decodeEdit(bytes).item) : []));
  t.deepEqual(travelled, ["display-language"], "of what was pending only the rest travels");
  t.deepEqual(fleet.at("b").administration.acknowledged().pending, []);
  t.deepEqual(await lost(fleet.at("b")), []);
});

test("P27 pending edits that were made before their owner was deleted do not stay; of an eviction they would be in the history", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.at("a").edit(ALICE, "timeline", "1", copies(1));
  await fleet.settle();
  fleet.at("b").unplug();
  await fleet.advance(30_000);
  await fleet.at("b").edit(ALICE, "timeline", "2", copies(2));
  await fleet.at("b").edit(BOB, "timeline", "2", copies(2));
  await fleet.advance(1_000);
  fleet.at("b").powerOff();
  fleet.at("b").plug();
  await fleet.advance(30_000);
  t.is(await fleet.at("s").deleteOwner(ALICE), "done");
  await fleet.settle();
  await fleet.setSharing(OWN, ["a", "b"]);
  t.deepEqual(await timeline(fleet, "b"), {});
  t.deepEqual(await timeline(fleet, "b", BOB), { 2: copies(2) }, "the neighbour stays");
  t.deepEqual(await timeline(fleet, "a", BOB), {}, "and does not travel");
  t.deepEqual(await lost(fleet.at("b")), []);
});

test("P27 what the own client edits around the change stays its own: the server takes none of it", async (t) => {
  for (let at = 0; at < 40; at += 2) {
    const fleet = await Fleet.start({ seed: at, server: "s", serverTakesPart: true, clients: ["a"] });
    const s = fleet.at("s");
    fleet.at("a").powerOff();
    await fleet.advance(30_000);
    void s.administration.setSharing(OWN);
    await fleet.advance(at);
    void s.changeSoon(ALICE, "timeline", "1", copies(at));
    await fleet.settle();
    t.deepEqual(await timeline(fleet, "s"), { 1: copies(at) }, `edited ${at} ms after the order`);
    t.deepEqual(s.administration.acknowledged().pending, []);
    await fleet.at("a").switchOn();
    await fleet.settle();
    await s.edit(ALICE, "timeline", "1", copies(99));
    await fleet.settle();
    const there = await timeline(fleet, "a");
    t.true(
      there[1] === undefined || JSON.stringify(there[1]) === JSON.stringify(copies(at)),
      "either it was common before, or it is not there",
    );
  }
});

test("P27 an edit that the server refuses because its item became device-specific stays on its machine, whatever it hears first", async (t) => {
  let refused = 0;
  for (let seed = 1; seed <= 24; seed += 1) {
    const fleet = await Fleet.start({ seed, server: "s", serverTakesPart: true, clients: [] });
    const s = fleet.at("s");
    // Through a proxy its own client is as far away as any other: the edit is on its way when the scope changes.
    s.setProxy({ proxy: "http://proxy:3128", proxyExcludesLocalhost: false });
    await fleet.settle();
    fleet.network.weather = { ...FAIR_WEATHER, latencyMsMin: 20, latencyMsMax: 400 };
    const from = fleet.wiretap.messages.length;
    void s.changeSoon(ALICE, "timeline", "1", copies(1));
    void s.changeSoon(ALICE, ...LANGUAGE, "de");
    await fleet.advance(15);
    void s.administration.setSharing(OWN);
    await fleet.settle();
    t.deepEqual(await timeline(fleet, "s"), { 1: copies(1) }, `seed ${seed}`);
    t.is(await s.read(ALICE, ...LANGUAGE), "de");
    t.deepEqual(await lost(s), [], "nothing of it was lost");
    const said = fleet.wiretap.messages.slice(from).map(({ message: { body } }) => body);
    const isRefusal = (body: (typeof said)[number]) =>
      body.kind === "answers" && body.answers.some(({ outcome }) => outcome === "device-specific");
    if (said.some(isRefusal)) refused += 1;
  }
  t.true(refused > 3, `edits crossed the change ${refused} times`);
});

test("M14 M19 P28 of two machines that come back together, one supplies the item whole, and the other has its own in its history", async (t) => {
  const first = new Set<string>();
  for (let seed = 1; seed <= 12; seed += 1) {
    const fleet = await Fleet.start({ seed, server: "s", clients: ["a", "b"] });
    await fleet.setSharing(OWN);
    await fleet.at("a").edit(ALICE, "timeline", "1", copies(1));
    await fleet.at("b").edit(ALICE, "timeline", "2", copies(2));
    await fleet.settle();
    await fleet.setSharing(SHARED, []);
    fleet.network.weather = { ...FAIR_WEATHER, latencyMsMin: 5, latencyMsMax: 100 };
    for (const name of ["a", "b"]) void fleet.at(name).switchOnSoon();
    await fleet.advance(3_000);
    await fleet.settle();
    const stands = await timeline(fleet, "a");
    t.deepEqual(await timeline(fleet, "b"), stands);
    const [winner, loser] = 1 in stands ? ["a", "b"] : ["b", "a"];
    t.deepEqual(stands, winner === "a" ? { 1: copies(1) } : { 2: copies(2) }, `seed ${seed}: whole, and nothing else`);
    t.deepEqual(await lost(fleet.at(winner)), []);
    t.deepEqual(await lost(fleet.at(loser)), [`${winner === "a" ? 2 : 1} replaced-at-scope-change`]);
    first.add(winner);
  }
  t.is(first.size, 2, "each of them was first at times");
});

for (const disk of ["moduleDisk", "machineDisk"] as const)
  test(`M19 B03 B05 a machine whose ${disk} is full when it comes back to another scope of sharing says so, and loses nothing when there is room`, async (t) => {
    for (const failing of [1, 2, 3, 5, 8]) {
      const fleet = await Fleet.start({ seed: failing, server: "s", clients: ["a", "b"] });
      const [a, b] = [fleet.at("a"), fleet.at("b")];
      await b.edit(ALICE, "timeline", "1", copies(1));
      await fleet.settle();
      a.unplug();
      await a.edit(ALICE, "timeline", "2", copies(2));
      await a.edit(ALICE, ...LANGUAGE, "fr");
      const comeBack = async (): Promise<void> => {
        a.plug();
        a[disk].failingWrites = failing * 20;
        await a.switchOn();
        await fleet.advance(20_000);
        if (disk === "moduleDisk") t.is(a.status?.client?.fault, "hal-full", "it says why");
        a[disk].failingWrites = 0;
        await fleet.when(() => a.status?.client?.state === "synchronized", 180_000, "a goes on");
        await fleet.settle();
      };
      await fleet.setSharing(OWN, ["b"]);
      await b.edit(ALICE, "timeline", "3", copies(3));
      await fleet.settle();
      await comeBack();
      t.deepEqual(await timeline(fleet, "a"), { 1: copies(1), 2: copies(2) }, "the common data as it was, and its own edit");
      t.deepEqual(await timeline(fleet, "b"), { 1: copies(1), 3: copies(3) });
      t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr");
      await fleet.setSharing(SHARED, ["b"]);
      await comeBack();
      t.deepEqual(await timeline(fleet, "a"), { 1: copies(1), 3: copies(3) });
      t.deepEqual(await lost(a), ["2 replaced-at-scope-change"]);
    }
  });

test("M19 P28 made shared, the first machine that connects supplies an owner's data, and the others' own goes to their history", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b", "c"] });
  await fleet.at("a").edit(ALICE, "timeline", "1", copies(1));
  await fleet.settle();
  await fleet.setSharing(OWN);
  await fleet.at("a").edit(ALICE, "timeline", "2", copies(2));
  await fleet.at("b").edit(ALICE, "timeline", "3", copies(3));
  await fleet.at("b").delete(ALICE, "timeline", "1");
  await fleet.at("c").edit(BOB, "timeline", "4", copies(4));
  await fleet.settle();
  await fleet.setSharing(SHARED, ["b", "a", "c"]);
  for (const name of ["a", "b", "c"]) {
    t.deepEqual(await timeline(fleet, name), { 3: copies(3) }, name);
    t.deepEqual(await timeline(fleet, name, BOB), { 4: copies(4) }, `${name}: by owner`);
  }
  t.deepEqual(await lost(fleet.at("a")), ["1 replaced-at-scope-change", "2 replaced-at-scope-change"]);
  t.deepEqual(await lost(fleet.at("b")), []);
  const why = fleet.at("a").log.filter(({ note }) => note?.kind === "scope-replaced");
  t.deepEqual(
    why.map(({ note }) => note),
    [{ kind: "scope-replaced", owner: ALICE, entries: 2 }],
    "its log says why",
  );
  t.is(fleet.at("a").hal.panel.screen()?.status, "1 thing to look at", "B05: without anybody looking for it");
  t.is(fleet.at("b").hal.panel.screen()?.status, "Up to date");
  await fleet.at("a").edit(ALICE, "timeline", "5", copies(5));
  await fleet.settle();
  t.deepEqual(await fleet.everywhere(ALICE, "timeline", "5"), copies(5));
});

test("M19 an owner whom nobody had before the item was shared again is supplied with every item of it", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const both = (scope: "shared" | "device-specific") => ({ timeline: scope, "previous-settings": scope });
  await fleet.setSharing(both("device-specific"));
  await fleet.at("a").edit(ALICE, "timeline", "1", copies(1));
  await fleet.at("a").edit(ALICE, "previous-settings", "copy", { copies: 3 });
  await fleet.settle();
  t.is(fleet.at("s").status?.server?.users, 0, "nothing of her reached the server");
  await fleet.setSharing(both("shared"));
  t.deepEqual(await fleet.everywhere(ALICE, "timeline", "1"), copies(1));
  t.deepEqual(await fleet.everywhere(ALICE, "previous-settings", "copy"), { copies: 3 });
  t.is(fleet.at("s").status?.server?.users, 1);
});

test("M19 what was common before the item was device-specific does not come back when it is shared again", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.at("a").edit(ALICE, "timeline", "1", copies(1));
  await fleet.settle();
  await fleet.setSharing(OWN);
  for (const name of ["a", "b"]) await fleet.at(name).delete(ALICE, "timeline", "1");
  await fleet.settle();
  await fleet.setSharing(SHARED);
  t.is(await fleet.everywhere(ALICE, "timeline", "1"), undefined);
});

test("M19 a machine that was off through both changes: what it shows is offered or replaced like its own", async (t) => {
  for (const first of ["a", "b"] as const) {
    const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
    await fleet.at("a").edit(ALICE, "timeline", "1", copies(1));
    await fleet.settle();
    fleet.at("b").unplug();
    await fleet.advance(30_000);
    await fleet.at("b").edit(ALICE, "timeline", "2", copies(2));
    await fleet.advance(1_000);
    fleet.at("b").powerOff();
    fleet.at("b").plug();
    await fleet.setSharing(OWN, ["a"]);
    await fleet.at("a").edit(ALICE, "timeline", "3", copies(3));
    await fleet.settle();
    await fleet.setSharing(SHARED, first === "a" ? ["a", "b"] : ["b", "a"]);
    const stands = first === "a" ? { 1: copies(1), 3: copies(3) } : { 1: copies(1), 2: copies(2) };
    for (const name of ["a", "b"]) t.deepEqual(await timeline(fleet, name), stands, `${first} was first, ${name}`);
  }
});

test("M19 M12 a machine that joins anew goes by the scopes that it finds: what is device-specific stays as it is there", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["n"] });
  await fleet.at("a").edit(ALICE, "timeline", "1", copies(1));
  await fleet.at("n").edit(ALICE, "timeline", "9", copies(9));
  await fleet.at("n").edit(ALICE, ...LANGUAGE, "nl");
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "de");
  await fleet.settle();
  await fleet.setSharing(OWN, ["a"]);
  await fleet.at("n").switchOn();
  await fleet.join("n");
  t.deepEqual(await timeline(fleet, "n"), { 9: copies(9) }, "the common data was not its own");
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "de");
  t.deepEqual(await lost(fleet.at("n")), [" replaced-at-join"]);
  await fleet.setSharing(SHARED, ["n", "a"]);
  t.deepEqual(await fleet.everywhere(ALICE, "timeline", "9"), copies(9), "and may supply it later");
});

test("M19 P28 a machine that joins anew supplies an item that nobody has supplied since it is shared again; the rest is the server's", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["n"] });
  await fleet.at("n").edit(ALICE, "timeline", "9", copies(9));
  await fleet.at("n").edit(ALICE, ...LANGUAGE, "nl");
  await fleet.at("n").edit(BOB, "timeline", "9", copies(9));
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "de");
  await fleet.at("a").edit(BOB, ...LANGUAGE, "fr");
  await fleet.settle();
  await fleet.setSharing(OWN, ["a"]);
  await fleet.at("a").edit(BOB, "timeline", "1", copies(1));
  await fleet.setSharing(SHARED, ["a"]);
  await fleet.at("n").switchOn();
  await fleet.join("n");
  t.deepEqual(await fleet.everywhere(ALICE, "timeline", "9"), copies(9));
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "de");
  t.is(await fleet.everywhere(BOB, "timeline", "9"), undefined, "a had supplied Bob's");
  t.deepEqual(await fleet.everywhere(BOB, "timeline", "1"), copies(1));
});

test("M12 an item that was always shared is no matter of M19: the server's data of the owner stands whole", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["n"] });
  await fleet.at("n").edit(ALICE, "timeline", "9", copies(9));
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "de");
  await fleet.settle();
  await fleet.join("n");
  t.is(await fleet.everywhere(ALICE, "timeline", "9"), undefined);
});

test("P28 where the whole owner is being offered, its items are not offered beside it", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["n"] });
  await fleet.at("n").edit(ALICE, "timeline", "9", copies(9));
  await fleet.at("n").edit(ALICE, ...LANGUAGE, "nl");
  await fleet.setSharing(OWN, ["a"]);
  await fleet.setSharing(SHARED, ["a"]);
  await fleet.at("n").switchOn();
  await fleet.join("n");
  const offers = fleet.wiretap.messages.flatMap(({ message: { body } }) => (body.kind === "offer" ? [[body.holding, body.item]] : []));
  t.deepEqual(offers, [[ALICE, undefined]]);
  t.deepEqual(await fleet.everywhere(ALICE, "timeline", "9"), copies(9));
});

test("M15 device-specific data of a deleted owner leaves every machine, and no history has it", async (t) => {
  const fleet = await Fleet.start({ server: "s", serverTakesPart: true, clients: ["a", "b"] });
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "de");
  await fleet.setSharing(OWN);
  for (const [index, name] of ["s", "a", "b"].entries()) {
    await fleet.at(name).edit(ALICE, "timeline", "1", copies(index));
    await fleet.at(name).edit(BOB, "timeline", "1", copies(index));
  }
  await fleet.settle();
  fleet.at("b").powerOff();
  t.is(await fleet.at("s").deleteOwner(ALICE), "done");
  await fleet.settle();
  await fleet.at("b").switchOn();
  await fleet.settle();
  for (const name of ["s", "a", "b"]) {
    t.deepEqual(await fleet.at(name).owners(), [BOB], name);
    t.deepEqual(await lost(fleet.at(name)), [], name);
  }
  await fleet.at("b").edit(ALICE, "timeline", "1", copies(7));
  await fleet.at("b").restart();
  await fleet.settle();
  t.deepEqual(await timeline(fleet, "b"), { 1: copies(7) }, "what is set afterwards stays");
});

test("M15 P28 a machine that comes back supplies nothing of an owner who was deleted while it was away", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "de");
  await fleet.setSharing(OWN);
  await fleet.at("b").edit(ALICE, "timeline", "1", copies(1));
  await fleet.settle();
  for (const order of ["before", "after"]) {
    await fleet.setSharing(OWN);
    fleet.at("b").powerOff();
    if (order === "before") await fleet.at("s").deleteOwner(ALICE);
    await fleet.setSharing(SHARED, []);
    if (order === "after") await fleet.at("s").deleteOwner(ALICE);
    for (const name of ["b", "a"]) {
      await fleet.at(name).switchOn();
      await fleet.settle();
    }
    t.is(await fleet.everywhere(ALICE, "timeline", "1"), undefined, order);
    await fleet.at("a").edit(ALICE, ...LANGUAGE, "de");
    await fleet.setSharing(OWN);
    await fleet.at("b").edit(ALICE, "timeline", "1", copies(1));
    await fleet.settle();
  }
});

test("P24 P27 a snapshot carries the common data of an item that became device-specific, for a machine that was away", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.at("a").edit(ALICE, "timeline", "1", copies(1));
  await fleet.at("a").edit(ALICE, "timeline", "2", copies(2));
  await fleet.settle();
  fleet.at("b").unplug();
  await fleet.advance(30_000);
  await fleet.at("b").edit(ALICE, "timeline", "1", copies(9));
  await fleet.at("a").edit(ALICE, "timeline", "3", copies(3));
  await fleet.at("a").delete(ALICE, "timeline", "2");
  await fleet.advance(1_000);
  fleet.at("b").powerOff();
  fleet.at("b").plug();
  await fleet.setSharing(OWN, ["a"]);
  await fleet.at("a").edit(ALICE, "timeline", "3", copies(4));
  await fleet.settle();
  await forgetChanges(fleet);
  await fleet.at("b").switchOn();
  await fleet.settle();
  t.deepEqual(await timeline(fleet, "b"), { 1: copies(9), 3: copies(3) });
});

test("P28 P24 by a snapshot too: what was supplied replaces a machine's own, which is in its history, and what was not is supplied", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.setSharing(OWN);
  await fleet.at("a").edit(ALICE, "timeline", "1", copies(1));
  await fleet.at("b").edit(ALICE, "timeline", "2", copies(2));
  await fleet.at("b").edit(BOB, "timeline", "2", copies(2));
  await fleet.settle();
  await fleet.setSharing(SHARED, ["a"]);
  await forgetChanges(fleet);
  await fleet.at("b").switchOn();
  await fleet.settle();
  for (const name of ["a", "b"]) {
    t.deepEqual(await timeline(fleet, name), { 1: copies(1) }, name);
    t.deepEqual(await timeline(fleet, name, BOB), { 2: copies(2) }, name);
  }
  t.deepEqual(await lost(fleet.at("b")), ["2 replaced-at-scope-change"]);
});

test("M19 off through all of it, and brought up to date by a snapshot: nothing that a machine shows goes without a trace", async (t) => {
  for (const scopes of [
    [OWN, SHARED],
    [OWN, SHARED, OWN],
    [OWN, SHARED, OWN, SHARED],
  ]) {
    const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
    await fleet.at("a").edit(ALICE, "timeline", "1", copies(1));
    await fleet.at("b").edit(BOB, "timeline", "2", copies(2));
    await fleet.settle();
    fleet.at("b").powerOff();
    await fleet.setSharing(scopes[0] ?? OWN, ["a"]);
    await fleet.at("a").delete(BOB, "timeline", "2");
    for (const next of scopes.slice(1)) await fleet.setSharing(next, ["a"]);
    await forgetChanges(fleet);
    await fleet.at("b").switchOn();
    await fleet.settle();
    t.deepEqual(await timeline(fleet, "b"), { 1: copies(1) }, `${scopes.length} changes`);
    t.deepEqual(await timeline(fleet, "b", BOB), { 2: copies(2) }, `${scopes.length} changes`);
    t.deepEqual(await timeline(fleet, "a", BOB), scopes.length % 2 === 0 ? { 2: copies(2) } : {}, `${scopes.length} changes`);
  }
});

test("M15 P26 a snapshot brings the deletion of an owner to the data that is a machine's own", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "de");
  await fleet.setSharing(OWN);
  await fleet.at("b").edit(ALICE, "timeline", "1", copies(1));
  await fleet.at("b").edit(BOB, "timeline", "1", copies(1));
  await fleet.settle();
  fleet.at("b").powerOff();
  await fleet.at("s").deleteOwner(ALICE);
  await forgetChanges(fleet);
  await fleet.at("b").switchOn();
  await fleet.settle();
  t.deepEqual(await fleet.at("b").owners(), [BOB]);
  t.deepEqual(await lost(fleet.at("b")), []);
});

test("P29 no snapshot, and no part of one, is from before a change of scope", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"], others: ["n"] });
  for (let index = 0; index < 40; index += 1) await fleet.at("a").edit(ALICE, "personal-button", `k${index}`, button("x".repeat(90)));
  await fleet.settle();
  fleet.at("b").powerOff();
  // Another machine's join leaves parts that may be shared with the next one.
  await fleet.join("n");
  await fleet.setSharing(OWN, []);
  const revision = fleet.at("s").status?.server?.revision ?? 0;
  const from = fleet.wiretap.messages.length;
  await fleet.at("n").switchOn();
  await fleet.at("n").stopClient();
  await fleet.join("n");
  const starts = fleet.wiretap.messages
    .slice(from)
    .flatMap(({ message: { body } }) => (body.kind === "welcome" && body.way.kind === "snapshot" ? [body.way.start.revision] : []));
  t.true(starts.length > 0);
  t.true(
    starts.every((start) => start >= revision),
    `${starts.join()} from ${revision} on`,
  );
});

test("P26 B02 device-specific data of an evicted owner leaves every machine, into the history of the machine that held it", async (t) => {
  const CAROL = "user:carol";
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"], config: { usersMax: 2 } });
  for (const owner of [ALICE, BOB]) await fleet.at("a").edit(owner, ...LANGUAGE, "de");
  await fleet.setSharing(OWN);
  for (const owner of [ALICE, BOB]) await fleet.at("b").edit(owner, "timeline", "1", copies(1));
  await fleet.at("a").edit(ALICE, "timeline", "1", copies(2));
  await fleet.settle();
  fleet.at("b").powerOff();
  await fleet.at("a").edit(CAROL, ...LANGUAGE, "fr");
  await fleet.settle();
  t.deepEqual(await fleet.at("a").owners(), [BOB, CAROL], "Alice is the first by name");
  await fleet.at("b").switchOn();
  await fleet.settle();
  t.deepEqual(await fleet.at("b").owners(), [BOB, CAROL]);
  t.deepEqual(await timeline(fleet, "b", BOB), { 1: copies(1) });
  t.deepEqual(await lost(fleet.at("a")), ["1 evicted"]);
  t.deepEqual(await lost(fleet.at("b")), ["1 evicted"]);
});

test("M33 M19 a restore that undoes a change of scope: every machine shows the restored data again, and its own is in its history", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.at("a").edit(ALICE, "timeline", "1", copies(1));
  await fleet.settle();
  const file = await fleet.backup("s");
  await fleet.setSharing(OWN);
  await fleet.at("b").edit(ALICE, "timeline", "2", copies(2));
  await fleet.settle();
  t.is(await fleet.restore("s", file), "done");
  await fleet.settle();
  for (const name of ["a", "b"]) t.deepEqual(await timeline(fleet, name), { 1: copies(1) }, name);
  t.deepEqual(
    (await lost(fleet.at("b"))).map((text) => text.split(" ")[0]),
    ["2"],
  );
  await fleet.at("b").edit(ALICE, "timeline", "3", copies(3));
  await fleet.settle();
  t.deepEqual(await timeline(fleet, "a"), { 1: copies(1), 3: copies(3) }, "and it is shared again");
});

test("M33 M19 a restore to before an item was shared again: it is device-specific, from the common data of then", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.at("a").edit(ALICE, "timeline", "1", copies(1));
  await fleet.settle();
  await fleet.setSharing(OWN);
  const file = await fleet.backup("s");
  await fleet.at("a").edit(ALICE, "timeline", "2", copies(2));
  await fleet.settle();
  await fleet.setSharing(SHARED);
  t.deepEqual(await timeline(fleet, "b"), { 1: copies(1), 2: copies(2) });
  t.is(await fleet.restore("s", file), "done");
  await fleet.settle();
  await fleet.at("b").edit(ALICE, "timeline", "3", copies(3));
  await fleet.settle();
  t.is((await timeline(fleet, "a"))[3], undefined, "what is set goes nowhere");
  t.is(
    fleet
      .at("s")
      .administration.sharing()
      .find(({ item }) => item === "timeline")?.scope,
    "device-specific",
  );
});
