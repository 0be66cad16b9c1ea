import test from "ava";
import { LIMITS } from "../../src/model/limits.ts";
import { unpackPart } from "../../src/protocol/part.ts";
import { CLIENT_HISTORY } from "../../src/store/history.ts";
import { entryKey } from "../../src/store/keys.ts";
import { Fleet } from "../fleet/fleet.ts";
import { ownerNamed } from "../fleet/machine.ts";
import { changesOf, lostAt } from "./durable.ts";
import { address, ALICE, button } from "./entries.ts";

const DAY_MS = 24 * 3600 * 1000;
const DRAWN = "f81d4fae-7dec-41d0-8765-00a0c91e6bf6";
const LONG_MS = LIMITS.tombstoneMs + DAY_MS;

/** Everything that is on is switched off for some time; then the machines of `names` are switched on. */
async function sleepThrough(fleet: Fleet, ms: number, ...names: readonly string[]): Promise<void> {
  for (const machine of fleet.machines) machine.powerOff();
  await fleet.advance(ms);
  for (const name of names) await fleet.at(name).switchOn();
  await fleet.settle();
}

const purgesOf = async (fleet: Fleet): Promise<string[]> =>
  (await changesOf(fleet, "s")).flatMap(({ purges }) => purges.map(({ owner }) => owner));

/** Whether any copy on a machine's disk still has a record of this entry. */
async function hasRecord(fleet: Fleet, name: string, key: string): Promise<boolean> {
  const record = entryKey({ owner: ownerNamed(ALICE), item: "personal-button", key });
  for await (const [stored, value] of fleet.at(name).moduleDisk.peek().range({ from: "c/s/", to: "s/t" })) {
    const isSegment = stored.startsWith("c/s/") && stored.includes("/z/");
    const keys = isSegment ? unpackPart(value.subarray(4)).map(([key]) => key) : [stored];
    if (keys.some((key) => key.endsWith(record))) return true;
  }
  return false;
}

/** Alice has y, and had x. */
async function fleetWithDeletion(): Promise<Fleet> {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  for (const key of ["x", "y"]) await fleet.at("a").edit(ALICE, "personal-button", key, button(key));
  await fleet.settle();
  return fleet;
}

test("P25 what was deleted is remembered for ninety days, and then leaves every copy", async (t) => {
  const fleet = await fleetWithDeletion();
  await fleet.at("a").delete(ALICE, "personal-button", "x");
  await fleet.settle();
  await sleepThrough(fleet, LIMITS.tombstoneMs - DAY_MS, "s", "a");
  await fleet.advance(60_000);
  t.deepEqual(await purgesOf(fleet), []);
  for (const name of ["s", "a"]) t.true(await hasRecord(fleet, name, "x"), name);
  await sleepThrough(fleet, 2 * DAY_MS, "s", "a", "b");
  await fleet.when(() => fleet.at("b").status?.client?.revision === fleet.at("s").status?.server?.revision, 60_000, "catching up");
  await fleet.advance(60_000);
  await fleet.settle();
  t.deepEqual(await purgesOf(fleet), [ALICE], "once");
  for (const name of ["s", "a", "b"]) {
    t.false(await hasRecord(fleet, name, "x"), name);
    t.true(await hasRecord(fleet, name, "y"), name);
  }
  t.deepEqual(await fleet.everywhere(ALICE, "personal-button", "y"), button("y"));
  // Whoever comes later has it in the snapshot: equal positions are equal copies.
  await fleet.add("c");
  await fleet.join("c");
  t.false(await hasRecord(fleet, "c", "x"));
});

test("P25 a server machine that is never switched off forgets as well, within a day", async (t) => {
  const fleet = await fleetWithDeletion();
  await fleet.at("a").delete(ALICE, "personal-button", "x");
  await fleet.settle();
  await sleepThrough(fleet, LIMITS.tombstoneMs - 3600_000, "s");
  await fleet.advance(60_000);
  t.deepEqual(await purgesOf(fleet), []);
  await fleet.advance(DAY_MS);
  t.deepEqual(await purgesOf(fleet), [ALICE]);
});

test("P25 B03 an edit from before a deletion that is forgotten loses all the same, and is in the history", async (t) => {
  const fleet = await fleetWithDeletion();
  fleet.at("b").unplug();
  await fleet.advance(30_000);
  await fleet.at("b").edit(ALICE, "personal-button", "x", button("changed"));
  await fleet.at("b").powerOff();
  await fleet.advance(1_000);
  await fleet.at("a").delete(ALICE, "personal-button", "x");
  await fleet.settle();
  await sleepThrough(fleet, LONG_MS, "s", "a");
  await fleet.advance(60_000);
  t.deepEqual(await purgesOf(fleet), [ALICE]);
  await fleet.at("b").switchOn();
  fleet.at("b").plug();
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, "personal-button", "x"), undefined);
  t.deepEqual(
    (await lostAt(fleet, "b", CLIENT_HISTORY)).map(({ key, because }) => [key, because]),
    [["x", "superseded"]],
  );
});

