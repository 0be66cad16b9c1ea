/** What a client records of the edits that its machine's stores tell of: all of them, once, and none before there is room. */
import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import type { LocalEdit } from "../../../hal/item-store.ts";
import { SyncError } from "../../../src/model/errors.ts";
import { epochId, fleetId } from "../../../src/model/ids.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import type { Position } from "../../../src/model/position.ts";
import { JournalClock } from "../../../src/roles/client/journal-clock.ts";
import { Recorder } from "../../../src/roles/client/recorder.ts";
import { type PendingEdit, pendingOf } from "../../../src/store/pending.ts";
import type { Standing } from "../../../src/store/records.ts";
import { Replica } from "../../../src/store/replica.ts";
import type { ReplicaHead } from "../../../src/store/replica-head.ts";
import { ManualClock, settle } from "../../contract/manual-clock.ts";
import { ALICE, at, DEVICE, editOf, replicaOf, RUN } from "./own-copy.ts";

interface Given {
  /** What the stores do when they are to forget. */
  readonly forget?: (mark: number) => Promise<void>;
  readonly head?: Partial<ReplicaHead>;
  readonly pending?: readonly PendingEdit[];
  /** What stands in the base. */
  readonly entries?: readonly Standing[];
  /** A position that was shown, at some time. */
  readonly shown?: Position;
}

/** A client over stores in which people edit as tests say. Items called "own" are device-specific. */
async function recording({ head = {}, pending = [], entries = [], shown, forget = async () => undefined }: Given = {}) {
  const storage = new MemoryStorage();
  const clock = new ManualClock();
  const replica = await replicaOf(storage, head, pending, { entries });
  const made: LocalEdit[] = [];
  const forgotten: number[] = [];
  const owns: number[][] = [];
  let read = 0;
  const noted: number[] = [];
  const journalClock = new JournalClock(clock, { time: 5_000, boot: clock.boot, monotonicMs: clock.monotonicMs() });
  const recorder = new Recorder({
    replica,
    journalClock,
    device: DEVICE,
    run: RUN,
    stores: {
      mark: () => made.at(-1)?.mark ?? 0,
      oldestShown: () => shown,
      noteOwnOver: async (mark: number) => void owns.push([mark, replica.head.mark]),
      editsSince: async (mark: number) => {
        read += 1;
        return made.filter((edit) => edit.mark > mark);
      },
      forgetEdits: async (mark: number) => {
        forgotten.push(mark);
        await forget(mark);
      },
    } as never,
    travel: { isShared: (item: string) => item !== "own", outgoing: ({ value }: LocalEdit) => value } as never,
    staying: { note: async () => void noted.push(replica.head.mark), travelling: <T>(make: () => T) => make() } as never,
    shower: { showOwn: async () => undefined } as never,
  });
  const edit = (other: Partial<LocalEdit> = {}): void => {
    const mark = (made.at(-1)?.mark ?? 0) + 1;
    const local = { owner: ALICE, item: "shortcut", key: `${mark}`, value: "x", mark, seen: at(7), by: "", ...other };
    made.push({ madeAtMs: clock.monotonicMs(), boot: clock.boot, ...local });
  };
  const durable = async () => await Replica.open(storage, DEVICE);
  return { clock, replica, recorder, made, edit, forgotten, owns, noted, durable, reads: () => read };
}

const sequencesOf = ({ pending }: Replica): number[] => [...pending.all()].map(({ edit }) => edit.id.sequence);

test("P6 each edit is recorded once, under its mark, and is durable then", async (t) => {
  const { recorder, edit, durable } = await recording();
  t.is(await recorder.record(), "nothing-new");
  edit();
  edit();
  t.is(await recorder.record(), "recorded");
  t.is(await recorder.record(), "nothing-new");
  edit();
  t.is(await recorder.record(), "recorded");
  const copy = await durable();
  t.deepEqual([sequencesOf(copy), copy.head.mark, copy.head.sequence], [[1, 2, 3], 3, 3]);
});

test("B03 what is beyond as many edits as may be pending stays in the stores, and is recorded when there is room", async (t) => {
  const pending = Array.from({ length: LIMITS.pendingMax - 2 }, (_, index) => pendingOf(editOf(index + 1)));
  const { recorder, replica, edit, forgotten } = await recording({
    pending,
    head: { mark: pending.length, sequence: pending.length },
  });
  for (let mark = 0; mark < pending.length + 3; mark += 1) edit();
  t.is(await recorder.record(), "full");
  t.deepEqual([replica.pending.size, replica.head.mark], [LIMITS.pendingMax, LIMITS.pendingMax]);
  t.is(await recorder.record(), "full");
  t.true(
    forgotten.every((mark) => mark <= LIMITS.pendingMax),
    "what is not recorded is not forgotten",
  );
  await replica.write([replica.pending.remove(1)], {});
  t.is(await recorder.record(), "recorded");
  t.is(replica.pending.newestOn([...replica.pending.entries()].at(-1) ?? "")?.id.sequence, LIMITS.pendingMax + 1);
});

