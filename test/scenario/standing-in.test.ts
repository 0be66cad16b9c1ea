import test from "ava";
import { CLIENT_HISTORY, readHistory, SERVER_HISTORY } from "../../src/store/history.ts";
import { Fleet } from "../fleet/fleet.ts";
import { ALICE, BOB, button, COMMON, address, LANGUAGE, SALES } from "./entries.ts";
import { buttons, point } from "./pointing.ts";

/** Server s is lost; a is behind b, c has edits that nobody has, all of them know an older state of each other's. */
async function lostServer(seed: number): Promise<Fleet> {
  const fleet = await Fleet.start({ seed, server: "s", clients: ["a", "b", "c"] });
  await fleet.at("a").edit(ALICE, "personal-button", "1", button("everybody has it"));
  await fleet.at("a").edit(BOB, ...LANGUAGE, "fr");
  await fleet.at("a").edit(COMMON, "common-address", "x", address("x"));
  await fleet.settle();
  fleet.at("a").unplug();
  await fleet.at("b").edit(ALICE, "personal-button", "2", button("a has not heard of it"));
  await fleet.at("b").edit(ALICE, "personal-button", "1", button("changed"));
  await fleet.at("c").edit(SALES, "group-address", "g", address("g"));
  await fleet.at("b").delete(COMMON, "common-address", "x");
  await fleet.settle();
  await fleet.at("s").deleteOwner(BOB);
  await fleet.settle();
  await fleet.at("a").edit(ALICE, "personal-button", "3", button("of the stand-in, pending"));
  fleet.at("s").powerOff();
  await fleet.at("c").edit(ALICE, "personal-button", "4", button("of c, pending"));
  await fleet.advance(20_000);
  fleet.at("a").plug();
  await fleet.advance(20_000);
  return fleet;
}

test("B06 B02 what a machine's own stopped server function still held is not lost when it takes over: it is in the history, said, and can be put back", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["b"], others: ["a", "c"] });
  const a = fleet.at("a");
  await fleet.serve("a");
  await point(fleet, "c", "a");
  const secret = { user: "alice", password: "geheim" };
  await fleet.at("c").edit(ALICE, "keychain", "k", secret);
  await fleet.at("c").edit(ALICE, ...LANGUAGE, "it");
  await fleet.advance(2_000);
  await fleet.at("c").stopClient();
  await a.stopServer();
  await fleet.at("b").edit(BOB, ...LANGUAGE, "fr");
  await point(fleet, "a", "s");
  fleet.at("s").powerOff();
  await fleet.advance(20_000);
  t.is(await fleet.takeOver("a"), "done");
  await fleet.settle();
  t.deepEqual(await fleet.until(a.administration.attention()), [{ kind: "lost", records: 2 }]);
  t.regex(a.log.find(({ code }) => code === "took-over")?.text ?? "", /its own server function had held before is in the history/);
  t.is(await a.putBack(ALICE), 2);
  await point(fleet, "b", "a");
  await fleet.settle();
  t.deepEqual(await fleet.everywhere(ALICE, "keychain", "k"), secret);
  t.is(await fleet.everywhere(BOB, ...LANGUAGE), "fr");
});

test("B06 a client machine becomes the server in the place of one that is lost; no change that a reachable machine holds is lost, whichever of them was ahead", async (t) => {
  for (let seed = 1; seed <= 4; seed += 1) {
    const fleet = await lostServer(seed);
    t.is(await fleet.takeOver("a"), "done");
    await fleet.settle();
    t.is(fleet.at("a").status?.server?.state, "running");
    t.deepEqual(await fleet.at("a").read(ALICE, "personal-button", "3"), button("of the stand-in, pending"));
    await point(fleet, seed % 2 === 0 ? "b" : "c", "a");
    await fleet.settle();
    await point(fleet, seed % 2 === 0 ? "c" : "b", "a");
    await fleet.settle();
    const expected = ["changed", "a has not heard of it", "of the stand-in, pending", "of c, pending"].map(button);
    t.deepEqual(await buttons(fleet, ["1", "2", "3", "4"]), expected, `seed ${seed}`);
    t.deepEqual(await fleet.everywhere(SALES, "group-address", "g"), address("g"));
    t.is(await fleet.everywhere(COMMON, "common-address", "x"), undefined, "deletions are changes, too");
    t.is(await fleet.everywhere(BOB, ...LANGUAGE), undefined, "and so are deletions of users");
    t.is(fleet.wiretap.journal.fault, undefined);
    await fleet.at("b").edit(BOB, ...LANGUAGE, "de");
    await fleet.settle();
    t.is(await fleet.everywhere(BOB, ...LANGUAGE), "de", "and life goes on");
  }
});

