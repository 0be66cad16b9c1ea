import test from "ava";
import { CLIENT_HISTORY } from "../../src/store/history.ts";
import { Fleet } from "../fleet/fleet.ts";
import { lostAt } from "./durable.ts";
import { ALICE, BOB, COMMON, LANGUAGE, address, button } from "./entries.ts";

const COPY = ["default-job-settings", "copy"] as const;

/** a was without a cable while b set "es", and its own "fr" was made before that. */
async function fleetWithConflict(): Promise<Fleet> {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.at("b").edit(ALICE, ...LANGUAGE, "de");
  await fleet.settle();
  fleet.at("a").unplug();
  await fleet.advance(30_000);
  await fleet.at("a").login(ALICE);
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.advance(10_000);
  await fleet.at("b").edit(ALICE, ...LANGUAGE, "es");
  fleet.at("a").plug();
  await fleet.settle();
  return fleet;
}

test("B02 an edit that lost against one its author had not seen is kept in the history of its author, with what stands instead", async (t) => {
  const fleet = await fleetWithConflict();
  const [lost, ...more] = await fleet.at("a").history(ALICE);
  t.like(lost, { lostBy: "client", owner: ALICE, item: "display-language", key: "", value: "fr", because: "superseded", by: ALICE });
  t.like(lost?.stands, { deviceName: "machine b", why: "seen" });
  t.true(Date.parse(lost?.madeAt ?? "") < Date.parse(lost?.lostAt ?? ""));
  t.deepEqual(more, []);
  t.deepEqual(await fleet.at("b").history(), []);
  t.like((await fleet.at("a").why(ALICE, ...LANGUAGE)).replaced[0], { id: lost?.id, value: "fr" });
});

test("B02 M12 data that a join replaced is kept on the machine that joined, list by list, secrets unreadable", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  const [a, b] = [fleet.at("a"), fleet.at("b")];
  await a.edit(ALICE, ...LANGUAGE, "fr");
  await a.edit(COMMON, "common-address", "a1", address("from-a", "1"));
  await fleet.settle();
  await b.edit(ALICE, ...LANGUAGE, "de");
  await b.edit(ALICE, "keychain", "k", { user: "alice", password: "geheim" });
  await b.edit(ALICE, "personal-address", "p", { cn: "nas", pwd: "geheim" });
  await b.edit(COMMON, "common-address", "b1", address("from-b", "1"));
  await b.edit(COMMON, "common-address", "b2", address("from-b", "2"));
  await b.edit(BOB, ...LANGUAGE, "it");
  await fleet.join("b");
  const history = await b.history();
  t.deepEqual(
    history.map(({ owner, item, value, because, madeAt }) => [owner, item, value, because, madeAt]).sort(),
    [
      [COMMON, "common-address", address("from-b", "1"), "replaced-at-join", undefined],
      [ALICE, "display-language", "de", "replaced-at-join", undefined],
      [ALICE, "keychain", { set: true }, "replaced-at-join", undefined],
      [ALICE, "personal-address", { cn: "nas", pwd: { set: true } }, "replaced-at-join", undefined],
    ].sort(),
    "bob and list 2 were supplied",
  );
  t.deepEqual(
    (await b.history(COMMON)).map(({ owner }) => owner),
    [COMMON],
  );
  t.deepEqual(await a.history(), []);
});

test("B02 P19 an owner that another machine had supplied first goes to the history of the machine that came second", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  const b = fleet.at("b");
  await b.edit(ALICE, ...LANGUAGE, "it");
  await b.startClient(fleet.at("s").address);
  fleet.network.onMessage(({ message }) => {
    if (message.body.kind === "offer") fleet.network.cut("b", "s");
  });
  void b.restartSoon();
  await fleet.when(() => fleet.network.isCut("b", "s"), 20_000, "an offer");
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.advance(500);
  fleet.network.heal("b", "s");
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr");
  const history = await b.history(ALICE);
  t.true(history.length > 0);
  for (const lost of history) t.like(lost, { value: "it", because: "owner-held" });
});

