/** A state that is put in a journal's place: what of the one before it stays, and what goes with the same write. */
import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import type { Storage } from "../../../hal/storage.ts";
import { must } from "../../../src/model/assert.ts";
import { deviceId, epochId, fleetId } from "../../../src/model/ids.ts";
import { CHAIN_START } from "../../../src/model/position.ts";
import { encodeAccepted } from "../../../src/protocol/edit.ts";
import { draftOf } from "../../../src/store/draft.ts";
import { AnswerMarks } from "../../../src/store/answer-marks.ts";
import { DeviceAnswers, packAnswers } from "../../../src/store/device-answers.ts";
import { readHistory, SERVER_HISTORY } from "../../../src/store/history.ts";
import { finishInstallation, Installation } from "../../../src/store/installation.ts";
import { Journal } from "../../../src/store/journal.ts";
import { unpackJournalHead } from "../../../src/store/journal-head.ts";
import { answersKey, JOURNAL_META, machineKey, STOOD_DOWN } from "../../../src/store/journal-keys.ts";
import { entryKey } from "../../../src/store/keys.ts";
import { packEntry } from "../../../src/store/records.ts";
import { noteStoodDown, readStoodDown, serveAgain } from "../../../src/store/stood-down.ts";
import { DEVICE, editOf, RUN } from "../roles/own-copy.ts";

const FLEET = fleetId("f".repeat(32));
const FIRST = { number: 1, id: epochId("e".repeat(16)), first: 1 };
const NEXT = { number: 2, id: epochId("d".repeat(16)), first: 2, born: "restore" as const };
const OTHER = deviceId("b".repeat(32));
const first = () => ({ fleet: FLEET, epoch: FIRST });

const accepted = (sequence: number) => ({ ...editOf(sequence), why: "first" }) as const;

/** A server at revision 3 that has answered a machine and keeps a place for another. */
async function served(): Promise<MemoryStorage> {
  const storage = new MemoryStorage();
  const journal = await Journal.open(storage, first);
  for (const sequence of [1, 2, 3])
    await journal.commit(
      1,
      async (transaction) => {
        const edit = accepted(sequence);
        await transaction.append(draftOf([{ edit, bytes: encodeAccepted(edit) }]));
        transaction.setAnswers(DEVICE, new DeviceAnswers(new Map([[RUN, sequence]]), []));
      },
      Number.POSITIVE_INFINITY,
    );
  await storage.write([{ key: machineKey(OTHER), value: Uint8Array.of(1) }]);
  return storage;
}

/** The state of revision 1 is put back. */
async function installed(storage: Storage, fleet = FLEET, also = OTHER): Promise<void> {
  const installation = await Installation.begin(storage);
  await installation.stage([[entryKey(accepted(1)), packEntry(1, encodeAccepted(accepted(1)))]]);
  const answers = packAnswers(new DeviceAnswers(new Map([[RUN, 1]]), []));
  const position = { fleet, revision: 5, chainHash: CHAIN_START };
  await installation.commit(position, [FIRST, NEXT], [{ key: answersKey(also), value: answers }], 777);
}

async function keysOf(storage: Storage, from: string, to: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const [key] of storage.range({ from, to })) keys.push(key);
  return keys;
}

test("P10 what was decided about edits is durable with the change that they made", async (t) => {
  const journal = await Journal.open(await served(), first);
  const answers = await journal.answersOf(DEVICE);
  t.is(answers.find(RUN, 3, 9)?.outcome, "accepted");
  t.is(answers.find(RUN, 4, 9), undefined);
});

test("P7 what one transaction decides of a machine's edits builds on what it decided before in the same one", async (t) => {
  const journal = await Journal.open(await served(), first);
  const decided = (await journal.answersOf(DEVICE)).after([], [{ run: RUN, sequence: 4, outcome: "superseded", revision: 4 }]);
  const seen: unknown[] = [];
  await journal.commit(
    1,
    async (transaction) => {
      transaction.setAnswers(DEVICE, decided);
      seen.push((await transaction.answers(DEVICE)).find(RUN, 4, 4)?.outcome, (await journal.answersOf(DEVICE)).find(RUN, 4, 4));
      await transaction.append(draftOf([]));
    },
    Number.POSITIVE_INFINITY,
  );
  t.deepEqual(seen, ["superseded", undefined], "and nobody else sees it before it is durable");
  t.is((await journal.answersOf(DEVICE)).find(RUN, 4, 4)?.outcome, "superseded");
});

