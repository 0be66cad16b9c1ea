/** What one push brings that is more than the sum of its edits: each of them is decided with those before it. */
import test from "ava";
import { LIMITS } from "../../src/model/limits.ts";
import { Fleet } from "../fleet/fleet.ts";
import type { Value } from "../../src/model/value.ts";
import { changesOf } from "./durable.ts";
import { ALICE, BOB, button, LANGUAGE } from "./entries.ts";

const [CAROL, DAVE, ERIN] = ["user:carol", "user:dave", "user:erin"] as const;
const DAY_MS = 24 * 3600 * 1000;

/** a has made these edits while it had no cable; undefined deletes. */
async function pushed(fleet: Fleet, edits: readonly (readonly [owner: string, item: string, key: string, value: Value | undefined])[]) {
  fleet.at("a").unplug();
  await fleet.advance(LIMITS.leaseMs + LIMITS.beatMs);
  for (const [owner, item, key, value] of edits) {
    if (value === undefined) await fleet.at("a").delete(owner, item, key);
    else await fleet.at("a").edit(owner, item, key, value);
    await fleet.advance(10);
  }
  fleet.at("a").plug();
  await fleet.settle();
}

/** Users who logged in at s, one on each day, the first one the longest ago. */
async function visited(fleet: Fleet, users: readonly string[]): Promise<void> {
  for (const user of users) {
    await fleet.at("b").login(user);
    await fleet.at("b").edit(user, ...LANGUAGE, "fr");
    await fleet.settle();
    await fleet.at("b").logout();
    await fleet.settle();
    for (const machine of fleet.machines) machine.powerOff();
    await fleet.advance(DAY_MS);
    for (const machine of fleet.machines) await machine.switchOn();
    await fleet.settle();
  }
}

const usersAt = async (fleet: Fleet, name: string): Promise<string[]> =>
  (await fleet.at(name).owners()).filter((owner) => owner.startsWith("user:"));

test("P26 the deletion of an entry of an owner whom the same push begins is taken", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await pushed(fleet, [
    [CAROL, "personal-button", "x", button("x")],
    [CAROL, ...LANGUAGE, "nl"],
    [CAROL, "personal-button", "x", undefined],
  ]);
  t.is((await changesOf(fleet, "s")).length, 1, "one push");
  t.is(await fleet.everywhere(CAROL, "personal-button", "x"), undefined);
  t.is(await fleet.everywhere(CAROL, ...LANGUAGE), "nl");
  t.deepEqual(await fleet.at("a").history(), []);
});

test("P5 of two edits of one entry in one push the second stands as its author's own", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await pushed(fleet, [
    [ALICE, ...LANGUAGE, "nl"],
    [ALICE, ...LANGUAGE, "it"],
  ]);
  const [change] = await changesOf(fleet, "s");
  t.deepEqual(
    change?.edits.map(({ edit: { value, why } }) => [value, why]),
    [
      ["nl", "first"],
      ["it", "own"],
    ],
  );
});

test("M22 P7 P26 what follows a second new user in a push waits with it, and nothing of it is lost", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"], config: { usersMax: 3 } });
  await visited(fleet, [ALICE, BOB, ERIN]);
  await pushed(fleet, [
    [CAROL, ...LANGUAGE, "nl"],
    [DAVE, ...LANGUAGE, "pt"],
    [ERIN, "personal-button", "x", button("x")],
  ]);
  t.deepEqual(await usersAt(fleet, "b"), [CAROL, DAVE, ERIN]);
  t.is(await fleet.everywhere(CAROL, ...LANGUAGE), "nl");
  t.is(await fleet.everywhere(DAVE, ...LANGUAGE), "pt");
  t.deepEqual(await fleet.everywhere(ERIN, "personal-button", "x"), button("x"));
});

test("M22 P26 an edit that loses touches nobody: its user makes room all the same", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"], config: { usersMax: 2 } });
  await visited(fleet, [BOB, ALICE]);
  fleet.at("a").unplug();
  await fleet.advance(1_000);
  await fleet.at("a").edit(BOB, ...LANGUAGE, "it");
  await fleet.advance(1_000);
  await fleet.at("b").edit(BOB, ...LANGUAGE, "es");
  await fleet.settle();
  await pushed(fleet, [[CAROL, ...LANGUAGE, "nl"]]);
  t.deepEqual(await usersAt(fleet, "b"), [ALICE, CAROL], "Bob was there the longest ago");
});

test("P4 M22 somebody who stays logged in costs the server machine no write with each beat", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  await fleet.at("a").login(ALICE);
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  const { moduleDisk } = fleet.at("s");
  const before = moduleDisk.writes;
  await fleet.advance(60_000);
  t.true(moduleDisk.writes - before <= 7, `${moduleDisk.writes - before} writes in a minute: its time, every ten seconds`);
});

test("P4 no change is older than the one before it, whatever the date says after a power-off right after a change", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  const s = fleet.at("s");
  s.clock.setWall(3_600_000);
  await fleet.advance(18_000);
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  for (const machine of [s, fleet.at("a")]) machine.powerOff();
  // The time server puts its clock right: back by an hour.
  for (const machine of [s, fleet.at("a")]) await machine.switchOn();
  await fleet.when(() => fleet.at("a").status?.client?.state === "synchronized", 60_000, "coming back");
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "de");
  await fleet.settle();
  const [first, second] = await changesOf(fleet, "s");
  t.true((second?.at ?? 0) >= (first?.at ?? 0), `${first?.at}, then ${second?.at}`);
});

test("P4 journal time is written while machines operate: a power-off takes ten seconds of it at most, whatever the date says then", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  const [s, a] = [fleet.at("s"), fleet.at("a")];
  s.clock.setWall(3_600_000);
  await a.edit(ALICE, ...LANGUAGE, "fr");
  await fleet.advance(60_000);
  const told = () =>
    fleet.wiretap.messages.flatMap(({ message: { body } }) =>
      body.kind === "server-beat" || body.kind === "welcome" ? [body.journalTime] : [],
    );
  const before = told().at(-1) ?? 0;
  for (const machine of [s, a]) machine.powerOff();
  fleet.wiretap.clear();
  // The time server puts its clock right, back by an hour, and nobody comes who has heard of its time.
  await s.switchOn();
  await fleet.join("b");
  t.true((told()[0] ?? 0) >= before - LIMITS.journalTimeMs - LIMITS.beatMs, `${before}, then ${told()[0]}`);
});