test("B02 an edit that the server refused for a limit is kept in the history of its author", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  for (const name of ["a", "b"]) fleet.at(name).unplug();
  await fleet.advance(30_000);
  for (const [name, first] of [
    ["a", 0],
    ["b", 600],
  ] as const)
    await fleet
      .at(name)
      .editAll(
        Array.from({ length: 600 }, (_, i) => ({ owner: ALICE as never, item: "shortcut", key: `k${first + i}`, value: button("x") })),
      );
  fleet.at("a").plug();
  await fleet.settle();
  fleet.at("b").plug();
  await fleet.settle();
  const history = await fleet.at("b").history(ALICE);
  t.is(history.length, 200);
  t.like(history[0], { because: "too-many-entries", by: "import" });
});

test("M15 P23 a deletion leaves nothing of its owner in any history, and what other owners lost stays", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  for (const owner of [ALICE, BOB]) {
    await fleet.at("a").edit(owner, ...LANGUAGE, "fr");
    await fleet.at("b").edit(owner, ...LANGUAGE, "de");
  }
  await fleet.settle();
  await fleet.join("b");
  t.is((await fleet.at("b").history()).length, 2);
  await fleet.at("s").deleteOwner(ALICE);
  await fleet.settle();
  t.deepEqual(
    (await fleet.at("b").history()).map(({ owner }) => owner),
    [BOB],
  );
});

test("B02 P23 an owner that was deleted before a machine joined erases nothing of what the join replaced, over a crash as well", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  const b = fleet.at("b");
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  await fleet.at("s").deleteOwner(ALICE);
  await fleet.advance(1_000);
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "es");
  await b.edit(ALICE, ...LANGUAGE, "de");
  await fleet.join("b");
  t.like((await b.history(ALICE))[0], { value: "de" });
  // A machine that lost its own stores compares everything with its copy again.
  b.powerOff();
  b.machineDisk.wipe();
  await b.switchOn();
  await fleet.settle();
  t.like((await b.history(ALICE))[0], { value: "de" });
});

test("B02 what a conflict lost is put back as a fresh edit: it wins, on every machine, and can be lost and put back again", async (t) => {
  const fleet = await fleetWithConflict();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "es");
  t.is(await fleet.at("a").putBack(ALICE), 1);
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr");
  t.like(await fleet.at("b").why(ALICE, ...LANGUAGE), { by: "put-back", deviceName: "machine a", why: "seen" });
  const [record] = await fleet.at("a").history(ALICE);
  t.truthy(record?.putBackAt);
  t.is(await fleet.at("a").putBack(ALICE), "nothing-kept", "it was put back already");
  await fleet.at("b").edit(ALICE, ...LANGUAGE, "it");
  await fleet.settle();
  t.is(await fleet.at("a").putBack(ALICE, [record?.id ?? ""]), 1, "whoever names it can have it again");
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr");
});

test("B02 all that a join replaced of an owner is put back at once, secrets included, and other owners stay as they are", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  const [a, b] = [fleet.at("a"), fleet.at("b")];
  for (const owner of [ALICE, BOB]) await a.edit(owner, ...LANGUAGE, "fr");
  await fleet.settle();
  for (const owner of [ALICE, BOB]) await b.edit(owner, ...LANGUAGE, "de");
  await b.edit(ALICE, "keychain", "k", { user: "alice", password: "geheim" });
  await b.edit(ALICE, "personal-address", "p", { cn: "nas", pwd: "geheim" });
  await b.edit(ALICE, "default-job-settings", "copy", { copies: 2, destinations: ["boss"] });
  await fleet.join("b");
  t.is(await b.read(ALICE, "keychain", "k"), undefined);
  t.is(await b.putBack(ALICE), 4);
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "de");
  t.deepEqual(await fleet.everywhere(ALICE, "keychain", "k"), { user: "alice", password: "geheim" });
  t.deepEqual(await fleet.everywhere(ALICE, "personal-address", "p"), { cn: "nas", pwd: "geheim" });
  t.deepEqual(await a.read(ALICE, "default-job-settings", "copy"), { copies: 2 }, "destinations do not travel (M21)");
  t.is(await fleet.everywhere(BOB, ...LANGUAGE), "fr");
  t.is(await b.putBack("user:carol"), "nothing-kept");
});

