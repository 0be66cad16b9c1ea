import test from "ava";
import { SERVER_HISTORY } from "../../src/store/history.ts";
import { Fleet } from "../fleet/fleet.ts";
import { lostAt } from "../scenario/durable.ts";
import { ALICE, BOB, button, LANGUAGE } from "../scenario/entries.ts";
import { atEveryWrite, type Story } from "./at-every-write.ts";

const CAROL = "user:carol";

/** Two users fill the fleet; Carol is the third, and Alice, the first by name, makes room for her. */
const evicting = (victim: string): Story<undefined> => ({
  victim,
  async prepare() {
    const fleet = await Fleet.start({ server: "s", clients: ["a", "b"], joined: false, config: { usersMax: 2 } });
    await fleet.pair("a", "b");
    return { fleet, given: undefined };
  },
  async begin(fleet) {
    await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
    await fleet.at("a").edit(ALICE, "personal-button", "x", button("x"));
    await fleet.at("b").edit(BOB, ...LANGUAGE, "it");
    await fleet.settle();
  },
  async happen(fleet) {
    void fleet.at("b").changeSoon(CAROL, ...LANGUAGE, "es");
    await fleet.advance(6_000);
  },
  async resume(fleet) {
    await fleet.settle();
    if ((await fleet.at("b").read(CAROL, ...LANGUAGE)) === undefined) await fleet.at("b").edit(CAROL, ...LANGUAGE, "es");
  },
  async check(t, fleet, _, where) {
    for (const name of ["a", "b"]) t.deepEqual(await fleet.at(name).owners(), [BOB, CAROL], `${where}: ${name}`);
    t.is(fleet.at("s").status?.server?.users, 2, where);
    const kept = await lostAt(fleet, "s", SERVER_HISTORY);
    t.deepEqual(kept.map(({ owner, item }) => `${owner} ${item}`).sort(), [`${ALICE} display-language`, `${ALICE} personal-button`], where);
  },
});

test.serial(
  "M22 killed at any write of an eviction, and of the recovery, the server has one user for another, and the history has it all",
  async (t) => {
    t.log(`${await atEveryWrite(t, evicting("s"))} deaths`);
  },
);

test.serial(
  "M22 killed at any write while it hears of an eviction, and of the recovery, a machine shows nothing of who had to go",
  async (t) => {
    t.log(`${await atEveryWrite(t, evicting("a"))} deaths`);
  },
);

test.serial(
  "M22 killed at any write of the edit that evicts, and of the recovery, its author's machine ends like the others",
  async (t) => {
    t.log(`${await atEveryWrite(t, evicting("b"))} deaths`);
  },
);
