import test from "ava";
import { LIMITS } from "../../src/model/limits.ts";
import { ownerNamed } from "../contract/item-store-samples.ts";
import { Fleet } from "../fleet/fleet.ts";
import type { VirtualMachine } from "../fleet/machine.ts";
import { ALICE, BOB, button, LANGUAGE } from "./entries.ts";

const KEYCHAIN = "keychain";
/** It fits the machine, but not once it is sealed. */
const huge = { user: "alice", password: "x".repeat(LIMITS.entryBytesMax - 40) };
const secret = (password: string) => ({ user: "alice", password });
const small = secret("small");
const listed = (machine: VirtualMachine): string[] =>
  machine.administration.notApplied().map(({ owner, item, key, because }) => `${owner} ${item} ${key} ${because}`);

test("M27 B05 a value that cannot travel is listed on its machine with its owner, item and reason, and is something to look at", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const a = fleet.at("a");
  await a.edit(ALICE, KEYCHAIN, "1", small);
  await fleet.settle();
  await a.edit(ALICE, KEYCHAIN, "1", huge);
  await a.edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  t.deepEqual(await fleet.at("b").read(ALICE, KEYCHAIN, "1"), small);
  t.deepEqual(await a.read(ALICE, KEYCHAIN, "1"), huge, "it stays as its user made it");
  const [entry, ...more] = a.administration.notApplied();
  t.like(entry, { owner: ownerNamed(ALICE), item: KEYCHAIN, key: "1", because: "cannot-travel" });
  t.regex(entry?.text ?? "", /on this machine alone.*at most 16384/);
  t.deepEqual(more, []);
  t.deepEqual(await fleet.until(a.administration.attention()), [{ kind: "stays-here", entries: 1 }]);
  t.is(a.status?.client?.notApplied, 1);
  t.is(a.hal.panel.screen()?.status, "1 thing to look at");
  t.deepEqual(listed(fleet.at("b")), []);
  await a.restart();
  await fleet.settle();
  t.deepEqual(listed(a), [`${ALICE} ${KEYCHAIN} 1 cannot-travel`], "also after a restart");
  t.is(a.log.filter(({ code }) => code === "message-too-large").length, 1, "the log says it once");
});

test("M27 what cannot travel leaves the list when it is changed to what can, deleted, or replaced by another machine", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const [a, b] = [fleet.at("a"), fleet.at("b")];
  for (const key of ["1", "2", "3"]) await a.edit(ALICE, KEYCHAIN, key, huge);
  await fleet.settle();
  t.is(listed(a).length, 3);
  await a.edit(ALICE, KEYCHAIN, "1", small);
  await a.delete(ALICE, KEYCHAIN, "2");
  await b.edit(ALICE, KEYCHAIN, "3", secret("of b"));
  await fleet.settle();
  t.deepEqual(listed(a), []);
  t.deepEqual(await fleet.everywhere(ALICE, KEYCHAIN, "1"), small);
  t.deepEqual(await fleet.everywhere(ALICE, KEYCHAIN, "3"), secret("of b"));
  t.deepEqual(await fleet.until(a.administration.attention()), []);
});

test("M13 M27 of what a joining machine supplies, the entries that cannot travel are listed there", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  const b = fleet.at("b");
  await b.edit(BOB, KEYCHAIN, "1", small);
  await b.edit(BOB, KEYCHAIN, "2", huge);
  await fleet.join("b");
  await fleet.settle();
  t.deepEqual(await fleet.everywhere(BOB, KEYCHAIN, "1"), small);
  t.deepEqual(listed(b), [`${BOB} ${KEYCHAIN} 2 cannot-travel`]);
});

test("M15 M20 a deletion takes a user's device-specific entries, and those that could not travel, off every machine", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const [a, b] = [fleet.at("a"), fleet.at("b")];
  await fleet.setSharing({ timeline: "device-specific" });
  await a.edit(ALICE, ...LANGUAGE, "fr");
  await a.edit(ALICE, "timeline", "1", button("of a"));
  await b.edit(ALICE, "timeline", "1", button("of b"));
  await a.edit(ALICE, KEYCHAIN, "1", huge);
  await fleet.settle();
  b.powerOff();
  t.is(await fleet.at("s").deleteOwner(ALICE), "done");
  await fleet.settle();
  await b.switchOn();
  await fleet.settle();
  for (const machine of [a, b]) t.deepEqual(await machine.owners(), [], machine.name);
  t.deepEqual(listed(a), []);
});