test("P25 an edit made after a deletion that is forgotten stands", async (t) => {
  const fleet = await fleetWithDeletion();
  fleet.at("b").unplug();
  await fleet.advance(30_000);
  await fleet.at("a").delete(ALICE, "personal-button", "x");
  await fleet.advance(1_000);
  await fleet.at("b").edit(ALICE, "personal-button", "x", button("changed"));
  fleet.at("b").powerOff();
  await fleet.settle();
  await sleepThrough(fleet, LONG_MS, "s", "a");
  await fleet.advance(60_000);
  t.deepEqual(await purgesOf(fleet), [ALICE]);
  await fleet.at("b").switchOn();
  fleet.at("b").plug();
  await fleet.settle();
  t.deepEqual(await fleet.everywhere(ALICE, "personal-button", "x"), button("changed"));
});

test("P25 an entry whose key its author had just drawn is taken, however old the edit is", async (t) => {
  const fleet = await fleetWithDeletion();
  await fleet.at("a").edit(ALICE, "personal-address", "old", address("old"));
  await fleet.settle();
  fleet.at("b").unplug();
  await fleet.advance(30_000);
  await fleet.at("b").edit(ALICE, "personal-address", DRAWN, address("new"));
  await fleet.at("b").edit(ALICE, "personal-address", DRAWN, address("newer"));
  // The neighbour: a key that anybody may have used is no drawn one.
  await fleet.at("b").edit(ALICE, "personal-address", "7", address("seven"));
  fleet.at("b").powerOff();
  await fleet.advance(1_000);
  await fleet.at("a").delete(ALICE, "personal-address", "old");
  await fleet.settle();
  await sleepThrough(fleet, LONG_MS, "s", "a");
  await fleet.advance(60_000);
  t.deepEqual(await purgesOf(fleet), [ALICE]);
  await fleet.at("b").switchOn();
  fleet.at("b").plug();
  await fleet.settle();
  t.deepEqual(await fleet.everywhere(ALICE, "personal-address", DRAWN), address("newer"));
  t.is(await fleet.everywhere(ALICE, "personal-address", "7"), undefined);
});

test("P25 a drawn key that another machine had made, and that was deleted and forgotten, does not come back", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.at("a").edit(ALICE, "personal-address", DRAWN, address("first"));
  await fleet.settle();
  fleet.at("b").unplug();
  await fleet.advance(30_000);
  await fleet.at("b").edit(ALICE, "personal-address", DRAWN, address("changed"));
  fleet.at("b").powerOff();
  await fleet.advance(1_000);
  await fleet.at("a").delete(ALICE, "personal-address", DRAWN);
  await fleet.settle();
  await sleepThrough(fleet, LONG_MS, "s", "a");
  await fleet.advance(60_000);
  await fleet.at("b").switchOn();
  fleet.at("b").plug();
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, "personal-address", DRAWN), undefined);
});

test("P25 killed after any of its writes, server and clients have forgotten alike", async (t) => {
  for (let writes = 1; writes <= 6; writes += 1) {
    const fleet = await fleetWithDeletion();
    await fleet.at("a").delete(ALICE, "personal-button", "x");
    await fleet.settle();
    for (const machine of fleet.machines) machine.powerOff();
    await fleet.advance(LONG_MS);
    await fleet.at("s").switchOn();
    let left = writes;
    for (const name of ["s", "a"])
      fleet.at(name).moduleDisk.onDurable = () => {
        left -= 1;
        if (left === 0) fleet.at(name).kill();
      };
    void fleet.at("a").switchOnSoon();
    await fleet.advance(30_000);
    for (const name of ["s", "a"]) {
      fleet.at(name).moduleDisk.onDurable = undefined;
      if (!fleet.at(name).running) await fleet.at(name).switchOn();
    }
    await fleet.at("b").switchOn();
    await fleet.advance(30_000);
    await fleet.settle();
    for (const name of ["s", "a", "b"]) t.false(await hasRecord(fleet, name, "x"), `${name}, killed after write ${writes}`);
    t.deepEqual(await purgesOf(fleet), [ALICE], `killed after write ${writes}`);
    t.deepEqual(await fleet.everywhere(ALICE, "personal-button", "y"), button("y"));
  }
});