test("B06 the old server, when it returns, does not act as a second one: it steps aside, says so, and stays so over restarts", async (t) => {
  for (const pointed of [true, false]) {
    const fleet = await lostServer(9);
    t.is(await fleet.takeOver("a"), "done");
    await fleet.settle();
    if (pointed) for (const name of ["b", "c"]) await point(fleet, name, "a");
    const s = fleet.at("s");
    await s.switchOn();
    await fleet.when(() => s.status?.server?.state === "stood-down", 60_000, "stepping aside");
    t.true(s.log.some(({ level, code }) => level === "Error" && code === "stood-down"));
    if (!pointed) {
      await fleet.when(() => fleet.at("b").status?.client?.reason === "stood-down", 60_000, "its clients hear of it");
      for (const name of ["b", "c"]) await point(fleet, name, "a");
    }
    await s.restart();
    await fleet.advance(10_000);
    t.is(s.status?.server?.state, "stood-down");
    t.deepEqual(await s.deleteOwner(ALICE), { word: "stood-down" }, "nothing is changed there");
    t.false(s.heldAwake);
    const found = await fleet.until(fleet.at("b").administration.search(1));
    t.is(
      found.kind === "found" ? found.found.server : found.kind,
      fleet.at("a").identity,
      "whoever searches finds the one server there is (M09)",
    );
    await fleet.settle();
    t.deepEqual(
      await buttons(fleet, ["1", "2", "3", "4"]),
      ["changed", "a has not heard of it", "of the stand-in, pending", "of c, pending"].map(button),
      `${pointed}`,
    );
  }
});

test("B06 the old server's own client is pointed to the new one and brings what only it had", async (t) => {
  const fleet = await Fleet.start({ server: "s", serverTakesPart: true, clients: ["a", "b"] });
  await fleet.at("b").edit(ALICE, "personal-button", "1", button("before"));
  await fleet.settle();
  for (const name of ["a", "b"]) fleet.at(name).unplug();
  await fleet.at("s").edit(ALICE, "personal-button", "1", button("made on the server machine"));
  await fleet.advance(2_000);
  fleet.at("s").powerOff();
  for (const name of ["a", "b"]) fleet.at(name).plug();
  await fleet.advance(20_000);
  t.is(await fleet.takeOver("a"), "done");
  await point(fleet, "b", "a");
  await fleet.settle();
  await fleet.at("b").edit(ALICE, "personal-button", "2", button("since"));
  await fleet.settle();
  await fleet.at("s").switchOn();
  await fleet.when(() => fleet.at("s").status?.server?.state === "stood-down", 60_000, "stepping aside");
  await fleet.at("s").stopServer();
  await point(fleet, "s", "a");
  await fleet.settle();
  t.deepEqual(await buttons(fleet, ["1", "2"]), [button("made on the server machine"), button("since")]);
});

