import test from "ava";
import { damageSegments } from "../fleet/damage-segments.ts";
import { Fleet } from "../fleet/fleet.ts";
import { ALICE, BOB, button, LANGUAGE } from "../scenario/entries.ts";
import { atEveryWrite, type Story } from "./at-every-write.ts";
import { lostOn } from "./lost.ts";

/** b has an edit that nobody knows yet, and comes upon the damage when it takes what a deleted from its segment. */
const damaged: Story<undefined> = {
  victim: "b",
  isDamaged: true,
  async prepare() {
    const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
    const [a, b] = [fleet.at("a"), fleet.at("b")];
    await a.edit(ALICE, ...LANGUAGE, "fr");
    await a.edit(ALICE, "personal-button", "x", button("x"));
    await a.edit(ALICE, "personal-button", "y", button("y"));
    await fleet.settle();
    // A snapshot is shared for a while: after a restart it is a new one, with all of this in it.
    await fleet.at("s").restart();
    await b.startClient(fleet.at("s").address);
    await b.restart();
    await fleet.settle();
    b.unplug();
    await b.edit(BOB, ...LANGUAGE, "es");
    b.powerOff();
    await a.delete(ALICE, "personal-button", "x");
    await fleet.advance(2_000);
    damageSegments(b.moduleDisk);
    b.plug();
    return { fleet, given: undefined };
  },
  async begin() {},
  async happen(fleet) {
    void fleet.at("b").switchOnSoon();
    await fleet.advance(12_000);
  },
  async resume(fleet) {
    await fleet.at("b").switchOn();
    await fleet.advance(12_000);
  },
  async check(t, fleet, _, where) {
    t.is(await fleet.everywhere(BOB, ...LANGUAGE), "es", where);
    t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr", where);
    t.is(await fleet.everywhere(ALICE, "personal-button", "x"), undefined, where);
    t.deepEqual(await fleet.everywhere(ALICE, "personal-button", "y"), button("y"), where);
    t.deepEqual(await lostOn(fleet.at("b")), [], where);
  },
};

test.serial("P29 killed at any write while a damaged copy is fetched anew, and of the recovery, a machine loses nothing", async (t) => {
  t.log(`${await atEveryWrite(t, damaged)} deaths`);
});
