/** What becomes of a client's own edits: what is pushed of them, and what the server decided. */
import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import type { Edit } from "../../../src/model/entry.ts";
import { runId } from "../../../src/model/ids.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import type { LostBecause } from "../../../src/model/lost.ts";
import type { Answer } from "../../../src/protocol/answers.ts";
import { takeAnswers } from "../../../src/roles/client/answers.ts";
import { JournalClock } from "../../../src/roles/client/journal-clock.ts";
import { keepLostEdit } from "../../../src/roles/client/lost-edit.ts";
import { nextPush } from "../../../src/roles/client/next-push.ts";
import { CommunicationLog } from "../../../src/roles/communication-log.ts";
import { CLIENT_HISTORY, readHistory } from "../../../src/store/history.ts";
import { Pending, type PendingEdit, pendingOf } from "../../../src/store/pending.ts";
import { ManualClock } from "../../contract/manual-clock.ts";
import { ALICE, answeredAt, editOf, replicaOf, RUN, type Standings } from "./own-copy.ts";

const pushed = (
  edits: readonly PendingEdit[],
  isBlocked: (edit: Edit) => boolean = () => false,
  accepted: ReadonlySet<number> = new Set(),
): number[] => {
  const pending = new Pending();
  for (const edit of edits) pending.add(edit);
  const found = nextPush(pending, isBlocked, accepted);
  return found.map(({ bytes }) => edits.findIndex((edit) => edit.bytes === bytes) + 1);
};

test("P7 a push has what is unanswered, from the oldest on, and nothing beyond what has to wait", (t) => {
  const edits = [answeredAt(editOf(1), 12), pendingOf(editOf(2)), answeredAt(editOf(3), 12), pendingOf(editOf(4)), pendingOf(editOf(5))];
  t.deepEqual(pushed(edits), [2, 4, 5]);
  t.deepEqual(
    pushed(edits, ({ id }) => id.sequence === 4),
    [2],
  );
  t.deepEqual(
    pushed(edits, ({ id }) => id.sequence === 1),
    [2, 4, 5],
    "what is answered waits for nothing",
  );
  t.deepEqual(pushed(edits, undefined, new Set([2, 4])), [5], "what is known to be accepted is answered");
});

test("P7 a push is as large as the server takes it, in edits and in bytes", (t) => {
  const many = Array.from({ length: LIMITS.pushedAtOnce + 1 }, (_, index) => pendingOf(editOf(index + 1)));
  t.is(pushed(many).length, LIMITS.pushedAtOnce);
  const whole = Math.floor(LIMITS.pushBytesMax / 20_000);
  const sized = (bytes: number, sequence: number): PendingEdit => ({ ...pendingOf(editOf(sequence)), bytes: new Uint8Array(bytes) });
  const large = Array.from({ length: whole }, (_, index) => sized(20_000, index + 1));
  const rest = LIMITS.pushBytesMax - whole * 20_000;
  t.is(pushed([...large, sized(rest, whole + 1)]).length, whole + 1);
  t.is(pushed([...large, sized(rest + 1, whole + 1)]).length, whole);
});

/** The history after an edit was lost for this reason, over a base of journal time 100. */
async function keptOf(edit: Edit, because: LostBecause, now: number | undefined, standings: Standings = {}) {
  const storage = new MemoryStorage();
  const clock = new ManualClock();
  const replica = await replicaOf(storage, {}, [], standings);
  await storage.write(await keepLostEdit(edit, because, { replica, clock, now }));
  const kept = [];
  for await (const { stamp, notAfter, by, device, value } of readHistory(storage, CLIENT_HISTORY))
    kept.push({ stamp, notAfter, by, device, value });
  return kept;
}

test("B02 P5 an edit that lost is kept with who had made it, on which machine and when", async (t) => {
  const edit = editOf(1, { stamp: 50, by: "user:alice" });
  t.deepEqual(await keptOf(edit, "superseded", 200), [{ stamp: 50, notAfter: 50, by: "user:alice", device: edit.id.device, value: "x" }]);
});

test("P23 before when an edit was made that lost: its own stamp, what its machine knows where that is uncertain, the base where its owner has ended", async (t) => {
  const notAfter = async (other: Partial<Edit>, because: LostBecause, now?: number) =>
    (await keptOf(editOf(1, other), because, now))[0]?.notAfter;
  t.is(await notAfter({ stamp: 500 }, "superseded", 200), 500);
  t.is(await notAfter({ stamp: 500, certain: false }, "superseded", 200), 500);
  t.is(await notAfter({ stamp: 50, certain: false }, "superseded", 200), 200);
  t.is(await notAfter({ stamp: 50, certain: false }, "superseded"), 100, "the journal time of the base");
  t.is(await notAfter({ stamp: 50, certain: false }, "owner-removed", 200), 200);
  t.is(await notAfter({ stamp: 500 }, "owner-removed", 200), 100, "the deletion is after the base: it erases the record");
  t.is(await notAfter({ stamp: 50 }, "owner-removed", 200), 50);
});

