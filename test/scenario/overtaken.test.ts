import test from "ava";
import { forgetChanges } from "../fleet/forget-changes.ts";
import { Fleet } from "../fleet/fleet.ts";
import { ALICE, BOB, button, LANGUAGE } from "./entries.ts";

const CAROL = "user:carol";

test("B02 P5 an edit that lost after it had reached the server is in its author's history also where the author comes back by a snapshot", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b", "c"] });
  const [a, b] = [fleet.at("a"), fleet.at("b")];
  b.unplug();
  await a.edit(ALICE, ...LANGUAGE, "fr");
  await a.edit(ALICE, "personal-button", "x", button("seen by c"));
  await a.edit(BOB, ...LANGUAGE, "fr");
  await a.edit(CAROL, ...LANGUAGE, "fr");
  await fleet.when(() => a.status?.client?.pending === 0, 60_000, "its push");
  await fleet.advance(10_000);
  a.powerOff();
  for (const [owner, value] of [
    [ALICE, "de"],
    [BOB, "es"],
    [CAROL, "es"],
  ] as const)
    await b.edit(owner, ...LANGUAGE, value);
  await fleet.at("c").edit(ALICE, "personal-button", "x", button("of c"));
  b.plug();
  await fleet.when(() => b.status?.client?.pending === 0, 60_000, "the later edits");
  await fleet.at("s").deleteOwner(BOB);
  await fleet.advance(1_000);
  // Its history forgets a deleted owner, whoever edits it afterwards.
  await fleet.at("c").edit(BOB, ...LANGUAGE, "it");
  // It stands in the place of the one that lost, and its author had seen that one's.
  await fleet.at("c").edit(CAROL, ...LANGUAGE, "it");
  await fleet.advance(1_000);
  await forgetChanges(fleet);
  await a.switchOn();
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "de");
  const lost = await a.history();
  t.deepEqual(
    lost.map(({ owner, item, value, because }) => [owner, item, value, because]),
    [[ALICE, "display-language", "fr", "superseded"]],
  );
  t.like(lost[0]?.stands, { deviceName: "machine b", why: "later" });
  t.is(a.log.filter(({ code }) => code === "edit-lost").length, 1, "and it is told");
});
