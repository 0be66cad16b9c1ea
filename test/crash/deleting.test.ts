import test from "ava";
import { unpackPart } from "../../src/protocol/part.ts";
import { Fleet } from "../fleet/fleet.ts";
import { ALICE, BOB, LANGUAGE, button } from "../scenario/entries.ts";
import { atEveryWrite, type Story } from "./at-every-write.ts";
import { lostOn } from "./lost.ts";

/** Before the part in a segment's record. */
const CHECKSUM_BYTES = 4;

/** Alice, of whom a has something in its history, is deleted while b has an edit of hers that nobody has heard of. */
const deleting = (victim: string): Story<{ asked: boolean }> => ({
  victim,
  async prepare() {
    const fleet = await Fleet.start({ server: "s", clients: ["a", "b"], joined: false });
    await fleet.pair("a", "b");
    return { fleet, given: undefined };
  },
  async begin(fleet) {
    fleet.network.cut("a", "s");
    await fleet.at("a").edit(ALICE, ...LANGUAGE, "lost");
    await fleet.advance(500);
    await fleet.at("b").edit(ALICE, ...LANGUAGE, "fr");
    await fleet.at("b").edit(BOB, ...LANGUAGE, "it");
    await fleet.advance(2_000);
    fleet.network.heal("a", "s");
    await fleet.settle();
    fleet.network.cut("b", "s");
    await fleet.at("b").edit(ALICE, "personal-button", "x", button("x"));
    await fleet.advance(2_000);
    return { asked: false };
  },
  async happen(fleet, facts) {
    facts.asked = true;
    void fleet.at("s").administration.deleteOwner(ALICE as never);
    await fleet.advance(1_000);
    fleet.network.heal("b", "s");
    await fleet.advance(6_000);
  },
  /** Whoever got no answer looks, and asks again. */
  async resume(fleet) {
    await fleet.settle();
    const outcome = await fleet.at("s").deleteOwner(ALICE);
    if (outcome !== "done" && outcome.word !== "owner-unknown") throw new Error(`the deletion is refused: ${outcome.word}`);
  },
  async check(t, fleet, _, where) {
    for (const name of ["a", "b"]) {
      t.deepEqual(await fleet.at(name).owners(), [BOB], `${where}: ${name}`);
      t.deepEqual(
        (await lostOn(fleet.at(name))).filter(({ owner }) => owner === ALICE),
        [],
        `${where}: the history of ${name}`,
      );
    }
  },
});

test.serial(
  "M15 P23 killed at any write of a deletion, and of the recovery, the server leaves nothing of the owner anywhere",
  async (t) => {
    t.log(`${await atEveryWrite(t, deleting("s"))} deaths`);
  },
);

test.serial(
  "M15 P23 killed at any write of a deletion that arrives, and of the recovery, a machine keeps nothing of the owner",
  async (t) => {
    t.log(`${await atEveryWrite(t, deleting("a"))} deaths`);
  },
);

test.serial(
  "M15 P22 killed at any write of a deletion that beats its edit, and of the recovery, a machine keeps nothing of the owner",
  async (t) => {
    t.log(`${await atEveryWrite(t, deleting("b"))} deaths`);
  },
);

/** Whether the copy on a machine's disk has anything of an owner, in a segment or over one. */
async function isOnDisk(fleet: Fleet, name: string, owner: string): Promise<boolean> {
  const entries = `e/${owner}\0`;
  for await (const [key, value] of fleet.at(name).moduleDisk.peek().range({ from: "c/s/", to: "c/s0" })) {
    if (key.includes(entries)) return true;
    if (key.includes("/z/") && unpackPart(value.subarray(CHECKSUM_BYTES)).some(([stateKey]) => stateKey.startsWith(entries))) return true;
  }
  return false;
}

/** c has Alice and Bob in the segment that its snapshot came in. */
const leaving: Story<undefined> = {
  victim: "c",
  async prepare() {
    const fleet = await Fleet.start({ server: "s", clients: ["a"] });
    for (const owner of [ALICE, BOB]) await fleet.at("a").edit(owner, ...LANGUAGE, "fr");
    await fleet.at("a").edit(ALICE, "personal-button", "x", button("x"));
    await fleet.settle();
    // A snapshot is shared for a while: after a restart it is a new one, with both of them in it.
    await fleet.at("s").restart();
    await fleet.add("c");
    await fleet.join("c");
    await fleet.settle();
    return { fleet, given: undefined };
  },
  async begin() {},
  async happen(fleet) {
    void fleet.at("s").administration.deleteOwner(ALICE as never);
    await fleet.advance(10_000);
  },
  async check(t, fleet, _, where) {
    await fleet.advance(10_000);
    t.deepEqual(await fleet.at("c").owners(), [BOB], where);
    t.is(await fleet.everywhere(BOB, ...LANGUAGE), "fr", where);
    t.false(await isOnDisk(fleet, "c", ALICE), `${where}: nothing of her is left on the disk`);
    t.true(await isOnDisk(fleet, "c", BOB), where);
  },
};

test.serial(
  "M15 P29 killed at any write while a deleted owner leaves the segments, and of the recovery, a machine has nothing of the owner on its disk",
  async (t) => {
    t.log(`${await atEveryWrite(t, leaving)} deaths`);
  },
);