test("B06 what was changed since wins over what is brought later, and the loser is in its author's history", async (t) => {
  const fleet = await lostServer(3);
  t.is(await fleet.takeOver("a"), "done");
  await fleet.settle();
  await fleet.at("a").edit(ALICE, "personal-button", "1", button("newer"));
  await fleet.settle();
  await point(fleet, "b", "a");
  await fleet.settle();
  for (const name of ["a", "b"]) {
    t.deepEqual(await fleet.at(name).read(ALICE, "personal-button", "1"), button("newer"), name);
    t.deepEqual(await fleet.at(name).read(ALICE, "personal-button", "2"), button("a has not heard of it"), name);
  }
  const lost: unknown[] = [];
  for await (const { key, because } of readHistory(fleet.at("b").moduleDisk.peek(), CLIENT_HISTORY)) lost.push([key, because]);
  t.deepEqual(lost, [["1", "superseded"]]);
});

test("B06 P22 the end of somebody whom the heir never held counts as well, once a machine brings it: what was set before it does not come back", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b", "c"] });
  for (const name of ["a", "c"]) fleet.at(name).unplug();
  await fleet.advance(30_000);
  await fleet.at("c").edit(SALES, "group-address", "g", address("from before the deletion"));
  await fleet.advance(30_000);
  await fleet.at("b").edit(SALES, "group-address", "h", address("h"));
  await fleet.settle();
  t.is(await fleet.at("s").deleteOwner(SALES), "done");
  await fleet.settle();
  fleet.at("s").powerOff();
  fleet.at("a").plug();
  await fleet.advance(30_000);
  t.is(await fleet.takeOver("a"), "done");
  await fleet.settle();
  await point(fleet, "b", "a");
  await fleet.settle();
  fleet.at("c").plug();
  await point(fleet, "c", "a");
  await fleet.settle();
  t.is(await fleet.everywhere(SALES, "group-address", "g"), undefined);
  await fleet.at("c").edit(SALES, "group-address", "g", address("after it"));
  await fleet.settle();
  t.deepEqual(await fleet.everywhere(SALES, "group-address", "g"), address("after it"));
});

test("B06 nobody takes over while the server machine is heard or answers, and only a machine that has a copy and may serve", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"], others: ["n"], clientOnly: ["b"] });
  t.deepEqual(await fleet.takeOver("a"), { word: "server-alive" });
  t.deepEqual(await fleet.takeOver("b"), { word: "not-a-server-model" });
  t.deepEqual(await fleet.takeOver("n"), { word: "client-not-running" });
  t.deepEqual(await fleet.takeOver("s"), { word: "server-alive" }, "it is the server");
  fleet.at("a").unplug();
  await fleet.advance(30_000);
  fleet.at("a").plug();
  t.deepEqual(await fleet.takeOver("a"), { word: "server-alive" }, "it answers, though it was not heard for a while");
  await fleet.serve("a");
  fleet.at("s").powerOff();
  await fleet.advance(10_000);
  t.deepEqual(await fleet.takeOver("a"), { word: "server-alive" }, "a machine that serves others of its own keeps its journal");
  await fleet.at("a").stopServer();
  t.is(await fleet.takeOver("a"), "done");
});

test("B06 P16 killed after any of its writes, a machine has taken over whole or not at all", async (t) => {
  const ends = new Set<unknown>();
  for (let writes = 1; writes <= 9; writes += 1) {
    const fleet = await lostServer(5);
    const a = fleet.at("a");
    let left = writes;
    a.moduleDisk.onDurable = () => {
      left -= 1;
      if (left === 0) a.kill();
    };
    void a.administration.takeOver();
    await fleet.advance(20_000);
    a.moduleDisk.onDurable = undefined;
    await a.switchOn();
    await fleet.advance(10_000);
    const took = a.status?.server !== undefined;
    if (took) a.destination = "localhost";
    else t.is(await fleet.takeOver("a"), "done", `killed after write ${writes}`);
    ends.add(took);
    for (const name of ["b", "c"]) await point(fleet, name, "a");
    await fleet.settle();
    t.deepEqual(await buttons(fleet, ["1", "3", "4"]), [button("changed"), button("of the stand-in, pending"), button("of c, pending")]);
  }
  t.is(ends.size, 2);
});

