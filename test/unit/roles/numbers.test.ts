import test from "ava";
import { freeOneTouchNumber, oneTouchNumberOf } from "../../../src/roles/server/numbers.ts";

test("only entries of list 11 have a one-touch number", (t) => {
  t.is(oneTouchNumberOf({ subdbid: "11", indxid: "7" }), 7);
  t.is(oneTouchNumberOf({ subdbid: "1", indxid: "7" }), undefined);
  t.is(oneTouchNumberOf({ subdbid: "11" }), undefined);
});

test("a number that is taken becomes the next free one; after 200 it goes on from 1", (t) => {
  const taken = (...numbers: number[]) => numbers.map((number) => ({ subdbid: "11", indxid: String(number) }));
  t.is(freeOneTouchNumber(7, taken(1, 2)), 7);
  t.is(freeOneTouchNumber(7, taken(7, 8)), 9);
  t.is(freeOneTouchNumber(200, taken(200, 1)), 2);
  t.is(freeOneTouchNumber(7, taken(...Array.from({ length: 200 }, (_, index) => index + 1))), 7, "none is free: it stays");
});
