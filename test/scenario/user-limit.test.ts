import test from "ava";
import { CLIENT_HISTORY, SERVER_HISTORY } from "../../src/store/history.ts";
import { DEFAULT_CONFIG } from "../../src/model/config.ts";
import { Fleet, type FleetOptions } from "../fleet/fleet.ts";
import { ownerNamed } from "../fleet/machine.ts";
import { changesOf, lostAt } from "./durable.ts";
import { ALICE, BOB, button, LANGUAGE, SALES, address } from "./entries.ts";

const CAROL = "user:carol";
const DAVE = "user:dave";
const DAY_MS = 24 * 3600 * 1000;

const fleetOf = (usersMax: number, more: Partial<FleetOptions> = {}): Promise<Fleet> =>
  Fleet.start({ server: "s", clients: ["a", "b"], ...more, config: { usersMax } });

/** Everything is switched off over night. */
async function nextDay(fleet: Fleet): Promise<void> {
  for (const machine of fleet.machines) machine.powerOff();
  await fleet.advance(DAY_MS);
  for (const machine of fleet.machines) await machine.switchOn();
  await fleet.settle();
}

/** Somebody logs in, sets the language, and goes. */
async function visit(fleet: Fleet, name: string, user: string): Promise<void> {
  await fleet.at(name).login(user);
  await fleet.at(name).edit(user, ...LANGUAGE, "fr");
  await fleet.settle();
  await fleet.at(name).logout();
  await fleet.settle();
}

/** Alice was there yesterday, Bob the day before: so he is the oldest of the two that there may be. */
async function fullFleet(more: Partial<FleetOptions> = {}): Promise<Fleet> {
  const fleet = await fleetOf(2, more);
  await visit(fleet, "b", BOB);
  await fleet.at("b").edit(BOB, "personal-button", "x", button("x"));
  await nextDay(fleet);
  await visit(fleet, "a", ALICE);
  await nextDay(fleet);
  return fleet;
}

const evictionsOf = async (fleet: Fleet): Promise<string[]> =>
  (await changesOf(fleet, "s")).flatMap(({ removals }) => removals.filter(({ kind }) => kind === "evicted").map(({ owner }) => owner));

const users = async (fleet: Fleet, name: string): Promise<string[]> =>
  (await fleet.at(name).owners()).filter((owner) => owner.startsWith("user:"));

test("M22 the user who logged in longest ago leaves every machine, whole, in the change that admits the new one", async (t) => {
  const fleet = await fullFleet({ serverTakesPart: true });
  await fleet.at("a").edit(SALES, "group-address", "g", address("shop"));
  await fleet.at("b").edit(CAROL, ...LANGUAGE, "de");
  await fleet.settle();
  for (const name of ["s", "a", "b"]) t.deepEqual(await fleet.at(name).owners(), [SALES, ALICE, CAROL], name);
  t.is(fleet.at("s").status?.server?.users, 2);
  const [change] = (await changesOf(fleet, "s")).filter(({ removals }) => removals.length > 0);
  t.deepEqual(change?.removals, [{ owner: ownerNamed(BOB), kind: "evicted" }]);
  t.deepEqual(
    change?.edits.map(({ edit }) => edit.owner),
    [ownerNamed(CAROL)],
  );
  const said = fleet.at("s").log.filter(({ code }) => code === "owner-evicted");
  t.is(said.length, 1);
  t.regex(said[0]?.text ?? "", /user:bob .*2 entries/);
});

test("M22 B02 what an evicted user had is in the history of the server machine, and of no other", async (t) => {
  const fleet = await fullFleet();
  await fleet.at("b").edit(CAROL, ...LANGUAGE, "de");
  await fleet.settle();
  const lost = await lostAt(fleet, "s", SERVER_HISTORY);
  t.deepEqual(
    lost.map(({ owner, item, key, value, because }) => [owner, item, key, value, because]),
    [
      [ownerNamed(BOB), ...LANGUAGE, "fr", "evicted"],
      [ownerNamed(BOB), "personal-button", "x", button("x"), "evicted"],
    ],
  );
  for (const name of ["a", "b"]) t.deepEqual(await lostAt(fleet, name, CLIENT_HISTORY), [], name);
});

