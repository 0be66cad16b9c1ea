import test from "ava";
import { LIMITS } from "../../src/model/limits.ts";
import { Fleet } from "../fleet/fleet.ts";
import { ALICE, LANGUAGE } from "./entries.ts";

test("B05 the machine stays usable while the server is away, and says that it will be synchronised", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  const a = fleet.at("a");
  await a.edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  fleet.at("s").powerOff();
  await fleet.advance(60_000);
  t.is(a.status?.client?.state, "offline");
  t.is(await a.read(ALICE, ...LANGUAGE), "fr");
  await a.edit(ALICE, ...LANGUAGE, "de");
  await fleet.advance(1_000);
  t.is(await a.read(ALICE, ...LANGUAGE), "de");
  t.is(a.status?.client?.pending, 1);
});

test('B05 "up to date" is said only while the server is heard', async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  const a = fleet.at("a");
  await fleet.advance(30_000);
  t.is(a.status?.client?.state, "synchronized");
  fleet.network.cut("s", "a");
  await fleet.advance(LIMITS.heardMs + 1_000);
  t.not(a.status?.client?.state, "synchronized", "nothing was heard for three beats");
  fleet.network.heal("s", "a");
  await fleet.settle();
  t.is(a.status?.client?.state, "synchronized");
});

test("B05 P21 what is pending is counted, edit by edit, until the server has it", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  const a = fleet.at("a");
  fleet.at("s").powerOff();
  for (let n = 1; n <= 3; n += 1) {
    const marks = await a.edit(ALICE, "personal-button", `${n}`, { name: `${n}`, function: "copy" });
    const [number = -1] = await fleet.until(a.administration.recorded(marks));
    t.true(number > 0);
    t.is(a.administration.acknowledged().pending.length, n);
    t.true(a.administration.acknowledged().acknowledged < number);
  }
  await fleet.at("s").switchOn();
  await fleet.settle();
  t.deepEqual(a.administration.acknowledged().pending, []);
});

test("B07 a client that vanishes without a word stops counting as operating when its lease ends, not before", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const operating = () =>
    fleet
      .at("s")
      .administration.machines()
      .filter((machine) => machine.operating)
      .map(({ deviceName }) => deviceName)
      .sort();
  t.deepEqual(operating(), ["machine a", "machine b"]);
  fleet.at("a").powerOff();
  await fleet.advance(LIMITS.leaseMs - LIMITS.beatMs - 1_000);
  t.deepEqual(operating(), ["machine a", "machine b"]);
  await fleet.advance(LIMITS.beatMs + 4_000);
  t.deepEqual(operating(), ["machine b"]);
});

test("B07 a loss of a third of the messages is not an absence", async (t) => {
  const fleet = await Fleet.start({
    server: "s",
    clients: ["a"],
    weather: { latencyMsMin: 1, latencyMsMax: 1_500, loss: 0, duplicates: 0.3 },
  });
  const s = fleet.at("s");
  await s.sleepFully();
  await fleet.advance(600_000);
  t.is(s.hal.power.state, "partial-sleep");
  t.is(fleet.at("a").status?.client?.state, "synchronized");
});