test("B06 killed after any of its writes, the machine that brings, and the one that it is brought to, lose nothing and take nothing twice", async (t) => {
  for (const victim of ["a", "b"]) {
    for (let writes = 1; writes <= 8; writes += 1) {
      const fleet = await lostServer(writes);
      t.is(await fleet.takeOver("a"), "done");
      await fleet.settle();
      await point(fleet, "c", "a");
      await fleet.settle();
      const outcome = await fleet.at("b").startClient(fleet.at("a").address);
      t.is(outcome, "done");
      let left = writes;
      const { moduleDisk } = fleet.at(victim);
      moduleDisk.onDurable = () => {
        left -= 1;
        if (left === 0) fleet.at(victim).kill();
      };
      void fleet.at("b").restartSoon();
      await fleet.advance(20_000);
      moduleDisk.onDurable = undefined;
      await fleet.at(victim).switchOn();
      await fleet.settle();
      const expected = ["changed", "a has not heard of it", "of the stand-in, pending", "of c, pending"].map(button);
      t.deepEqual(await buttons(fleet, ["1", "2", "3", "4"]), expected, `${victim} killed after write ${writes}`);
      t.is(fleet.wiretap.journal.fault, undefined);
    }
  }
});

test("B06 an administrator who starts the old server anew makes it the server again", async (t) => {
  const fleet = await lostServer(2);
  t.is(await fleet.takeOver("a"), "done");
  await fleet.settle();
  const s = fleet.at("s");
  await s.switchOn();
  await fleet.when(() => s.status?.server?.state === "stood-down", 60_000, "stepping aside");
  await fleet.at("a").edit(ALICE, "personal-button", "5", button("of the stand-in"));
  await fleet.advance(2_000);
  await fleet.at("a").stopServer();
  await s.stopServer();
  t.is(await s.startServer(), "done");
  t.is(s.status?.server?.state, "running");
  for (const name of ["a", "b", "c"]) await point(fleet, name, "s");
  await fleet.settle();
  t.deepEqual(await buttons(fleet, ["1", "4", "5"]), [button("changed"), button("of c, pending"), button("of the stand-in")]);
});

test("B05 B06 the old server machine, by now a client of the new one, is made the server once more: it says that two serve until the new one steps aside", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"], serverTakesPart: true });
  const [s, a, b] = [fleet.at("s"), fleet.at("a"), fleet.at("b")];
  s.powerOff();
  await fleet.advance(30_000);
  t.is(await fleet.takeOver("a"), "done");
  await point(fleet, "b", "a");
  await s.switchOn();
  await fleet.when(() => s.status?.server?.state === "stood-down", 60_000, "the old one steps aside");
  t.is(await s.stopServer(), "done");
  await point(fleet, "s", "a");
  t.is(s.status?.server, undefined);
  t.is(await s.startServer(), "done");
  await fleet.advance(5_000);
  t.is(s.status?.server?.otherServer, a.address);
  t.deepEqual(await fleet.until(s.administration.attention()), [{ kind: "other-server", address: a.address }]);
  t.is(s.hal.panel.screen()?.status, "1 thing to look at");
  await fleet.when(() => a.status?.server?.state === "stood-down", 2 * 3600_000, "the administrator's last word stands");
  await fleet.advance(60_000);
  t.is(s.status?.server?.otherServer, undefined);
  t.is(b.status?.client?.state, "refused");
});

test("B05 B06 a client machine that was pointed to another server machine of its fleet says until its restart how many edits wait", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const [s, a, b] = [fleet.at("s"), fleet.at("a"), fleet.at("b")];
  s.unplug();
  await b.edit(ALICE, ...LANGUAGE, "de");
  await b.edit(ALICE, "personal-button", "1", button("1"));
  await fleet.advance(30_000);
  t.is(await fleet.takeOver("a"), "done");
  t.is(await b.startClient(a.address), "done");
  await fleet.advance(1_000);
  t.like(b.status?.client, { state: "restart-needed", pending: 2 });
  await b.restart();
  await fleet.settle();
  t.is(b.status?.client?.pending, 0);
  t.is(await a.read(ALICE, ...LANGUAGE), "de");
});

