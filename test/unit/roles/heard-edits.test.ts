import test from "ava";
import type { LocalEdit } from "../../../hal/item-store.ts";
import { must } from "../../../src/model/assert.ts";
import { userOwner } from "../../../src/model/owner.ts";
import { HeardEdits } from "../../../src/roles/client/heard-edits.ts";

const owner = must(userOwner("alice"), "an owner");
const edits = (...marks: number[]): LocalEdit[] =>
  marks.map((mark) => ({ owner, item: "shortcut", key: `${mark}`, value: "x", mark, seen: undefined, madeAtMs: 0, boot: "b", by: "" }));
const marksOf = (heard: readonly LocalEdit[] | undefined) => heard?.map(({ mark }) => mark);

test("edits are given when all of them were heard, and no more than were asked for", (t) => {
  const heard = new HeardEdits();
  heard.add(edits(3, 4));
  heard.add(edits(5));
  t.deepEqual(marksOf(heard.between(2, 5)), [3, 4, 5]);
  t.deepEqual(marksOf(heard.between(3, 4)), [4]);
  heard.forget(4);
  t.deepEqual(marksOf(heard.between(4, 5)), [5]);
  t.deepEqual(marksOf(heard.between(5, 5)), []);
});

test("where one is missing they are read: made before anybody listened, not heard yet, or forgotten", (t) => {
  const heard = new HeardEdits();
  heard.add(edits(3, 5));
  t.is(heard.between(2, 5), undefined, "4 was not heard");
  t.is(heard.between(4, 6), undefined, "6 was not heard yet");
  heard.add(edits(4));
  t.is(heard.between(2, 5), undefined, "4 was heard after 5, by another store: their order is read");
  heard.forget(5);
  t.is(heard.between(2, 3), undefined, "it is not there any more");
});

test("a large import is read, however it was heard", (t) => {
  const heard = new HeardEdits();
  for (let mark = 1; mark <= 1_000; mark += 1) heard.add(edits(mark));
  t.is(heard.between(0, 1_000), undefined);
  const rest = heard.between(900, 1_000);
  t.true(rest === undefined || rest.length === 100, "whole or not at all");
});

test("what is recorded takes no room", (t) => {
  const heard = new HeardEdits();
  const marks = Array.from({ length: 256 }, (_, index) => index + 1);
  heard.add(edits(...marks));
  heard.forget(256);
  heard.add(edits(...marks.map((mark) => 256 + mark)));
  t.is(heard.between(256, 512)?.length, 256);
});
