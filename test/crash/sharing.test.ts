import test from "ava";
import { LIMITS } from "../../src/model/limits.ts";
import type { Value } from "../../src/model/value.ts";
import { Fleet } from "../fleet/fleet.ts";
import { forgetChanges } from "../fleet/forget-changes.ts";
import { ownerNamed } from "../fleet/machine.ts";
import { ALICE, BOB, LANGUAGE } from "../scenario/entries.ts";
import { atEveryWrite, type Story } from "./at-every-write.ts";
import { lostOn } from "./lost.ts";

const copies = (count: number): Value => ({ function: "copy", settings: { copies: count } });
const OWN = { timeline: "device-specific" } as const;
const SHARED = { timeline: "shared" } as const;
const isShared = (item: string) => item !== "timeline";

async function timelineOf(fleet: Fleet, name: string, owner: string): Promise<Record<string, Value>> {
  const entries = await fleet.until(fleet.at(name).hal.settings.read(ownerNamed(owner)));
  return Object.fromEntries(entries.filter(({ item }) => item === "timeline").map(({ key, value }) => [key, value]));
}

/** Takes a machine off the network and gives it edits of its own that nobody hears of. */
async function editApart(fleet: Fleet, name: string): Promise<void> {
  fleet.at(name).unplug();
  await fleet.advance(30_000);
  await fleet.at(name).edit(ALICE, "timeline", "1", copies(8));
  await fleet.at(name).edit(ALICE, "timeline", "2", copies(9));
  await fleet.at(name).edit(ALICE, ...LANGUAGE, "fr");
  await fleet.advance(1_000);
}

type Way = "changes" | "snapshot";

/** The timeline becomes device-specific while b is off, with edits of its own that nobody has heard of. */
const apart = (way: Way): Story<undefined> => ({
  victim: "b",
  isShared,
  async prepare() {
    const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
    await fleet.at("a").edit(ALICE, "timeline", "1", copies(1));
    await fleet.at("a").edit(BOB, "timeline", "1", copies(1));
    await fleet.settle();
    await editApart(fleet, "b");
    await fleet.at("a").edit(ALICE, "timeline", "3", copies(3));
    await fleet.at("a").edit(BOB, "timeline", "1", copies(2));
    await fleet.settle();
    fleet.at("b").powerOff();
    fleet.at("b").plug();
    await fleet.setSharing(OWN, ["a"]);
    await fleet.at("a").edit(ALICE, "timeline", "4", copies(4));
    await fleet.settle();
    if (way === "snapshot") await forgetChanges(fleet);
    return { fleet, given: undefined };
  },
  async begin() {},
  async happen(fleet) {
    void fleet.at("b").switchOnSoon();
    await fleet.advance(6_000);
  },
  async check(t, fleet, _, where) {
    t.deepEqual(await timelineOf(fleet, "b", ALICE), { 1: copies(8), 2: copies(9), 3: copies(3) }, where);
    t.deepEqual(await timelineOf(fleet, "b", BOB), { 1: copies(2) }, where);
    t.deepEqual(await timelineOf(fleet, "a", ALICE), { 1: copies(1), 3: copies(3), 4: copies(4) }, where);
    t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr", where);
    t.deepEqual(await lostOn(fleet.at("b")), [], where);
  },
});

/** The timeline is shared again: a supplied Alice's, b holds Alice and Bob. */
const together = (way: Way): Story<undefined> => ({
  victim: "b",
  async prepare() {
    const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
    await fleet.at("a").edit(ALICE, "timeline", "1", copies(1));
    await fleet.settle();
    await fleet.setSharing(OWN);
    await fleet.at("a").edit(ALICE, "timeline", "2", copies(2));
    await fleet.at("b").edit(ALICE, "timeline", "1", copies(5));
    await fleet.at("b").edit(ALICE, "timeline", "3", copies(3));
    await fleet.at("b").edit(BOB, "timeline", "3", copies(3));
    await fleet.settle();
    await fleet.setSharing(SHARED, ["a"]);
    if (way === "snapshot") await forgetChanges(fleet);
    return { fleet, given: undefined };
  },
  async begin() {},
  async happen(fleet) {
    void fleet.at("b").switchOnSoon();
    await fleet.advance(6_000);
  },
  async check(t, fleet, _, where) {
    for (const name of ["a", "b"]) {
      t.deepEqual(await timelineOf(fleet, name, ALICE), { 1: copies(1), 2: copies(2) }, `${where}: ${name}`);
      t.deepEqual(await timelineOf(fleet, name, BOB), { 3: copies(3) }, `${where}: ${name}`);
    }
    const lost = (await lostOn(fleet.at("b"))).map(({ key, because }) => `${key} ${because}`);
    t.deepEqual([...new Set(lost)].sort(), ["1 replaced-at-scope-change", "3 replaced-at-scope-change"], where);
  },
});

