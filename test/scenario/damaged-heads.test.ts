import test from "ava";
import { Fleet } from "../fleet/fleet.ts";
import { ALICE, BOB, button, LANGUAGE } from "./entries.ts";

const CAROL = "user:carol";

/** A fleet whose b has edits that were answered, one that lost, a deleted owner behind it, and two that nobody knows yet. */
async function busy() {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const [s, a, b] = [fleet.at("s"), fleet.at("a"), fleet.at("b")];
  await b.edit(ALICE, ...LANGUAGE, "es");
  await b.edit(CAROL, ...LANGUAGE, "it");
  await b.edit(BOB, "personal-button", "x", button("x"));
  await fleet.settle();
  await a.edit(ALICE, ...LANGUAGE, "pt");
  mustBeDone(await s.deleteOwner(CAROL));
  await a.delete(BOB, "personal-button", "x");
  await fleet.settle();
  b.unplug();
  await b.edit(BOB, ...LANGUAGE, "nl");
  await b.edit(BOB, "personal-button", "y", button("y"));
  await fleet.advance(2_000);
  return { fleet, a, b };
}

function mustBeDone(outcome: unknown): void {
  if (outcome !== "done") throw new Error(`the owner was not deleted: ${String(outcome)}`);
}

const heads = new Map([
  ["f", "the format of the storage"],
  ["m/format", "the format's second place"],
  ["c/fleet", "of which fleet the copy is"],
  ["c/meta", "the head of the copy"],
  ["c/base", "where the base stands"],
  ["c/own", "up to where edits are recorded"],
  ["c/p/", "an edit that nobody knows yet"],
]);

for (const [prefix, what] of heads) {
  test(`B05 B03 M15 a damaged record (${what}) stops nothing for good: said once, mended by itself, no edit lost, and none comes back`, async (t) => {
    const { fleet, a, b } = await busy();
    const before = b.log.length;
    b.powerOff();
    await a.edit(ALICE, "personal-button", "z", button("z"));
    t.true(b.moduleDisk.rotUnder(prefix));
    await b.switchOn();
    b.plug();
    await fleet.settle();
    t.deepEqual([b.crashes, b.status?.client?.state, b.status?.client?.pending], [[], "synchronized", 0]);
    t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "pt", "what was set after it stays");
    t.is(await fleet.everywhere(BOB, ...LANGUAGE), "nl");
    t.deepEqual(await fleet.everywhere(BOB, "personal-button", "y"), button("y"));
    t.is(await fleet.everywhere(BOB, "personal-button", "x"), undefined, "what was deleted stays so");
    t.is(await fleet.everywhere(CAROL, ...LANGUAGE), undefined);
    t.deepEqual(await fleet.everywhere(ALICE, "personal-button", "z"), button("z"));
    const said = b.log.slice(before).filter(({ code }) => code === "storage-damaged");
    t.is(said.length, prefix === "c/fleet" ? 0 : 1);
    await b.restart();
    await fleet.settle();
    t.is(b.log.slice(before).filter(({ code }) => code === "storage-damaged").length, said.length, "and not again");
  });
}

test("M12 P17 a damaged head amid a join: it is joined anew, what only this machine holds is supplied, and its log says so", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  const [a, b] = [fleet.at("a"), fleet.at("b")];
  await a.edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  await b.edit(BOB, ...LANGUAGE, "it");
  await b.startClient(fleet.at("s").address);
  b.powerOff();
  let isCut = false;
  b.moduleDisk.onDurable = () => {
    if (isCut || ![...b.moduleDisk.medium.content.ascending("c/o/", "c/o0")].length) return;
    isCut = true;
    b.unplug();
  };
  await b.switchOn();
  await fleet.advance(5_000);
  t.true(isCut);
  b.powerOff();
  t.true(b.moduleDisk.rotUnder("c/meta"));
  await b.switchOn();
  b.plug();
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr");
  t.is(await fleet.everywhere(BOB, ...LANGUAGE), "it");
  t.is(b.log.filter(({ code }) => code === "storage-damaged").length, 1);
});
