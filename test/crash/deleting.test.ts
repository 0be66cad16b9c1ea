import test from "ava";
import { Fleet } from "../fleet/fleet.ts";
import { ALICE, BOB, LANGUAGE, button } from "../scenario/entries.ts";
import { atEveryWrite, type Story } from "./at-every-write.ts";
import { lostOn } from "./lost.ts";

/** Alice, of whom a has something in its history, is deleted while b has an edit of hers that nobody has heard of. */
const deleting = (victim: string): Story<{ asked: boolean }> => ({
  victim,
  async begin() {
    const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
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
    return { fleet, facts: { asked: false } };
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
