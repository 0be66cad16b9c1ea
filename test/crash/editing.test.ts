import test from "ava";
import { Fleet } from "../fleet/fleet.ts";
import { ALICE, LANGUAGE, button } from "../scenario/entries.ts";
import { atEveryWrite, type Story } from "./at-every-write.ts";

/** What the author's machine had durably, so that it may not be lost. */
interface Edits {
  readonly saved: string[];
}

/** Alice sets a button for each number, and her language to it, one after the other. */
const editing = (victim: string): Story<Edits> => ({
  victim,
  async prepare() {
    const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
    await fleet.at("b").edit(ALICE, "personal-button", "old", button("old"));
    await fleet.settle();
    return { fleet, given: undefined };
  },
  async begin() {
    return { saved: [] };
  },
  async happen(fleet, { saved }) {
    const a = fleet.at("a");
    for (const n of ["1", "2", "3"]) {
      if (!a.on) return;
      void a.changeSoon(ALICE, "personal-button", n, button(n)).then(() => saved.push(n));
      void a.changeSoon(ALICE, ...LANGUAGE, `x-${n}`);
      await fleet.advance(25);
    }
    if (a.on) void a.changeSoon(ALICE, "personal-button", "old", undefined).then(() => saved.push("old"));
  },
  async check(t, fleet, { saved }, where) {
    for (const n of saved) {
      const value = await fleet.everywhere(ALICE, "personal-button", n);
      t.deepEqual(value, n === "old" ? undefined : button(n), `${where}: button ${n}`);
    }
    if (saved.length === 4) t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "x-3", where);
  },
});

test.serial("B03 P6 killed at any write of an edit, and of the recovery, the author's machine hands over what it had saved", async (t) => {
  t.log(`${await atEveryWrite(t, editing("a"))} deaths`);
});

test.serial(
  "B03 P7 killed at any write of a commit, and of the recovery, the server loses nothing and applies nothing twice",
  async (t) => {
    t.log(`${await atEveryWrite(t, editing("s"))} deaths`);
  },
);

test.serial("M16 killed at any write of a change that arrives, and of the recovery, a machine shows what the others show", async (t) => {
  t.log(`${await atEveryWrite(t, editing("b"))} deaths`);
});
