/** Acts on both stores of a machine, and on its group settings: all of it after the next start, or nothing. */
import test from "ava";
import type { SimHal } from "../../hal/sim/sim-hal.ts";
import { ownerNamed } from "../contract/item-store-samples.ts";
import { Fleet } from "../fleet/fleet.ts";
import type { VirtualMachine } from "../fleet/machine.ts";
import { ALICE, BOB, LANGUAGE, address, button } from "../scenario/entries.ts";
import { atEveryWrite, type Story } from "./at-every-write.ts";

const PASSPHRASE = "correct horse";
const SECRET = { user: "alice", password: "geheim" };
const GROUPS = { departments: { on: true, ids: ["7"] }, groups: [{ id: "1", name: "Sales" }] };

interface Imported {
  readonly file: Uint8Array;
  answered: boolean;
}

const shown = async (b: VirtualMachine): Promise<unknown[]> => [
  await b.read(ALICE, ...LANGUAGE),
  await b.read(ALICE, "keychain", "k"),
  await b.read(ALICE, "personal-address", "p"),
  await b.read("common", "common-address", "c"),
  b.users.policy().departments,
];
const ALL = ["fr", SECRET, address("friend"), address("all"), GROUPS.departments];
const NONE = ["de", undefined, undefined, undefined, { on: false, ids: [] }];

/** What the machine's users service was set to survives its power-offs. */
function keepsPolicy(machine: VirtualMachine): void {
  let kept: Parameters<SimHal["users"]["setPolicy"]>[0] = {};
  const keeps = (hal: SimHal) => {
    hal.users.setPolicy(kept);
    hal.users.keepPolicy = (policy) => {
      kept = policy;
    };
  };
  machine.outfit = keeps;
  keeps(machine.hal);
}

/** Another machine's file, of both stores and with other groups, is imported on b. */
const importing: Story<Imported, Uint8Array> = {
  victim: "b",
  async prepare() {
    const fleet = await Fleet.start({ server: "s", others: ["a", "b"] });
    const [a, b] = [fleet.at("a"), fleet.at("b")];
    await a.edit(ALICE, ...LANGUAGE, "fr");
    await a.edit(ALICE, "keychain", "k", SECRET);
    await a.edit(ALICE, "personal-address", "p", address("friend"));
    await a.edit("common", "common-address", "c", address("all"));
    await fleet.until(a.users.setGroupManagement(GROUPS));
    await b.edit(ALICE, ...LANGUAGE, "de");
    const outcome = await fleet.until(a.administration.exportUserData(PASSPHRASE, []));
    if (outcome.kind === "refused") throw new Error(outcome.refusal.word);
    return { fleet, given: outcome.bytes };
  },
  async begin(fleet, file) {
    keepsPolicy(fleet.at("b"));
    return { file, answered: false };
  },
  async happen(fleet, facts) {
    void fleet
      .at("b")
      .administration.importUserData(facts.file, PASSPHRASE)
      .then(() => {
        facts.answered = true;
      });
    await fleet.advance(2_000);
  },
  async check(t, fleet, { answered }, where) {
    const now = await shown(fleet.at("b"));
    t.deepEqual(now, answered || now[0] === "fr" ? ALL : NONE, where);
    const left = [...fleet.at("b").moduleDisk.medium.content.ascending("m/i", "m/j")];
    t.deepEqual(left, [], `${where}: nothing of the act is kept`);
  },
};

test.serial("M34 killed at any write of an import, and of the recovery, a machine has all of it or nothing", async (t) => {
  t.log(`${await atEveryWrite(t, importing)} deaths`);
});

/** What b lost at its join of both stores is put back. */
const puttingBack: Story<undefined> = {
  victim: "b",
  async prepare() {
    const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
    await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
    await fleet.settle();
    await fleet.at("b").edit(ALICE, ...LANGUAGE, "de");
    await fleet.at("b").edit(ALICE, "keychain", "k", SECRET);
    await fleet.at("b").edit(ALICE, "personal-address", "p", address("friend"));
    await fleet.join("b");
    return { fleet, given: undefined };
  },
  async begin() {},
  async happen(fleet) {
    void fleet.at("b").administration.putBack({ owner: ownerNamed(ALICE) });
    await fleet.advance(2_000);
  },
  async check(t, fleet, _, where) {
    const isBack = (await fleet.everywhere(ALICE, ...LANGUAGE)) === "de";
    t.deepEqual(await fleet.everywhere(ALICE, "keychain", "k"), isBack ? SECRET : undefined, where);
    t.deepEqual(await fleet.everywhere(ALICE, "personal-address", "p"), isBack ? address("friend") : undefined, where);
    const noted = (await fleet.at("b").history(ALICE)).filter(({ putBackAt }) => putBackAt !== undefined).length;
    t.is(noted, isBack ? 3 : 0, `${where}: the records say so`);
  },
};

test.serial("B02 killed at any write of a putting back, and of the recovery, a machine has done it whole or not at all", async (t) => {
  t.log(`${await atEveryWrite(t, puttingBack)} deaths`);
});

/** The server machine has lost something of Bob as a server, and something else as a client. */
const puttingBackBoth: Story<readonly string[], readonly string[]> = {
  victim: "s",
  async prepare() {
    const fleet = await Fleet.start({ server: "s", serverTakesPart: true, clients: ["a"] });
    const s = fleet.at("s");
    await fleet.at("a").edit(BOB, ...LANGUAGE, "fr");
    await fleet.settle();
    const file = await fleet.backup("s");
    await fleet.at("a").edit(BOB, "personal-button", "1", button("of a"));
    await fleet.settle();
    await s.edit(BOB, "personal-address", "p", address("of s"));
    await fleet.settle();
    await fleet.restore("s", file);
    await fleet.settle();
    const ids = (await s.history(BOB)).flatMap(({ id, lostBy, key }) =>
      ["server 1", "client p"].includes(`${lostBy} ${key}`) ? [id] : [],
    );
    if (ids.length !== 2) throw new Error("not both functions have lost something");
    return { fleet, given: ids };
  },
  async begin(_, ids) {
    return ids;
  },
  async happen(fleet, ids) {
    void fleet.at("s").administration.putBack({ owner: ownerNamed(BOB), ids });
    await fleet.advance(3_000);
  },
  async check(t, fleet, _, where) {
    const isBack = (await fleet.everywhere(BOB, "personal-button", "1")) !== undefined;
    t.deepEqual(await fleet.everywhere(BOB, "personal-address", "p"), isBack ? address("of s") : undefined, where);
  },
};

test.serial(
  "B02 killed at any write while both its functions put back, and of the recovery, a server machine has done it whole",
  async (t) => {
    t.log(`${await atEveryWrite(t, puttingBackBoth)} deaths`);
  },
);
