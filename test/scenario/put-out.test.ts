import test from "ava";
import { Fleet } from "../fleet/fleet.ts";

test("M02 a machine that an administrator took out says so, however often it asks again", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  t.is(await fleet.until(fleet.at("s").administration.removeMachine(fleet.at("a").identity)), "done");
  await fleet.advance(120_000);
  t.like(fleet.at("a").status?.client, { state: "refused", reason: "put-out" });
});
