/** What a machine that is paired says, and none of our modules would: it changes nothing that is not its own. */
import test from "ava";
import { joinId } from "../../src/model/ids.ts";
import { deflateBlock, packRecords } from "../../src/protocol/block.ts";
import { encodeAccepted, encodeEdit } from "../../src/protocol/edit.ts";
import { packPart } from "../../src/protocol/part.ts";
import { entryKey } from "../../src/store/keys.ts";
import { packEntry } from "../../src/store/records.ts";
import { Fleet } from "../fleet/fleet.ts";
import { ownerNamed } from "../fleet/machine.ts";
import { ALICE, LANGUAGE } from "./entries.ts";
import { editOf, newerModule, revisionOf } from "./newer-module.ts";

test("P6 P7 an edit in the name of another machine, or without a number, spoils the push that it is in", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const { device, push, answers } = await newerModule(fleet, "a");
  const revision = revisionOf(fleet);
  push(1, [encodeEdit(editOf(device, 1_001, "de")), encodeEdit(editOf(fleet.at("b").identity, 1_002, "fr"))]);
  push(2, [encodeEdit(editOf(device, 0, "de"))]);
  await fleet.advance(2_000);
  t.is(answers().length, 0);
  t.is(revisionOf(fleet), revision);
  push(3, [encodeEdit(editOf(device, 1_001, "de"))]);
  await fleet.when(() => answers().length === 1, 10_000, "an answer to what is in order");
  await fleet.advance(1_000);
  t.is(await fleet.at("b").read(ALICE, ...LANGUAGE), "de");
});

test("P18 data that are offered in the name of another machine are taken from nobody", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const { say, heardOf } = await newerModule(fleet, "a");
  const revision = revisionOf(fleet) ?? 0;
  const { deflated, bytes } = deflateBlock(packRecords([encodeEdit(editOf(fleet.at("b").identity, 7, "de"))]));
  const join = joinId("7".repeat(16));
  say({ kind: "offer", join, holding: ALICE, item: undefined, baseRevision: revision, lastSequence: 7, part: 0, of: 1, deflated, bytes });
  await fleet.when(() => heardOf("offer-answer").length > 0, 10_000, "an answer");
  t.like(heardOf("offer-answer")[0]?.body, { outcome: "too-many-entries" });
  t.is(revisionOf(fleet), revision);
});

test("P16 B06 what a machine brings is answered and not taken by a server that has taken nobody's place", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.at("b").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  const { device, say, heardOf } = await newerModule(fleet, "a");
  const revision = revisionOf(fleet);
  const edit = { ...editOf(device, 7, "de"), stamp: 2 ** 45, why: "later" } as const;
  say({ kind: "bring", number: 1, common: 0, bytes: packPart([[entryKey(edit), packEntry(900, encodeAccepted(edit))]]) });
  await fleet.when(() => heardOf("brought").length > 0, 10_000, "an answer");
  t.is(revisionOf(fleet), revision);
  t.is(await fleet.at("b").read(ALICE, ...LANGUAGE), "fr");
});

test("B01 a machine that only looks changes nothing: what it pushes, offers or brings is no part of a look", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.at("b").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  const { device, push, say, heardOf } = await newerModule(fleet, "a", { purpose: "preview" });
  const revision = revisionOf(fleet);
  push(1, [encodeEdit(editOf(device, 1_001, "de"))]);
  const { deflated, bytes } = deflateBlock(packRecords([encodeEdit(editOf(device, 7, "de"))]));
  const offer = { kind: "offer", join: joinId("7".repeat(16)), holding: "user:dave", item: undefined } as const;
  say({ ...offer, baseRevision: revision ?? 0, lastSequence: 7, part: 0, of: 1, deflated, bytes });
  say({ kind: "client-beat", loggedIn: [ownerNamed("user:erin")], waiting: 0 });
  await fleet.when(() => heardOf("server-end").length === 3, 10_000, "three times that it has to say hello");
  t.is(heardOf("answers").length + heardOf("offer-answer").length, 0);
  t.is(revisionOf(fleet), revision);
  t.is(await fleet.at("b").read(ALICE, ...LANGUAGE), "fr");
});

test("P7 a push that comes again is answered again, alike, and costs the server machine no write", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const { device, push, answers } = await newerModule(fleet, "a");
  const edit = [encodeEdit(editOf(device, 1_001, "de"))];
  push(1, edit);
  await fleet.when(() => answers().length === 1, 10_000, "an answer");
  await fleet.advance(20);
  const { writes } = fleet.at("s").moduleDisk;
  push(1, edit);
  await fleet.when(() => answers().length === 2, 1_000, "an answer");
  t.deepEqual(answers()[1], answers()[0]);
  push(0, edit);
  await fleet.advance(100);
  t.is(answers().length, 2, "an older one was answered before");
  t.is(fleet.at("s").moduleDisk.writes, writes);
});
