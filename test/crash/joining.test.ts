import test from "ava";
import type { Value } from "../../src/model/value.ts";
import { Fleet } from "../fleet/fleet.ts";
import { ALICE, BOB, COMMON, LANGUAGE, button } from "../scenario/entries.ts";
import { atEveryWrite, type Story } from "./at-every-write.ts";
import { lostOn } from "./lost.ts";

/** Large enough that a snapshot travels in two parts. */
const LARGE = 15_000;
const LARGE_BUTTONS = 20;
const large = (n: number): Value => ({ name: `large ${n}`, function: "copy", settings: { text: `${n}`.padEnd(LARGE, "x") } });

/** b joins a fleet that knows Alice: b's Alice is replaced, its Bob and its shared button are adopted. */
const joining = (victim: string): Story<undefined> => ({
  victim,
  async prepare() {
    const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"], joined: false });
    const b = fleet.at("b");
    await fleet.pair("a");
    await b.edit(ALICE, ...LANGUAGE, "de");
    await b.edit(BOB, ...LANGUAGE, "it");
    await b.edit(BOB, "personal-button", "x", button("x"));
    await b.edit(COMMON, "shared-button", "y", button("y"));
    await b.startClient(fleet.at("s").address);
    b.powerOff();
    return { fleet, given: undefined };
  },
  async begin(fleet) {
    // By now a has joined, and b is given the same snapshot, and this change.
    await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
    await fleet.settle();
  },
  async happen(fleet) {
    void fleet.at("b").switchOnSoon();
    await fleet.advance(1_000);
  },
  async resume(fleet) {
    await fleet.at("b").switchOn();
  },
  async check(t, fleet, _, where) {
    t.is(fleet.at("b").status?.client?.state, "synchronized", where);
    t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr", where);
    t.is(await fleet.everywhere(BOB, ...LANGUAGE), "it", where);
    t.deepEqual(await fleet.everywhere(BOB, "personal-button", "x"), button("x"), where);
    t.deepEqual(await fleet.everywhere(COMMON, "shared-button", "y"), button("y"), where);
    t.true(
      (await lostOn(fleet.at("b"))).some(({ value }) => value === "de"),
      `${where}: what was replaced is in the history`,
    );
  },
});

test.serial("M12 M13 P17 killed at any write of its join, and of the recovery, a machine comes to the same end", async (t) => {
  t.log(`${await atEveryWrite(t, joining("b"))} deaths`);
});

test.serial(
  "M13 M14 P18 killed at any write while it adopts, and of the recovery, the server adopts each owner once and whole",
  async (t) => {
    t.log(`${await atEveryWrite(t, joining("s"))} deaths`);
  },
);

/** b joins while its data is being changed: several parts, and changes to replay over them. */
const transferring: Story<undefined> = {
  victim: "b",
  async prepare() {
    const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
    for (let n = 1; n <= LARGE_BUTTONS; n += 1) await fleet.at("a").edit(ALICE, "personal-button", `${n}`, large(n));
    await fleet.settle();
    // A snapshot is shared for a while: after a restart it is a new one.
    await fleet.at("s").restart();
    await fleet.at("b").startClient(fleet.at("s").address);
    fleet.at("b").powerOff();
    await fleet.settle();
    return { fleet, given: undefined };
  },
  async begin() {},
  async happen(fleet) {
    let parts = 0;
    fleet.network.onMessage(({ message }) => {
      if (message.body.kind !== "part") return;
      parts += 1;
      if (parts <= 2) void fleet.at("a").changeSoon(ALICE, "personal-button", "1", button(`changed ${parts}`));
    });
    void fleet.at("b").switchOnSoon();
    await fleet.advance(1_000);
  },
  async check(t, fleet, _, where) {
    t.deepEqual(await fleet.everywhere(ALICE, "personal-button", `${LARGE_BUTTONS}`), large(LARGE_BUTTONS), where);
    t.deepEqual(await fleet.everywhere(ALICE, "personal-button", "1"), button("changed 2"), where);
    t.deepEqual(await lostOn(fleet.at("b")), [], where);
  },
};

test.serial(
  "P29 killed at any write of a snapshot that arrives, and of the recovery, a machine shows it whole or not at all",
  async (t) => {
    t.log(`${await atEveryWrite(t, transferring)} deaths`);
  },
);

/** The edit of a waits behind a cut while b's later one stands: a hears in one moment that it lost. */
const losing: Story<undefined> = {
  victim: "a",
  async prepare() {
    const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
    return { fleet, given: undefined };
  },
  async begin(fleet) {
    fleet.network.cut("a", "s");
    await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
    await fleet.advance(500);
    await fleet.at("b").edit(ALICE, ...LANGUAGE, "de");
    await fleet.advance(3_000);
  },
  async happen(fleet) {
    fleet.network.heal("a", "s");
    await fleet.advance(8_000);
  },
  async check(t, fleet, _, where) {
    t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "de", where);
    t.deepEqual(
      (await lostOn(fleet.at("a"))).map(({ value }) => value),
      ["fr"],
      `${where}: what lost is in the author's history, once`,
    );
  },
};

test.serial(
  "B02 P9 killed at any write while it learns that its edit lost, and of the recovery, the machine shows what stands and keeps what lost",
  async (t) => {
    t.log(`${await atEveryWrite(t, losing)} deaths`);
  },
);
