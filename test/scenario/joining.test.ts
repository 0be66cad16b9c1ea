import test from "ava";
import { Fleet } from "../fleet/fleet.ts";
import { ALICE, BOB, COMMON, LANGUAGE, SALES, address, button } from "./entries.ts";
import { point } from "./pointing.ts";

test("M02 a fleet has ten machines at most, the server machine included; the eleventh is refused, on its panel and in both logs", async (t) => {
  const nine = [..."abcdefghi"];
  const fleet = await Fleet.start({ server: "s", clients: nine, others: ["z"] });
  const z = fleet.at("z");
  await z.startClient(fleet.at("s").address);
  if (z.status?.client !== undefined) await z.restart();
  await fleet.advance(60_000);
  t.is(z.status?.client?.reason ?? "too-many-machines", "too-many-machines");
  t.not(z.status?.client?.state, "synchronized");
  t.true(z.log.some(({ level, code }) => level === "Error" && code === "too-many-machines"));
  t.true(fleet.at("s").log.some(({ level, code }) => level === "Error" && code === "too-many-machines"));
  t.is(fleet.at("s").administration.machines().length, 9);
});

test("M02 a machine that was not stopped keeps its place; the administrator can take it away on the server machine", async (t) => {
  const nine = [..."abcdefghi"];
  const fleet = await Fleet.start({ server: "s", clients: nine, others: ["z"] });
  const server = fleet.at("s").administration;
  fleet.at("c").powerOff();
  await fleet.advance(120_000);
  t.is(server.machines().length, 9, "being away gives nobody else the place");
  t.is(await fleet.until(server.removeMachine(fleet.at("c").identity)), "done");
  t.is(await fleet.at("z").startClient(fleet.at("s").address), "done");
  await fleet.at("z").restart();
  await fleet.settle();
  t.is(fleet.at("z").status?.client?.state, "synchronized");
  await fleet.at("c").switchOn();
  await fleet.advance(60_000);
  t.not(fleet.at("c").status?.client?.state, "synchronized", "what was put out stays out");
  t.is(server.machines().length, 9);
});

test("M02 a client that is stopped gives its place free", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.at("a").stopClient();
  await fleet.advance(2_000);
  t.deepEqual(
    fleet
      .at("s")
      .administration.machines()
      .map(({ deviceName }) => deviceName),
    ["machine b"],
  );
});

test("M03 a server machine without the client function keeps its own data to itself", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  await fleet.at("s").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.at("a").edit(BOB, ...LANGUAGE, "de");
  await fleet.settle();
  await fleet.advance(30_000);
  t.is(await fleet.at("a").read(ALICE, ...LANGUAGE), undefined);
  t.is(await fleet.at("s").read(BOB, ...LANGUAGE), undefined);
  t.is(await fleet.at("s").read(ALICE, ...LANGUAGE), "fr");
});

test("M04 a server/client machine takes part through its own client", async (t) => {
  const fleet = await Fleet.start({ server: "s", serverTakesPart: true, clients: ["a"] });
  await fleet.at("s").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.at("a").edit(BOB, ...LANGUAGE, "de");
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr");
  t.is(await fleet.everywhere(BOB, ...LANGUAGE), "de");
  t.false(
    fleet.wiretap.messages.some(({ from, to }) => from === to),
    "its own client needs no network",
  );
});

test("M04 P30 where both functions are started, other machines are admitted only after its own client has joined once", async (t) => {
  const fleet = await Fleet.start({ server: "s", others: ["a"] });
  await fleet.at("s").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.at("s").startClient("localhost");
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "de");
  await fleet.at("a").startClient(fleet.at("s").address);
  await fleet.at("a").restart();
  await fleet.advance(60_000);
  t.is(fleet.at("a").status?.client?.reason, "own-client-first");
  t.is(await fleet.at("a").read(ALICE, ...LANGUAGE), "de");
  await fleet.at("s").restart();
  await fleet.when(() => fleet.at("a").status?.client?.state === "synchronized", 60_000, "admission");
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr", "its own client came first, so its data did");
});

