import { randomBytes } from "node:crypto";
import test from "ava";
import type { Value } from "../../src/model/value.ts";
import { CLIENT_HISTORY, readHistory } from "../../src/store/history.ts";
import { ownerNamed } from "../fleet/machine.ts";
import { Fleet } from "../fleet/fleet.ts";
import { ALICE, BOB, COMMON, LANGUAGE, address } from "./entries.ts";

const hasFailed = (fleet: Fleet, name: string): boolean => fleet.at(name).log.some(({ text }) => text.includes("function failed"));

/** The values in a machine's history. */
async function historyOf(fleet: Fleet, name: string): Promise<unknown[]> {
  const values: unknown[] = [];
  for await (const { value } of readHistory(fleet.at(name).moduleDisk.peek(), CLIENT_HISTORY)) values.push(value);
  return values;
}

/** a is without a cable, and its "fr" was made before the "es" of b. */
async function fleetWithLosingEdit(): Promise<Fleet> {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.at("b").edit(ALICE, ...LANGUAGE, "de");
  await fleet.settle();
  fleet.network.unplug("a");
  await fleet.advance(30_000);
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.at("b").edit(ALICE, ...LANGUAGE, "es");
  await fleet.advance(1_000);
  return fleet;
}

const bigEntries = (owner: string, item: string, many: number, fields: { readonly [field: string]: Value } = {}) =>
  Array.from({ length: many }, (_, index) => {
    const value = { ...fields, cn: "x", icon: Uint8Array.from(randomBytes(12_000)) };
    return { owner: ownerNamed(owner), item, key: `k${index}`, value };
  });

test("M13 an address whose list is none of the machine's lists is in list 1, and harms no server", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["b"], others: ["a"] });
  await fleet.at("a").edit(COMMON, "common-address", "x", address("x", "constructor"));
  await fleet.at("a").edit(COMMON, "common-address", "y", address("y", "l".repeat(9_000)));
  await fleet.join("a");
  await fleet.at("b").edit(COMMON, "common-address", "z", address("z", "m".repeat(9_000)));
  await fleet.at("b").edit(COMMON, "common-address", "p", address("p", "__proto__"));
  await fleet.settle();
  t.deepEqual(await fleet.everywhere(COMMON, "common-address", "x"), address("x", "constructor"));
  t.deepEqual(await fleet.everywhere(COMMON, "common-address", "p"), address("p", "__proto__"));
  await fleet.at("s").restart();
  await fleet.settle();
  t.false(hasFailed(fleet, "s"));
});

test("M13 an owner with more data than travels stays on its machine; nothing fails, and the others go on", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["b"], others: ["a"] });
  await fleet.at("a").editAll(bigEntries(ALICE, "personal-address", 900));
  await fleet.at("a").edit(BOB, ...LANGUAGE, "fr");
  await fleet.join("a");
  t.is(await fleet.everywhere(BOB, ...LANGUAGE), "fr");
  t.false(hasFailed(fleet, "s"));
  t.false(hasFailed(fleet, "a"));
  t.not(await fleet.at("a").read(ALICE, "personal-address", "k899"), undefined);
  await fleet.at("a").edit(BOB, ...LANGUAGE, "de");
  await fleet.settle();
  t.is(await fleet.everywhere(BOB, ...LANGUAGE), "de");
});

test("P17 an offer that was accepted, and whose owner was deleted before the change arrived, keeps nothing waiting", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["b"], others: ["a"] });
  const a = fleet.at("a");
  await a.edit(ALICE, ...LANGUAGE, "fr");
  await a.startClient(fleet.at("s").address);
  let isAnswered = false;
  // The answer overtakes the change, and the connection is gone before that arrives.
  fleet.network.onMessage(({ way, to, message }) => {
    const late = way === "broadcast" && to === "a" && message.body.kind === "changes" && !isAnswered;
    fleet.network.weather = { ...fleet.network.weather, latencyMsMin: late ? 8_000 : 1, latencyMsMax: late ? 8_000 : 8 };
    if (to === "a" && message.body.kind === "offer-answer") isAnswered = true;
  });
  await a.restart();
  await fleet.when(() => isAnswered, 60_000, "the answer");
  await fleet.advance(100);
  fleet.network.unplug("a");
  fleet.network.breakConnections("a");
  t.is(await fleet.at("s").deleteOwner(ALICE), "done");
  fleet.network.plug("a");
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), undefined);
  await a.edit(BOB, ...LANGUAGE, "es");
  await a.edit(ALICE, ...LANGUAGE, "it");
  await fleet.settle();
  t.is(await fleet.everywhere(BOB, ...LANGUAGE), "es");
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "it");
  await fleet.at("b").edit(ALICE, ...LANGUAGE, "de");
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "de");
  t.false((await historyOf(fleet, "a")).includes("fr"), "what was deleted is in no history");
});

