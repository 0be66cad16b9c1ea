import test from "ava";
import { epochId, fleetId } from "../../../src/model/ids.ts";
import { mandateOf, partingOf, withEpoch } from "../../../src/model/lineage.ts";
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

const NOW = 1_000_000;
const by = (entry: LineageEntry, time: number): LineageEntry => ({ ...entry, mandate: { at: time, id: entry.id } });

const FIRST = [epoch(1, "a", 1)];
const RESTORED = [epoch(1, "a", 1), epoch(3, "b", 81, "restore")];
const STANDING_IN = [epoch(1, "a", 1), epoch(2, "c", 91, "promotion")];
const RESTORED_AT_500 = [epoch(1, "a", 1), by(epoch(3, "b", 81, "restore"), 500)];
const STANDING_IN_AT_600 = [epoch(1, "a", 1), by(epoch(2, "c", 91, "promotion"), 600)];

test("P16 B06 what a server makes of an epoch that a hello names", (t) => {
  const go = { kind: "go-on" };
  const rows: readonly (readonly [string, readonly LineageEntry[], Position, Partial<Parameters<typeof judgeEpoch>[2]>, unknown])[] = [
    ["its own", FIRST, at(1, "a", 70), {}, go],
    ["another fleet's", FIRST, at(9, "d", 70, "e"), {}, go],
    ["an older one it does not know", RESTORED, at(2, "d", 70), {}, go],
    ["a newer one", FIRST, at(2, "c", 95), { lineage: STANDING_IN }, { kind: "step-aside", number: 2, mandate: undefined }],
    ["one of the same number, restored itself", RESTORED, at(3, "d", 95), {}, { kind: "begin", above: 3, first: 101, born: "restore" }],
    ["a higher one, standing in itself", STANDING_IN, at(7, "d", 95), {}, { kind: "begin", above: 7, first: 101, born: "promotion" }],
    [
      "one that went on from its own, though it was restored itself",
      RESTORED,
      at(4, "d", 95),
      { lineage: [...RESTORED, epoch(4, "d", 91, "promotion")] },
      { kind: "step-aside", number: 4, mandate: undefined },
    ],
    ["its own, contradicted", FIRST, at(1, "a", 200), { isContradicted: true }, { kind: "begin", above: 1, first: 1, born: "restore" }],
    [
      "the highest number that is believed",
      RESTORED,
      at(LIMITS.epochNumberMax, "d", 95),
      {},
      { kind: "begin", above: LIMITS.epochNumberMax, first: 101, born: "restore" },
    ],
    ["a number beyond belief", RESTORED, at(LIMITS.epochNumberMax + 1, "d", 95), {}, go],
  ];
  for (const [name, lineage, named, change, verdict] of rows) {
    const own = lineage.at(-1) ?? epoch(1, "a", 1);
    const journal = { lineage, position: { ...at(own.number, "a", 100), epoch: own } };
    t.deepEqual(judgeEpoch(journal, named, { isContradicted: false, lineage: [], now: NOW, ...change }), verdict as never, name);
  }
});

