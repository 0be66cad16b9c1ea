import test from "ava";
import { Fleet } from "../fleet/fleet.ts";
import type { Tap } from "../fleet/virtual-network.ts";
import { ALICE, BOB, LANGUAGE } from "./entries.ts";
import { arrivesLate, lastTold } from "./told-late.ts";

const isTold = ({ to, message: { body } }: Tap, machine: string, ...kinds: readonly string[]): boolean =>
  to === machine && kinds.includes(body.kind);

const said = (fleet: Fleet, from: string, kind: string): readonly Tap[] =>
  fleet.wiretap.messages.filter((tap) => tap.from === from && tap.message.body.kind === kind);

test("P14 P7 an answer that was meant for the session before ends no push of this one", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  const a = fleet.at("a");
  fleet.network.loses = (tap) => isTold(tap, "a", "answers", "changes");
  await a.edit(ALICE, ...LANGUAGE, "fr");
  await fleet.when(() => said(fleet, "s", "answers").length > 0, 10_000, "an answer");
  const late = lastTold(fleet, "a", "answers");
  fleet.network.loses = undefined;
  fleet.network.breakConnections("a");
  await fleet.settle();
  fleet.wiretap.clear();
  fleet.network.loses = (tap) => tap.message !== late.message && isTold(tap, "a", "answers", "changes");
  await a.edit(ALICE, ...LANGUAGE, "de");
  await fleet.when(() => said(fleet, "a", "push").length > 0, 10_000, "a push");
  await arrivesLate(fleet, late);
  t.deepEqual(
    said(fleet, "a", "push").map(({ message: { body } }) => body.kind === "push" && body.number),
    [1],
    "the push of this session has the number that the answer names, and is under way still",
  );
  fleet.network.loses = undefined;
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "de");
});

test("P14 P16 a machine that hears of another epoch says hello at once, and not when its lease ends", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const { moduleDisk } = fleet.at("s");
  await fleet.settle();
  fleet.at("b").unplug();
  await fleet.advance(30_000);
  const before = moduleDisk.medium.content;
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.advance(1_000);
  fleet.at("a").unplug();
  fleet.at("s").powerOff();
  moduleDisk.replace(before);
  await fleet.at("s").switchOn();
  fleet.at("b").plug();
  await fleet.when(() => fleet.at("b").status?.client?.state === "synchronized", 60_000, "coming back");
  fleet.wiretap.clear();
  fleet.at("a").plug();
  await fleet.when(() => said(fleet, "s", "welcome").some(({ to }) => to === "a"), 60_000, "a's return");
  const epoch = lastTold(fleet, "a", "welcome").message.envelope.epoch;
  t.is(epoch?.number, 2, "a knows more than the server: that is another history");
  await fleet.advance(6_000);
  t.is(said(fleet, "b", "hello").length, 1, "two beats later");
  t.deepEqual(lastTold(fleet, "b", "welcome").message.envelope.epoch, epoch);
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), undefined);
});

test("P15 changes that overtake the welcome are there before any beat names them", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  fleet.wiretap.clear();
  fleet.network.loses = (tap) => isTold(tap, "b", "welcome", "server-beat");
  fleet.network.breakConnections("b");
  await fleet.when(() => said(fleet, "s", "welcome").length > 0, 10_000, "a welcome that is late");
  const late = lastTold(fleet, "b", "welcome");
  fleet.wiretap.clear();
  await fleet.at("a").edit(BOB, ...LANGUAGE, "it");
  await fleet.when(() => said(fleet, "s", "changes").some(({ to }) => to === "b"), 2_000, "a change");
  await fleet.advance(50);
  fleet.network.loses = (tap) => isTold(tap, "b", "server-beat");
  await arrivesLate(fleet, late);
  await fleet.advance(500);
  t.is(await fleet.at("b").read(BOB, ...LANGUAGE), "it");
  t.is(said(fleet, "b", "hello").length, 0, "with the welcome that was late");
  fleet.network.loses = undefined;
  await fleet.settle();
});

test("P12 M33 an edit that was answered, and undone by a restore before its change came, is pushed again", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const a = fleet.at("a");
  const file = await fleet.backup("s");
  fleet.network.loses = (tap) => isTold(tap, "a", "changes", "server-beat");
  await a.edit(ALICE, ...LANGUAGE, "fr");
  await fleet.when(() => said(fleet, "s", "answers").length > 0, 10_000, "an answer");
  await fleet.advance(50);
  a.unplug();
  fleet.network.loses = undefined;
  t.is(await fleet.restore("s", file), "done");
  fleet.wiretap.clear();
  a.plug();
  await fleet.when(() => said(fleet, "a", "hello").length > 0, 60_000, "a's return");
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr");
  for (const language of ["de", "it", "es"]) {
    await fleet.at("b").edit(BOB, ...LANGUAGE, language);
    await fleet.settle();
  }
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr", "after the revision of the first answer too");
});