test("B05 M22 on the server machine, whoever had to make room is a thing to look at until somebody has looked", async (t) => {
  const fleet = await fullFleet({ serverTakesPart: true });
  const s = fleet.at("s");
  const line = () => s.hal.panel.screen()?.status;
  t.is(line(), "Up to date");
  await fleet.at("b").edit(CAROL, ...LANGUAGE, "de");
  await fleet.settle();
  t.is(line(), "1 thing to look at");
  t.deepEqual(await fleet.until(s.administration.attention()), [{ kind: "lost", records: 2 }]);
  await fleet.until(s.administration.attentionSeen("lost"));
  t.is(line(), "Up to date");
});

test("M15 P23 a user who is deleted is deleted in the history of the server machine as well", async (t) => {
  const fleet = await fullFleet();
  await fleet.at("b").edit(CAROL, ...LANGUAGE, "de");
  await fleet.settle();
  t.deepEqual(await fleet.at("s").deleteOwner(BOB), { word: "owner-unknown" }, "the server does not hold him");
  await fleet.at("b").login(ALICE);
  await fleet.at("b").edit(BOB, ...LANGUAGE, "nl");
  await fleet.settle();
  t.deepEqual(await evictionsOf(fleet), [BOB, CAROL]);
  t.is(await fleet.at("s").deleteOwner(BOB), "done");
  t.deepEqual([...new Set((await lostAt(fleet, "s", SERVER_HISTORY)).map(({ owner }) => owner))], [ownerNamed(CAROL)]);
});

test("B02 what the server machine's history keeps is kept for thirty days", async (t) => {
  const fleet = await fullFleet();
  await fleet.at("b").edit(CAROL, ...LANGUAGE, "de");
  await fleet.settle();
  for (const machine of fleet.machines) machine.powerOff();
  await fleet.advance(29 * DAY_MS);
  await fleet.at("s").switchOn();
  t.is((await lostAt(fleet, "s", SERVER_HISTORY)).length, 2);
  await fleet.advance(DAY_MS + 2 * 3600_000);
  t.is((await lostAt(fleet, "s", SERVER_HISTORY)).length, 0, "also while the machine is never switched off");
});

test("M22 P26 on equal days of last login the first by name makes room", async (t) => {
  const fleet = await fleetOf(3);
  for (const user of [CAROL, BOB, ALICE]) await visit(fleet, "a", user);
  await nextDay(fleet);
  await fleet.at("b").edit(DAVE, ...LANGUAGE, "de");
  await fleet.settle();
  t.deepEqual(await evictionsOf(fleet), [ALICE]);
});

test("M22 a login counts at once, and no edit is needed for it", async (t) => {
  const fleet = await fleetOf(2);
  for (const user of [ALICE, BOB]) await visit(fleet, "a", user);
  await nextDay(fleet);
  await fleet.at("b").login(ALICE);
  await fleet.advance(1_000);
  await fleet.at("b").logout();
  await fleet.advance(1_000);
  await fleet.at("a").edit(CAROL, ...LANGUAGE, "de");
  await fleet.settle();
  t.deepEqual(await evictionsOf(fleet), [BOB]);
});

test("M22 P26 whoever is logged in at any machine stays, at the server machine itself too", async (t) => {
  const fleet = await fleetOf(3);
  for (const user of [ALICE, BOB, CAROL]) await visit(fleet, "a", user);
  await nextDay(fleet);
  await fleet.at("a").login(ALICE);
  await fleet.at("s").login(BOB);
  await fleet.advance(1_000);
  await fleet.at("b").edit(DAVE, ...LANGUAGE, "de");
  await fleet.settle();
  t.deepEqual(await evictionsOf(fleet), [CAROL]);
});

