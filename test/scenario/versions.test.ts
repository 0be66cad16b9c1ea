import test from "ava";
import type { Versions } from "../../src/protocol/version.ts";
import { Fleet } from "../fleet/fleet.ts";
import { ALICE, BOB, button, LANGUAGE } from "./entries.ts";

const OLD: Versions = { min: 1, max: 1 };
const NEW: Versions = { min: 1, max: 2 };
const TO_COME: Versions = { min: 3, max: 3 };

/** A fleet whose machines speak what is said here, and NEW otherwise. */
async function start(speaks: Readonly<Record<string, Versions>>): Promise<Fleet> {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b", "c"], joined: false });
  for (const machine of fleet.machines) {
    machine.protocol = speaks[machine.name] ?? NEW;
    await machine.restart();
  }
  await fleet.when(() => fleet.at("s").status?.server?.state === "running", 30_000, "the server");
  await fleet.join("a", "b", "c");
  return fleet;
}

/** The versions in which a machine was spoken to, each machine for itself, and spoke. */
function versions(fleet: Fleet, name: string): { readonly heard: number[]; readonly said: number[] } {
  const of = (is: (way: string, from: string, to: string, kind: string) => boolean): number[] => {
    const all = fleet.wiretap.messages.filter(({ way, from, to, message }) => is(way, from, to, message.body.kind));
    return [...new Set(all.map(({ message }) => message.envelope.version))].sort();
  };
  return {
    heard: of((way, _from, to) => way === "down" && to === name),
    said: of((way, from, _to, kind) => way === "up" && from === name && kind !== "hello"),
  };
}

/** People work on all machines, and one is away for a while. */
async function work(fleet: Fleet): Promise<void> {
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.at("b").edit(BOB, ...LANGUAGE, "de");
  fleet.at("c").powerOff();
  for (let n = 1; n <= 5; n += 1) await fleet.at(n % 2 === 0 ? "a" : "b").edit(ALICE, "personal-button", `${n}`, button(`${n}`));
  await fleet.at("b").delete(ALICE, "personal-button", "3");
  await fleet.advance(5_000);
  await fleet.at("c").switchOn();
  await fleet.at("c").edit(ALICE, "timeline", "1", { n: 1 });
  await fleet.settle();
}

async function allAlike(fleet: Fleet): Promise<unknown[]> {
  const shown = [await fleet.everywhere(ALICE, ...LANGUAGE), await fleet.everywhere(BOB, ...LANGUAGE)];
  for (let n = 1; n <= 5; n += 1) shown.push(await fleet.everywhere(ALICE, "personal-button", `${n}`));
  return [...shown, await fleet.everywhere(ALICE, "timeline", "1")];
}

const ALIKE = ["fr", "de", button("1"), button("2"), undefined, button("4"), button("5"), { n: 1 }];

test("M26 a machine of version N-1 in a fleet of version N: all is the same everywhere, and each is spoken to in its own version", async (t) => {
  const fleet = await start({ b: OLD });
  await work(fleet);
  t.deepEqual(await allAlike(fleet), ALIKE);
  t.deepEqual(versions(fleet, "a"), { heard: [2], said: [2] });
  t.deepEqual(versions(fleet, "b"), { heard: [1], said: [1] });
  t.deepEqual(versions(fleet, "c"), { heard: [2], said: [2] });
  const toAll = fleet.wiretap.messages.filter(({ way, message }) => way === "broadcast" && message.body.kind === "changes");
  t.deepEqual([...new Set(toAll.map(({ message }) => message.envelope.version))].sort(), [1, 2]);
});

test("M26 a server machine of version N-1 with machines of version N: they speak its version", async (t) => {
  const fleet = await start({ s: OLD });
  await work(fleet);
  t.deepEqual(await allAlike(fleet), ALIKE);
  for (const name of ["a", "b", "c"]) t.deepEqual(versions(fleet, name), { heard: [1], said: [1] }, name);
});

test("M26 where all machines speak version N, nothing is said twice", async (t) => {
  const fleet = await start({});
  fleet.wiretap.clear();
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  const toB = fleet.wiretap.messages.filter(({ to, way, message }) => to === "b" && way === "broadcast" && message.body.kind === "changes");
  t.is(toB.length, 1);
});

test("M26 machines are brought up to date one by one, the server machine first, last or in between; nothing is lost on the way", async (t) => {
  for (const order of [
    ["s", "a", "b", "c"],
    ["a", "b", "c", "s"],
    ["b", "s", "c", "a"],
  ]) {
    const fleet = await start({ s: OLD, a: OLD, b: OLD, c: OLD });
    let edits = 0;
    for (const name of order) {
      edits += 1;
      const machine = fleet.at(name);
      // The server machine has no client of its own here: somebody else sets something just before it goes.
      await fleet.at(name === "s" ? "a" : name).edit(ALICE, "personal-button", `${edits}`, button(`before ${name}`));
      machine.protocol = NEW;
      await machine.restart();
      await fleet.settle();
    }
    for (const [index, name] of order.entries())
      t.deepEqual(await fleet.everywhere(ALICE, "personal-button", `${index + 1}`), button(`before ${name}`));
    fleet.wiretap.clear();
    await fleet.at("c").edit(BOB, ...LANGUAGE, "it");
    await fleet.settle();
    t.deepEqual(versions(fleet, "c").said, [2], order.join());
  }
});

test("M26 a machine without a version in common is refused, told which versions there are, in both logs, and disturbs nobody", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["z"] });
  const [s, z] = [fleet.at("s"), fleet.at("z")];
  z.protocol = TO_COME;
  await z.startClient(s.address);
  await z.restart();
  await fleet.when(() => z.status?.client?.state === "refused", 30_000, "the refusal");
  t.deepEqual(z.status?.client?.refusal, { word: "protocol-version", served: [1, 2] });
  for (const machine of [s, z]) t.true(machine.log.some(({ code }) => code === "protocol-version"));
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  t.is(s.status?.server?.machines, 1);
  z.protocol = NEW;
  await z.restart();
  await fleet.settle();
  t.is(await z.read(ALICE, ...LANGUAGE), "fr");
});
