/** What much at once costs one machine: memory and reads that grow with what it has to do, not with both that and what it keeps. */
import test from "ava";
import type { EntryChange } from "../../src/model/entry.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { PENDING_RANGE } from "../../src/store/pending.ts";
import { must } from "../../src/model/assert.ts";
import { parseOwner } from "../../src/model/owner.ts";
import { Fleet } from "../fleet/fleet.ts";
import { forgetChanges } from "../fleet/forget-changes.ts";
import { SLOW_DISK } from "../fleet/virtual-disk.ts";
import { changesOf } from "./durable.ts";
import { seededDice } from "../fleet/random.ts";

const OWNERS = 8;
const EACH = 30;
/** In hexadecimal, so that it does not pack well. */
const noise = (seed: number): string => {
  const dice = seededDice(seed);
  return Array.from({ length: 12_000 }, () => dice.below(16).toString(16)).join("");
};

const owner = (n: number) => must(parseOwner(`user:${n % OWNERS}`), "an owner");
const uuid = (n: number): string => `${n.toString(16).padStart(8, "0")}-0000-4000-8000-000000000000`;
const large = (n: number): EntryChange => ({
  owner: owner(n),
  item: "personal-button",
  key: uuid(n),
  value: { name: `${n}`, function: "copy", settings: { text: noise(n) } },
});
const small = (n: number): EntryChange => ({
  owner: owner(n),
  item: "personal-button",
  key: uuid(n),
  value: { name: `${n}`, function: "copy", settings: {} },
});

/** Machine a joined a fleet with so much data that its base lies in segments, more than it keeps inflated. */
async function withSegments(): Promise<Fleet> {
  const fleet = await Fleet.start({ server: "s", clients: ["b"], others: ["a"] });
  for (let n = 0; n < OWNERS * EACH; n += 1) await fleet.at("b").editAll([large(n)]);
  await fleet.settle();
  // Or it would come as changes over the snapshot that the first machine was given.
  await forgetChanges(fleet);
  await fleet.join("a");
  await fleet.settle();
  return fleet;
}

const isSegment = (key: string): boolean => /\/z\/\d+$/.test(key);

test("P6 an import of many entries is recorded with one look at each segment of the base, whatever their order", async (t) => {
  const fleet = await withSegments();
  const segments = new Set<string>();
  for await (const [key] of fleet.at("a").moduleDisk.peek().range({ from: "c/s/", to: "c/s0" })) if (isSegment(key)) segments.add(key);
  t.true(segments.size > 3, `${segments.size} segments`);
  const reads: string[] = [];
  fleet.at("a").moduleDisk.onRead = (key) => {
    if (isSegment(key)) reads.push(key);
  };
  // Owner after owner in turn, as no segment has them.
  const imported = Array.from({ length: 400 }, (_, index) => small(1_000 + index));
  await fleet.at("a").editAll(imported);
  await fleet.settle();
  t.true(reads.length <= 4 * segments.size, `${reads.length} reads of ${segments.size} segments`);
  t.is(fleet.at("b").status?.client?.pending, 0);
});

test("B05 what others edit is written to this machine's busy stores a few times a second, and no revision is told before", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.advance(1_000);
  const { machineDisk, hal } = fleet.at("b");
  machineDisk.speed = { ...SLOW_DISK, writeMsMin: 12, writeMsMax: 12 };
  const before = machineDisk.writes;
  for (let n = 0; n < 50; n += 1) {
    await fleet.at("a").editAll([small(n)]);
    await fleet.advance(20);
    const shown = Math.max(hal.settings.appliedPosition()?.revision ?? 0, hal.addressBook.appliedPosition()?.revision ?? 0);
    t.true((fleet.at("b").status?.client?.revision ?? 0) <= shown);
  }
  await fleet.advance(LIMITS.showingRestMs + 200);
  t.true(machineDisk.writes - before < 25, `${machineDisk.writes - before} writes`);
  t.deepEqual(await fleet.at("b").read(owner(49), "personal-button", uuid(49)), small(49).value);
});