test("M22 when all are logged in nobody makes room: the new user is refused, and stays on the machine", async (t) => {
  const fleet = await fleetOf(2);
  for (const user of [ALICE, BOB]) await visit(fleet, "a", user);
  await fleet.at("a").login(ALICE);
  await fleet.at("s").login(BOB);
  await fleet.advance(1_000);
  await fleet.at("b").edit(CAROL, ...LANGUAGE, "de");
  await fleet.settle();
  t.deepEqual(await evictionsOf(fleet), []);
  t.is(await fleet.at("b").read(CAROL, ...LANGUAGE), "de");
  t.deepEqual(await users(fleet, "a"), [ALICE, BOB]);
  t.true(fleet.at("b").log.some(({ level, code }) => level === "Error" && code === "too-many-users"));
  // The next connection offers it again: meanwhile somebody has gone home.
  await fleet.at("a").logout();
  await fleet.at("b").restart();
  await fleet.settle();
  t.is(await fleet.everywhere(CAROL, ...LANGUAGE), "de");
  t.deepEqual(await evictionsOf(fleet), [ALICE]);
});

test("M22 P26 an owner whom the same change touches never makes room", async (t) => {
  const fleet = await fullFleet();
  fleet.at("b").unplug();
  await fleet.advance(30_000);
  // Bob is the oldest; his edit and the new user's come in one push.
  await fleet.at("b").edit(CAROL, ...LANGUAGE, "de");
  await fleet.at("b").edit(BOB, ...LANGUAGE, "nl");
  fleet.at("b").plug();
  await fleet.settle();
  t.deepEqual(await evictionsOf(fleet), [ALICE]);
  t.is(await fleet.everywhere(BOB, ...LANGUAGE), "nl");
});

test("P8 P26 of a push that begins two users over the limit the second comes with the next change: one victim each", async (t) => {
  const fleet = await fullFleet();
  fleet.at("b").unplug();
  await fleet.advance(30_000);
  for (const user of [CAROL, DAVE]) {
    await fleet.at("b").edit(user, ...LANGUAGE, "de");
    await fleet.at("b").edit(user, "personal-button", "y", button("y"));
  }
  fleet.at("b").plug();
  await fleet.settle();
  const changes = (await changesOf(fleet, "s")).filter(({ removals }) => removals.length > 0);
  t.deepEqual(
    changes.map(({ removals, edits }) => [removals.map(({ owner }) => owner), edits.map(({ edit }) => edit.owner)]),
    [
      [[ownerNamed(BOB)], [ownerNamed(CAROL), ownerNamed(CAROL)]],
      [[ownerNamed(ALICE)], [ownerNamed(DAVE), ownerNamed(DAVE)]],
    ],
  );
  for (const name of ["a", "b"]) t.deepEqual(await users(fleet, name), [CAROL, DAVE], name);
  t.is(fleet.at("b").status?.client?.pending, 0);
});

test("M22 P26 a push that touches everybody makes room once that is behind it", async (t) => {
  const fleet = await fullFleet();
  fleet.at("b").unplug();
  await fleet.advance(30_000);
  for (const user of [ALICE, BOB, CAROL]) await fleet.at("b").edit(user, ...LANGUAGE, "nl");
  fleet.at("b").plug();
  await fleet.settle();
  t.deepEqual(await evictionsOf(fleet), [BOB]);
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "nl");
  t.is(await fleet.everywhere(CAROL, ...LANGUAGE), "nl");
  t.is((await lostAt(fleet, "s", SERVER_HISTORY))[0]?.value, "nl", "what was set last");
});

test("M22 P26 whom only an edit touches that waits for the next change is not touched by this one, and makes room in it", async (t) => {
  const fleet = await fullFleet();
  fleet.at("b").unplug();
  await fleet.advance(30_000);
  // Bob is the oldest. His edit comes after a second new user, so that it is in another change than the first one.
  for (const user of [CAROL, DAVE, BOB]) await fleet.at("b").edit(user, ...LANGUAGE, "nl");
  fleet.at("b").plug();
  await fleet.settle();
  t.deepEqual(await evictionsOf(fleet), [BOB, ALICE]);
  t.deepEqual(await users(fleet, "a"), [CAROL, DAVE]);
  t.deepEqual(
    (await lostAt(fleet, "b", CLIENT_HISTORY)).map(({ owner, value, because }) => [owner, value, because]),
    [[ownerNamed(BOB), "nl", "owner-evicted"]],
    "what he had set before he went",
  );
});

