import test, { type ExecutionContext } from "ava";
import { Fleet } from "../fleet/fleet.ts";
import { ALICE, BOB, button, LANGUAGE } from "./entries.ts";
import { buttons, point } from "./pointing.ts";

test("B06 P16 two machines take the place of one server: who was made it first steps aside as soon as a machine of the other comes to it, and nothing is lost", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b", "c", "d"] });
  const [a, b, c, d] = [fleet.at("a"), fleet.at("b"), fleet.at("c"), fleet.at("d")];
  await a.edit(ALICE, "personal-button", "1", button("everybody has it"));
  await a.edit(BOB, ...LANGUAGE, "fr");
  await fleet.settle();
  fleet.at("s").powerOff();
  await fleet.advance(20_000);
  t.is(await fleet.takeOver("a"), "done");
  await point(fleet, "c", "a");
  t.is(await fleet.takeOver("b"), "done", "nobody told its administrator of the first");
  await point(fleet, "d", "b");
  await c.edit(ALICE, "personal-button", "2", button("made with a"));
  await c.edit(BOB, ...LANGUAGE, "de");
  await d.edit(ALICE, "personal-button", "3", button("made with b"));
  await d.edit(ALICE, "personal-button", "1", button("changed with b"));
  await fleet.advance(5_000);
  t.deepEqual([a.status?.server?.state, b.status?.server?.state], ["running", "running"]);
  d.destination = undefined;
  await d.startClient(a.address);
  await d.restart();
  await fleet.when(() => a.status?.server?.state === "stood-down", 60_000, "the first steps aside");
  t.is(b.status?.server?.state, "running", "the second has the later mandate");
  await a.stopServer();
  for (const name of ["d", "c", "a"]) await point(fleet, name, "b");
  await fleet.settle();
  t.deepEqual(await buttons(fleet, ["1", "2", "3"]), [button("changed with b"), button("made with a"), button("made with b")]);
  t.is(await fleet.everywhere(BOB, ...LANGUAGE), "de");
});

test("B06 a stand-in is lost as well, and another machine takes its place: neither of the two that return acts as a second server, and nothing is lost", async (t) => {
  for (const isStopped of [false, true]) await standInOfStandIn(t, isStopped);
});

/** `isStopped`: the client functions are stopped and started anew at the stand-in, and not only pointed to it. */
async function standInOfStandIn(t: ExecutionContext, isStopped: boolean): Promise<void> {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b", "c"] });
  const [s, a, b, c] = [fleet.at("s"), fleet.at("a"), fleet.at("b"), fleet.at("c")];
  await a.edit(ALICE, "personal-button", "1", button("of s"));
  await fleet.settle();
  s.powerOff();
  await fleet.advance(20_000);
  t.is(await fleet.takeOver("a"), "done");
  for (const name of ["b", "c"]) {
    if (isStopped) await fleet.at(name).stopClient();
    await point(fleet, name, "a");
  }
  await c.edit(ALICE, "personal-button", "2", button("of a"));
  await fleet.settle();
  a.powerOff();
  await fleet.advance(20_000);
  t.is(await fleet.takeOver("b"), "done");
  await point(fleet, "c", "b");
  await c.edit(ALICE, "personal-button", "3", button("of b"));
  await fleet.settle();
  await s.switchOn();
  await fleet.when(() => s.status?.server?.state === "stood-down", 120_000, "the first server steps aside");
  await a.switchOn();
  await fleet.when(() => a.status?.server?.state === "stood-down", 120_000, "the stand-in steps aside");
  t.is(b.status?.server?.state, "running");
  await a.stopServer();
  await point(fleet, "a", "b");
  await fleet.settle();
  for (const name of ["a", "b", "c"])
    for (const [key, what] of [
      ["1", "of s"],
      ["2", "of a"],
      ["3", "of b"],
    ] as const)
      t.deepEqual(await fleet.at(name).read(ALICE, "personal-button", key), button(what), `${name} ${key}`);
}