test("P21 B06 a client machine that is pointed to another server machine of its fleet keeps its edits; of another fleet, it joins", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"], others: ["n"] });
  await fleet.at("a").edit(ALICE, "personal-button", "1", button("1"));
  await fleet.settle();
  const file = await fleet.backup("s");
  await fleet.restore("n", file);
  fleet.at("s").powerOff();
  await fleet.at("a").edit(ALICE, "personal-button", "1", button("pending"));
  await fleet.serve("n");
  await point(fleet, "b", "n");
  await fleet.settle();
  await fleet.at("b").edit(ALICE, "personal-button", "2", button("2"));
  await fleet.settle();
  await point(fleet, "a", "n");
  await fleet.settle();
  t.deepEqual(await buttons(fleet, ["1", "2"]), [button("pending"), button("2")]);
});

test("P7 B06 an edit that another machine has brought before its author asks again is there once", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b", "c"] });
  await fleet.at("b").edit(ALICE, "personal-button", "1", button("1"));
  await fleet.settle();
  fleet.at("a").unplug();
  fleet.network.cut("s", "b");
  await fleet.at("b").edit(ALICE, "personal-button", "1", button("only c has heard of it"));
  await fleet.advance(2_000);
  for (const name of ["s", "b"]) fleet.at(name).powerOff();
  fleet.network.healAll();
  fleet.at("a").plug();
  await fleet.at("b").switchOn();
  await fleet.advance(30_000);
  t.is(fleet.at("b").status?.client?.pending, 1);
  t.is(await fleet.takeOver("a"), "done");
  await fleet.settle();
  for (const name of ["c", "b"]) await point(fleet, name, "a");
  await fleet.settle();
  t.deepEqual(await buttons(fleet, ["1"]), [button("only c has heard of it")]);
  t.is(fleet.wiretap.journal.fault, undefined);
});

test("B02 B06 an edit that lost on the server that is lost, and whose author has not heard so, is in its author's history after the take-over", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const [s, a, b] = [fleet.at("s"), fleet.at("a"), fleet.at("b")];
  await b.edit(ALICE, ...LANGUAGE, "fr");
  await b.edit(BOB, ...LANGUAGE, "fr");
  await fleet.settle();
  a.unplug();
  await a.edit(ALICE, ...LANGUAGE, "de");
  await a.edit(BOB, ...LANGUAGE, "de");
  await fleet.advance(5_000);
  await b.edit(ALICE, ...LANGUAGE, "it");
  await a.edit(SALES, "group-address", "g", address("g"));
  await fleet.advance(5_000);
  fleet.network.onMessage(({ from, message }) => {
    if (from === "a" && message.body.kind === "push" && s.on) fleet.network.cut("s", "a");
  });
  a.plug();
  await fleet.advance(10_000);
  t.deepEqual(await b.read(SALES, "group-address", "g"), address("g"), "the server has decided all of the push");
  t.is(a.status?.client?.pending, 3, "of which its author has heard nothing");
  for (const machine of [s, a]) machine.powerOff();
  fleet.network.healAll();
  await a.switchOn();
  await fleet.advance(20_000);
  t.is(await fleet.takeOver("b"), "done");
  await fleet.settle();
  await point(fleet, "a", "b");
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "it");
  t.is(await fleet.everywhere(BOB, ...LANGUAGE), "de", "what was accepted there is so here");
  const kept = await fleet.until(a.administration.history());
  t.deepEqual(
    kept.map(({ owner, value, because }) => [owner, value, because]),
    [[ALICE, "de", "superseded"]],
  );
});

