import test from "ava";
import fc from "fast-check";
import { decodeCbor, encodeCbor } from "../../src/protocol/cbor.ts";
import { decodeChange, encodeChange } from "../../src/protocol/change.ts";
import { decodeDown, decodeUp, encodeDown, encodeUp } from "../../src/protocol/codec.ts";
import { decodeAccepted, decodeEdit, encodeAccepted, encodeEdit } from "../../src/protocol/edit.ts";
import { accepted, change, downBody, edit, envelope, upBody, value } from "./arbitrary.ts";

const RUNS = { seed: 20_261_122, numRuns: 400 };

test("whatever a client machine says arrives as it was said", (t) => {
  fc.assert(
    fc.property(envelope, upBody, (around, body) =>
      t.deepEqual(decodeUp(encodeUp({ envelope: around, body })), { envelope: around, body }),
    ),
    RUNS,
  );
  t.pass();
});

test("whatever a server machine says arrives as it was said", (t) => {
  fc.assert(
    fc.property(envelope, downBody, (around, body) =>
      t.deepEqual(decodeDown(encodeDown({ envelope: around, body })), { envelope: around, body }),
    ),
    RUNS,
  );
  t.pass();
});

test("an edit arrives as it was made, and an accepted one with why it stands", (t) => {
  fc.assert(
    fc.property(edit, (made) => t.deepEqual(decodeEdit(encodeEdit(made)), made)),
    RUNS,
  );
  fc.assert(
    fc.property(accepted, (stands) => t.deepEqual(decodeAccepted(encodeAccepted(stands)), stands)),
    RUNS,
  );
  t.pass();
});

test("a change arrives as it was committed, its edits in the very bytes they stand in", (t) => {
  fc.assert(
    fc.property(change, (committed) => t.deepEqual(decodeChange(encodeChange(committed)), committed)),
    { ...RUNS, numRuns: 200 },
  );
  t.pass();
});

test("any value of an entry arrives as it was written", (t) => {
  fc.assert(
    fc.property(value, (written) => t.deepEqual(decodeCbor(encodeCbor(written), 100_000), written)),
    RUNS,
  );
  t.pass();
});

test("a decoded edit, encoded again, does not grow: who was let in can be passed on", (t) => {
  fc.assert(
    fc.property(edit, (made) => {
      const bytes = encodeEdit(made);
      return encodeEdit(decodeEdit(bytes)).length <= bytes.length;
    }),
    RUNS,
  );
  t.pass();
});
