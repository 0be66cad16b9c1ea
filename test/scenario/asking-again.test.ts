import test from "ava";
import { Fleet } from "../fleet/fleet.ts";

test("M02 a machine that an administrator took out says so, however often it asks again", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  t.is(await fleet.until(fleet.at("s").administration.removeMachine(fleet.at("a").identity)), "done");
  await fleet.advance(120_000);
  t.like(fleet.at("a").status?.client, { state: "refused", reason: "put-out" });
});

test("M04 a machine that came before the server machine's own client is in soon after it", async (t) => {
  const fleet = await Fleet.start({ server: "s", others: ["a"] });
  await fleet.at("s").startClient("localhost");
  await fleet.at("a").startClient(fleet.at("s").address);
  await fleet.at("a").restart();
  await fleet.advance(30_000);
  t.is(fleet.at("a").status?.client?.reason, "own-client-first");
  await fleet.at("s").restart();
  await fleet.when(() => fleet.at("s").status?.client?.state === "synchronized", 30_000, "the own client");
  await fleet.when(() => fleet.at("a").status?.client?.state === "synchronized", 10_000, "the other client");
  t.pass();
});