/** The server machine, whose own client has data of its own, is asked for both changes. */
const asked = (scopes: typeof OWN | typeof SHARED): Story<undefined> => ({
  victim: "s",
  isShared: scopes === OWN ? isShared : () => true,
  async prepare() {
    const fleet = await Fleet.start({ server: "s", serverTakesPart: true, clients: ["a"] });
    await fleet.at("a").edit(ALICE, "timeline", "1", copies(1));
    await fleet.settle();
    if (scopes === SHARED) {
      await fleet.setSharing(OWN);
      await fleet.at("s").edit(ALICE, "timeline", "2", copies(2));
      await fleet.settle();
    }
    fleet.at("a").powerOff();
    return { fleet, given: undefined };
  },
  async begin(fleet) {
    // A server that has just started does not know yet who operates.
    await fleet.advance(LIMITS.leaseMs + LIMITS.beatMs);
  },
  async happen(fleet) {
    void fleet.at("s").administration.setSharing(scopes);
    void fleet.at("s").changeSoon(ALICE, "timeline", "3", copies(3));
    await fleet.advance(6_000);
  },
  async resume(fleet) {
    await fleet.settle();
    // A server that has just started does not know yet who operates.
    await fleet.advance(LIMITS.leaseMs + LIMITS.beatMs);
    const outcome = await fleet.at("s").setSharing(scopes);
    if (outcome !== "done") throw new Error(`the scopes are not set: ${outcome.word}`);
    await fleet.settle();
    await fleet.at("a").switchOn();
  },
  async check(t, fleet, _, where) {
    const { 3: edited, ...before } = await timelineOf(fleet, "s", ALICE);
    t.deepEqual(before, scopes === OWN ? { 1: copies(1) } : { 1: copies(1), 2: copies(2) }, where);
    // A kill in the write of the edit itself leaves none of it.
    if (edited !== undefined) t.deepEqual(edited, copies(3), where);
    if (scopes === SHARED) t.deepEqual(await timelineOf(fleet, "a", ALICE), await timelineOf(fleet, "s", ALICE), where);
  },
});

/** Alice, of whom b has device-specific data, is deleted while b is off. */
const deleted: Story<undefined> = {
  victim: "b",
  isShared,
  async prepare() {
    const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
    await fleet.at("a").edit(ALICE, ...LANGUAGE, "de");
    await fleet.setSharing(OWN);
    await fleet.at("b").edit(ALICE, "timeline", "1", copies(1));
    await fleet.at("b").edit(BOB, "timeline", "1", copies(1));
    await fleet.settle();
    fleet.at("b").powerOff();
    await fleet.at("s").deleteOwner(ALICE);
    await fleet.settle();
    return { fleet, given: undefined };
  },
  async begin() {},
  async happen(fleet) {
    void fleet.at("b").switchOnSoon();
    await fleet.advance(6_000);
  },
  async check(t, fleet, _, where) {
    t.deepEqual(await fleet.at("b").owners(), [BOB], where);
    t.deepEqual(await lostOn(fleet.at("b")), [], where);
  },
};

for (const way of ["changes", "snapshot"] as const) {
  test.serial(
    `M19 P27 killed at any write, a machine that was off goes its own way from the common data and its edits: by ${way}`,
    async (t) => {
      t.log(`${await atEveryWrite(t, apart(way))} deaths`);
    },
  );

  test.serial(`M19 P28 killed at any write, a machine's own data is supplied or is in its history: by ${way}`, async (t) => {
    t.log(`${await atEveryWrite(t, together(way))} deaths`);
  });
}

test.serial(
  "M18 M19 killed at any write of the change to device-specific, and of the recovery, the server machine has made it or not",
  async (t) => {
    t.log(`${await atEveryWrite(t, asked(OWN))} deaths`);
  },
);

test.serial(
  "M18 M19 killed at any write of the change to shared, and of the recovery, the server machine has made it or not",
  async (t) => {
    t.log(`${await atEveryWrite(t, asked(SHARED))} deaths`);
  },
);

test.serial("M15 P26 killed at any write, and of the recovery, a machine keeps no device-specific data of a deleted owner", async (t) => {
  t.log(`${await atEveryWrite(t, deleted)} deaths`);
});
