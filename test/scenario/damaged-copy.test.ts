import test from "ava";
import { SyncError } from "../../src/model/errors.ts";
import type { Value } from "../../src/model/value.ts";
import { decodeEdit } from "../../src/protocol/edit.ts";
import { Fleet } from "../fleet/fleet.ts";
import { ownerNamed } from "../contract/item-store-samples.ts";
import { damageSegments, segmentsOf } from "../fleet/damage-segments.ts";
import type { VirtualMachine } from "../fleet/machine.ts";
import { changesOf } from "./durable.ts";
import { ALICE, BOB, button, LANGUAGE } from "./entries.ts";

const KNOWN = "5f0c4a52-5b0e-4c1e-8a43-6a2f0b6a9d01";
const OTHER = "5f0c4a52-5b0e-4c1e-8a43-6a2f0b6a9d03";
const NEW = "5f0c4a52-5b0e-4c1e-8a43-6a2f0b6a9d02";

/** A fleet whose b has what a had in a segment. */
async function joined(): Promise<{ readonly fleet: Fleet; readonly a: VirtualMachine; readonly b: VirtualMachine }> {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  const [a, b] = [fleet.at("a"), fleet.at("b")];
  await a.edit(ALICE, ...LANGUAGE, "fr");
  await a.edit(ALICE, "personal-button", KNOWN, button("known"));
  await a.edit(ALICE, "personal-button", OTHER, button("other"));
  await a.edit(BOB, ...LANGUAGE, "it");
  await fleet.settle();
  // A snapshot is shared for a while: after a restart it is a new one, with all of this in it.
  await fleet.at("s").restart();
  await b.startClient(fleet.at("s").address);
  await b.restart();
  await fleet.settle();
  return { fleet, a, b };
}

const large = (n: number): Value => ({ name: `large ${n}`, function: "copy", settings: { text: `${n}`.padEnd(15_000, "x") } });

const saidDamaged = ({ log }: VirtualMachine): number => log.filter(({ code }) => code === "storage-damaged").length;

test("P29 a damaged part of a copy is fetched anew: nothing that was edited is lost, nothing goes, and it is said once", async (t) => {
  const { fleet, a, b } = await joined();
  b.unplug();
  await b.edit(BOB, ...LANGUAGE, "es");
  b.powerOff();
  t.is(damageSegments(b.moduleDisk), 1);
  await b.switchOn();
  // Whether the base has this entry is looked up in the damaged part.
  await b.edit(ALICE, "personal-button", NEW, button("new"));
  await fleet.advance(5_000);
  await b.edit(ALICE, ...LANGUAGE, "de");
  await b.edit(ALICE, "personal-button", OTHER, button("edited"));
  await a.edit(ALICE, "personal-button", KNOWN, button("changed"));
  await fleet.advance(5_000);
  t.deepEqual(await b.read(ALICE, "personal-button", KNOWN), button("known"), "the machine shows what it showed");
  b.plug();
  await fleet.settle();
  t.is(await fleet.everywhere(BOB, ...LANGUAGE), "es");
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "de");
  t.deepEqual(await fleet.everywhere(ALICE, "personal-button", KNOWN), button("changed"));
  t.deepEqual(await fleet.everywhere(ALICE, "personal-button", NEW), button("new"));
  t.deepEqual(await fleet.everywhere(ALICE, "personal-button", OTHER), button("edited"));
  const pushed = fleet.wiretap.messages.flatMap(({ message: { body } }) =>
    body.kind === "push" ? body.edits.map((bytes) => decodeEdit(bytes)) : [],
  );
  t.is(pushed.findLast(({ key }) => key === OTHER)?.fresh, undefined, "nobody took it for an entry that its author had just drawn (P25)");
  t.is(saidDamaged(b), 1);
  t.is(b.status?.client?.state, "synchronized");
  t.is(fleet.at("s").log.filter(({ code }) => code === "epoch-begun").length, 0, "the server has no doubt about its journal");
});

test("P29 a damaged record over the parts of a copy is fetched anew, too, and what its machine has not sent yet is sent", async (t) => {
  const { fleet, a, b } = await joined();
  await a.edit(ALICE, "personal-button", OTHER, button("changed"));
  await fleet.settle();
  b.unplug();
  await b.edit(BOB, ...LANGUAGE, "es");
  b.powerOff();
  t.true(b.moduleDisk.rotUnder("c/s/1/e/"));
  await b.switchOn();
  // Whether the base has this entry is looked up in the damaged record.
  await b.edit(ALICE, "personal-button", OTHER, button("edited"));
  await fleet.advance(20_000);
  t.deepEqual(await b.read(ALICE, "personal-button", KNOWN), button("known"), "the machine shows what it showed");
  b.plug();
  await a.edit(ALICE, ...LANGUAGE, "de");
  await fleet.settle();
  t.is(await fleet.everywhere(BOB, ...LANGUAGE), "es");
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "de");
  t.deepEqual(await fleet.everywhere(ALICE, "personal-button", OTHER), button("edited"));
  t.is(b.status?.client?.state, "synchronized");
  t.is(saidDamaged(b), 1);
  t.deepEqual(
    (await changesOf(fleet, "s")).flatMap(({ removals }) => removals),
    [],
    "nothing was taken for gone",
  );
});