test("B02 M21 what is put back keeps the destinations that its machine has there now: they were never anybody else's", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const [a, b] = [fleet.at("a"), fleet.at("b")];
  a.unplug();
  await a.edit(ALICE, ...COPY, { copies: 2, destinations: ["boss"] });
  await fleet.advance(10_000);
  await b.edit(ALICE, ...COPY, { copies: 4 });
  a.plug();
  await fleet.settle();
  t.deepEqual(await a.read(ALICE, ...COPY), { copies: 4, destinations: ["boss"] });
  t.is(await a.putBack(ALICE), 1);
  await fleet.settle();
  t.deepEqual(await a.read(ALICE, ...COPY), { copies: 2, destinations: ["boss"] });
  t.deepEqual(await b.read(ALICE, ...COPY), { copies: 2 });
});

test("B02 chosen records are put back, all of them or none", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  const b = fleet.at("b");
  await fleet.at("a").edit(COMMON, "common-address", "x", address("from-a"));
  await fleet.settle();
  for (const name of ["p", "q", "r"]) await b.edit(COMMON, "common-address", name, address(name));
  await fleet.join("b");
  const ids = (await b.history(COMMON)).flatMap(({ id, key }) => (key === "r" ? [] : [id]));
  t.is(await b.putBack(COMMON, [...ids, "0123456789abcdef"]), "nothing-kept");
  t.is(await b.read(COMMON, "common-address", "p"), undefined);
  t.is(await b.putBack(COMMON, ids), 2);
  await fleet.settle();
  t.deepEqual(await fleet.everywhere(COMMON, "common-address", "p"), address("p"));
  t.deepEqual(await fleet.everywhere(COMMON, "common-address", "q"), address("q"));
  t.is(await fleet.everywhere(COMMON, "common-address", "r"), undefined);
});

test("B02 of several losses of one entry the last one is put back; a deletion that lost is not, unless it is named", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.at("b").edit(ALICE, ...LANGUAGE, "de");
  await fleet.settle();
  for (const language of ["fr", "it"]) {
    fleet.at("a").unplug();
    await fleet.advance(10_000);
    await fleet.at("a").edit(ALICE, ...LANGUAGE, language);
    await fleet.advance(1_000);
    await fleet.at("b").edit(ALICE, ...LANGUAGE, `x-${language}`);
    fleet.at("a").plug();
    await fleet.settle();
  }
  t.deepEqual(
    (await fleet.at("a").history(ALICE)).map(({ value }) => value),
    ["it", "fr"],
  );
  t.is(await fleet.at("a").putBack(ALICE), 1);
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "it");
  fleet.at("a").unplug();
  await fleet.advance(10_000);
  await fleet.at("a").delete(ALICE, ...LANGUAGE);
  await fleet.advance(1_000);
  await fleet.at("b").edit(ALICE, ...LANGUAGE, "es");
  fleet.at("a").plug();
  await fleet.settle();
  const [deletion] = await fleet.at("a").history(ALICE);
  t.is(deletion?.value, undefined);
  t.is(await fleet.at("a").putBack(ALICE), "nothing-kept");
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "es");
  t.is(await fleet.at("a").putBack(ALICE, [deletion?.id ?? ""]), 1);
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), undefined);
});

test("B02 what lost can be put back while the server is away, and on a machine that has left the fleet", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  const b = fleet.at("b");
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.at("a").edit(BOB, ...LANGUAGE, "fr");
  await fleet.settle();
  await b.edit(ALICE, "keychain", "k", { user: "alice", password: "geheim" });
  await b.edit(BOB, "keychain", "k", { user: "bob", password: "geheim" });
  await fleet.join("b");
  b.unplug();
  await fleet.advance(30_000);
  t.is(await b.putBack(ALICE), 1);
  t.deepEqual(await b.read(ALICE, "keychain", "k"), { user: "alice", password: "geheim" });
  await b.stopClient();
  await b.restart();
  t.is(await b.putBack(BOB), 1);
  t.deepEqual(await b.read(BOB, "keychain", "k"), { user: "bob", password: "geheim" });
});

