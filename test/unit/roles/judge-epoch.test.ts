import test from "ava";
import { epochId, fleetId } from "../../../src/model/ids.ts";
import { partingOf, withEpoch } from "../../../src/model/lineage.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import type { Birth, LineageEntry, Position } from "../../../src/model/position.ts";
import { judgeEpoch } from "../../../src/roles/server/judge-epoch.ts";

const id = (letter: string) => epochId(letter.repeat(16));
const epoch = (number: number, letter: string, first: number, born?: Birth): LineageEntry => ({
  number,
  id: id(letter),
  first,
  ...(born === undefined ? {} : { born }),
});
const at = (number: number, letter: string, revision: number, fleet = "f"): Position => ({
  fleet: fleetId(fleet.repeat(32)),
  epoch: { number, id: id(letter) },
  revision,
  chainHash: "0".repeat(32),
});

const FIRST = [epoch(1, "a", 1)];
const RESTORED = [epoch(1, "a", 1), epoch(3, "b", 81, "restore")];
const STANDING_IN = [epoch(1, "a", 1), epoch(2, "c", 91, "promotion")];

test("P16 B06 what a server makes of an epoch that a hello names", (t) => {
  const go = { kind: "go-on" };
  const rows: readonly (readonly [string, readonly LineageEntry[], Position, Partial<Parameters<typeof judgeEpoch>[2]>, unknown])[] = [
    ["its own", FIRST, at(1, "a", 70), {}, go],
    ["another fleet's", FIRST, at(9, "d", 70, "e"), {}, go],
    ["an older one it does not know", RESTORED, at(2, "d", 70), {}, go],
    ["a newer one", FIRST, at(2, "c", 95), { lineage: STANDING_IN }, { kind: "step-aside", number: 2 }],
    ["one of the same number, restored itself", RESTORED, at(3, "d", 95), {}, { kind: "begin", above: 3, first: 101, born: "restore" }],
    ["a higher one, standing in itself", STANDING_IN, at(7, "d", 95), {}, { kind: "begin", above: 7, first: 101, born: "promotion" }],
    [
      "one that went on from its own, though it was restored itself",
      RESTORED,
      at(4, "d", 95),
      { lineage: [...RESTORED, epoch(4, "d", 91, "promotion")] },
      { kind: "step-aside", number: 4 },
    ],
    ["its own, contradicted", FIRST, at(1, "a", 200), { isContradicted: true }, { kind: "begin", above: 1, first: 1, born: "restore" }],
    ["a number beyond belief", RESTORED, at(LIMITS.epochNumberMax + 1, "d", 95), {}, go],
  ];
  for (const [name, lineage, named, change, verdict] of rows) {
    const own = lineage.at(-1) ?? epoch(1, "a", 1);
    const journal = { lineage, position: { ...at(own.number, "a", 100), epoch: own } };
    t.deepEqual(judgeEpoch(journal, named, { isContradicted: false, lineage: [], ...change }), verdict as never, name);
  }
});

test("P12 where a copy parts from a journal, and what becomes of what lies beyond", (t) => {
  const rows: readonly (readonly [string, readonly LineageEntry[], readonly LineageEntry[], Position, unknown])[] = [
    ["the same epoch", FIRST, FIRST, at(1, "a", 70), { common: 70, by: "promotion" }],
    ["behind a restore", RESTORED, FIRST, at(1, "a", 70), { common: 70, by: "restore" }],
    ["ahead of a restore", RESTORED, FIRST, at(1, "a", 120), { common: 80, by: "restore" }],
    ["ahead of a stand-in", STANDING_IN, FIRST, at(1, "a", 120), { common: 90, by: "promotion" }],
    ["two branches of one trunk", RESTORED, STANDING_IN, at(2, "c", 120), { common: 80, by: "restore" }],
    [
      "two branches, the own one shorter",
      STANDING_IN,
      [epoch(1, "a", 1), epoch(5, "e", 41, "restore")],
      at(5, "e", 60),
      { common: 40, by: "promotion" },
    ],
    ["nothing in common", FIRST, [epoch(1, "d", 1)], at(1, "d", 60), { common: 0, by: "restore" }],
    [
      "an epoch that shares nothing for certain",
      [...FIRST, epoch(2, "b", 1, "restore")],
      FIRST,
      at(1, "a", 60),
      { common: 0, by: "restore" },
    ],
    ["a lineage that was not kept", RESTORED, [], at(1, "a", 120), { common: 80, by: "restore" }],
  ];
  for (const [name, there, known, position, parting] of rows) t.deepEqual(partingOf(there, known, position), parting as never, name);
});

test("P16 a lineage that is full forgets its oldest epochs, and the number goes on", (t) => {
  let lineage: readonly LineageEntry[] = FIRST;
  for (let n = 0; n < LIMITS.lineageMax + 5; n += 1) lineage = withEpoch(lineage, { id: id("b"), above: 0, first: n, born: "restore" });
  t.is(lineage.length, LIMITS.lineageMax);
  t.is(lineage.at(-1)?.number, LIMITS.lineageMax + 6);
});