test("M22 B06 what is brought keeps to the limit of users: the oldest makes room, into the history of the server machine", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"], config: { usersMax: 2 } });
  await fleet.at("b").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  fleet.at("a").unplug();
  await fleet.at("b").edit(BOB, ...LANGUAGE, "de");
  for (let key = 1; key <= 3; key += 1) await fleet.at("b").edit(ALICE, "personal-button", String(key), button("of alice"));
  await fleet.advance(2_000);
  fleet.at("s").powerOff();
  fleet.at("a").plug();
  await fleet.advance(30_000);
  t.is(await fleet.takeOver("a"), "done");
  await fleet.at("a").edit("user:carol", ...LANGUAGE, "ja");
  await fleet.settle();
  await point(fleet, "b", "a");
  await fleet.settle();
  t.is(fleet.at("a").status?.server?.users, 2);
  t.is(await fleet.everywhere(BOB, ...LANGUAGE), "de");
  t.is(fleet.wiretap.journal.fault, undefined);
  const kept: unknown[] = [];
  for await (const { owner, because } of readHistory(fleet.at("a").moduleDisk.peek(), SERVER_HISTORY)) kept.push([owner, because]);
  t.true(kept.length > 0 && kept.every((one) => JSON.stringify(one) === `["${ALICE}","evicted"]`), JSON.stringify(kept));
});

/** Server s, without a client of its own, deletes a user while its clients are away, and has an edit of c, who is gone for good. */
async function lostWithMore(): Promise<Fleet> {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b", "c"] });
  await fleet.at("a").edit(ALICE, "personal-button", "1", button("before"));
  await fleet.at("a").edit(BOB, ...LANGUAGE, "fr");
  await fleet.settle();
  for (const name of ["a", "b"]) fleet.at(name).powerOff();
  await fleet.at("c").edit(ALICE, "personal-button", "1", button("of c, whom nobody will see again"));
  await fleet.advance(2_000);
  await fleet.at("s").deleteOwner(BOB);
  await fleet.advance(2_000);
  for (const name of ["s", "c"]) fleet.at(name).powerOff();
  for (const name of ["a", "b"]) await fleet.at(name).switchOn();
  await fleet.advance(30_000);
  return fleet;
}

test("B06 what only the old server had comes to the one that took its place when it returns, also without a client of its own", async (t) => {
  const fleet = await lostWithMore();
  t.is(await fleet.takeOver("a"), "done");
  await fleet.settle();
  await point(fleet, "b", "a");
  await fleet.at("b").edit(SALES, "group-address", "g", address("since"));
  await fleet.settle();
  t.deepEqual(await buttons(fleet, ["1"]), [button("before")]);
  await fleet.at("s").switchOn();
  await fleet.when(() => fleet.at("a").log.some(({ text }) => text.includes("what only it had was taken over")), 60_000, "inheriting");
  await fleet.settle();
  t.is(fleet.at("s").status?.server?.state, "stood-down");
  t.deepEqual(await buttons(fleet, ["1"]), [button("of c, whom nobody will see again")]);
  t.is(await fleet.everywhere(BOB, ...LANGUAGE), undefined, "the deletion counts, too");
  t.deepEqual(await fleet.everywhere(SALES, "group-address", "g"), address("since"));
  t.is(fleet.wiretap.journal.fault, undefined);
});

test("B06 killed after any of its writes, the machine that took over has what only the old server had, once", async (t) => {
  for (let writes = 1; writes <= 14; writes += 1) {
    const fleet = await lostWithMore();
    t.is(await fleet.takeOver("a"), "done");
    await fleet.settle();
    const a = fleet.at("a");
    let left = writes;
    a.moduleDisk.onDurable = () => {
      left -= 1;
      if (left === 0) a.kill();
    };
    void fleet.at("s").switchOnSoon();
    await fleet.advance(40_000);
    a.moduleDisk.onDurable = undefined;
    await a.switchOn();
    await fleet.advance(40_000);
    await point(fleet, "b", "a");
    await fleet.settle();
    t.deepEqual(await buttons(fleet, ["1"]), [button("of c, whom nobody will see again")], `killed after write ${writes}`);
    t.is(await fleet.everywhere(BOB, ...LANGUAGE), undefined);
    t.is(fleet.wiretap.journal.fault, undefined);
  }
});

