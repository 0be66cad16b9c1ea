/** How old an edit is at least that is recorded when its base has gone on. */
import test from "ava";
import { epochId, fleetId } from "../../../src/model/ids.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import type { Position } from "../../../src/model/position.ts";
import { madeOver, withBase } from "../../../src/roles/client/earlier-bases.ts";
import type { EarlierBase } from "../../../src/store/replica-head.ts";
import { at } from "./own-copy.ts";

const OTHER = { number: 2, id: epochId("d".repeat(16)) };
const base = (revision: number, time: number, { epoch } = at(0)): EarlierBase => ({ epoch, revision, at: time, heard: undefined });
const heardIn = (boot: string, monotonicMs = 1) => ({ time: 100, boot, monotonicMs });

test("P1 P2 an edit is no older than what it had seen, and the time of that is the earliest that is known to be none before it", (t) => {
  const earlier = [base(3, 300), base(5, 500), base(1, 700, { ...at(0), epoch: OTHER })];
  const head = { position: at(8), at: 800, earlier };
  const rows: [string, Position | undefined, number, { at: number; isExact: boolean }][] = [
    ["over an earlier base", at(5), 5, { at: 500, isExact: true }],
    ["over the first of them", at(3), 3, { at: 300, isExact: true }],
    ["over one between two of them", at(4), 4, { at: 500, isExact: false }],
    ["over one before them", at(1), 1, { at: 300, isExact: false }],
    ["over the base of now", at(8), 8, { at: 800, isExact: true }],
    ["over one between the last of them and now", at(7), 7, { at: 800, isExact: false }],
    ["over one of another epoch, of which nothing is common", { ...at(1), epoch: OTHER }, 0, { at: 700, isExact: true }],
    ["over one that is not known", { ...at(2), epoch: OTHER }, 0, { at: 0, isExact: false }],
    ["over nothing", undefined, 0, { at: 0, isExact: false }],
    ["in another fleet", { ...at(5), fleet: fleetId("0".repeat(32)) }, 0, { at: 0, isExact: false }],
  ];
  for (const [what, shown, seen, expected] of rows) t.deepEqual(madeOver(head, shown, seen), expected, what);
  t.deepEqual(madeOver({ position: undefined, at: 0, earlier: [] }, at(5), 0), { at: 0, isExact: false }, "before a join");
});

test("a base is noted once, and of many the oldest go", (t) => {
  const earlier = withBase({ position: at(3), at: 300, heard: undefined, earlier: [] });
  t.deepEqual(earlier, [base(3, 300)]);
  t.is(withBase({ position: at(3), at: 300, heard: undefined, earlier }), earlier);
  t.deepEqual(withBase({ position: { ...at(3), epoch: OTHER }, at: 400, heard: undefined, earlier }), [
    base(3, 300),
    base(3, 400, { ...at(0), epoch: OTHER }),
  ]);
  const none: readonly EarlierBase[] = [];
  t.is(withBase({ position: undefined, at: 0, heard: undefined, earlier: none }), none);
  let many = none;
  for (let revision = 1; revision <= LIMITS.earlierBasesMax + 2; revision += 1) {
    many = withBase({ position: at(revision), at: revision, heard: undefined, earlier: many });
  }
  t.deepEqual([many.length, many[0]?.revision, many.at(-1)?.revision], [LIMITS.earlierBasesMax, 3, LIMITS.earlierBasesMax + 2]);
});

test("P1 P2 of each power-on it is noted once how its machine knew the time, also over one base", (t) => {
  const now = { position: at(3), at: 300 };
  const first = withBase({ ...now, heard: heardIn("b1"), earlier: [] });
  t.deepEqual(first, [{ ...base(3, 300), heard: heardIn("b1") }]);
  t.is(withBase({ ...now, heard: heardIn("b1", 5), earlier: first }), first);
  t.deepEqual(withBase({ ...now, heard: heardIn("b2"), earlier: first }), [...first, { ...base(3, 300), heard: heardIn("b2") }]);
});