test("P15 B05 what waits on a machine that is busy for long has a bound: what it let go it asks for afterwards", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const { moduleDisk } = fleet.at("b");
  moduleDisk.speed = { ...SLOW_DISK, writeMsMin: 4_000, writeMsMax: 4_000 };
  const before = fleet.wiretap.messages.length;
  const heard = (): number => {
    const sent = fleet.wiretap.messages.slice(before).filter(({ to, message }) => to === "b" && message.body.kind === "changes");
    return sent.reduce((sum, { message: { body } }) => sum + ("bytes" in body ? body.bytes.length : 0), 0);
  };
  for (let n = 0; heard() < 1.5 * LIMITS.heardBytesMax; n += 1) {
    await fleet.at("a").editAll([large(n)]);
    await fleet.advance(10);
  }
  moduleDisk.speed = SLOW_DISK;
  await fleet.settle();
  const asked = fleet.wiretap.messages.slice(before).filter(({ from, message }) => from === "b" && message.body.kind === "hello");
  t.true(asked.length > 0);
  t.is(fleet.at("b").status?.client?.revision, fleet.at("s").status?.server?.revision);
});

test("P15 B05 a machine that is slower than the server takes what waits for it together: it falls behind no further", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const { moduleDisk, machineDisk } = fleet.at("b");
  moduleDisk.speed = { ...SLOW_DISK, writeMsMin: 200, writeMsMax: 200 };
  machineDisk.speed = moduleDisk.speed;
  const before = { revisions: (await changesOf(fleet, "s")).length, writes: moduleDisk.writes };
  for (let n = 0; n < 60; n += 1) {
    await fleet.at("a").editAll([small(n)]);
    await fleet.advance(40);
  }
  const changes = (await changesOf(fleet, "s")).length - before.revisions;
  t.true(changes > 30, `the server has made ${changes} commits of them`);
  await fleet.advance(2_000);
  for (let n = 0; n < 60; n += 1) t.deepEqual(await fleet.at("b").read(owner(n), "personal-button", uuid(n)), small(n).value);
  t.true(moduleDisk.writes - before.writes < changes / 2, `${moduleDisk.writes - before.writes} writes`);
});

test("M34 B03 an import is recorded in writes of bounded size, and a kill between two of them loses none of its entries", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const { moduleDisk } = fleet.at("a");
  const recorded: number[] = [];
  const known = new Set<string>();
  moduleDisk.watch({
    committed: (batch) => {
      // One that is known is written once more with its answer.
      const edits = batch.filter(({ key, value }) => key.startsWith(PENDING_RANGE.from) && value !== undefined && !known.has(key));
      for (const { key } of edits) known.add(key);
      if (edits.length > 0) recorded.push(edits.length);
    },
    replaced: () => undefined,
  });
  moduleDisk.onDurable = () => {
    if (recorded.length !== 1) return;
    moduleDisk.onDurable = undefined;
    fleet.at("a").kill();
  };
  const count = LIMITS.recordedAtOnce * 2 + 1;
  const imported = Array.from({ length: count }, (_, index) => small(index));
  void fleet.at("a").editAll(imported);
  await fleet.when(() => !fleet.at("a").on, 60_000, "the kill");
  t.deepEqual(recorded, [LIMITS.recordedAtOnce]);
  await fleet.at("a").switchOn();
  await fleet.settle();
  t.true(Math.max(...recorded) <= LIMITS.recordedAtOnce);
  for (const { item, key, value, owner: of } of imported) t.deepEqual(await fleet.at("b").read(of, item, key), value);
});

test("B03 an edit that is made in the moment in which a machine reads what it has missed is recorded", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const a = fleet.at("a");
  a.machineDisk.speed = { ...a.machineDisk.speed, lateReads: 1 };
  for (let delay = 0; delay < 24; delay += 1) {
    await a.deactivate();
    // Marks that nothing stands behind any more: whoever reads what came after the last one finds no edit.
    await a.editAll([small(1_000)]);
    await fleet.until(a.hal.settings.forgetEdits(a.hal.settings.mark()));
    void a.startModuleSoon();
    await fleet.advance(delay);
    await a.editAll([small(delay)]);
    await fleet.settle();
    t.deepEqual(await fleet.at("b").read(owner(delay), "personal-button", uuid(delay)), small(delay).value, `after ${delay} ms`);
  }
});

