import test from "ava";
import { Fleet } from "../fleet/fleet.ts";
import { ALICE, BOB, button, LANGUAGE } from "../scenario/entries.ts";
import { atEveryWrite, type Story } from "./at-every-write.ts";
import { lostOn } from "./lost.ts";

/** A backup with Alice's "fr" is put back after she had "de"; b has an edit that nobody has heard of. */
const restoring = (victim: string): Story<Uint8Array> => ({
  victim,
  async prepare() {
    const fleet = await Fleet.start({ server: "s", clients: ["a", "b"], joined: false });
    await fleet.pair("a", "b");
    return { fleet, given: undefined };
  },
  async begin(fleet) {
    await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
    await fleet.settle();
    const file = await fleet.backup("s");
    await fleet.at("a").edit(ALICE, ...LANGUAGE, "de");
    await fleet.settle();
    fleet.network.cut("b", "s");
    await fleet.at("b").edit(BOB, "personal-button", "x", button("x"));
    await fleet.advance(2_000);
    return file;
  },
  async happen(fleet, file) {
    if (victim === "s") void fleet.at("s").administration.restore(file, "secret words");
    else await fleet.restore("s", file);
    await fleet.advance(1_000);
    fleet.network.heal("b", "s");
    await fleet.advance(8_000);
  },
  /** Whoever got no answer looks, and puts it back again. */
  async resume(fleet, file) {
    await fleet.settle();
    if ((await fleet.everywhere(ALICE, ...LANGUAGE)) === "fr") return;
    const outcome = await fleet.restore("s", file);
    if (outcome !== "done") throw new Error(`the restore is refused: ${outcome.word}`);
  },
  async check(t, fleet, _, where) {
    t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr", where);
    // Where the restore had to be asked for again, the server may have had it by then.
    const isUndone = (await lostOn(fleet.at("b"))).some(({ owner, because }) => owner === BOB && because === "restored");
    const expected = isUndone ? undefined : button("x");
    t.deepEqual(await fleet.everywhere(BOB, "personal-button", "x"), expected, `${where}: what the server never had arrives`);
    const undone = (await lostOn(fleet.at("a"))).filter(({ because }) => because === "restored");
    t.deepEqual(
      undone.map(({ value }) => value),
      ["de"],
      `${where}: what was undone is in its author's history, once`,
    );
  },
});

test.serial("M33 P16 killed at any write of a restore, and of the recovery, the server has the one state or the other", async (t) => {
  t.log(`${await atEveryWrite(t, restoring("s"))} deaths`);
});

test.serial("M33 P12 killed at any write while it follows a restore, and of the recovery, a machine keeps what was undone", async (t) => {
  t.log(`${await atEveryWrite(t, restoring("a"))} deaths`);
});

test.serial(
  "M33 P12 killed at any write while it changes epoch, and of the recovery, a machine hands over what the server never had",
  async (t) => {
    t.log(`${await atEveryWrite(t, restoring("b"))} deaths`);
  },
);

/** a's edit was answered, and undone by a restore before the change that it was in came to a. */
const answeredBefore: Story<undefined> = {
  victim: "a",
  async prepare() {
    const fleet = await Fleet.start({ server: "s", clients: ["a", "b"], joined: false });
    await fleet.pair("a", "b");
    return { fleet, given: undefined };
  },
  async begin(fleet) {
    const file = await fleet.backup("s");
    // a has a change that is undone as well, so that it is given a snapshot.
    await fleet.at("b").edit(BOB, ...LANGUAGE, "nl");
    await fleet.settle();
    fleet.network.loses = ({ to, message: { body } }) => to === "a" && (body.kind === "changes" || body.kind === "server-beat");
    await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
    await fleet.when(() => fleet.wiretap.messages.some(({ message }) => message.body.kind === "answers"), 10_000, "an answer");
    await fleet.advance(50);
    fleet.network.cut("a", "s");
    fleet.network.loses = undefined;
    const outcome = await fleet.restore("s", file);
    if (outcome !== "done") throw new Error(`the restore is refused: ${outcome.word}`);
    await fleet.at("b").edit(BOB, ...LANGUAGE, "it");
    await fleet.advance(2_000);
  },
  async happen(fleet) {
    fleet.network.heal("a", "s");
    await fleet.advance(20_000);
  },
  async resume(fleet) {
    await fleet.settle();
    for (const language of ["de", "es"]) {
      await fleet.at("b").edit(BOB, ...LANGUAGE, language);
      await fleet.settle();
    }
  },
  async check(t, fleet, _, where) {
    t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr", where);
  },
};

test.serial("P12 M33 killed at any write while it changes epoch, a machine pushes again what was answered in the one before", async (t) => {
  t.log(`${await atEveryWrite(t, answeredBefore)} deaths`);
});