test("B05 a damaged record of what can be done without stops no module: the log goes on without it, names come again, and what is set is asked for", async (t) => {
  const { fleet, a, b } = await joined();
  const kinds = new Map([
    ["l/", 1],
    ["m/names", 2],
    ["c/h/", 2],
  ]);
  for (const [prefix, readable] of kinds) {
    b.unplug();
    await b.edit(BOB, ...LANGUAGE, "es");
    await fleet.advance(1_000);
    await a.edit(BOB, ...LANGUAGE, "pt");
    b.plug();
    await fleet.settle();
    const before = b.log.length;
    b.powerOff();
    t.true(b.moduleDisk.rotUnder(prefix), prefix);
    await b.switchOn();
    await fleet.settle();
    t.deepEqual([b.crashes, b.status?.client?.state], [[], "synchronized"], prefix);
    t.true(b.log.length >= before - 1, prefix);
    const kept = (await fleet.until(b.administration.history())).length;
    t.is(kept, readable, "a damaged record is passed over, and all others are read");
    t.is(await fleet.until(b.administration.attention()).then(([thing]) => thing?.kind), "lost", prefix);
    b.moduleDisk.endRot();
  }
  b.powerOff();
  t.true(b.moduleDisk.rotUnder("m/setup"));
  await b.switchOn();
  t.deepEqual(await fleet.until(b.administration.attention()).then((things) => things[0]), { kind: "storage-lost" });
  await b.startClient(fleet.at("s").address);
  await b.restart();
  await fleet.settle();
  t.is(b.status?.client?.state, "synchronized");
  t.is(await fleet.everywhere(BOB, ...LANGUAGE), "pt");
});

/** Away from the server, b finds its copy damaged; somebody draws a button there and sets the language. */
async function editedOverDamage() {
  const { fleet, a, b } = await joined();
  b.unplug();
  b.powerOff();
  const segments = damageSegments(b.moduleDisk);
  await b.switchOn();
  await b.edit(ALICE, "personal-button", NEW, button("new"));
  await b.edit(ALICE, ...LANGUAGE, "de");
  return { fleet, a, b, segments };
}

test("B03 P1 an edit that waits for a damaged copy to be fetched anew is as old as it is: what was made after it elsewhere wins", async (t) => {
  const { fleet, a, b, segments } = await editedOverDamage();
  t.is(segments, 1);
  await fleet.advance(30_000);
  await a.edit(ALICE, ...LANGUAGE, "en");
  await a.edit(BOB, ...LANGUAGE, "en");
  await fleet.advance(30_000);
  await b.edit(BOB, ...LANGUAGE, "es");
  b.plug();
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "en");
  t.is(await fleet.everywhere(BOB, ...LANGUAGE), "es", "and what was made before it loses");
});

test("B03 P1 P2 an edit of which nobody knows when it was made is as old as what it had seen, though its copy is fetched anew before it is recorded", async (t) => {
  const { fleet, a, b, segments } = await editedOverDamage();
  t.is(segments, 1);
  b.powerOff();
  await fleet.advance(30_000);
  await a.edit(ALICE, ...LANGUAGE, "en");
  await a.edit(BOB, ...LANGUAGE, "en");
  await fleet.settle();
  await b.switchOn();
  b.plug();
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "en");
});

test("B03 P1 P2 an edit whose machine knew the time when it was made, and was off before its damaged copy was there again, is as young as it is", async (t) => {
  const { fleet, a, b } = await joined();
  b.unplug();
  b.kill();
  t.is(damageSegments(b.moduleDisk), 1);
  await b.switchOn();
  await b.edit(ALICE, "personal-button", NEW, button("new"));
  await a.edit(ALICE, ...LANGUAGE, "en");
  await fleet.advance(30_000);
  await b.edit(ALICE, ...LANGUAGE, "de");
  b.powerOff();
  await b.switchOn();
  b.plug();
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "de");
});

test("P29 a copy that is found damaged while it is still on its way is asked for from its beginning", async (t) => {
  const { fleet, a, b } = await joined();
  b.powerOff();
  for (let n = 1; n <= 24; n += 1) await a.edit(BOB, "personal-button", `${n}`, large(n));
  await fleet.settle();
  await fleet.at("s").restart();
  damageSegments(b.moduleDisk);
  await b.switchOn();
  await b.edit(ALICE, "personal-button", NEW, button("new"));
  let starts = 0;
  fleet.network.onMessage(({ message }) => {
    if (message.body.kind === "pull-part" && message.body.after === "") starts += 1;
  });
  // The old copy is in one segment, the new one in two: the last of them is read before they become visible.
  let damaged = 0;
  b.moduleDisk.onDurable = () => {
    if (damaged === 0 && segmentsOf(b.moduleDisk).length === 3) damaged = damageSegments(b.moduleDisk);
  };
  await fleet.advance(10_000);
  await fleet.settle();
  t.is(damaged, 3);
  t.is(starts, 2);
  t.deepEqual(await fleet.everywhere(ALICE, "personal-button", NEW), button("new"));
  t.deepEqual(await fleet.everywhere(BOB, "personal-button", "12"), large(12));
});