test("M15 P23 a deletion that is heard of before an older answer leaves nothing in the history", async (t) => {
  const fleet = await fleetWithLosingEdit();
  // The answer comes late, the deletion overtakes it.
  let isAnswered = false;
  fleet.network.onMessage(({ way, to, message }) => {
    const late = way === "down" && to === "a" && message.body.kind === "answers";
    isAnswered ||= late;
    fleet.network.weather = { ...fleet.network.weather, latencyMsMin: late ? 4_000 : 1, latencyMsMax: late ? 4_000 : 8 };
  });
  fleet.network.plug("a");
  await fleet.when(() => isAnswered, 60_000, "the answer");
  t.is(await fleet.at("s").deleteOwner(ALICE), "done");
  await fleet.settle();
  await fleet.advance(10_000);
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), undefined);
  t.deepEqual(await historyOf(fleet, "a"), []);
});

test("M15 P23 a module that dies between a deletion and its history's erasing, erases it when it starts again", async (t) => {
  const fleet = await fleetWithLosingEdit();
  const a = fleet.at("a");
  fleet.network.plug("a");
  await fleet.settle();
  t.deepEqual(await historyOf(fleet, "a"), ["fr"]);
  void fleet.at("s").administration.deleteOwner(ownerNamed(ALICE));
  let isDead = false;
  fleet.network.onMessage(({ way, to, message }) => {
    if (way !== "broadcast" || to !== "a" || message.body.kind !== "changes") return;
    // The change is durable, and nothing after it.
    a.moduleDisk.onDurable = () => {
      a.moduleDisk.onDurable = undefined;
      isDead = true;
      a.kill();
    };
  });
  await fleet.when(() => isDead, 60_000, "the crash");
  await a.switchOn();
  await fleet.settle();
  t.is(await a.read(ALICE, ...LANGUAGE), undefined);
  t.deepEqual(await historyOf(fleet, "a"), []);
});

test("a large change that trickles in over a slow link is waited for as long as it comes", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  await fleet.at("b").editAll(bigEntries(ALICE, "personal-address", 200));
  fleet.network.unplug("a");
  await fleet.advance(30_000);
  await fleet.join("b");
  let pieces = 0;
  fleet.network.onMessage(({ way, to, message }) => {
    const isPiece = way === "down" && to === "a" && message.body.kind === "changes" && message.body.of > 1;
    if (isPiece) pieces += 1;
    const latencyMs = isPiece ? pieces * 1_000 : 5;
    fleet.network.weather = { ...fleet.network.weather, latencyMsMin: latencyMs, latencyMsMax: latencyMs };
  });
  fleet.network.plug("a");
  await fleet.settle();
  t.true(pieces > 10);
  t.not(await fleet.at("a").read(ALICE, "personal-address", "k199"), undefined);
});

test("B03 whoever waits for an edit to be recorded hears of it, also when the client fails meanwhile", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const a = fleet.at("a");
  a.moduleDisk.failingWrites = 1;
  const marks = await a.edit(ALICE, ...LANGUAGE, "fr");
  t.deepEqual(await fleet.until(a.administration.recorded(marks)), marks);
  t.true(hasFailed(fleet, "a"));
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr");
});

test("M28 a server function that fails, and starts again, does not let its machine sleep meanwhile", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  const s = fleet.at("s");
  s.moduleDisk.failingWrites = 5;
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.when(() => hasFailed(fleet, "s"), 30_000, "the failure");
  await fleet.until(s.hal.power.pressEnergySaver());
  t.false(s.asleep);
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr");
});

test("B02 M15 values as deep as travels are read from the history again; a deeper one stays on its machine", async (t) => {
  const nested = (depth: number): Value => (depth === 0 ? "core" : [nested(depth - 1)]);
  const fleet = await Fleet.start({ server: "s", clients: ["b"], others: ["a"] });
  const a = fleet.at("a");
  for (const owner of [ALICE, BOB]) await fleet.at("b").edit(owner, ...LANGUAGE, "de");
  await a.edit(ALICE, "home-settings", "", nested(6));
  await a.edit(ALICE, "initial-screen", "", nested(12));
  await fleet.join("a");
  t.is(await a.read(ALICE, "home-settings", ""), undefined);
  t.deepEqual(await historyOf(fleet, "a"), [nested(6)]);
  t.is(await fleet.at("s").deleteOwner(BOB), "done");
  await fleet.settle();
  await a.restart();
  await fleet.settle();
  t.false(hasFailed(fleet, "a"));
  t.deepEqual(await a.read(ALICE, "initial-screen", ""), nested(12));
});

test("P7 P19 a list that is too large to be offered holds up no deletion in another list", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["b"], others: ["a"] });
  const a = fleet.at("a");
  await fleet.at("b").edit(COMMON, "common-address", "one", address("one"));
  await a.editAll(bigEntries(COMMON, "common-address", 500, { subdbid: "3" }));
  await fleet.join("a");
  await a.delete(COMMON, "common-address", "one");
  await a.edit(BOB, ...LANGUAGE, "es");
  await fleet.settle();
  t.is(await fleet.at("b").read(COMMON, "common-address", "one"), undefined);
  t.is(await fleet.everywhere(BOB, ...LANGUAGE), "es");
  t.not(await a.read(COMMON, "common-address", "k499"), undefined);
});
