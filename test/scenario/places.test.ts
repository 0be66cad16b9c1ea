import test from "ava";
import { Fleet } from "../fleet/fleet.ts";
import { ALICE, LANGUAGE } from "./entries.ts";

test("M02 a machine that was not stopped keeps its place while it is away, over restarts of the server machine", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  fleet.at("b").powerOff();
  await fleet.at("s").restart();
  await fleet.settle();
  const machines = fleet.at("s").administration.machines();
  t.deepEqual(machines.map(({ deviceName, operating }) => [deviceName, operating]).sort(), [
    ["machine a", true],
    ["machine b", false],
  ]);
});

test("M02 P14 a machine that switches off in order keeps its place; one whose client function is stopped leaves it", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.at("b").deactivate();
  await fleet.advance(1_000);
  const names = () =>
    fleet
      .at("s")
      .administration.machines()
      .map(({ deviceName }) => deviceName)
      .sort();
  t.deepEqual(names(), ["machine a", "machine b"]);
  await fleet.at("b").startModule();
  await fleet.settle();
  await fleet.at("a").stopClient();
  await fleet.advance(1_000);
  t.deepEqual(names(), ["machine b"]);
  await fleet.at("b").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
});