test("M33 P10 with the write that puts a state back go the answers that belong to the one before; machines keep their places in their fleet", async (t) => {
  const storage = await served();
  await installed(storage);
  t.deepEqual(await keysOf(storage, "s/d/", "s/d0"), [answersKey(OTHER)]);
  t.deepEqual(await keysOf(storage, "s/m/", "s/m0"), [machineKey(OTHER)]);
  const elsewhere = await served();
  await installed(elsewhere, fleetId("1".repeat(32)), DEVICE);
  t.deepEqual(await keysOf(elsewhere, "s/d/", "s/d0"), [answersKey(DEVICE)], "what comes with it is not taken off again");
  t.deepEqual(await keysOf(elsewhere, "s/m/", "s/m0"), [], "another fleet has other machines");
});

test("M33 B02 after the write the state before it is cleared, its changes too, and what was undone is in the history once", async (t) => {
  const storage = await served();
  await installed(storage);
  const meta = must(await storage.get(JOURNAL_META), "a head");
  for (let time = 0; time < 2; time += 1) await finishInstallation(storage, unpackJournalHead(meta));
  t.deepEqual(await keysOf(storage, "s/c/", "s/c0"), []);
  t.deepEqual(await keysOf(storage, "s/s/", "s/s0"), []);
  t.deepEqual(await keysOf(storage, "s/s1/", "s/s10"), [`s/s1/${entryKey(accepted(1))}`]);
  const lost: string[] = [];
  for await (const { key, because, lostAtMs } of readHistory(storage, SERVER_HISTORY)) lost.push(`${key} ${because} ${lostAtMs}`);
  t.deepEqual(lost, ["2 restored 777", "3 restored 777"]);
  const journal = await Journal.open(storage, first);
  t.deepEqual([journal.position.revision, journal.position.epoch.number], [5, 2]);
  for (const after of [3, 4]) t.is(await journal.since(after, 1_000), "too-old", "nobody gets a change of the state before");
});

test("M33 what an interrupted one has staged is in no later one", async (t) => {
  const storage = await served();
  const interrupted = await Installation.begin(storage);
  await interrupted.stage([["e/ghost", Uint8Array.of(1)]]);
  await installed(storage);
  const journal = await Journal.open(storage, first);
  t.is(await journal.stateRecord("e/ghost"), undefined);
  t.truthy(await journal.stateRecord(entryKey(accepted(1))));
});

test("B06 a server whose state is replaced had not stood down, and one that serves again does not stand down at its next start", async (t) => {
  const storage = await served();
  await noteStoodDown(storage, { number: 7, mandate: undefined });
  t.is((await readStoodDown(storage))?.number, 7);
  await installed(storage);
  t.is(await storage.get(STOOD_DOWN), undefined);
  await noteStoodDown(storage, { number: 7, mandate: { at: 90, id: epochId("9".repeat(16)) } });
  await serveAgain(storage, { id: epochId("c".repeat(16)), at: 50 });
  t.is(await readStoodDown(storage), undefined);
  const epoch = must(unpackJournalHead(must(await storage.get(JOURNAL_META), "a head")).lineage.at(-1), "an epoch");
  t.like(epoch, { number: 8, first: 6, born: "promotion", mandate: { at: 91 } });
});

test("B06 P4 the newest stamp of a copy is known, whoever made the entry", (t) => {
  const marks = new AnswerMarks();
  const note = (stamp: number, why: "first" | "server") => {
    const edit = { ...editOf(stamp), why, stamp };
    marks.note(entryKey(edit), packEntry(1, encodeAccepted(edit)));
  };
  for (const [stamp, why] of [
    [5, "first"],
    [9, "server"],
    [7, "first"],
  ] as const)
    note(stamp, why);
  t.is(marks.newestStamp, 9);
});