test("P16 B06 of two servers the one with the later mandate serves, whatever their numbers; both find that alike", (t) => {
  const journalOf = (lineage: readonly LineageEntry[]) => {
    const own = lineage.at(-1) ?? epoch(1, "a", 1);
    return { lineage, position: { ...at(own.number, "a", 100), epoch: own } };
  };
  const judge = (own: readonly LineageEntry[], named: readonly LineageEntry[]) =>
    judgeEpoch(journalOf(own), journalOf(named).position, { isContradicted: false, lineage: named, now: NOW });
  const raisedAgain = withEpoch(RESTORED_AT_500, { id: id("e"), above: 8, first: 101, born: "restore" });
  const silently = withEpoch(FIRST, { id: id("d"), above: 0, first: 1, born: "restore" });
  const servers = [
    FIRST,
    silently,
    RESTORED_AT_500,
    raisedAgain,
    STANDING_IN_AT_600,
    [epoch(1, "a", 1), by(epoch(2, "f", 95, "promotion"), 600)],
    [epoch(1, "a", 1), by(epoch(2, "e", 95, "promotion"), NOW)],
  ];
  for (const [index, one] of servers.entries()) {
    for (const [other, named] of servers.entries()) {
      const asides = [judge(one, named), judge(named, one)].filter(({ kind }) => kind === "step-aside");
      const isSame = mandateOf(one) !== undefined && mandateOf(one)?.id === mandateOf(named)?.id;
      if (index !== other && !isSame) t.is(asides.length, 1, `${index} and ${other}`);
    }
  }
  t.like(judge(RESTORED_AT_500, STANDING_IN_AT_600), { kind: "step-aside", number: 2, mandate: { at: 600 } });
  t.deepEqual(judge(STANDING_IN_AT_600, RESTORED_AT_500), { kind: "begin", above: 3, first: 101, born: "promotion" });
  const inFuture = [epoch(1, "a", 1), by(epoch(9, "d", 95, "promotion"), NOW + LIMITS.mandateAheadMs + 1)];
  t.is(judge(RESTORED_AT_500, inFuture).kind, "begin", "a time beyond belief is no mandate");
});

test("P12 where a copy parts from a journal, and what becomes of what lies beyond", (t) => {
  const rows: readonly (readonly [string, readonly LineageEntry[], readonly LineageEntry[], Position, unknown])[] = [
    ["the same epoch", FIRST, FIRST, at(1, "a", 70), { common: 70, undoneTo: 70 }],
    ["behind a restore", RESTORED, FIRST, at(1, "a", 70), { common: 70, undoneTo: 70 }],
    ["ahead of a restore", RESTORED, FIRST, at(1, "a", 120), { common: 80, undoneTo: 120 }],
    ["ahead of a stand-in", STANDING_IN, FIRST, at(1, "a", 120), { common: 90, undoneTo: 90 }],
    ["two branches of one trunk", RESTORED, STANDING_IN, at(2, "c", 120), { common: 80, undoneTo: 120 }],
    [
      "two branches, the own one shorter",
      STANDING_IN,
      [epoch(1, "a", 1), epoch(5, "e", 41, "restore")],
      at(5, "e", 60),
      { common: 40, undoneTo: 40 },
    ],
    [
      "ahead of a restore that is older than the own epoch",
      RESTORED_AT_500,
      STANDING_IN_AT_600,
      at(2, "c", 120),
      { common: 80, undoneTo: 90 },
    ],
    [
      "ahead of a restore that is newer",
      [epoch(1, "a", 1), by(epoch(3, "b", 81, "restore"), 700)],
      STANDING_IN_AT_600,
      at(2, "c", 120),
      { common: 80, undoneTo: 120 },
    ],
    ["nothing in common", FIRST, [epoch(1, "d", 1)], at(1, "d", 60), { common: 0, undoneTo: 60 }],
    [
      "an epoch that shares nothing for certain",
      [...FIRST, epoch(2, "b", 1, "restore")],
      FIRST,
      at(1, "a", 60),
      { common: 0, undoneTo: 60 },
    ],
    ["a lineage that was not kept", RESTORED, [], at(1, "a", 120), { common: 80, undoneTo: 120 }],
  ];
  for (const [name, there, known, position, parting] of rows) t.deepEqual(partingOf(there, known, position), parting as never, name);
});

test("P16 a lineage that is full forgets its oldest epochs, and the number goes on", (t) => {
  let lineage: readonly LineageEntry[] = FIRST;
  for (let n = 0; n < LIMITS.lineageMax + 5; n += 1) lineage = withEpoch(lineage, { id: id("b"), above: 0, first: n, born: "restore" });
  t.is(lineage.length, LIMITS.lineageMax);
  t.is(lineage.at(-1)?.number, LIMITS.lineageMax + 6);
});