test("M10 a machine whose authentication settings differ is refused, and told which of them differs", async (t) => {
  const fleet = await Fleet.start({ server: "s", others: ["a"] });
  const a = fleet.at("a");
  a.hal.users.setPolicy({ loginService: "directory", domains: ["SALES"] });
  await a.startClient(fleet.at("s").address);
  const policy = () => a.hal.users.setPolicy({ loginService: "directory", domains: ["SALES"] });
  await a.restart();
  policy();
  await fleet.advance(20_000);
  t.is(a.status?.client?.state, "refused");
  t.deepEqual(a.status?.client?.refusal, { word: "settings-differ", parts: ["login-service", "domains"] });
  a.hal.users.setPolicy({ loginService: "local", domains: [] });
  await fleet.when(() => a.status?.client?.state === "synchronized", 60_000, "admission");
  t.pass();
});

test("M10 a machine that comes to differ is put out, and comes back when it is put right", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const a = fleet.at("a");
  a.hal.users.setPolicy({ departments: { on: true, ids: ["7"] } });
  await fleet.when(() => a.status?.client?.state === "refused", 30_000, "being put out");
  t.deepEqual(a.status?.client?.refusal, { word: "settings-differ", parts: ["departments"] });
  const operating = fleet
    .at("s")
    .administration.machines()
    .filter((machine) => machine.operating);
  t.deepEqual(
    operating.map(({ deviceName }) => deviceName),
    ["machine b"],
    "it is not listed as one that takes part",
  );
  await fleet.at("b").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.advance(10_000);
  t.is(await a.read(ALICE, ...LANGUAGE), undefined);
  a.hal.users.setPolicy({ departments: { on: false, ids: [] } });
  await fleet.when(() => a.status?.client?.state === "synchronized", 60_000, "coming back");
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr");
});

test("M10 when the server machine's own settings change, the machines that differ now are put out", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  fleet.at("s").hal.users.setPolicy({ groups: [{ id: "1", name: "Purchasing", members: ["alice"] }] });
  await fleet.when(() => fleet.at("a").status?.client?.state === "refused", 60_000, "being put out");
  t.deepEqual(fleet.at("a").status?.client?.refusal, { word: "settings-differ", parts: ["groups"] });
});

test("M12 at a join, an owner that both hold is taken from the server, whole", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.at("a").edit(ALICE, "personal-button", "x", button("theirs"));
  await fleet.settle();
  await fleet.at("b").edit(ALICE, ...LANGUAGE, "de");
  await fleet.at("b").edit(ALICE, "personal-button", "y", button("own"));
  await fleet.join("b");
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr");
  t.deepEqual(await fleet.everywhere(ALICE, "personal-button", "x"), button("theirs"));
  t.is(await fleet.everywhere(ALICE, "personal-button", "y"), undefined, "what only b had of alice is replaced too");
});

test("M12 for common, each list and the shared buttons are taken on their own", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  await fleet.at("a").edit(COMMON, "common-address", "a1", address("from-a", "1"));
  await fleet.settle();
  await fleet.at("b").edit(COMMON, "common-address", "b1", address("from-b", "1"));
  await fleet.at("b").edit(COMMON, "common-address", "b2", address("from-b", "2"));
  await fleet.at("b").edit(COMMON, "shared-button", "b", button("from-b"));
  await fleet.join("b");
  t.deepEqual(await fleet.everywhere(COMMON, "common-address", "a1"), address("from-a", "1"));
  t.is(await fleet.everywhere(COMMON, "common-address", "b1"), undefined, "list 1 is the server's");
  t.deepEqual(await fleet.everywhere(COMMON, "common-address", "b2"), address("from-b", "2"), "list 2 only b had");
  t.deepEqual(await fleet.everywhere(COMMON, "shared-button", "b"), button("from-b"));
});

test("M13 at a join, an owner that only the client holds is taken over by the server, whole, and reaches the others", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  await fleet.at("b").edit(ALICE, ...LANGUAGE, "de");
  await fleet.at("b").edit(ALICE, "personal-address", "p", address("friend"));
  await fleet.at("b").edit(SALES, "group-address", "g", address("shop"));
  await fleet.join("b");
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "de");
  t.deepEqual(await fleet.everywhere(ALICE, "personal-address", "p"), address("friend"));
  t.deepEqual(await fleet.everywhere(SALES, "group-address", "g"), address("shop"));
  t.is(fleet.at("s").status?.server?.users, 1);
});

test("M14 of several clients with different data, the one that connected first supplies it", async (t) => {
  const fleet = await Fleet.start({ server: "s", others: ["a", "b", "c"] });
  for (const [name, language] of [
    ["a", "fr"],
    ["b", "de"],
    ["c", "it"],
  ] as const)
    await fleet.at(name).edit(ALICE, ...LANGUAGE, language);
  await fleet.join("b");
  await fleet.join("a", "c");
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "de");
});

