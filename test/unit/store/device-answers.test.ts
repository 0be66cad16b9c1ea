import test from "ava";
import { LIMITS } from "../../../src/model/limits.ts";
import { epochId, runId } from "../../../src/model/ids.ts";
import type { Answer } from "../../../src/protocol/answers.ts";
import { DeviceAnswers, packAnswers, unpackAnswers } from "../../../src/store/device-answers.ts";

const OLD = runId("1".repeat(16));
const NEW = runId("2".repeat(16));
const answer = (run: typeof OLD, sequence: number, revision: number, outcome: Answer["outcome"] = "accepted"): Answer => ({
  run,
  sequence,
  revision,
  outcome,
});
const ids = (...answers: Answer[]) => answers.map(({ run, sequence }) => ({ run, sequence }));

test("P7 answers are kept until a later push no longer lists their edits", (t) => {
  const first = [answer(OLD, 5, 10), answer(OLD, 6, 10), answer(OLD, 7, 10, "superseded")];
  const kept = DeviceAnswers.none.after(ids(...first), first);
  t.deepEqual(kept.find(OLD, 7, 99), answer(OLD, 7, 10, "superseded"));
  const later = kept.after([...ids(answer(OLD, 7, 0)), ...ids(answer(OLD, 8, 0))], [answer(OLD, 8, 11)]);
  t.deepEqual(later.find(OLD, 7, 99), answer(OLD, 7, 10, "superseded"), "still listed, still known");
  t.deepEqual(later.find(OLD, 5, 99), answer(OLD, 5, 99), "heard and forgotten: what stands stands");
  t.is(later.find(OLD, 9, 99), undefined, "never seen");
});

test("P8 each answer names the revision of its own push, however alike its neighbours are, after a restart as well", (t) => {
  const [first, second] = [answer(OLD, 5, 10), answer(OLD, 6, 11)];
  const both = DeviceAnswers.none.after(ids(first), [first]).after(ids(first, second), [second]);
  t.deepEqual(unpackAnswers(packAnswers(both)).among([{ run: OLD, first: 5, last: 6 }], 99), [first, second]);
});

test("P7 P10 an edit of another run is answered for itself, though it has the next number and fared alike", (t) => {
  const [first, second] = [answer(OLD, 5, 10, "superseded"), answer(NEW, 6, 10, "superseded")];
  const kept = unpackAnswers(packAnswers(DeviceAnswers.none.after(ids(first, second), [first, second])));
  t.deepEqual([kept.find(OLD, 5, 99), kept.find(NEW, 6, 99)], [first, second]);
  t.is(kept.find(OLD, 6, 99), undefined);
  t.is(kept.after([], [answer(NEW, 2, 11)]).marks.get(NEW), 6, "a mark never goes back");
});

test("P10 marks of sixteen runs are kept: an edit that comes again from an older image of a disk was decided", (t) => {
  const old = DeviceAnswers.none.after(ids(answer(OLD, 5, 10)), [answer(OLD, 5, 10)]);
  const both = old.after([...ids(answer(OLD, 5, 0)), ...ids(answer(NEW, 6, 0))], [answer(NEW, 6, 11)]);
  t.deepEqual([...both.marks.keys()], [OLD, NEW]);
  t.deepEqual(both.find(OLD, 5, 99), answer(OLD, 5, 10));
  t.deepEqual(both.find(OLD, 4, 99), answer(OLD, 4, 99), "heard and forgotten: what stands stands");
  let answers = both;
  for (let n = 1; n <= 15; n += 1) {
    const next = answer(runId(n.toString(16).padStart(16, "c")), 6 + n, 11 + n);
    answers = answers.after(ids(next), [next]);
  }
  t.is(answers.marks.size, 16);
  t.is(answers.find(OLD, 4, 99), undefined, "the oldest run is forgotten");
});