test("B03 a large import is recorded a bundle at a time, in its order, and none of it is forgotten before it is durable", async (t) => {
  const { recorder, edit, forgotten, durable, reads } = await recording();
  for (let mark = 0; mark < 2 * LIMITS.recordedAtOnce + 5; mark += 1) edit();
  t.is(await recorder.record(), "more");
  t.is((await durable()).pending.size, LIMITS.recordedAtOnce);
  edit();
  t.is(await recorder.record(), "more");
  t.is(await recorder.record(), "recorded");
  t.is(reads(), 1);
  t.is(await recorder.record(), "recorded", "what was made meanwhile");
  const copy = await durable();
  t.is(copy.pending.size, 2 * LIMITS.recordedAtOnce + 6);
  t.deepEqual(
    sequencesOf(copy),
    [...sequencesOf(copy)].sort((a, b) => a - b),
  );
  t.deepEqual(forgotten, [LIMITS.recordedAtOnce, 2 * LIMITS.recordedAtOnce]);
});

test("B03 stores that are taken up by an import forget when they can, and what is edited meanwhile is recorded without waiting for it", async (t) => {
  const freed: (() => void)[] = [];
  const { recorder, edit, forgotten, replica } = await recording({ forget: () => new Promise((resolve) => freed.push(resolve)) });
  for (let mark = 0; mark < 2 * LIMITS.recordedAtOnce; mark += 1) edit();
  t.is(await recorder.record(), "more");
  t.is(await recorder.record(), "recorded");
  t.is(replica.pending.size, 2 * LIMITS.recordedAtOnce);
  t.deepEqual(forgotten, [LIMITS.recordedAtOnce], "one after the other");
  let hasEnded = false;
  const ended = recorder.ended().then(() => {
    hasEnded = true;
  });
  await settle();
  t.false(hasEnded, "who ends waits for it");
  freed[0]?.();
  await ended;
  edit();
  t.is(await recorder.record(), "recorded");
  t.deepEqual(forgotten, [LIMITS.recordedAtOnce, 2 * LIMITS.recordedAtOnce + 1]);
});

test("B05 what stores failed of when they were to forget is said with what is recorded next", async (t) => {
  const { recorder, edit, forgotten, replica } = await recording({ forget: () => Promise.reject(new SyncError("hal-broken", "worn out")) });
  for (let mark = 0; mark < LIMITS.recordedAtOnce; mark += 1) edit();
  t.is(await recorder.record(), "recorded");
  edit();
  await t.throwsAsync(recorder.record(), { message: "worn out" });
  t.is(replica.pending.size, LIMITS.recordedAtOnce + 1, "it is recorded all the same");
  for (let mark = 0; mark < LIMITS.recordedAtOnce; mark += 1) edit();
  t.is(await recorder.record(), "recorded");
  t.is(forgotten.length, 2);
  await recorder.ended();
});

test("P20 what was read and became data of a join meanwhile is not recorded", async (t) => {
  const { recorder, replica, edit } = await recording();
  for (let mark = 0; mark < LIMITS.recordedAtOnce + 5; mark += 1) edit();
  t.is(await recorder.record(), "more");
  await replica.write([], { mark: LIMITS.recordedAtOnce + 5 });
  t.is(await recorder.record(), "nothing-new");
  edit();
  t.is(await recorder.record(), "recorded");
  t.is(replica.pending.size, LIMITS.recordedAtOnce + 1);
});

test("P6 an edit knows of the base what its store showed, as far as both are one journal", async (t) => {
  const { recorder, edit, replica } = await recording({ head: { lineage: [{ ...at(0).epoch, first: 1 }] } });
  const seen: (Position | undefined)[] = [
    at(7),
    at(99),
    undefined,
    { ...at(7), fleet: fleetId("0".repeat(32)) },
    { ...at(7), epoch: { number: 9, id: epochId("9".repeat(16)) } },
  ];
  for (const position of seen) edit({ seen: position });
  await recorder.record();
  t.deepEqual(
    [...replica.pending.all()].map(({ edit: made }) => made.seen),
    [7, 10, 0, 0, 0],
  );
});

