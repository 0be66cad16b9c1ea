/** Where pieces of messages end, and which of them are one: columns, ranges of answers, beats, and messages that are too large. */
import test from "ava";
import { runId } from "../../src/model/ids.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { type Answer, decodeAnswerList, encodeAnswerList } from "../../src/protocol/answers.ts";
import { decodeClientBeat, encodeClientBeat } from "../../src/protocol/beat.ts";
import { decodeCbor } from "../../src/protocol/cbor.ts";
import { decodeDown } from "../../src/protocol/codec.ts";
import { ColumnReader, ColumnWriter } from "../../src/protocol/column.ts";
import { encodeAccepted } from "../../src/protocol/edit.ts";
import { MessageReader } from "../../src/protocol/message-reader.ts";
import { accepted } from "./samples.ts";

const MALFORMED = { code: "message-malformed" };

test("a column is read to its last byte and no further; the largest number is 2^53 - 1", (t) => {
  const column = new ColumnWriter(1);
  column.number(Number.MAX_SAFE_INTEGER);
  column.signed(-1);
  column.bytes(Uint8Array.of(1, 2, 3));
  const reader = new ColumnReader(column.written());
  t.deepEqual([reader.number(), reader.signed(), reader.left], [Number.MAX_SAFE_INTEGER, -1, 3]);
  const target = new Uint8Array(4);
  t.throws(() => reader.copyTo(target, 0, 4), MALFORMED);
  reader.copyTo(target, 1, 3);
  t.deepEqual([...target, reader.left], [0, 1, 2, 0, 1]);
  t.throws(() => reader.bytes(2), MALFORMED);
  t.deepEqual([...reader.bytes(1)], [3]);
  t.throws(() => reader.number(), MALFORMED);
  t.throws(() => new ColumnReader(Uint8Array.of(128, 128, 128, 128, 128, 128, 128, 16)).number(), MALFORMED);
});

test("P8 answers are one range where they are alike in all but a sequence that rises by one", (t) => {
  const [run, other] = [runId("1".repeat(16)), runId("2".repeat(16))];
  const answer = (sequence: number, more: Partial<Answer> = {}): Answer => ({ run, sequence, outcome: "accepted", revision: 5, ...more });
  const lists: readonly (readonly [ranges: number, answers: readonly Answer[]])[] = [
    [1, [answer(1), answer(2), answer(3)]],
    [2, [answer(1), answer(3)]],
    [2, [answer(1), answer(2, { run: other })]],
    [2, [answer(1), answer(2, { outcome: "superseded" })]],
    [2, [answer(1), answer(2, { revision: 6 })]],
  ];
  for (const [ranges, answers] of lists) {
    const encoded = encodeAnswerList(answers);
    t.is(encoded.length, ranges);
    t.deepEqual(decodeAnswerList(encoded, "answers"), answers);
  }
});

test("B05 a beat says how many edits wait, and nothing where none does", (t) => {
  t.deepEqual(encodeClientBeat({ kind: "client-beat", loggedIn: [], waiting: 0 }), [[]]);
  for (const waiting of [0, 7]) {
    const beat = { kind: "client-beat", loggedIn: [], waiting } as const;
    t.deepEqual(decodeClientBeat(encodeClientBeat(beat)), beat);
  }
});

test("what stands says no more that its key was new; a text that is nothing but a byte-order mark is none", (t) => {
  t.deepEqual(encodeAccepted({ ...accepted, fresh: true }), encodeAccepted(accepted));
  t.throws(() => decodeCbor(Uint8Array.of(0x63, 0xef, 0xbb, 0xbf), 10), MALFORMED);
});

test("a message that is too large is refused for that, whoever reads it", (t) => {
  for (const reader of [undefined, new MessageReader()])
    t.throws(() => decodeDown(new Uint8Array(LIMITS.messageBytesMax + 1), reader), { code: "message-too-large" });
});
