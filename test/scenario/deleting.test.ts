import test from "ava";
import { Fleet } from "../fleet/fleet.ts";
import { ALICE, BOB, LANGUAGE, SALES, address, button } from "./entries.ts";

test("M15 a deleted owner leaves every machine", async (t) => {
  const fleet = await Fleet.start({ server: "s", serverTakesPart: true, clients: ["a", "b"] });
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.at("b").edit(ALICE, "personal-button", "x", button("x"));
  await fleet.at("b").edit(SALES, "group-address", "g", address("shop"));
  await fleet.settle();
  t.is(await fleet.at("s").deleteOwner(ALICE), "done");
  t.is(await fleet.at("s").deleteOwner(SALES), "done");
  await fleet.settle();
  for (const name of ["s", "a", "b"]) t.deepEqual(await fleet.at(name).owners(), [], name);
  t.is(fleet.at("s").status?.server?.users, 0);
});

test("M15 P26 common is not deleted as a whole, and an owner that the server does not hold is refused", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  await fleet.at("a").edit("common", "shared-button", "x", button("x"));
  await fleet.settle();
  t.deepEqual(await fleet.at("s").deleteOwner("common"), { word: "common-kept" });
  t.deepEqual(await fleet.at("s").deleteOwner(BOB), { word: "owner-unknown" });
  await fleet.settle();
  t.deepEqual(await fleet.everywhere("common", "shared-button", "x"), button("x"));
});

test("M15 a machine that was away does not bring a deleted owner back at its rejoin", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  fleet.at("b").powerOff();
  await fleet.at("s").deleteOwner(ALICE);
  await fleet.settle();
  await fleet.at("b").switchOn();
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), undefined);
  t.deepEqual(await fleet.at("b").owners(), []);
});

test("M15 a machine that joins anew supplies a deleted owner", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  await fleet.at("b").stopClient();
  await fleet.at("s").deleteOwner(ALICE);
  await fleet.settle();
  t.is(await fleet.at("b").read(ALICE, ...LANGUAGE), "fr", "it had left the fleet");
  await fleet.join("b");
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr");
});

test("M15 P22 an edit made after the deletion starts the owner anew with that edit alone", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.at("a").edit(ALICE, "personal-button", "x", button("x"));
  await fleet.settle();
  fleet.at("b").unplug();
  await fleet.advance(30_000);
  await fleet.at("s").deleteOwner(ALICE);
  await fleet.advance(30_000);
  await fleet.at("b").edit(ALICE, "personal-button", "y", button("y"));
  fleet.at("b").plug();
  await fleet.settle();
  t.deepEqual(await fleet.everywhere(ALICE, "personal-button", "y"), button("y"));
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), undefined);
  t.is(await fleet.everywhere(ALICE, "personal-button", "x"), undefined);
});

test("M15 P22 an edit made before the deletion, and arriving after it, loses", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  fleet.at("b").unplug();
  await fleet.advance(30_000);
  await fleet.at("b").edit(ALICE, "personal-button", "y", button("y"));
  await fleet.advance(30_000);
  await fleet.at("s").deleteOwner(ALICE);
  await fleet.advance(10_000);
  fleet.at("b").plug();
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, "personal-button", "y"), undefined);
  t.deepEqual(await fleet.at("b").owners(), []);
});

test("M15 killed after any of its writes, the server has deleted the owner or not, and every machine agrees", async (t) => {
  for (let writes = 1; writes <= 3; writes += 1) {
    const fleet = await Fleet.start({ seed: writes, server: "s", clients: ["a", "b"] });
    const s = fleet.at("s");
    await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
    await fleet.settle();
    let left = writes;
    s.moduleDisk.onDurable = () => {
      left -= 1;
      if (left === 0) s.kill();
    };
    void s.administration.deleteOwner(ALICE as never);
    await fleet.advance(15_000);
    s.moduleDisk.onDurable = undefined;
    await s.switchOn();
    await fleet.settle();
    t.is(typeof (await fleet.everywhere(ALICE, ...LANGUAGE)) === "object", false, `killed after write ${writes}`);
  }
});

test("B03 deletions do not come back from a machine that was away", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.at("a").edit(ALICE, "personal-button", "x", button("x"));
  await fleet.at("a").edit(ALICE, "personal-button", "y", button("y"));
  await fleet.settle();
  fleet.at("b").powerOff();
  await fleet.at("a").delete(ALICE, "personal-button", "x");
  await fleet.settle();
  await fleet.at("b").switchOn();
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, "personal-button", "x"), undefined);
  t.deepEqual(await fleet.everywhere(ALICE, "personal-button", "y"), button("y"));
});

test("B03 of a deletion and an edit made apart, the later one wins", async (t) => {
  for (const later of ["deletion", "edit"] as const) {
    const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
    await fleet.at("a").edit(ALICE, "personal-button", "x", button("x"));
    await fleet.settle();
    for (const name of ["a", "b"]) fleet.at(name).unplug();
    if (later === "edit") await fleet.at("a").delete(ALICE, "personal-button", "x");
    else await fleet.at("b").edit(ALICE, "personal-button", "x", button("changed"));
    await fleet.advance(60_000);
    if (later === "edit") await fleet.at("b").edit(ALICE, "personal-button", "x", button("changed"));
    else await fleet.at("a").delete(ALICE, "personal-button", "x");
    for (const name of ["a", "b"]) fleet.at(name).plug();
    await fleet.settle();
    t.deepEqual(await fleet.everywhere(ALICE, "personal-button", "x"), later === "edit" ? button("changed") : undefined, later);
  }
});