test("P10 a hello hears of its pending edits that were decided, whatever run they are of", (t) => {
  const decided = [answer(OLD, 5, 10), answer(NEW, 6, 11, "superseded")];
  const answers = DeviceAnswers.none.after(ids(...decided), decided);
  const pending = [
    { run: OLD, first: 5, last: 5 },
    { run: NEW, first: 6, last: 9 },
  ];
  t.deepEqual(answers.among(pending, 12), decided);
});

test("a hello that claims a million edits costs no more than one that lists all it may have", (t) => {
  const decided = [answer(OLD, 5, 10)];
  const answers = DeviceAnswers.none.after(ids(...decided), decided);
  const hostile = Array.from({ length: 64 }, () => ({ run: OLD, first: 1, last: Number.MAX_SAFE_INTEGER }));
  t.true(answers.among(hostile, 12).length <= LIMITS.pendingMax);
  const all = DeviceAnswers.none.after([], [answer(OLD, 2 * LIMITS.pendingMax, 10)]);
  t.is(all.among(hostile, 12).length, LIMITS.pendingMax, "all of them together");
});

test("they come back from storage as they went in", (t) => {
  const decided = [answer(OLD, 5, 10), answer(OLD, 6, 10), answer(NEW, 7, 11, "owner-removed")];
  const answers = DeviceAnswers.none.after(ids(...decided), decided);
  const again = unpackAnswers(packAnswers(answers));
  t.deepEqual(again.ranges, answers.ranges);
  t.deepEqual([...again.marks], [...answers.marks]);
});

test("P5 P10 what a machine passes over with its first edit in an epoch was decided in a branch that is undone; nothing else was", (t) => {
  const [second, third] = [epochId("2".repeat(16)), epochId("3".repeat(16))];
  const first = [answer(OLD, 5, 10)];
  const before = DeviceAnswers.none.after(ids(...first), first);
  t.deepEqual(before.elsewhere.passedOver, [], "a fleet's first epoch parted from nothing");
  const again = before.after(ids(...first), [], second);
  t.is(again.elsewhere.epoch, undefined, "what had been decided already passes over nothing");
  const next = [answer(NEW, 9, 20), answer(NEW, 12, 20)];
  const restored = unpackAnswers(packAnswers(again.after(ids(...next), next, second)));
  const elsewhere = (answers: DeviceAnswers, run: typeof OLD) =>
    Array.from({ length: 14 }, (_, index) => index + 1).filter((sequence) => answers.wasDecidedElsewhere(run, sequence));
  t.deepEqual(
    [elsewhere(restored, OLD), elsewhere(restored, NEW)],
    [
      [6, 7, 8],
      [1, 2, 3, 4, 5, 6, 7, 8],
    ],
  );
  t.is(restored.find(OLD, 6, 99), undefined);
  t.deepEqual(restored.find(OLD, 5, 99), answer(OLD, 5, 99));
  t.deepEqual(restored.find(NEW, 11, 99), answer(NEW, 11, 99), "numbers between those that it pushed were no edits");
  const later = [answer(NEW, 13, 21)];
  t.deepEqual(restored.after(ids(...later), later, second).elsewhere, restored.elsewhere, "an epoch has one first edit");
  const decided = [answer(OLD, 7, 20, "superseded")];
  t.deepEqual(restored.after(ids(...decided), decided, second).find(OLD, 7, 99), decided[0], "and what was said of it then is kept");
  const twice = restored.after(ids(answer(NEW, 15, 30)), [answer(NEW, 15, 30)], third);
  t.deepEqual(twice.elsewhere.passedOver.slice(-2), [
    { run: OLD, after: 5, before: 15 },
    { run: NEW, after: 12, before: 15 },
  ]);
  let many = restored;
  for (let n = 0; n < LIMITS.passedOverMax; n += 1) {
    const far = [answer(NEW, 100 + 2 * n, 40)];
    many = many.after(ids(...far), far, n % 2 === 0 ? third : second);
  }
  t.is(many.elsewhere.passedOver.length, LIMITS.passedOverMax, "the newest are kept");
});