test("P1 P2 a stamp is journal time when the edit was made: not before the one before it, nor before what it had seen", async (t) => {
  const { clock, recorder, edit, replica } = await recording({ head: { lastStamp: 40 } });
  edit({ madeAtMs: clock.monotonicMs() - 4_990, seen: undefined });
  edit({ madeAtMs: clock.monotonicMs() - 4_990, seen: at(10) });
  edit();
  edit({ boot: "before" });
  edit({ madeAtMs: clock.monotonicMs() - 4_000 });
  await recorder.record();
  t.deepEqual(
    [...replica.pending.all()].map(({ edit: { stamp, certain } }) => [stamp, certain]),
    [
      [40, true],
      [100, true],
      [5_000, true],
      [5_000, false],
      [5_000, true],
    ],
  );
});

test("P1 P2 B03 an edit whose base has gone on before it is recorded is not younger for it; where nobody knows its time, it is as old as may be", async (t) => {
  const { clock, recorder, edit, replica } = await recording({ head: { at: 4_000, lastStamp: 40 } });
  edit({ boot: "before", seen: undefined });
  edit({ madeAtMs: clock.monotonicMs() - 4_900, seen: at(7) });
  edit({ boot: "before", seen: at(7) });
  await recorder.record();
  t.deepEqual(
    [...replica.pending.all()].map(({ edit: { stamp, certain } }) => [stamp, certain]),
    [
      [40, false],
      [100, true],
      [4_000, false],
    ],
  );
});

test("P1 P2 B03 an edit that waits for room while the base goes on is as old as what it was made over, over a restart as well", async (t) => {
  const pending = Array.from({ length: LIMITS.pendingMax }, (_, index) => pendingOf(editOf(index + 1)));
  const { recorder, edit, replica, durable, made } = await recording({
    pending,
    head: { mark: pending.length, sequence: pending.length, lastStamp: 40 },
  });
  for (const key of ["one", "two"]) edit({ mark: pending.length + made.length + 1, key, boot: "before", seen: at(10) });
  t.is(await recorder.record(), "full");
  t.is(await recorder.record(), "full");
  t.deepEqual((await durable()).head.earlier, [{ epoch: at(10).epoch, revision: 10, at: 100, heard: undefined }]);
  await replica.write([replica.pending.remove(1)], { position: at(12), at: 9_000 });
  t.is(await recorder.record(), "full", "there is room for one");
  t.deepEqual(
    replica.head.earlier.map(({ revision }) => revision),
    [10, 12],
  );
  await replica.write([replica.pending.remove(2)], { position: at(13), at: 9_500 });
  t.is(await recorder.record(), "recorded");
  t.deepEqual(
    [...replica.pending.all()].slice(-2).map(({ edit: { stamp, certain, seen } }) => [stamp, certain, seen]),
    [
      [100, false, 10],
      [100, false, 10],
    ],
  );
  t.deepEqual((await durable()).head.earlier, [], "none is kept when nothing waits");
});

test("M20 what is device-specific is recorded by its mark alone", async (t) => {
  const { recorder, edit, replica } = await recording();
  edit();
  edit({ item: "own" });
  edit({ item: "own" });
  await recorder.record();
  t.deepEqual([sequencesOf(replica), replica.head.mark, replica.head.sequence], [[1], 3, 1]);
  edit();
  await recorder.record();
  t.deepEqual([sequencesOf(replica), replica.head.mark], [[1, 4], 4]);
});

test("M20 P6 numbers go on above those that were given out, where a store begins to count anew", async (t) => {
  const { recorder, edit, replica } = await recording({ head: { mark: 50, sequence: 80 } });
  await recorder.beginAnew();
  t.deepEqual([replica.head.mark, replica.head.unshown], [0, "show"], "a new store shows nothing yet: all of it was never recorded");
  edit();
  edit();
  await recorder.record();
  t.deepEqual(sequencesOf(replica), [81, 82]);
  t.deepEqual([recorder.numberOf(1), recorder.numberOf(2), recorder.numberOf(83)], [81, 82, 83]);
});

test("M20 B03 what was edited in a new store before its client began was never recorded, whenever that was: all of it is an edit", async (t) => {
  const { recorder, edit, replica } = await recording({ head: { mark: 50, sequence: 80 } });
  edit({ boot: "before" });
  edit();
  await recorder.beginAnew();
  t.is(replica.head.mark, 0);
  await recorder.record();
  t.deepEqual(sequencesOf(replica), [81, 82]);
});