test("P7 B03 a person's edit waits for one write of the server at most, whatever the other machines import", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b", "c", "d"] });
  const { moduleDisk } = fleet.at("s");
  moduleDisk.speed = { ...SLOW_DISK, writeMsMin: 1_000, writeMsMax: 1_000 };
  const entries: number[] = [];
  moduleDisk.watch({
    committed: (batch) => entries.push(batch.filter(({ key }) => key.includes("/e/")).length),
    replaced: () => undefined,
  });
  for (const [index, name] of ["a", "b", "c"].entries()) {
    const imported = Array.from({ length: 8 * LIMITS.pushedAtOnce }, (_, n) => small(10_000 * (index + 1) + n));
    void fleet.at(name).editAll(imported);
  }
  await fleet.advance(2_500);
  const before = moduleDisk.writes;
  await fleet.at("d").editAll([small(1)]);
  await fleet.when(() => fleet.at("d").status?.client?.pending === 0, 60_000, "the edit is acknowledged");
  t.true(Math.max(...entries) <= LIMITS.commitEdits + 1, `${Math.max(...entries)} entries in one write`);
  // The write that was under way, the one it goes into, and one for the time in which it came.
  t.true(moduleDisk.writes - before <= 3, `${moduleDisk.writes - before} writes`);
  t.true(fleet.at("a").status?.client?.pending !== 0, "imports are not done with");
  await fleet.settle();
  for (const n of [1, 10_000, 20_999, 30_500]) t.deepEqual(await fleet.at("d").read(owner(n), "personal-button", uuid(n)), small(n).value);
});

test("P7 B03 the next push leaves when the answer to the last one is here, not when that is written", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  const a = fleet.at("a");
  a.moduleDisk.speed = { ...SLOW_DISK, writeMsMin: 300, writeMsMax: 300 };
  const before = fleet.wiretap.messages.length;
  const pushes = () => fleet.wiretap.messages.slice(before).filter(({ message }) => message.body.kind === "push").length;
  void a.editAll([small(1)]);
  await fleet.advance(100);
  void a.editAll([small(2)]);
  // The first is recorded and pushed, and then the second is recorded. The write that takes the first follows.
  await fleet.advance(700);
  t.is(pushes(), 2);
  await fleet.settle();
  t.is(pushes(), 2);
});

test("P9 B05 own edits that come back as they were made are written to the printer's store once, when they are made", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  const a = fleet.at("a");
  const before = a.machineDisk.writes;
  a.machineDisk.speed = { ...SLOW_DISK, writeMsMin: 4, writeMsMax: 4 };
  for (let n = 0; n < 50; n += 1) {
    await a.editAll([small(n)]);
    await fleet.advance(20);
  }
  // What the store shows is said a few times a second, for the marks of edits to come.
  t.true(a.machineDisk.writes - before < 75, `${a.machineDisk.writes - before} writes`);
  await fleet.settle();
  for (const n of [0, 49]) t.deepEqual(await a.read(owner(n), "personal-button", uuid(n)), small(n).value);
});

test("M34 B05 what the fleet edits shows on a machine that records an import, between two of its writes", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const { moduleDisk } = fleet.at("a");
  moduleDisk.speed = { ...SLOW_DISK, writeMsMin: 300, writeMsMax: 300 };
  const imported = Array.from({ length: 10 * LIMITS.recordedAtOnce }, (_, index) => small(10_000 + index));
  void fleet.at("a").editAll(imported);
  await fleet.advance(400);
  await fleet.at("b").editAll([small(1)]);
  await fleet.advance(1_500);
  t.deepEqual(await fleet.at("a").read(owner(1), "personal-button", uuid(1)), small(1).value);
  t.true((fleet.at("a").status?.client?.pending ?? 0) < imported.length / 2, "the import is not recorded yet");
  await fleet.settle();
  for (const { item, key, value, owner: of } of imported.slice(-3)) t.deepEqual(await fleet.at("b").read(of, item, key), value);
});

test("P17 B05 a machine with a slow disk joins while the others go on editing: it does not run after the newest change for ever", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  for (let n = 0; n < 100; n += 1) await fleet.at("a").editAll([large(n)]);
  await fleet.settle();
  await forgetChanges(fleet);
  fleet.at("b").moduleDisk.speed = { ...SLOW_DISK, writeMsMin: 300, writeMsMax: 300 };
  const b = fleet.at("b");
  await b.startClient(fleet.at("s").address);
  void b.restart();
  let edits = 0;
  for (; edits < 600 && b.status?.client?.revision === undefined; edits += 1) {
    await fleet.at("a").editAll([small(10_000 + edits)]);
    await fleet.advance(100);
  }
  t.true(edits < 600, `${edits} edits later it has not joined`);
  await fleet.settle();
  for (const n of [10_000, 10_000 + edits - 1]) t.deepEqual(await fleet.at("b").read(owner(n), "personal-button", uuid(n)), small(n).value);
});
