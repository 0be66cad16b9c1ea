import test from "ava";
import { epochId } from "../../../src/model/ids.ts";
import { isLater, mandateOf, partingOf, withEpoch } from "../../../src/model/lineage.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { CHAIN_START, type LineageEntry, type Mandate, type Position, sameEpoch, samePosition } from "../../../src/model/position.ts";
import { at } from "../roles/own-copy.ts";

const id = (digit: string) => epochId(digit.repeat(16));
const mandate = (time: number, digit: string): Mandate => ({ at: time, id: id(digit) });
/** An epoch named by its digit, from this revision on. */
const epoch = (digit: string, first: number, other: Partial<LineageEntry> = {}): LineageEntry => ({
  number: 1,
  id: id(digit),
  first,
  ...other,
});
const ONE = epoch("1", 1);

test("P16 of two mandates one is later, and both sides say which: by time, then by epoch; none is earlier than all", (t) => {
  const rows: readonly (readonly [one: Mandate | undefined, other: Mandate | undefined, isLater: boolean])[] = [
    [mandate(2, "1"), mandate(1, "9"), true],
    [mandate(1, "9"), mandate(2, "1"), false],
    [mandate(2, "9"), mandate(2, "1"), true],
    [mandate(2, "1"), mandate(2, "9"), false],
    [mandate(2, "1"), mandate(2, "1"), false],
    [mandate(0, "1"), undefined, true],
    [undefined, mandate(0, "1"), false],
    [undefined, undefined, false],
  ];
  for (const [one, other, later] of rows) t.is(isLater(one, other), later, `${one?.at} ${one?.id[0]}, ${other?.at} ${other?.id[0]}`);
});

test("P16 the mandate of a journal is its last one, and goes on into an epoch that nobody ordered", (t) => {
  const lineage = [ONE, epoch("2", 5, { mandate: mandate(1, "2") }), epoch("3", 9, { mandate: mandate(4, "3") }), epoch("4", 12)];
  t.is(mandateOf([ONE]), undefined);
  t.deepEqual(mandateOf(lineage), mandate(4, "3"));
  t.deepEqual(withEpoch(lineage, { id: id("5"), above: 0, first: 20, born: "restore" }).at(-1)?.mandate, mandate(4, "3"));
  const ordered = withEpoch(lineage, { id: id("5"), above: 0, first: 20, born: "restore", mandate: mandate(7, "5") });
  t.deepEqual(ordered.at(-1), { number: 2, id: id("5"), first: 20, born: "restore", mandate: mandate(7, "5") });
  t.deepEqual(withEpoch([ONE], { id: id("5"), above: 0, first: 20, born: "restore" }), [
    ONE,
    { number: 2, id: id("5"), first: 20, born: "restore" },
  ]);
});

test("P16 an epoch is numbered above all it knows of; of too many the oldest go", (t) => {
  const next = { id: id("5"), first: 20, born: "promotion" } as const;
  t.is(withEpoch([epoch("1", 1, { number: 7 }), epoch("2", 2, { number: 3 })], { ...next, above: 5 }).at(-1)?.number, 8);
  t.is(withEpoch([ONE], { ...next, above: 9 }).at(-1)?.number, 10);
  const full = Array.from({ length: LIMITS.lineageMax }, (_, index) => epoch("1", index + 1, { number: index + 1 }));
  const longer = withEpoch(full, { ...next, above: 0 });
  t.is(longer.length, LIMITS.lineageMax);
  t.is(longer[0]?.number, 2);
});

const RESTORED = epoch("2", 11, { born: "restore", mandate: mandate(5, "2") });
const PROMOTED = epoch("3", 11, { born: "promotion", mandate: mandate(5, "3") });

/** Where a copy of the epochs `known`, in the last of them unless `of` says otherwise, parts from `there`. */
const PARTINGS: readonly (readonly [
  what: string,
  there: readonly LineageEntry[],
  known: readonly LineageEntry[],
  of: LineageEntry,
  revision: number,
  common: number,
  undoneTo: number,
])[] = [
  ["in the epoch where it is", [ONE], [ONE], ONE, 15, 15, 15],
  ["where a restore began", [ONE, RESTORED], [ONE], ONE, 15, 10, 15],
  ["before a restore that it has not reached", [ONE, RESTORED], [ONE], ONE, 7, 7, 7],
  ["where another machine went on: nothing of it is undone", [ONE, PROMOTED], [ONE], ONE, 15, 10, 10],
  ["where its own epoch began, that nobody there knows", [ONE], [ONE, epoch("4", 13)], epoch("4", 13), 15, 12, 12],
  ["nowhere, where no epoch is shared", [epoch("9", 1)], [ONE], ONE, 15, 0, 15],
  ["in an epoch that it has but does not know the way to", [epoch("1", 5)], [], ONE, 15, 15, 15],
  ["by the epochs up to its own, and none that it only heard of", [ONE, RESTORED], [ONE, RESTORED], ONE, 15, 10, 15],
  [
    "where a restore began, and what was made under a later mandate stays",
    [ONE, RESTORED],
    [ONE, epoch("4", 13, { mandate: mandate(6, "4") })],
    epoch("4", 13),
    20,
    10,
    12,
  ],
  [
    "where the first of two restores began; later than one of them is not later than both",
    [ONE, RESTORED, epoch("5", 14, { born: "restore", mandate: mandate(9, "5") })],
    [ONE, epoch("4", 13, { mandate: mandate(6, "4") })],
    epoch("4", 13),
    20,
    10,
    20,
  ],
];

for (const [what, there, known, of, revision, common, undoneTo] of PARTINGS) {
  test(`P12 a copy parts ${what}`, (t) => {
    t.deepEqual(partingOf(there, known, { epoch: of, revision }), { common, undoneTo });
  });
}

test("equal positions are equal in each of their parts", (t) => {
  const here = at(10);
  const others: readonly Partial<Position>[] = [
    { fleet: "0".repeat(32) as Position["fleet"] },
    { epoch: { ...here.epoch, number: 2 } },
    { epoch: { ...here.epoch, id: id("9") } },
    { revision: 11 },
    { chainHash: `${CHAIN_START.slice(1)}1` },
  ];
  t.true(samePosition(here, at(10)));
  for (const other of others) t.false(samePosition(here, { ...here, ...other }));
  t.true(samePosition(undefined, undefined));
  t.false(samePosition(here, undefined));
  t.false(samePosition(undefined, here));
  t.true(sameEpoch(here.epoch, at(11).epoch));
});
