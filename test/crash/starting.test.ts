import test from "ava";
import { Fleet } from "../fleet/fleet.ts";
import { ALICE, BOB, LANGUAGE } from "../scenario/entries.ts";
import { atEveryWrite, type Story } from "./at-every-write.ts";

/** A factory-new machine is switched on, and its administrator starts the server function. */
const firstStart: Story<undefined> = {
  victim: "s",
  async prepare() {
    const fleet = await Fleet.start({ others: ["s", "a"] });
    fleet.at("s").powerOff();
    fleet.at("s").moduleDisk.wipe();
    fleet.at("s").machineDisk.wipe();
    return { fleet, given: undefined };
  },
  async begin() {},
  async happen(fleet) {
    const s = fleet.at("s");
    void s.switchOnSoon();
    await fleet.advance(4_000);
    if (s.running) void s.administration.synchronize({ server: true });
    await fleet.advance(1_000);
  },
  /** Whoever got no answer looks, and starts it again. */
  async resume(fleet) {
    await fleet.advance(4_000);
    if (fleet.at("s").status?.server === undefined) await fleet.serve("s");
    await fleet.join("a");
    await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  },
  async check(t, fleet, _, where) {
    t.is(fleet.at("s").status?.server?.revision, 1, where);
    t.is(fleet.at("s").status?.server?.users, 1, where);
    t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr", where);
  },
};

test.serial("M06 killed at any write of its first start, and of the recovery, a machine can serve", async (t) => {
  t.log(`${await atEveryWrite(t, firstStart)} deaths`);
});

/** The administrator starts the client function of a machine that holds Bob; it takes effect with the restart (M08). */
const clientStart = (victim: string): Story<undefined> => ({
  victim,
  async prepare() {
    const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
    await fleet.at("b").edit(BOB, ...LANGUAGE, "it");
    return { fleet, given: undefined };
  },
  async begin() {},
  async happen(fleet) {
    const b = fleet.at("b");
    void b.startClientSoon(fleet.at("s").address);
    await fleet.advance(3_000);
    if (b.running) void b.restartSoon();
    await fleet.advance(1_000);
  },
  async resume(fleet) {
    const b = fleet.at("b");
    if (!fleet.at("s").running) await fleet.at("s").switchOn();
    await fleet.advance(3_000);
    const state = b.status?.client?.state;
    if (state === undefined) await b.startClient(fleet.at("s").address);
    if (state === undefined || state === "restart-needed") await b.restart();
  },
  async check(t, fleet, _, where) {
    t.is(fleet.at("b").status?.client?.state, "synchronized", where);
    t.is(await fleet.everywhere(BOB, ...LANGUAGE), "it", where);
    t.is(fleet.at("s").status?.server?.machines, 2, where);
  },
});

test.serial("M08 killed at any write of its client function's start, and of the recovery, a machine can join", async (t) => {
  t.log(`${await atEveryWrite(t, clientStart("b"))} deaths`);
});

test.serial("M08 killed at any write while it pairs, and of the recovery, the server knows the machine once", async (t) => {
  t.log(`${await atEveryWrite(t, clientStart("s"))} deaths`);
});

/** The administrator stops the client function of b, which has an edit that was not sent (P21), and starts it again later. */
const clientStop: Story<undefined> = {
  victim: "b",
  async prepare() {
    const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
    await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
    await fleet.settle();
    return { fleet, given: undefined };
  },
  async begin(fleet) {
    fleet.at("b").unplug();
    await fleet.at("b").edit(ALICE, ...LANGUAGE, "de");
    await fleet.at("b").edit(BOB, ...LANGUAGE, "it");
    await fleet.advance(500);
  },
  async happen(fleet) {
    void fleet.at("b").stopClientSoon();
    await fleet.advance(3_000);
  },
  async resume(fleet) {
    const b = fleet.at("b");
    if (b.status?.client !== undefined) await b.stopClient();
    b.plug();
    await fleet.join("b");
  },
  async check(t, fleet, _, where) {
    t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr", `${where}: the server's data stand`);
    t.is(await fleet.everywhere(BOB, ...LANGUAGE), "it", `${where}: what only b held was offered`);
  },
};

test.serial(
  "P21 M11 killed at any write of a stop, and of the recovery, a machine's next start is a join with the data it has",
  async (t) => {
    t.log(`${await atEveryWrite(t, clientStop)} deaths`);
  },
);

/** A server machine that takes part is restarted in the middle of its fleet's work. */
const serverRestart: Story<{ readonly saved: string[] }> = {
  victim: "s",
  async prepare() {
    const fleet = await Fleet.start({ server: "s", serverTakesPart: true, clients: ["a"], joined: false });
    await fleet.pair("a");
    return { fleet, given: undefined };
  },
  async begin(fleet) {
    await fleet.at("s").edit(ALICE, ...LANGUAGE, "fr");
    await fleet.settle();
    return { saved: [] };
  },
  async happen(fleet, { saved }) {
    const s = fleet.at("s");
    void s.changeSoon(BOB, ...LANGUAGE, "it").then(() => saved.push("it"));
    void s.restartSoon();
    await fleet.at("a").edit(ALICE, ...LANGUAGE, "de");
    await fleet.advance(1_000);
  },
  async resume(fleet) {
    await fleet.at("s").switchOn();
  },
  async check(t, fleet, { saved }, where) {
    t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "de", where);
    if (saved.length > 0) t.is(await fleet.everywhere(BOB, ...LANGUAGE), "it", where);
  },
};

test.serial("M04 killed at any write of a restart, and of the recovery, a server/client machine serves and takes part", async (t) => {
  t.log(`${await atEveryWrite(t, serverRestart)} deaths`);
});