test("M22 P26 a change that needs room leaves the last one alone who can make it: what touches that one comes after it", async (t) => {
  const fleet = await fullFleet();
  fleet.at("b").unplug();
  await fleet.advance(30_000);
  for (const user of [CAROL, BOB, ALICE]) await fleet.at("b").edit(user, ...LANGUAGE, "nl");
  fleet.at("b").plug();
  await fleet.settle();
  t.deepEqual(await evictionsOf(fleet), [ALICE]);
  t.deepEqual(await users(fleet, "a"), [BOB, CAROL]);
  t.is(await fleet.everywhere(CAROL, ...LANGUAGE), "nl");
  t.is(fleet.at("b").status?.client?.pending, 0);
});

test("M22 a machine that joins with a new user makes the oldest go; with many, none of them goes for another", async (t) => {
  const fleet = await fullFleet({ others: ["c"] });
  await fleet.at("c").edit(DAVE, ...LANGUAGE, "de");
  await fleet.join("c");
  t.deepEqual(await evictionsOf(fleet), [BOB]);
  for (const name of ["a", "b", "c"]) t.deepEqual(await users(fleet, name), [ALICE, DAVE], name);
  await nextDay(fleet);
  await fleet.add("d");
  for (const user of [BOB, CAROL]) await fleet.at("d").edit(user, ...LANGUAGE, "it");
  await fleet.join("d");
  t.deepEqual(await evictionsOf(fleet), [BOB, ALICE, DAVE]);
  for (const name of ["a", "b", "c", "d"]) t.deepEqual(await users(fleet, name), [BOB, CAROL], name);
});

test("M22 an evicted user leaves a machine that was off as well, whichever way it catches up", async (t) => {
  const fleet = await fullFleet({ clients: ["a", "b", "c"] });
  fleet.at("c").powerOff();
  await fleet.at("b").edit(CAROL, ...LANGUAGE, "de");
  await fleet.settle();
  await fleet.at("c").switchOn();
  await fleet.settle();
  t.deepEqual(await users(fleet, "c"), [ALICE, CAROL]);
  t.deepEqual(await lostAt(fleet, "c", CLIENT_HISTORY), [], "the server machine has it");
});

test("M22 P22 a user who had to go begins anew with what is edited afterwards, and with that alone", async (t) => {
  const fleet = await fullFleet();
  await fleet.at("b").edit(CAROL, ...LANGUAGE, "de");
  await fleet.settle();
  await fleet.advance(1_000);
  await fleet.at("a").edit(BOB, "personal-button", "y", button("y"));
  await fleet.settle();
  t.deepEqual(await evictionsOf(fleet), [BOB, ALICE]);
  t.deepEqual(await fleet.everywhere(BOB, "personal-button", "y"), button("y"));
  t.is(await fleet.everywhere(BOB, "personal-button", "x"), undefined);
  t.is(await fleet.everywhere(BOB, ...LANGUAGE), undefined);
});

test("P22 P23 an edit from before the eviction loses, and is in the history of its author", async (t) => {
  const fleet = await fullFleet();
  fleet.at("a").unplug();
  await fleet.advance(30_000);
  await fleet.at("a").edit(BOB, ...LANGUAGE, "nl");
  await fleet.advance(10_000);
  await fleet.at("b").edit(CAROL, ...LANGUAGE, "de");
  await fleet.advance(10_000);
  fleet.at("a").plug();
  await fleet.settle();
  t.deepEqual(await users(fleet, "a"), [ALICE, CAROL]);
  const lost = await lostAt(fleet, "a", CLIENT_HISTORY);
  t.deepEqual(
    lost.map(({ owner, value, because }) => [owner, value, because]),
    [[ownerNamed(BOB), "nl", "owner-evicted"]],
  );
});

