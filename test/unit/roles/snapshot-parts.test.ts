import test from "ava";
import type { Storage } from "../../../hal/storage.ts";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { SyncError } from "../../../src/model/errors.ts";
import { deviceId, epochId, fleetId, runId } from "../../../src/model/ids.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import type { Owner } from "../../../src/model/owner.ts";
import { encodeAccepted } from "../../../src/protocol/edit.ts";
import type { Part } from "../../../src/protocol/welcome.ts";
import { draftOf } from "../../../src/store/draft.ts";
import { Machines, carryOut } from "../../../src/roles/server/machines.ts";
import { SnapshotParts } from "../../../src/roles/server/snapshot-parts.ts";
import { Journal } from "../../../src/store/journal.ts";
import { seededDice } from "../../fleet/random.ts";
import { HELLO } from "./own-exchange.ts";

const A = deviceId("a".repeat(32));
const dice = seededDice(1);
const long = () => "x".repeat(14_000);
const incompressible = () => dice.bytes(14_000);

/** A journal of some megabyte, whose ranges are counted, and fail while they are to. */
async function journalOf(text: () => string | Uint8Array, entries = 124) {
  const memory = new MemoryStorage();
  const disk = { reads: 0, isBroken: false };
  const storage: Storage = {
    get: (key) => memory.get(key),
    getMany: (keys) => memory.getMany(keys),
    write: (batch) => memory.write(batch),
    close: () => memory.close(),
    range(options) {
      disk.reads += 1;
      if (disk.isBroken) throw new SyncError("hal-broken", "the medium fails");
      return memory.range(options);
    },
  };
  const first = () => ({ fleet: fleetId("f".repeat(32)), epoch: { number: 1, id: epochId("e".repeat(16)), first: 1 } });
  const journal = await Journal.open(storage, first);
  let sequence = 0;
  const append = async (count: number): Promise<void> => {
    const edits = Array.from({ length: count }, () => {
      sequence += 1;
      const id = { device: A, run: runId("1".repeat(16)), sequence };
      const made = { seen: 0, stamp: 1, certain: true, by: "", why: "first" } as const;
      const key = `${sequence}`.padStart(4, "0");
      const edit = { id, owner: "user:a" as Owner, item: "shortcut", key, value: { text: text() }, ...made };
      return { edit, bytes: encodeAccepted(edit) };
    });
    await journal.commit(1, async (transaction) => void (await transaction.append(draftOf(edits))), 0);
  };
  await append(entries);
  disk.reads = 0;
  return { journal, append, disk, parts: new SnapshotParts(journal) };
}

/** Lets everything that was begun come to its end. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

async function all(parts: SnapshotParts): Promise<Part[]> {
  const { revision } = parts.startFor(0);
  const taken: Part[] = [];
  do taken.push(await parts.part(taken.at(-1)?.last ?? "", revision, "columns"));
  while (taken.at(-1)?.end === false);
  return taken;
}

const names = (parts: readonly Part[]): string[] => parts.map(({ after, last, end }) => `${after} - ${last}${end ? "." : ""}`);

test("P29 while a machine takes one part the next two are made, and no more of them before it asks again", async (t) => {
  const { parts, disk } = await journalOf(long);
  const { revision } = parts.startFor(0);
  const first = await parts.part("", revision, "columns");
  await settled();
  t.is(disk.reads, 3);
  const second = await parts.part(first.last, revision, "columns");
  await settled();
  t.is(disk.reads, 4);
  t.is(await parts.part(first.last, revision, "columns"), second);
  await settled();
  t.is(disk.reads, 4, "what is asked for again is no reason to go on");
});

test("P29 where a machine is expected, all parts are there when it comes: the same as if nobody had known", async (t) => {
  const { parts, disk, journal } = await journalOf(long);
  parts.expectJoin(0);
  await settled();
  const reads = disk.reads;
  const made = await all(parts);
  t.true(made.length > 4);
  t.is(reads, made.length);
  t.is(disk.reads, reads);
  t.deepEqual(names(made), names(await all(new SnapshotParts(journal))));
});

test("P29 what is cut because it does not compress goes on where it was cut, made ahead or not", async (t) => {
  const { parts, journal } = await journalOf(incompressible);
  parts.expectJoin(0);
  await settled();
  const made = await all(parts);
  t.true(made.every(({ after }, at) => at === 0 || after === made[at - 1]?.last));
  t.deepEqual(names(made), names(await all(new SnapshotParts(journal))));
});

test("P29 what was read to its end and does not fit one part is no end of the snapshot before all of it was sent", async (t) => {
  const { parts } = await journalOf(incompressible, 15);
  const made = await all(parts);
  t.true(made.length > 1);
  t.is(made.at(-1)?.last, "o/user:a");
});

test("P29 a part that could not be made ahead is tried again when it is asked for, and nothing is made after the end", async (t) => {
  const { parts, disk } = await journalOf(long);
  disk.isBroken = true;
  parts.expectJoin(0);
  await settled();
  t.is(disk.reads, 1);
  await t.throwsAsync(parts.part("", 0, "columns"), { code: "hal-broken" });
  disk.isBroken = false;
  parts.end();
  const first = await parts.part("", 0, "columns");
  t.is(first.after, "");
  await settled();
  t.is(disk.reads, 3, "the two that failed and this one");
});

test("P29 a snapshot does not start where more bytes were changed since than a few parts have, however few revisions they are", async (t) => {
  const { parts, journal, append } = await journalOf(long, 1);
  const { revision } = parts.startFor(0);
  await append(30);
  await append(30);
  t.is(parts.startFor(0).revision, revision);
  await append(30);
  t.is(journal.written > LIMITS.partAgeBytesMax, true);
  t.is(parts.startFor(0).revision, journal.position.revision);
});

test("M08 a machine is awaited from its pairing until it has come, a day at most; and again where it is paired anew", async (t) => {
  const storage = new MemoryStorage();
  const machines = await Machines.open(storage);
  t.false(machines.awaitsOne(0));
  const candidate = { device: A, serialNumber: "S1", deviceName: "first" };
  await carryOut(machines.pin(candidate, 1_000), storage);
  t.true(machines.awaitsOne(1_000 + LIMITS.pairedLatelyMs));
  t.false(machines.awaitsOne(1_001 + LIMITS.pairedLatelyMs));
  t.true((await Machines.open(storage)).awaitsOne(2_000), "it is known after a restart");
  await carryOut(machines.place(A, { ...HELLO, number: 1 }, 3_000), storage);
  t.false(machines.awaitsOne(3_000));
  await carryOut(machines.pin({ ...candidate, device: deviceId("b".repeat(32)) }, 4_000), storage);
  t.true(machines.awaitsOne(4_000), "it has lost its key, and what it kept");
});
