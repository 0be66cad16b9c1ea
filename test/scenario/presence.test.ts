import test from "ava";
import { createHash } from "node:crypto";
import type { JoinProgress } from "../../hal/services.ts";
import { must } from "../../src/model/assert.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { parseOwner } from "../../src/model/owner.ts";
import { Fleet } from "../fleet/fleet.ts";
import { ALICE, LANGUAGE } from "./entries.ts";

/** 1,000 characters that take their room in a part. */
const incompressible = (seed: string) => createHash("shake256", { outputLength: 750 }).update(seed).digest("base64");
const owner = (text: string) => must(parseOwner(text), text);

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

test("B05 a join says how far it is: parts received, users and groups shown of all, and how many are left to hand over", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["b"], others: ["a"] });
  const [a, b] = [fleet.at("a"), fleet.at("b")];
  const buttonsOf = (user: number) =>
    Array.from({ length: 30 }, (_, n) => ({
      owner: owner(`user:u${user}`),
      item: "personal-button",
      key: `${n}`,
      value: { name: `${n}`, function: "copy", settings: { text: incompressible(`${user} ${n}`) } },
    }));
  for (let user = 1; user <= 30; user += 1) await b.editAll(buttonsOf(user));
  await fleet.settle();
  // Parts of before the data was there are of no use to it.
  await fleet.at("s").restart();
  await fleet.settle();
  for (const user of [31, 32]) await a.editAll(buttonsOf(user));
  await a.startClient(fleet.at("s").address);
  void a.restart();
  const told: JoinProgress[] = [];
  await fleet.when(() => {
    const { client } = a.status ?? {};
    if (client?.progress !== undefined) told.push(client.progress);
    if (client?.progress !== undefined) t.is(client.state, "joining");
    return client?.state === "synchronized";
  });
  t.true(
    told.some((each) => each.step === "receiving" && each.parts > 0),
    JSON.stringify(told),
  );
  const shown = told.flatMap((each) => (each.step === "showing" ? [each] : []));
  t.true(
    shown.length > 0 && shown.every(({ done, of }, n) => of === 32 && done <= of && done >= (shown[n - 1]?.done ?? 0)),
    JSON.stringify(shown),
  );
  t.true(told.some((each) => each.step === "handing-over" && each.left === 2));
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
