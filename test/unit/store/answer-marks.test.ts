import test from "ava";
import type { Why } from "../../../src/model/entry.ts";
import { deviceId, runId } from "../../../src/model/ids.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { encodeAccepted } from "../../../src/protocol/edit.ts";
import { AnswerMarks } from "../../../src/store/answer-marks.ts";
import { packAnswers, unpackAnswers } from "../../../src/store/device-answers.ts";
import { entryKey } from "../../../src/store/keys.ts";
import { packEntry } from "../../../src/store/records.ts";
import { accepted } from "../../wire/samples.ts";

const DEVICE = deviceId("a".repeat(32));
const RUN = runId("1".repeat(16));

function marksOf(...entries: readonly { readonly sequence: number; readonly why: Why }[]): AnswerMarks {
  const marks = new AnswerMarks();
  for (const [index, { sequence, why }] of entries.entries()) {
    const edit = { ...accepted, id: { device: DEVICE, run: RUN, sequence }, key: String(index), why };
    marks.note(entryKey(edit), packEntry(index + 1, encodeAccepted(edit)));
  }
  return marks;
}

test("P10 B06 a copy tells up to which of a machine's edits all were decided: the highest that it pushed", (t) => {
  const [write] = marksOf({ sequence: 3, why: "first" }, { sequence: 7, why: "own" }, { sequence: 5, why: "seen" }).writes();
  t.truthy(write?.value);
  const answers = unpackAnswers(write?.value ?? new Uint8Array());
  t.deepEqual(
    [7, 8].map((sequence) => answers.wasDecidedElsewhere(RUN, sequence)),
    [true, false],
  );
  t.is(answers.find(RUN, 7, 9), undefined, "how it was decided the copy does not tell");
  const later = answers.after([{ run: RUN, sequence: 9 }], [{ run: RUN, sequence: 9, outcome: "accepted", revision: 12 }]);
  const kept = unpackAnswers(packAnswers(later));
  t.is(kept.find(RUN, 7, 12), undefined, "nor do edits that are decided here");
  t.true(kept.wasDecidedElsewhere(RUN, 7));
  t.is(kept.find(RUN, 8, 12)?.outcome, "accepted");
});

test("P10 B06 of more runs than a machine may have edits pending of, the newest by what stands of them are told", (t) => {
  const marks = new AnswerMarks();
  const run = (number: number) => runId(number.toString(16).padStart(16, "0"));
  for (let number = 1; number <= LIMITS.pendingRangesMax + 1; number += 1) {
    const edit = { ...accepted, id: { device: DEVICE, run: run(number), sequence: 5 }, key: String(number), why: "first" as const };
    marks.note(entryKey(edit), packEntry(number, encodeAccepted(edit)));
  }
  const answers = unpackAnswers(marks.writes()[0]?.value ?? new Uint8Array());
  t.deepEqual(
    [1, 2, LIMITS.pendingRangesMax + 1].map((number) => answers.wasDecidedElsewhere(run(number), 5)),
    [false, true, true],
  );
});

test("P10 B06 an entry that was adopted, or brought, tells nothing of the edits before it: they may not have been pushed", (t) => {
  t.deepEqual(marksOf({ sequence: 9, why: "adopted" }, { sequence: 9, why: "brought" }, { sequence: 4, why: "server" }).writes(), []);
});