test("M20 B03 of an older image of the stores only what was made in this power-on is an edit", async (t) => {
  const { recorder, edit, replica } = await recording({ head: { mark: 50, sequence: 80 }, shown: at(3) });
  edit({ boot: "before" });
  edit({ boot: "before" });
  edit();
  await recorder.beginAnew();
  t.is(replica.head.mark, 2);
  await recorder.record();
  t.deepEqual(sequencesOf(replica), [81]);
  await recorder.beginAnew();
  t.is(replica.head.mark, 3, "once");
});

test("P17 own edits that wait are shown again on an older image of the stores, which say so before it counts as known", async (t) => {
  const known = { head: { mark: 50, sequence: 80 }, shown: at(3) };
  const idle = await recording(known);
  await idle.recorder.beginAnew();
  t.deepEqual(idle.owns, []);
  const waiting = await recording({ ...known, pending: [pendingOf(editOf(80))] });
  await waiting.recorder.beginAnew();
  t.deepEqual(waiting.owns, [[0, 50]]);
});

test("B02 stores that have forgotten what was never recorded are compared, where nothing else makes that happen", async (t) => {
  const unshown = async (shown: Position, forgotten: number, head: Partial<ReplicaHead> = {}) => {
    const { recorder, edit, made, replica } = await recording({ head, shown });
    for (let mark = 1; mark <= 3; mark += 1) edit();
    made.splice(0, forgotten);
    await recorder.beginAnew();
    return replica.head.unshown;
  };
  t.is(await unshown(at(10), 0), undefined, "all of it is there, and becomes edits");
  t.is(await unshown(at(10), 1), "restored");
  t.is(await unshown(at(10), 2, { mark: 2 }), undefined, "what was recorded may be forgotten");
  t.is(await unshown(at(9), 1), undefined, "another position is compared anyway");
  t.is(await unshown(at(10), 1, { unshown: "replaced-at-join" }), "replaced-at-join", "it is compared already");
  t.is(await unshown(at(10), 1, { position: undefined }), undefined, "nothing has joined yet");
});

test("B03 what was heard as it was made need not be read; where one was missed all of it is", async (t) => {
  const { recorder, edit, made, reads, replica } = await recording();
  edit();
  recorder.hear(made.slice(0, 1));
  await recorder.record();
  t.is(reads(), 0);
  edit();
  edit();
  recorder.hear(made.slice(2, 3));
  await recorder.record();
  t.is(reads(), 1);
  t.deepEqual(sequencesOf(replica), [1, 2, 3]);
});

test("B02 M20 what is to be kept of what is shown anew is kept also where an older image of the stores is put back before that is done", async (t) => {
  const { recorder, edit, replica } = await recording({ head: { mark: 50, unshown: "replaced-at-join" }, shown: at(3) });
  edit({ boot: "before" });
  await recorder.beginAnew();
  t.deepEqual([replica.head.mark, replica.head.unshown], [1, "replaced-at-join"]);
});

test("P25 an edit says that its key is its author's own when the base knows neither a value nor a deletion of it", async (t) => {
  const [known, deleted, drawn] = ["1", "2", "3"].map((digit) => `${digit.repeat(8)}-1111-4111-8111-111111111111`);
  const standing = (key: string | undefined, value: string | undefined) =>
    ({ revision: 5, edit: { ...editOf(1, { key: key ?? "", value }), why: "first" } }) as const;
  const { recorder, edit, replica } = await recording({ entries: [standing(known, "x"), standing(deleted, undefined)] });
  for (const key of [known, deleted, drawn, "no uuid"]) edit({ key: key ?? "" });
  await recorder.record();
  t.deepEqual(
    [...replica.pending.all()].map(({ edit: { fresh } }) => fresh === true),
    [false, false, true, false],
  );
});

test("M27 what cannot travel is listed before it counts as recorded: a kill between the two finds it again", async (t) => {
  const { recorder, edit, noted } = await recording();
  edit();
  await recorder.record();
  t.deepEqual(noted, [0]);
});

test("P25 B08 over a damaged copy nothing is recorded: nobody can tell what people had before them", async (t) => {
  const { recorder, replica, edit } = await recording();
  edit();
  Object.defineProperty(replica, "isDamaged", { value: true, configurable: true });
  t.is(await recorder.record(), "put-off");
  t.deepEqual([replica.pending.size, replica.head.mark, replica.head.earlier.length], [0, 0, 1]);
  Object.defineProperty(replica, "isDamaged", { value: false });
  t.is(await recorder.record(), "recorded");
  t.deepEqual([replica.pending.size, replica.head.earlier.length], [1, 0]);
});