test("B02 killed after any of its writes, a machine that puts back has done it or not, and doing it again completes it", async (t) => {
  for (const disk of ["moduleDisk", "machineDisk"] as const) {
    for (let writes = 1; writes <= 4; writes += 1) {
      const fleet = await Fleet.start({ seed: writes, server: "s", clients: ["a"], others: ["b"] });
      const b = fleet.at("b");
      await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
      await fleet.settle();
      await b.edit(ALICE, ...LANGUAGE, "de");
      await b.edit(ALICE, "personal-address", "p", address("friend"));
      await fleet.join("b");
      let left = writes;
      b[disk].onDurable = () => {
        left -= 1;
        if (left === 0) b.kill();
      };
      void b.administration.putBack({ owner: ALICE as never });
      await fleet.advance(10_000);
      b[disk].onDurable = undefined;
      if (!b.on) await b.switchOn();
      await fleet.settle();
      await b.putBack(ALICE);
      await fleet.settle();
      const where = `${disk}, killed after write ${writes}`;
      t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "de", where);
      t.deepEqual(await fleet.everywhere(ALICE, "personal-address", "p"), address("friend"), where);
      t.true(
        (await b.history(ALICE)).every(({ putBackAt }) => putBackAt !== undefined),
        where,
      );
    }
  }
});

const CAROL = "user:carol";

/** A server for two users, where bob had to make room for carol. */
async function fleetAfterEviction(serverTakesPart: boolean): Promise<Fleet> {
  const fleet = await Fleet.start({ server: "s", serverTakesPart, clients: ["a", "b"], config: { usersMax: 2 } });
  const a = fleet.at("a");
  await a.edit(BOB, ...LANGUAGE, "fr");
  await a.edit(BOB, "keychain", "k", { user: "bob", password: "geheim" });
  await fleet.settle();
  for (const machine of fleet.machines) machine.powerOff();
  await fleet.advance(24 * 3600_000);
  for (const machine of fleet.machines) await machine.switchOn();
  await fleet.settle();
  await a.login(ALICE);
  await a.edit(ALICE, ...LANGUAGE, "it");
  await fleet.settle();
  await a.edit(CAROL, ...LANGUAGE, "es");
  await fleet.settle();
  return fleet;
}

test("B02 M22 an evicted owner is put back on the server machine, whole, in one change with whoever has to make room now", async (t) => {
  for (const serverTakesPart of [false, true]) {
    const fleet = await fleetAfterEviction(serverTakesPart);
    const s = fleet.at("s");
    t.deepEqual((await s.history(BOB)).map(({ lostBy, because, item, value }) => [lostBy, because, item, value]).sort(), [
      ["server", "evicted", "display-language", "fr"],
      ["server", "evicted", "keychain", { set: true }],
    ]);
    const revision = s.status?.server?.revision ?? 0;
    t.is(await s.putBack(BOB), 2);
    t.is(s.status?.server?.revision, revision + 1);
    await fleet.settle();
    t.is(await fleet.everywhere(BOB, ...LANGUAGE), "fr");
    t.deepEqual(await fleet.everywhere(BOB, "keychain", "k"), { user: "bob", password: "geheim" });
    t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "it", "alice is logged in");
    t.is(await fleet.everywhere(CAROL, ...LANGUAGE), undefined, "carol made room");
    t.like(await fleet.at("b").why(BOB, ...LANGUAGE), { by: "put-back", deviceName: "machine s", why: "server" });
    t.is((await s.history(CAROL)).length, 1);
    t.is(await s.putBack(BOB), "nothing-kept", "it was put back already");
    await fleet.at("a").edit(BOB, ...LANGUAGE, "de");
    await fleet.settle();
    t.is(await fleet.everywhere(BOB, ...LANGUAGE), "de", "it is edited on like any other");
  }
});

test("B02 M22 an evicted owner for whom nobody can make room is not put back, and nothing of it is", async (t) => {
  const fleet = await fleetAfterEviction(false);
  const s = fleet.at("s");
  await fleet.at("b").login(CAROL);
  await fleet.advance(3_000);
  const revision = s.status?.server?.revision;
  t.is(await s.putBack(BOB), "too-many-users");
  t.is(s.status?.server?.revision, revision);
  t.true((await s.history(BOB)).every(({ putBackAt }) => putBackAt === undefined));
  await s.stopServer();
  t.is(await s.putBack(BOB), "server-not-running");
});