test("M15 P27 what a machine has of its own outlives a damaged copy, but for what an owner's end takes that it had not heard of", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  const [s, a, b] = [fleet.at("s"), fleet.at("a"), fleet.at("b")];
  for (const owner of [ALICE, BOB]) await a.edit(owner, ...LANGUAGE, "fr");
  await fleet.setSharing({ timeline: "device-specific" });
  t.is(await s.deleteOwner(ALICE), "done");
  await s.restart();
  await fleet.join("b");
  for (const owner of [ALICE, BOB]) await b.edit(owner, "timeline", "1", { function: "copy", settings: { copies: 7 } });
  await fleet.settle();
  b.powerOff();
  t.is(await s.deleteOwner(BOB), "done");
  t.is(damageSegments(b.moduleDisk), 1);
  await b.switchOn();
  await fleet.settle();
  t.is(saidDamaged(b), 1);
  t.deepEqual(await b.owners(), [ALICE], "the end of Alice is older than what was set afterwards; that of Bob is new");
});

test("B04 while a damaged copy is fetched anew nobody says of an entry whose record cannot be read that it is here alone", async (t) => {
  const { fleet, b } = await joined();
  b.powerOff();
  damageSegments(b.moduleDisk);
  await b.switchOn();
  b.unplug();
  await b.edit(ALICE, "personal-button", NEW, button("new"));
  await fleet.advance(5_000);
  const asked = async (item: string, key: string) => await fleet.until(b.administration.why(ownerNamed(ALICE), item, key).catch(codeOf));
  t.is(await asked("personal-button", KNOWN), "storage-damaged");
  t.is(await asked(...LANGUAGE), "storage-damaged");
  b.plug();
  await fleet.settle();
  t.like(await asked("personal-button", KNOWN), { state: "standing", deviceName: "machine a" });
  t.like(await asked(...LANGUAGE), { state: "standing", deviceName: "machine a" });
});

const codeOf = (error: unknown): string => (error instanceof SyncError ? error.code : String(error));

test("P12 P29 B02 a copy that is damaged while the server is restored: every machine is as the server is, and what the restore undid is in the history", async (t) => {
  const { fleet, a, b } = await joined();
  const file = await fleet.backup("s");
  await b.edit(ALICE, ...LANGUAGE, "de");
  await a.edit(BOB, ...LANGUAGE, "de");
  await fleet.settle();
  b.unplug();
  await b.edit(ALICE, "personal-button", NEW, button("pending"));
  b.powerOff();
  t.is(await fleet.restore("s", file), "done");
  t.is(damageSegments(b.moduleDisk), 1);
  b.plug();
  await b.switchOn();
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr");
  t.is(await fleet.everywhere(BOB, ...LANGUAGE), "it");
  t.deepEqual(await fleet.everywhere(ALICE, "personal-button", KNOWN), button("known"));
  t.deepEqual(await fleet.everywhere(ALICE, "personal-button", NEW), button("pending"), "what nobody had heard of arrives");
  const kept = (await b.history(ALICE)).map(({ item, value, because }) => [item, value, because]);
  t.deepEqual(kept.at(-1), [LANGUAGE[0], "de", "restored"]);
  t.false(
    kept.some(([item]) => item === "personal-button"),
    "nor has it lost",
  );
  t.is(saidDamaged(b), 1);
});

test("B06 P29 a machine whose copy turns out to be damaged does not take over, and loses nothing by it; another one does, and mends it", async (t) => {
  const { fleet, b } = await joined();
  b.unplug();
  await b.edit(ALICE, "personal-button", NEW, button("pending"));
  fleet.at("s").powerOff();
  b.plug();
  await fleet.advance(20_000);
  t.is(damageSegments(b.moduleDisk), 1);
  t.is(await fleet.until(b.administration.takeOver().catch(codeOf)), "storage-damaged");
  await fleet.advance(20_000);
  t.is(b.status?.server, undefined);
  t.is(b.status?.client?.pending, 1);
  t.deepEqual(await b.read(ALICE, "personal-button", KNOWN), button("known"), "the machine shows what it showed");
  t.is(await fleet.takeOver("a"), "done");
  await fleet.settle();
  await b.startClient(fleet.at("a").address);
  await b.restart();
  await fleet.when(() => b.status?.client?.state === "synchronized", 120_000, "b at the stand-in");
  await fleet.settle();
  t.deepEqual(await fleet.everywhere(ALICE, "personal-button", NEW), button("pending"));
  t.deepEqual(await fleet.everywhere(ALICE, "personal-button", KNOWN), button("known"));
});
