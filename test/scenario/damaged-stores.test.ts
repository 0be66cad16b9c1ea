import test from "ava";
import { Fleet } from "../fleet/fleet.ts";
import { ALICE, BOB, button, LANGUAGE } from "./entries.ts";

const records = new Map([
  ["e/settings/user:alice", "an entry"],
  ["o/settings/user:alice", "what an owner has"],
  ["p/settings", "what the store shows"],
  ["s", "how many edits there were"],
]);

for (const [prefix, what] of records) {
  for (const when of ["while it runs", "while it is off"] as const) {
    test(`M20 B05 a damaged record of the machine's own stores (${what}), ${when}: what is shared comes back, and people go on editing there`, async (t) => {
      const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
      const [a, b] = [fleet.at("a"), fleet.at("b")];
      await a.edit(ALICE, "personal-button", "x", button("x"));
      await a.edit(ALICE, ...LANGUAGE, "de");
      await b.edit(BOB, ...LANGUAGE, "nl");
      await fleet.settle();
      if (when === "while it is off") b.powerOff();
      t.true(b.machineDisk.rotUnder(prefix));
      if (when === "while it is off") await b.switchOn();
      await b.read(ALICE, ...LANGUAGE);
      await fleet.advance(60_000);
      await fleet.settle();
      t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "de");
      t.deepEqual(await fleet.everywhere(ALICE, "personal-button", "x"), button("x"));
      await b.edit(ALICE, ...LANGUAGE, "fr");
      await b.edit(ALICE, "personal-button", "x", button("y"));
      await fleet.settle();
      t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr");
      t.deepEqual(await fleet.everywhere(ALICE, "personal-button", "x"), button("y"));
      t.is(await fleet.everywhere(BOB, ...LANGUAGE), "nl");
      await b.restart();
      await fleet.settle();
      t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr");
      t.deepEqual([b.crashes, b.status?.client?.state], [[], "synchronized"]);
    });
  }
}

test("M20 what another machine sets just after damage was found hides nothing of what is to be shown anew, entries that came together included", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  const [a, b] = [fleet.at("a"), fleet.at("b")];
  const keys = Array.from({ length: 40 }, (_, index) => `k${index}`);
  for (const key of keys) await a.edit(ALICE, "personal-button", key, button(key));
  await fleet.settle();
  await fleet.join("b");
  await fleet.settle();
  t.true(b.machineDisk.rotUnder("e/settings/user:alice\0\0"), "a bundle");
  await b.edit(BOB, ...LANGUAGE, "it");
  t.not(await b.read(ALICE, "personal-button", "k39"), undefined);
  const missing = await Promise.all(keys.map(async (key) => (await b.read(ALICE, "personal-button", key)) === undefined));
  t.true(missing.filter(Boolean).length > 10, "as if they had not been there");
  t.is(b.hal.settings.appliedPosition(), undefined);
  await a.edit(ALICE, ...LANGUAGE, "de");
  await a.edit(ALICE, "personal-address", "1", { name: "Ann", address: "ann@example.com" });
  await fleet.advance(30_000);
  await fleet.settle();
  for (const key of keys) t.deepEqual(await fleet.everywhere(ALICE, "personal-button", key), button(key));
  t.is(await fleet.everywhere(BOB, ...LANGUAGE), "it", "an edit of the same moment");
  t.deepEqual([b.crashes, b.status?.client?.pending], [[], 0]);
});

test("M20 what an owner has is counted anew where something of it was damaged: a full list takes as many as it did", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  const a = fleet.at("a");
  const fill = async () => {
    for (let index = 0; index < 10; index += 1) await a.edit(ALICE, "timeline", `t${index}`, { name: String(index) });
  };
  await fill();
  await fleet.settle();
  t.true(a.machineDisk.rotUnder("e/settings/user:alice\0timeline"));
  await a.read(ALICE, ...LANGUAGE);
  await fleet.advance(60_000);
  await fill();
  await fleet.settle();
  const there = await Promise.all([...Array(10).keys()].map(async (index) => await fleet.everywhere(ALICE, "timeline", `t${index}`)));
  t.true(there.every((value) => value !== undefined));
});