test("P19 B06 an offer that was accepted, of which its machine has not heard when the server is lost, is its own: what it set since follows", async (t) => {
  for (const isHeard of [true, false]) {
    const fleet = await Fleet.start({ server: "s", clients: ["a", "b"], others: ["c"] });
    await fleet.at("c").edit(ALICE, "personal-button", "1", button("of c"));
    if (!isHeard) fleet.at("a").powerOff();
    fleet.network.onMessage(({ from, message }) => {
      if (from === "c" && message.body.kind === "offer") fleet.network.cut("s", "c");
    });
    t.is(await fleet.at("c").startClient(fleet.at("s").address), "done");
    await fleet.at("c").restart();
    await fleet.advance(10_000);
    t.deepEqual(await fleet.at("b").read(ALICE, "personal-button", "1"), button("of c"));
    await fleet.at("c").edit(ALICE, "personal-button", "2", button("since"));
    for (const name of ["s", "c"]) fleet.at(name).powerOff();
    fleet.network.healAll();
    for (const name of isHeard ? ["c"] : ["a", "c"]) await fleet.at(name).switchOn();
    await fleet.advance(30_000);
    t.is(await fleet.takeOver("a"), "done");
    await fleet.settle();
    for (const name of ["b", "c"]) await point(fleet, name, "a");
    await fleet.settle();
    t.deepEqual(await buttons(fleet, ["1", "2"]), [button("of c"), button("since")], `heard by a: ${isHeard}`);
    const lost: unknown[] = [];
    for await (const { key, because } of readHistory(fleet.at("c").moduleDisk.peek(), CLIENT_HISTORY)) lost.push([key, because]);
    t.deepEqual(lost, [], `heard by a: ${isHeard}`);
    t.is(fleet.wiretap.journal.fault, undefined);
  }
});

/** Server s was restored when its clients had gone, and then lost: nobody has heard of the restore. */
async function lostRightAfterRestore(): Promise<Fleet> {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.at("a").edit(ALICE, "personal-button", "1", button("before the backup"));
  await fleet.settle();
  const file = await fleet.backup("s");
  await fleet.at("b").edit(ALICE, "personal-button", "2", button("after the backup"));
  await fleet.settle();
  for (const name of ["a", "b"]) fleet.at(name).unplug();
  await fleet.advance(30_000);
  for (let times = 0; times < 2; times += 1) await fleet.restore("s", file);
  fleet.at("s").powerOff();
  for (const name of ["a", "b"]) fleet.at(name).plug();
  await fleet.advance(30_000);
  return fleet;
}

test("B06 P16 the old server was restored before it was lost, which nobody has heard of: it steps aside all the same", async (t) => {
  const fleet = await lostRightAfterRestore();
  t.is(await fleet.takeOver("a"), "done");
  await fleet.settle();
  await fleet.at("s").switchOn();
  await fleet.when(() => fleet.at("s").status?.server?.state === "stood-down", 60_000, "stepping aside");
  await fleet.advance(60_000);
  t.is(fleet.at("a").status?.server?.state, "running");
  await point(fleet, "b", "a");
  await fleet.settle();
  t.deepEqual(await buttons(fleet, ["1", "2"]), [button("before the backup"), button("after the backup")]);
});

test("B06 P16 a client of the old server's restored epoch is pointed to the stand-in, and goes no epoch back", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.at("a").edit(ALICE, "personal-button", "1", button("before the backup"));
  await fleet.settle();
  const file = await fleet.backup("s");
  fleet.at("a").unplug();
  for (let times = 0; times < 3; times += 1) await fleet.restore("s", file);
  await fleet.settle();
  await fleet.at("b").edit(ALICE, "personal-button", "2", button("after the restore"));
  await fleet.settle();
  fleet.at("s").powerOff();
  fleet.at("a").plug();
  await fleet.advance(30_000);
  t.is(await fleet.takeOver("a"), "done");
  await fleet.settle();
  await point(fleet, "b", "a");
  await fleet.settle();
  t.deepEqual(await buttons(fleet, ["1", "2"]), [button("before the backup"), button("after the restore")]);
  await fleet.at("s").switchOn();
  await fleet.when(() => fleet.at("s").status?.server?.state === "stood-down", 60_000, "stepping aside");
  t.is(fleet.at("a").status?.server?.state, "running");
});

