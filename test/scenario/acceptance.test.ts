import test from "ava";
import { COMMON } from "../../src/model/owner.ts";
import { Fleet } from "../fleet/fleet.ts";
import { ALICE, LANGUAGE } from "./entries.ts";

test("M16 entries that share an access number keep it on every machine; of two with one one-touch number the later moves", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const [a, b] = [fleet.at("a"), fleet.at("b")];
  const address = (cn: string, more: Record<string, string>) => ({ objectclass: "email", cn, ...more });
  await a.edit(COMMON, "common-address", "anna", address("Anna", { subdbid: "1", accesscode: "1234" }));
  await a.edit(COMMON, "common-address", "berta", address("Berta", { subdbid: "1", accesscode: "0001234" }));
  await a.edit(COMMON, "common-address", "carl", address("Carl", { subdbid: "11", indxid: "7" }));
  await fleet.settle();
  await b.edit(COMMON, "common-address", "dora", address("Dora", { subdbid: "11", indxid: "7" }));
  await fleet.settle();
  t.like(await b.read(COMMON, "common-address", "anna"), { accesscode: "1234" });
  t.like(await b.read(COMMON, "common-address", "berta"), { accesscode: "0001234" });
  t.like(await a.read(COMMON, "common-address", "carl"), { indxid: "7" });
  t.like(await fleet.everywhere(COMMON, "common-address", "dora"), { indxid: "8" });
  t.true(fleet.at("s").log.some(({ code }) => code === "number-moved"));
});

test("B03 a machine that has just started knows what is pending: nobody is told that all is well too early", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  const a = fleet.at("a");
  a.unplug();
  await a.edit(ALICE, ...LANGUAGE, "fr");
  await fleet.advance(1_000);
  a.powerOff();
  await a.switchOn();
  const { acknowledged, pending } = a.administration.acknowledged();
  t.is(pending.length, 1);
  t.true(acknowledged < (pending[0]?.number ?? 0));
  t.is(a.status?.client?.pending, 1);
});

test("M09 a first contact without an account is refused before anything is sent", async (t) => {
  const fleet = await Fleet.start({ server: "s", others: ["a"] });
  const client = { destination: fleet.at("s").address, account: "", password: "", trust: "first-answer" } as const;
  t.like(await fleet.until(fleet.at("a").administration.synchronize({ client })), { word: "account-refused" });
});