test("B02 M15 an evicted owner who is deleted afterwards cannot be put back", async (t) => {
  const fleet = await fleetAfterEviction(false);
  const s = fleet.at("s");
  await s.putBack(BOB);
  await fleet.settle();
  t.is(await s.deleteOwner(BOB), "done");
  await fleet.settle();
  t.deepEqual(await s.history(BOB), []);
  t.is(await s.putBack(BOB), "nothing-kept");
});

test("B02 killed after any of its writes, the server has put an owner back whole or not at all", async (t) => {
  for (let writes = 1; writes <= 3; writes += 1) {
    const fleet = await fleetAfterEviction(false);
    const s = fleet.at("s");
    let left = writes;
    s.moduleDisk.onDurable = () => {
      left -= 1;
      if (left === 0) s.kill();
    };
    void s.administration.putBack({ owner: BOB as never });
    await fleet.advance(10_000);
    s.moduleDisk.onDurable = undefined;
    if (!s.on) await s.switchOn();
    await fleet.settle();
    const isBack = (await fleet.everywhere(BOB, ...LANGUAGE)) === "fr";
    t.is((await fleet.everywhere(BOB, "keychain", "k")) !== undefined, isBack, `killed after write ${writes}`);
    t.true(
      (await s.history(BOB)).every(({ putBackAt }) => (putBackAt !== undefined) === isBack),
      `killed after write ${writes}`,
    );
  }
});

test("P23 P2 an uncertain edit that lost to a deletion is in the history: it may have been made after; the next deletion erases it", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const [s, a, b] = [fleet.at("s"), fleet.at("a"), fleet.at("b")];
  for (const machine of [a, b]) await machine.edit(ALICE, ...LANGUAGE, machine === a ? "de" : "fr");
  await fleet.settle();
  for (const machine of [a, b]) machine.unplug();
  await fleet.advance(30_000);
  a.powerOff();
  await a.switchOn();
  await fleet.advance(3_000);
  await a.edit(ALICE, "personal-button", "x", button("uncertain"));
  await b.edit(ALICE, "personal-button", "x", button("certain"));
  await fleet.advance(5_000);
  t.is(await s.deleteOwner(ALICE), "done");
  for (const machine of [a, b]) machine.plug();
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, "personal-button", "x"), undefined);
  t.like((await a.history(ALICE))[0], { value: button("uncertain"), because: "owner-removed" });
  t.deepEqual(await b.history(ALICE), [], "what was made before the deletion went with it");
  // A machine that lost its own stores compares all it has with its copy again, deletions included.
  a.powerOff();
  a.machineDisk.wipe();
  await a.switchOn();
  await fleet.settle();
  t.is((await a.history(ALICE)).length, 1);
  await b.edit(ALICE, ...LANGUAGE, "it");
  await fleet.settle();
  t.is(await s.deleteOwner(ALICE), "done");
  await fleet.settle();
  t.deepEqual(await a.history(ALICE), []);
});

test("B05 B02 an edit that lost is a thing to look at until somebody has looked, over a restart too; what a join replaced is none", async (t) => {
  const fleet = await fleetWithConflict();
  const [a, b] = [fleet.at("a"), fleet.at("b")];
  const things = async (machine: typeof a) => await fleet.until(machine.administration.attention());
  const line = (machine: typeof a) => machine.hal.panel.screen()?.status;
  t.deepEqual(await things(a), [{ kind: "lost", records: 1 }]);
  t.is(line(a), "1 point à vérifier", "the language of whoever is logged in");
  t.deepEqual(await things(b), []);
  t.is(line(b), "Up to date");
  await a.restart();
  await fleet.settle();
  t.is(line(a), "1 thing to look at");
  t.deepEqual(await things(a), [{ kind: "lost", records: 1 }]);
  await fleet.until(a.administration.attentionSeen("lost"));
  t.is(line(a), "Up to date");
  t.deepEqual(await things(a), []);
  t.is((await a.history()).length, 1, "it is in the history still");
  await b.stopClient();
  await b.edit(ALICE, ...LANGUAGE, "it");
  await fleet.join("b");
  t.is((await b.history()).length, 1);
  t.deepEqual(await things(b), []);
  a.hal.users.setPolicy({ loginService: "directory" });
  await fleet.when(() => a.status?.client?.state === "refused", 60_000, "being put out");
  t.deepEqual(await things(a), [{ kind: "client", state: "refused", refusal: { word: "settings-differ", parts: ["login-service"] } }]);
});