test("M22 P18 an offer from before the eviction is refused, and what was offered is in the history of its machine", async (t) => {
  const fleet = await fleetOf(1, { others: ["c"] });
  await visit(fleet, "a", BOB);
  await fleet.at("c").edit(ALICE, ...LANGUAGE, "de");
  await fleet.at("c").startClient(fleet.at("s").address);
  // Its base becomes visible, and then it is cut off for as long as Alice comes and goes.
  let cuts = 1;
  fleet.network.onMessage(({ from, message }) => {
    if (from === "c" && message.body.kind === "offer" && cuts-- > 0) fleet.at("c").unplug();
  });
  await fleet.at("c").restart();
  await fleet.advance(30_000);
  t.deepEqual(await evictionsOf(fleet), []);
  await fleet.at("b").edit(ALICE, ...LANGUAGE, "nl");
  await fleet.advance(1_000);
  await fleet.at("b").edit(CAROL, ...LANGUAGE, "nl");
  await fleet.advance(1_000);
  t.deepEqual(await evictionsOf(fleet), [BOB, ALICE]);
  fleet.at("c").plug();
  await fleet.settle();
  t.deepEqual(await users(fleet, "c"), [CAROL]);
  const lost = await lostAt(fleet, "c", CLIENT_HISTORY);
  t.deepEqual(
    lost.map(({ owner, value, because }) => [owner, value, because]),
    [[ownerNamed(ALICE), "de", "owner-evicted"]],
  );
});

test("M22 with <Discard New User Settings> the new user is refused, and nobody goes", async (t) => {
  const fleet = await fullFleet();
  t.is(fleet.at("s").chooseMaxUsersPolicy("discard-new"), "chosen");
  await fleet.at("b").edit(CAROL, ...LANGUAGE, "de");
  await fleet.at("b").edit(ALICE, ...LANGUAGE, "it");
  await fleet.settle();
  t.deepEqual(await evictionsOf(fleet), []);
  t.is(await fleet.at("b").read(CAROL, ...LANGUAGE), "de", "what finds no room stays where it is");
  t.deepEqual(await users(fleet, "a"), [ALICE, BOB]);
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "it", "what comes after it is taken");
  for (const name of ["s", "b"])
    t.true(
      fleet.at(name).log.some(({ level, code }) => level === "Error" && code === "too-many-users"),
      name,
    );
});

test("M22 M15 what found no room is taken as soon as an administrator has deleted somebody's data, without a new connection", async (t) => {
  const fleet = await fullFleet();
  t.is(fleet.at("s").chooseMaxUsersPolicy("discard-new"), "chosen");
  await fleet.at("b").edit(CAROL, ...LANGUAGE, "de");
  await fleet.settle();
  t.is(fleet.at("b").status?.client?.keptHere, 1);
  t.is(await fleet.at("s").deleteOwner(BOB), "done");
  await fleet.advance(10_000);
  t.is(fleet.at("b").status?.client?.keptHere, undefined);
  t.is(await fleet.everywhere(CAROL, ...LANGUAGE), "de");
});

test("M22 where both functions run the choice is locked at <Delete Oldest User Settings>, as long as they do", async (t) => {
  const fleet = await Fleet.start({ server: "s" });
  const s = fleet.at("s");
  t.is(s.chooseMaxUsersPolicy("discard-new"), "chosen");
  await s.startClient("localhost");
  t.is(s.hal.restrictions.maxUsersPolicy(), "discard-new", "the client function takes effect with the restart (M08)");
  await s.restart();
  await fleet.settle();
  t.is(s.hal.restrictions.maxUsersPolicy(), "delete-oldest");
  t.is(s.chooseMaxUsersPolicy("discard-new"), "locked");
  await s.stopServer();
  t.is(s.hal.restrictions.maxUsersPolicy(), "discard-new", "what had been chosen is in force again");
  await s.startServer();
  t.is(s.chooseMaxUsersPolicy("delete-oldest"), "locked", "in whichever order they were started");
  await s.stopClient();
  t.is(s.chooseMaxUsersPolicy("delete-oldest"), "chosen");
});