test("B06 P16 a backup that is restored on the old server after another took its place, of which it has not heard, makes it the server: the other steps aside", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.at("a").edit(ALICE, "personal-button", "1", button("before the backup"));
  await fleet.settle();
  const file = await fleet.backup("s");
  fleet.at("s").powerOff();
  await fleet.advance(10_000);
  t.is(await fleet.takeOver("a"), "done");
  await fleet.settle();
  await point(fleet, "b", "a");
  await fleet.at("b").edit(ALICE, "personal-button", "1", button("at the stand-in"));
  await fleet.settle();
  fleet.at("s").unplug();
  await fleet.at("s").switchOn();
  await fleet.advance(10_000);
  t.is(await fleet.restore("s", file), "done");
  fleet.at("s").plug();
  await fleet.when(() => fleet.at("a").status?.server?.state === "stood-down", 60_000, "the stand-in steps aside");
  t.is(fleet.at("s").status?.server?.state, "running");
  await fleet.at("a").stopServer();
  for (const name of ["a", "b"]) await point(fleet, name, "s");
  await fleet.settle();
  t.is(fleet.at("s").status?.server?.state, "running");
  t.deepEqual(await buttons(fleet, ["1"]), [button("before the backup")]);
  const lost: unknown[] = [];
  for await (const { key, because } of readHistory(fleet.at("b").moduleDisk.peek(), CLIENT_HISTORY)) lost.push([key, because]);
  t.deepEqual(lost, [["1", "restored"]], "what the restore undid is in its author's history");
});

test("B06 an old server that is started anew while the stand-in still serves: within the hour the stand-in finds it, and steps aside", async (t) => {
  const fleet = await lostServer(6);
  t.is(await fleet.takeOver("a"), "done");
  await fleet.settle();
  const s = fleet.at("s");
  await s.switchOn();
  await fleet.when(() => s.status?.server?.state === "stood-down", 60_000, "stepping aside");
  await fleet.advance(30_000);
  await s.stopServer();
  t.is(await s.startServer(), "done");
  await fleet.when(() => fleet.at("a").status?.server?.state === "stood-down", 3_700_000, "the stand-in finds it");
  t.is(s.status?.server?.state, "running");
  await fleet.at("a").restart();
  await fleet.advance(60_000);
  t.is(fleet.at("a").status?.server?.state, "stood-down", "over restarts");
  for (const name of ["b", "c"]) await point(fleet, name, "s");
  await fleet.at("a").stopServer();
  await point(fleet, "a", "s");
  await fleet.settle();
  t.deepEqual(await buttons(fleet, ["1", "3", "4"]), ["changed", "of the stand-in, pending", "of c, pending"].map(button));
});

test("B06 an owner whose list was full and who made room for another entry has it also after a stand-in took over that knew of neither", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"], config: { capacities: { shortcut: 2 } } });
  for (const key of ["m", "z"]) await fleet.at("a").edit(ALICE, "shortcut", key, button(key));
  await fleet.settle();
  fleet.at("a").unplug();
  await fleet.at("b").delete(ALICE, "shortcut", "z");
  await fleet.at("b").edit(ALICE, "shortcut", "c", button("in its place"));
  await fleet.when(() => fleet.at("b").status?.client?.pending === 0, 60_000, "the push");
  await fleet.advance(5_000);
  fleet.at("s").powerOff();
  fleet.at("a").plug();
  await fleet.advance(30_000);
  t.is(await fleet.takeOver("a"), "done");
  await point(fleet, "b", "a");
  await fleet.settle();
  const shortcuts = ["c", "m", "z"].map((key) => fleet.everywhere(ALICE, "shortcut", key));
  t.deepEqual(await Promise.all(shortcuts), [button("in its place"), button("m"), undefined]);
});