test("B05 M15 what lost and went with its deleted owner is nothing to look at any more", async (t) => {
  const fleet = await fleetWithConflict();
  const a = fleet.at("a");
  t.is(a.status?.lost, 1);
  t.is(await fleet.at("s").deleteOwner(ALICE), "done");
  await fleet.settle();
  await fleet.advance(90_000);
  t.deepEqual(await a.history(), []);
  t.is(a.status?.lost, undefined);
});

test("B05 M15 where somebody looks at what waits, the line says no more than is found there", async (t) => {
  const fleet = await fleetWithConflict();
  const a = fleet.at("a");
  t.is(await fleet.at("s").deleteOwner(ALICE), "done");
  await fleet.settle();
  t.deepEqual(await fleet.until(a.administration.attention()), []);
  await fleet.advance(1_000);
  t.is(a.status?.lost, undefined);
});

test("B05 M22 what the server machine has no room for is a thing to look at where it is kept", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"], config: { usersMax: 1 } });
  await fleet.at("a").login(ALICE);
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  await fleet.at("b").edit(BOB, ...LANGUAGE, "it");
  await fleet.join("b");
  t.deepEqual(await fleet.until(fleet.at("b").administration.attention()), [{ kind: "kept-here", holdings: [BOB] }]);
  t.is(fleet.at("b").hal.panel.screen()?.status, "1 thing to look at", "what is here alone is not up to date");
  t.is(fleet.at("a").hal.panel.screen()?.status, "À jour", "the language of whoever is logged in");
});

const DAY_MS = 24 * 3_600_000;

test("B02 P4 a date years back that somebody sets on the server machine, and that is right again after its next start, ages no history", async (t) => {
  const fleet = await fleetWithConflict();
  const [s, a] = [fleet.at("s"), fleet.at("a")];
  s.clock.setSntp("silent");
  s.clock.setWall(-1_095 * DAY_MS);
  await a.edit(ALICE, "personal-button", "1", button("x"));
  await fleet.settle();
  s.powerOff();
  await fleet.advance(60_000);
  await s.switchOn();
  await fleet.settle();
  await fleet.advance(5_000);
  t.is((await a.history(ALICE)).length, 1);
});

test("B02 P4 a time server that answers years ahead after a power-off of the server machine ages no history, over any number of starts", async (t) => {
  const fleet = await fleetWithConflict();
  const [s, a] = [fleet.at("s"), fleet.at("a")];
  for (const years of [19, 0, 19, 19]) {
    s.powerOff();
    s.timeServerLieMs = years * 365 * DAY_MS;
    await fleet.advance(60_000);
    await s.switchOn();
    await fleet.settle();
    await a.restart();
    await fleet.settle();
    await fleet.advance(5_000);
    t.is((await a.history(ALICE)).length, 1, `${years} years`);
  }
});

test("B02 what lost is kept for thirty days of the fleet's time, whatever a machine's own date says", async (t) => {
  const fleet = await fleetWithConflict();
  const [a, s] = [fleet.at("a"), fleet.at("s")];
  // The date of a machine that had no power for long, or an empty battery.
  a.clock.setWall(3_650 * DAY_MS);
  await a.restart();
  await fleet.settle();
  t.is((await a.history(ALICE)).length, 1, "a date ten years ahead ages nothing");
  a.clock.setWall(-3_650 * DAY_MS);
  for (const machine of fleet.machines) machine.powerOff();
  await fleet.advance(29 * DAY_MS);
  for (const machine of [s, a]) await machine.switchOn();
  await fleet.when(() => a.status?.client?.state === "synchronized");
  await fleet.advance(5_000);
  t.is((await a.history(ALICE)).length, 1);
  for (const machine of [s, a]) machine.powerOff();
  await fleet.advance(2 * DAY_MS);
  for (const machine of [s, a]) await machine.switchOn();
  await fleet.when(() => a.status?.client?.state === "synchronized");
  await fleet.advance(5_000);
  t.deepEqual(await a.history(ALICE), [], "the date of the fleet ages it, also where the machine's own is long past");
});