test("M05 from nine tenths of the users on the server warns, once for each time it comes to that", async (t) => {
  const fleet = await fleetOf(10);
  const warnings = () => fleet.at("s").log.filter(({ level, code }) => level === "Warning" && code === "users-near-limit");
  for (let n = 0; n < 8; n += 1) await fleet.at("a").edit(`user:u${n}`, ...LANGUAGE, "fr");
  await fleet.settle();
  t.is(warnings().length, 0);
  for (let n = 8; n < 10; n += 1) await fleet.at("a").edit(`user:u${n}`, ...LANGUAGE, "fr");
  await fleet.settle();
  await fleet.at("b").edit("user:u1", ...LANGUAGE, "de");
  await fleet.settle();
  t.is(warnings().length, 1);
  t.regex(warnings()[0]?.text ?? "", /9 users or more, of at most 10/);
  await fleet.at("s").deleteOwner("user:u9");
  await fleet.at("b").edit("user:u1", ...LANGUAGE, "it");
  await fleet.settle();
  t.is(warnings().length, 1, "nine are as near");
  for (let n = 0; n < 3; n += 1) await fleet.at("s").deleteOwner(`user:u${n}`);
  for (let n = 0; n < 3; n += 1) await fleet.at("a").edit(`user:v${n}`, ...LANGUAGE, "fr");
  await fleet.settle();
  t.is(warnings().length, 2);
});

test("M05 M22 a server whose limit was lowered keeps whom it has, says so, and lets in no more than leave", async (t) => {
  const fleet = await fleetOf(10);
  const s = fleet.at("s");
  for (const user of [BOB, CAROL, ALICE]) {
    await visit(fleet, "a", user);
    await nextDay(fleet);
  }
  s.config = { ...DEFAULT_CONFIG, usersMax: 2 };
  await s.restart();
  await fleet.settle();
  const said = s.log.filter(({ code }) => code === "users-over-limit");
  t.deepEqual(
    said.map(({ level }) => level),
    ["Error"],
  );
  t.regex(said[0]?.text ?? "", /3 users, more than the 2/);
  t.deepEqual(await users(fleet, "b"), [ALICE, BOB, CAROL]);
  await fleet.at("b").edit(BOB, ...LANGUAGE, "de");
  await fleet.settle();
  t.is(await fleet.everywhere(BOB, ...LANGUAGE), "de", "whom it has goes on being synchronised");
  await fleet.at("b").edit(DAVE, ...LANGUAGE, "de");
  await fleet.settle();
  for (const name of ["a", "b"]) t.deepEqual(await users(fleet, name), [ALICE, CAROL, DAVE], name);
  for (const user of [ALICE, CAROL]) await s.deleteOwner(user);
  await s.restart();
  await fleet.settle();
  t.is(s.log.filter(({ code }) => code === "users-over-limit").length, 1, "it is right again");
});

test("M22 killed after any of its writes, the server has made room whole or not at all, and has it in the history", async (t) => {
  for (let writes = 1; writes <= 4; writes += 1) {
    const fleet = await fullFleet({ seed: writes });
    const s = fleet.at("s");
    let left = writes;
    s.moduleDisk.onDurable = () => {
      left -= 1;
      if (left === 0) s.kill();
    };
    await fleet.at("b").edit(CAROL, ...LANGUAGE, "de");
    await fleet.advance(15_000);
    s.moduleDisk.onDurable = undefined;
    if (!s.running) await s.switchOn();
    await fleet.settle();
    t.deepEqual(await evictionsOf(fleet), [BOB], `killed after write ${writes}`);
    for (const name of ["a", "b"]) t.deepEqual(await users(fleet, name), [ALICE, CAROL], `${name}, killed after write ${writes}`);
    t.is((await lostAt(fleet, "s", SERVER_HISTORY)).length, 2, `killed after write ${writes}`);
  }
});

test("M22 killed after any of its writes, a client machine lets the evicted user go all the same", async (t) => {
  for (let writes = 1; writes <= 4; writes += 1) {
    const fleet = await fullFleet({ seed: writes });
    const a = fleet.at("a");
    let left = writes;
    const count = () => {
      left -= 1;
      if (left === 0) a.kill();
    };
    a.moduleDisk.onDurable = count;
    a.machineDisk.onDurable = count;
    await fleet.at("b").edit(CAROL, ...LANGUAGE, "de");
    await fleet.advance(15_000);
    a.moduleDisk.onDurable = undefined;
    a.machineDisk.onDurable = undefined;
    if (!a.running) await a.switchOn();
    await fleet.settle();
    t.deepEqual(await users(fleet, "a"), [ALICE, CAROL], `killed after write ${writes}`);
    t.deepEqual(await lostAt(fleet, "a", CLIENT_HISTORY), [], `killed after write ${writes}`);
  }
});
