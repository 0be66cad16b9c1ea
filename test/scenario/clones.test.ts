import test from "ava";
import { Fleet } from "../fleet/fleet.ts";
import { CLIENT_HISTORY, readHistory, SERVER_HISTORY } from "../../src/store/history.ts";
import { ALICE, button, LANGUAGE } from "./entries.ts";

const isTold = (fleet: Fleet, name: string): boolean => fleet.at(name).status?.client?.reason === "key-in-use-twice";

test("P14 two machines with one key, the image of one copied to the other: both are refused, and the log says why", async (t) => {
  for (let seed = 1; seed <= 3; seed += 1) {
    const fleet = await Fleet.start({ seed, server: "s", clients: ["a", "b"] });
    const clone = fleet.clone("a", "z");
    await clone.switchOn();
    await clone.restart();
    await fleet.when(() => isTold(fleet, "a") || isTold(fleet, "z"), 90_000, "being noticed");
    await fleet.advance(60_000);
    t.true(fleet.at("s").log.some(({ level, code }) => level === "Error" && code === "key-in-use-twice"));
    const repeated = fleet.at("s").log.length;
    await fleet.advance(5 * 60_000);
    t.true(fleet.at("s").log.length < repeated + 4, "two machines that put each other out fill no log (M32)");
    t.false(
      [fleet.at("a"), clone].some(({ status }) => status?.client?.state === "synchronized"),
      "neither of them takes part",
    );
    await fleet.at("b").edit(ALICE, ...LANGUAGE, "fr");
    await fleet.advance(5_000);
    t.is(fleet.at("b").status?.client?.pending, 0, "the others go on");
    await fleet.at("a").edit(ALICE, "personal-button", "1", button("of a"));
    clone.powerOff();
    await fleet.when(() => fleet.at("a").status?.client?.state === "synchronized", 180_000, "the one that is left");
    await fleet.settle();
    t.deepEqual(await fleet.everywhere(ALICE, "personal-button", "1"), button("of a"), "and loses nothing");
    t.is(fleet.wiretap.journal.fault, undefined);
  }
});

test("P14 M02 the copy whose client function is stopped and started, as its panel says, gets a key of its own: both take part, each in its place", async (t) => {
  for (const how of ["stopped and started", "started again"] as const) {
    const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
    const s = fleet.at("s");
    await fleet.at("b").edit(ALICE, ...LANGUAGE, "fr");
    await fleet.settle();
    const clone = fleet.clone("a", "z");
    await clone.switchOn();
    await clone.restart();
    await fleet.when(() => isTold(fleet, "z"), 180_000, "being told");
    await clone.edit(ALICE, "personal-button", "z", button("of z"));
    if (how === "stopped and started") await clone.stopClient();
    await clone.startClient(s.address);
    t.is(clone.status?.client?.state, "restart-needed");
    await clone.restart();
    await fleet.at("a").edit(ALICE, "personal-button", "1", button("of a"));
    await fleet.when(() => fleet.at("a").status?.client?.state === "synchronized", 180_000, "the original");
    await fleet.settle();
    t.deepEqual(
      ["a", "b", "z"].map((name) => fleet.at(name).status?.client?.state),
      ["synchronized", "synchronized", "synchronized"],
      how,
    );
    t.deepEqual(
      s.administration.machines().map(({ deviceName, serialNumber }) => [deviceName, serialNumber]),
      ["a", "b", "z"].map((name) => [`machine ${name}`, `SN-${name}`]),
    );
    t.deepEqual(await fleet.everywhere(ALICE, "personal-button", "1"), button("of a"));
    const lost: unknown[] = [];
    for await (const { key, because } of readHistory(clone.moduleDisk.peek(), CLIENT_HISTORY)) lost.push([key, because]);
    t.deepEqual(lost, [["z", "replaced-at-join"]], "what was set on the copy is in its history");
  }
});

test("P14 a machine that restarts quickly, again and again, over a slow network, is not taken for two", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  for (let n = 0; n < 12; n += 1) {
    fleet.at("a").kill();
    await fleet.at("a").switchOn();
    await fleet.advance(n % 2 === 0 ? 300 : 4_000);
  }
  await fleet.settle();
  t.is(fleet.at("a").status?.client?.state, "synchronized");
  t.false(fleet.at("s").log.some(({ code }) => code === "key-in-use-twice"));
});

test("P12 P16 two servers from one image: a machine that goes from the one to the other makes it begin an epoch, and nothing acknowledged goes without a trace", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.at("a").edit(ALICE, "personal-button", "1", button("before"));
  await fleet.settle();
  const twin = fleet.clone("s", "z");
  await twin.switchOn();
  await fleet.advance(5_000);
  // b is led to the twin, which answers with the key of the first.
  t.is(await fleet.at("b").startClient(twin.address), "done");
  await fleet.at("b").restart();
  await fleet.when(() => fleet.at("b").status?.client?.state === "synchronized", 60_000, "b at the twin");
  await fleet.at("b").edit(ALICE, "personal-button", "1", button("acknowledged by the twin"));
  await fleet.at("a").edit(ALICE, "personal-button", "2", button("acknowledged by the first"));
  await fleet.advance(10_000);
  t.is(fleet.at("b").status?.client?.pending, 0);
  t.is(await fleet.at("b").startClient(fleet.at("s").address), "done");
  await fleet.at("b").restart();
  await fleet.when(() => fleet.at("b").status?.client?.state === "synchronized", 60_000, "b at the first");
  await fleet.advance(10_000);
  t.true(fleet.at("s").log.some(({ level, code }) => level === "Error" && (code === "epoch-begun" || code === "stood-down")));
  const kept: unknown[] = [];
  for (const [machine, place] of [
    [fleet.at("b"), CLIENT_HISTORY],
    [fleet.at("s"), SERVER_HISTORY],
  ] as const)
    for await (const { key, because } of readHistory(machine.moduleDisk.peek(), place)) kept.push([machine.name, key, because]);
  t.deepEqual(await fleet.at("b").read(ALICE, "personal-button", "1"), button("before"));
  t.deepEqual(await fleet.at("b").read(ALICE, "personal-button", "2"), button("acknowledged by the first"));
  t.deepEqual(kept, [["b", "1", "restored"]], "its author has it");
});