test("M14 when all connect at once, exactly one of them supplies an owner, whole", async (t) => {
  for (let seed = 1; seed <= 6; seed += 1) {
    const fleet = await Fleet.start({ seed, server: "s", others: ["a", "b", "c"] });
    const languages = { a: "fr", b: "de", c: "it" };
    for (const [name, language] of Object.entries(languages)) {
      await fleet.at(name).edit(ALICE, ...LANGUAGE, language);
      await fleet.at(name).edit(ALICE, "personal-button", `of-${name}`, button(name));
      await fleet.at(name).startClient(fleet.at("s").address);
    }
    await fleet.until(Promise.all(["a", "b", "c"].map((name) => fleet.at(name).restartSoon())));
    await fleet.settle();
    const language = await fleet.everywhere(ALICE, ...LANGUAGE);
    const winner = Object.entries(languages).find(([, own]) => own === language)?.[0];
    t.truthy(winner, JSON.stringify(language));
    for (const name of ["a", "b", "c"])
      t.is((await fleet.everywhere(ALICE, "personal-button", `of-${name}`)) !== undefined, name === winner, `seed ${seed}, ${name}`);
  }
});

test("P17 a join lasts across crashes: killed after any of its writes, it comes to the same end", async (t) => {
  for (let writes = 1; writes <= 24; writes += 1) {
    const fleet = await Fleet.start({ seed: writes, server: "s", clients: ["a"], others: ["b"] });
    const b = fleet.at("b");
    await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
    await b.edit(ALICE, ...LANGUAGE, "de");
    await b.edit(BOB, ...LANGUAGE, "it");
    await b.edit(COMMON, "shared-button", "x", button("shared"));
    await b.startClient(fleet.at("s").address);
    b.powerOff();
    let left = writes;
    b.moduleDisk.onDurable = () => {
      left -= 1;
      if (left === 0) b.kill();
    };
    void b.switchOnSoon();
    await fleet.advance(20_000);
    b.moduleDisk.onDurable = undefined;
    await b.switchOn();
    await fleet.settle();
    t.is(b.status?.client?.state, "synchronized", `killed after write ${writes}`);
    t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr", `killed after write ${writes}`);
    t.is(await fleet.everywhere(BOB, ...LANGUAGE), "it", `killed after write ${writes}`);
    t.deepEqual(await fleet.everywhere(COMMON, "shared-button", "x"), button("shared"), `killed after write ${writes}`);
  }
});

test("P20 an edit made while the join is under way is not lost", async (t) => {
  for (let seed = 1; seed <= 8; seed += 1) {
    const fleet = await Fleet.start({
      seed,
      server: "s",
      clients: ["a"],
      others: ["b"],
      weather: { latencyMsMin: 1, latencyMsMax: 120, loss: 0, duplicates: 0 },
    });
    const b = fleet.at("b");
    await b.edit(BOB, ...LANGUAGE, "it");
    await b.startClient(fleet.at("s").address);
    await b.restart();
    await fleet.advance(seed * 60);
    await b.edit(BOB, ...LANGUAGE, "fr");
    await fleet.settle();
    t.is(await fleet.everywhere(BOB, ...LANGUAGE), "fr", `seed ${seed}`);
  }
});

test("P21 M11 stopping the client discards what was not sent; the data stays on the machine, and starting again is a join", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  fleet.at("b").unplug();
  await fleet.at("b").edit(ALICE, ...LANGUAGE, "de");
  await fleet.advance(1_000);
  await fleet.at("b").stopClient();
  t.is(await fleet.at("b").read(ALICE, ...LANGUAGE), "de");
  fleet.at("b").plug();
  await fleet.join("b");
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr", "both held alice: the server's data stands");
});

test("P21 a stop tells how many edits are not sent any more, also of a client that does not work", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"], others: ["t"] });
  await fleet.serve("t");
  const [a, b] = [fleet.at("a"), fleet.at("b")];
  for (const machine of [a, b]) {
    machine.unplug();
    for (const language of ["de", "it"]) await machine.edit(ALICE, ...LANGUAGE, language);
    await fleet.advance(1_000);
  }
  t.deepEqual(await b.stopClient(), { discarded: 2 });
  t.regex(b.log.at(-1)?.text ?? "", /2 changes that had not reached the server are on this machine alone/);
  a.plug();
  fleet.network.cut("a", "s");
  t.deepEqual(await a.startClient(fleet.at("t").address), { discarded: 2 }, "it is pointed to another fleet");
  t.is(await a.stopClient(), "done");
});

