import test from "ava";
import { decodeRefusal, encodeRefusal, isRefusalWord, outcomeWord } from "../../src/protocol/refuse.ts";
import { REFUSALS } from "./every-refusal.ts";
import { fault } from "./faults.ts";

test("each refusal is read as it was written", (t) => {
  for (const refusal of Object.values(REFUSALS)) t.deepEqual(decodeRefusal(encodeRefusal(refusal), "r"), refusal);
});

test("each refusal that says more than its word is refused without that", (t) => {
  for (const refusal of Object.values(REFUSALS)) {
    const says = Object.keys(refusal).length > 1;
    if (says) t.is(fault(t, () => decodeRefusal([refusal.word], "r"), refusal.word).code, "message-malformed");
    else t.deepEqual(decodeRefusal([refusal.word], "r"), refusal);
  }
});

test("a word of a newer version is shown as it is, and is no known one; what belongs to every object is no word", (t) => {
  for (const word of ["of-tomorrow", "toString", "constructor"]) {
    t.deepEqual(decodeRefusal([word, 7], "r"), { word: "unknown-word", text: word });
    t.false(isRefusalWord(word));
    t.is(outcomeWord(word, "r"), "unknown-word");
  }
  t.is(outcomeWord("put-out", "r"), "put-out");
});