test("B02 P5 of two edits made apart the one that lost is in its author's history, whichever of them reached the server first", async (t) => {
  for (const first of ["a", "b"]) {
    const fleet = await Fleet.start({ server: "s", clients: ["a", "b", "c"] });
    const [a, b] = [fleet.at("a"), fleet.at("b")];
    for (const machine of [a, b]) machine.unplug();
    await a.edit(ALICE, ...LANGUAGE, "fr");
    await a.edit(ALICE, "personal-button", "x", button("of a"));
    await fleet.advance(60_000);
    await b.edit(ALICE, ...LANGUAGE, "de");
    await fleet.advance(60_000);
    fleet.at(first).plug();
    await fleet.when(() => fleet.at(first).status?.client?.pending === 0, 60_000, "the first push");
    await fleet.advance(10_000);
    fleet.at(first === "a" ? "b" : "a").plug();
    await fleet.settle();
    t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "de");
    const lost = await lostAt(fleet, "a", CLIENT_HISTORY);
    t.deepEqual(
      lost.map(({ item, value, because }) => [item, value, because]),
      [[LANGUAGE[0], "fr", "superseded"]],
      `${first} came first`,
    );
    for (const name of ["b", "c"]) t.deepEqual(await lostAt(fleet, name, CLIENT_HISTORY), [], name);
    t.true(a.log.some(({ code }) => code === "edit-lost"));
    t.is(await a.putBack(ALICE), 1);
    await fleet.settle();
    t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr");
  }
});

test("B02 what is replaced by somebody who had seen it, or set anew by its own author, has not lost", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const [a, b] = [fleet.at("a"), fleet.at("b")];
  await a.edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  await b.edit(ALICE, ...LANGUAGE, "de");
  await fleet.settle();
  await a.edit(ALICE, ...LANGUAGE, "it");
  await fleet.settle();
  // Both are cut off; a sets it twice, and its first edit is replaced by its own second one.
  b.unplug();
  await fleet.advance(30_000);
  await b.edit(ALICE, ...LANGUAGE, "nl");
  await fleet.advance(30_000);
  b.powerOff();
  await a.edit(ALICE, ...LANGUAGE, "es");
  await fleet.settle();
  for (const name of ["a", "b"]) t.deepEqual(await lostAt(fleet, name, CLIENT_HISTORY), [], name);
});

test("B02 an integrator's configuration keeps what lost for other than thirty days, on clients and on the server machine", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"], config: { historyDays: 2, usersMax: 2 } });
  const [a, b] = [fleet.at("a"), fleet.at("b")];
  a.unplug();
  await a.edit(ALICE, ...LANGUAGE, "fr");
  await fleet.advance(60_000);
  await b.edit(ALICE, ...LANGUAGE, "de");
  a.plug();
  await fleet.settle();
  await b.edit(BOB, ...LANGUAGE, "it");
  await b.edit(CAROL, ...LANGUAGE, "it");
  await fleet.settle();
  const offFor = async (days: number) => {
    for (const machine of fleet.machines) machine.powerOff();
    await fleet.advance(days * DAY_MS);
    await fleet.at("s").switchOn();
    // The server machine looks every hour.
    await fleet.advance(3_600_000 + 5_000);
    await a.switchOn();
    await fleet.when(() => a.status?.client?.state === "synchronized");
    await fleet.advance(5_000);
    return [(await a.history(ALICE)).length, (await fleet.at("s").history()).length];
  };
  t.deepEqual(await offFor(1), [1, 1]);
  t.deepEqual(await offFor(2), [0, 0]);
});