test("M02 a client machine that is pointed to another fleet is stopped in its own: its place there is free", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"], others: ["t"] });
  await fleet.serve("t");
  const placed = (server: string) =>
    fleet
      .at(server)
      .administration.machines()
      .map(({ deviceName }) => deviceName);
  t.deepEqual(placed("s"), ["machine a", "machine b"]);
  await point(fleet, "a", "t");
  await fleet.settle();
  t.deepEqual([placed("s"), placed("t")], [["machine b"], ["machine a"]]);
  await point(fleet, "a", "t");
  await fleet.settle();
  t.deepEqual(placed("t"), ["machine a"], "set anew in the same fleet, it keeps its place");
});

test("M02 M13 a machine that was taken out on the server machine and is set again joins: what was deleted meanwhile is supplied anew (M15)", async (t) => {
  for (const restarts of [false, true]) {
    const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
    const b = fleet.at("b");
    await b.edit(ALICE, ...LANGUAGE, "fr");
    await b.edit(BOB, ...LANGUAGE, "de");
    await fleet.settle();
    t.is(await fleet.until(fleet.at("s").administration.removeMachine(b.identity)), "done");
    t.is(await fleet.at("s").deleteOwner(ALICE), "done");
    await fleet.at("a").edit(BOB, ...LANGUAGE, "it");
    await b.edit(BOB, ...LANGUAGE, "es");
    if (restarts) {
      await b.restart();
      await fleet.when(() => b.status?.client?.reason === "not-paired", 60_000, "it is not known any more");
    }
    t.deepEqual(await b.startClient(fleet.at("s").address), { discarded: 1 });
    await b.restart();
    await fleet.settle();
    t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr", "only this machine held it (M13)");
    t.is(await fleet.everywhere(BOB, ...LANGUAGE), "it", "the server's data stands (M12)");
  }
});

test("M02 the server machine's own place is not taken away: its client function is stopped there", async (t) => {
  const fleet = await Fleet.start({ server: "s", serverTakesPart: true, clients: ["a"] });
  const s = fleet.at("s");
  const refusal = { word: "own-machine", machine: "machine s" } as const;
  t.deepEqual(await fleet.until(s.administration.removeMachine(s.identity)), refusal);
  t.is(s.status?.client?.state, "synchronized");
  t.is(s.administration.machines().length, 2);
});

test("P19 an edit made while its owner is being offered waits, and follows: nothing of the owner is lost", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  const b = fleet.at("b");
  await b.edit(BOB, ...LANGUAGE, "it");
  await b.edit(BOB, "personal-button", "x", button("old"));
  await b.startClient(fleet.at("s").address);
  whenOffered(fleet, () => fleet.network.cut("b", "s"));
  void b.restartSoon();
  await fleet.when(() => fleet.network.isCut("b", "s"), 20_000, "an offer");
  await b.edit(BOB, "personal-button", "x", button("new"));
  fleet.network.heal("b", "s");
  await fleet.settle();
  t.is(await fleet.everywhere(BOB, ...LANGUAGE), "it");
  t.deepEqual(await fleet.everywhere(BOB, "personal-button", "x"), button("new"));
});

test("P18 an offer that was under way while its owner was supplied by another machine and deleted is refused", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  const b = fleet.at("b");
  await b.edit(BOB, ...LANGUAGE, "it");
  await b.startClient(fleet.at("s").address);
  whenOffered(fleet, () => fleet.network.cut("b", "s"));
  void b.restartSoon();
  await fleet.when(() => fleet.network.isCut("b", "s"), 20_000, "an offer");
  await fleet.at("a").edit(BOB, ...LANGUAGE, "fr");
  await fleet.advance(500);
  t.is(await fleet.at("s").deleteOwner(BOB), "done");
  fleet.network.heal("b", "s");
  await fleet.settle();
  t.is(await fleet.everywhere(BOB, ...LANGUAGE), undefined);
});

/** Acts at the moment when the first offer is sent, before it arrives. */
function whenOffered(fleet: Fleet, act: () => void): void {
  let done = false;
  fleet.network.onMessage(({ message }) => {
    if (done || message.body.kind !== "offer") return;
    done = true;
    act();
  });
}