test("P23 what went with its owner's deletion leaves no history; what was made after it, or may have been, does", async (t) => {
  const kept = async (other: Partial<Edit>, because: LostBecause) =>
    (await keptOf(editOf(1, other), because, 200, { owners: { [ALICE]: { deleted: { revision: 5, at: 80 } } } })).length;
  t.is(await kept({ seen: 4 }, "owner-removed"), 0);
  t.is(await kept({ seen: 5 }, "owner-removed"), 1);
  t.is(await kept({ seen: 4, certain: false }, "owner-removed"), 1);
  t.is(await kept({ stamp: 80 }, "superseded"), 0);
  t.is(await kept({ stamp: 81 }, "superseded"), 1);
  t.is(await kept({ stamp: 80, certain: false }, "superseded"), 1);
});

test("P23 M26 an eviction that a server of the version before calls a removal is no deletion: what lost to it is kept", async (t) => {
  const ends = { deleted: { revision: 5, at: 80 }, evicted: { revision: 8, at: 120 } };
  const kept = async (other: Partial<Edit>) =>
    (await keptOf(editOf(1, { seen: 4, ...other }), "owner-removed", 200, { owners: { [ALICE]: ends } })).length;
  t.is(await kept({ stamp: 81 }), 1);
  t.is(await kept({ stamp: 120 }), 1);
  t.is(await kept({ stamp: 80 }), 0, "it lost to the deletion as well");
  t.is(await kept({ stamp: 121 }), 0, "the server cut its stamp to the time of the deletion: nothing else ends it");
});

/** A client with these edits pending over a base at revision 10, and what it makes of answers. */
async function asked(edits: readonly PendingEdit[]) {
  const storage = new MemoryStorage();
  const clock = new ManualClock();
  const log = new CommunicationLog({ storage, clock });
  const replica = await replicaOf(storage, {}, edits);
  const journalClock = new JournalClock(clock, undefined);
  const take = async (...answers: readonly Partial<Answer>[]): Promise<readonly string[]> => {
    await clock.advance(1_000);
    const whole = answers.map((answer) => ({ run: RUN, sequence: 1, outcome: "superseded", revision: 20, ...answer }) satisfies Answer);
    return (await takeAnswers(whole, { replica, clock, journalClock, log })).map(({ key }) => key);
  };
  const lost = async (): Promise<number> => {
    let count = 0;
    for await (const _ of readHistory(storage, CLIENT_HISTORY)) count += 1;
    return count;
  };
  return { replica, log, take, lost };
}

test("P7 B02 an answer that is heard twice is taken once: what lost is in the history once", async (t) => {
  const { replica, log, take, lost } = await asked([pendingOf(editOf(1))]);
  t.deepEqual(await take({}), []);
  t.deepEqual(await take({}), []);
  t.deepEqual(await take({ revision: 21 }, { outcome: "owner-removed" }), []);
  t.is(await lost(), 1);
  t.is(log.records().length, 1);
  t.deepEqual(replica.pending.get(1)?.answer, { outcome: "superseded", revision: 20 });
});

test("P6 the answer to an edit of another run is none to the one that has its number now", async (t) => {
  const { replica, take, lost } = await asked([pendingOf(editOf(1))]);
  t.deepEqual(await take({ run: runId("2".repeat(16)) }), []);
  t.is(replica.pending.get(1)?.answer, undefined);
  t.is(await lost(), 0);
});

test("P9 an edit whose answer the base has reached lies on top no longer, and its entry is shown anew", async (t) => {
  const { replica, take } = await asked([pendingOf(editOf(1)), pendingOf(editOf(2)), pendingOf(editOf(3))]);
  t.deepEqual(await take({ revision: 10 }, { sequence: 2, revision: 11 }, { sequence: 3, outcome: "device-specific", revision: 10 }), [
    "1",
  ]);
  t.is(replica.head.unshown, "show", "until it is");
  t.deepEqual(
    [...replica.pending.all()].map(({ edit }) => edit.id.sequence),
    [2, 3],
  );
});

test("P5 M22 P27 what was taken, or stays as the machine's own, lost nothing; what the server has no room for is on offer again", async (t) => {
  const { replica, log, take, lost } = await asked([pendingOf(editOf(1)), pendingOf(editOf(2)), pendingOf(editOf(3))]);
  await take({ outcome: "accepted" }, { sequence: 2, outcome: "device-specific" });
  t.deepEqual([await lost(), log.records().length, replica.offers.size], [0, 0, 0]);
  await take({ sequence: 3, outcome: "too-many-users" });
  t.is(await lost(), 0);
  t.is(log.records().length, 1);
  t.deepEqual(replica.offers.state(ALICE), { kind: "over-limit", word: "too-many-users" });
});
