import test from "ava";
import { must } from "../../src/model/assert.ts";
import { joinId, runId } from "../../src/model/ids.ts";
import type { Refusal, RefusalWord } from "../../src/model/refusal.ts";
import { asVersion } from "../../src/protocol/as-version.ts";
import { encodeCbor } from "../../src/protocol/cbor.ts";
import { decodeDown } from "../../src/protocol/codec.ts";
import type { Answer } from "../../src/protocol/answers.ts";
import type { DownBody } from "../../src/protocol/down.ts";
import { agreedVersion } from "../../src/protocol/version.ts";
import { BODY, rawOf, sample } from "./broken.ts";
import { DOWNS, DOWNS_SINCE_2 } from "./samples.ts";

const WELCOME = must(
  Object.values(DOWNS).find(({ body }) => body.kind === "welcome"),
  "a welcome",
).body;
const answersOf = (outcome: RefusalWord | "superseded"): Answer[] => [{ run: runId("0".repeat(16)), sequence: 1, outcome, revision: 1 }];
const answered = (outcome: RefusalWord | "superseded"): DownBody => ({ kind: "answers", number: 1, answers: answersOf(outcome) });
const welcomed = (outcome: RefusalWord | "superseded"): DownBody => ({ ...WELCOME, answers: answersOf(outcome) }) as DownBody;
const offerAnswered = (outcome: RefusalWord): DownBody => ({
  kind: "offer-answer",
  join: joinId("7".repeat(16)),
  holding: "user:alice",
  item: undefined,
  outcome,
  revision: 1,
});

test("M26 a session speaks the highest version that both sides know", (t) => {
  const CASES: readonly (readonly [a: [number, number], b: [number, number], agreed: number | undefined])[] = [
    [[1, 2], [1, 2], 2],
    [[1, 2], [1, 1], 1],
    [[1, 1], [1, 2], 1],
    [[1, 2], [2, 3], 2],
    [[2, 3], [1, 1], undefined],
    [[1, 1], [2, 3], undefined],
  ];
  for (const [[min, max], [otherMin, otherMax], agreed] of CASES)
    t.is(agreedVersion({ min, max }, { min: otherMin, max: otherMax }), agreed);
});

test("M26 what the first version can say goes to its machines as it is", (t) => {
  for (const { body } of Object.values(DOWNS)) t.deepEqual(asVersion(body, 1), body);
});

test("M26 words that came later reach machines of the first version as words that they know, and everybody else as they are", (t) => {
  const refusal: Refusal = { word: "stood-down" };
  const bodies: readonly (readonly [DownBody, DownBody])[] = [
    [
      { kind: "refuse", number: 1, refusal },
      { kind: "refuse", number: 1, refusal: { word: "server-not-running" } },
    ],
    [
      { kind: "server-end", reason: "put-out", refusal },
      { kind: "server-end", reason: "put-out", refusal: { word: "server-not-running" } },
    ],
    [answered("device-specific"), answered("superseded")],
    [answered("owner-evicted"), answered("owner-removed")],
    [welcomed("device-specific"), welcomed("superseded")],
    [welcomed("owner-evicted"), welcomed("owner-removed")],
    [offerAnswered("device-specific"), offerAnswered("owner-held")],
    [offerAnswered("owner-evicted"), offerAnswered("owner-removed")],
  ];
  for (const [said, heard] of bodies) {
    t.deepEqual(asVersion(said, 1), heard);
    t.deepEqual(asVersion(said, 2), said);
  }
  for (const { body } of Object.values(DOWNS_SINCE_2)) t.notDeepEqual(asVersion(body, 1), body);
});

test("M26 a word that nobody here knows is a refusal all the same, and is shown as it was written", (t) => {
  const refuse = rawOf(sample("refuse"));
  (refuse[BODY] as unknown[])[1] = ["too-much-moonlight", 7, ["x"]];
  t.like(decodeDown(encodeCbor(refuse)).body, { refusal: { word: "unknown-word", text: "too-much-moonlight" } });
  const answers = rawOf(sample("answers"));
  const [, ranges] = answers[BODY] as [number, unknown[][]];
  (ranges[0] as unknown[])[3] = "too-much-moonlight";
  t.like(decodeDown(encodeCbor(answers)).body, { answers: [{ outcome: "unknown-word" }] });
});
