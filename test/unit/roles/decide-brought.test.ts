import test from "ava";
import type { Accepted, Why } from "../../../src/model/entry.ts";
import { deviceId, runId } from "../../../src/model/ids.ts";
import { broughtBefore } from "../../../src/roles/server/brought-before.ts";
import { decideBrought } from "../../../src/roles/server/decide-brought.ts";
import { NEW_OWNER, type Standing } from "../../../src/store/records.ts";
import { owner } from "../../wire/samples.ts";

const entry = (revision: number, stamp: number, more: { sequence?: number; why?: Why; seen?: number } = {}): Standing => {
  const { sequence = revision, why = "seen", seen = 0 } = more;
  const id = { device: deviceId("a".repeat(32)), run: runId("1".repeat(16)), sequence };
  const edit: Accepted = {
    id,
    owner: owner("user:alice"),
    item: "display-language",
    key: "",
    value: "de",
    seen,
    stamp,
    certain: true,
    by: "",
    why,
  };
  return { revision, edit };
};

test("B06 an entry that is brought from beyond the parting, given what stands; both have 100 revisions in common", (t) => {
  const common = 100;
  const lost = entry(110, 5_000);
  const rows: readonly (readonly [string, Standing | undefined, "wins" | "loses" | "stands"])[] = [
    ["nothing stands", undefined, "wins"],
    ["what stands is common to both: it came after that", entry(90, 9_000), "wins"],
    ["what stands is the last that is common to both", entry(100, 9_000), "wins"],
    ["it is here already", { ...lost, revision: 104 }, "stands"],
    ["made since, later", entry(105, 6_000, { sequence: 1 }), "loses"],
    ["made since, at the same time", entry(105, 5_000, { sequence: 1 }), "loses"],
    ["made since, earlier", entry(105, 4_000, { sequence: 1 }), "wins"],
    ["its author's own, made later, with an earlier stamp", entry(105, 4_000, { sequence: 111 }), "loses"],
    ["the server's own", entry(105, 4_000, { sequence: 111, why: "server" }), "wins"],
    ["brought before, older there", entry(105, 5_000, { sequence: 1, why: "brought", seen: 108 }), "wins"],
    ["brought before, newer there", entry(105, 5_000, { sequence: 1, why: "brought", seen: 115 }), "loses"],
    ["brought before, from another branch, made earlier", entry(105, 4_000, { sequence: 1, why: "brought", seen: 115 }), "wins"],
    ["brought before, from another branch, made later", entry(105, 6_000, { sequence: 1, why: "brought", seen: 108 }), "loses"],
  ];
  for (const [name, standing, verdict] of rows) t.is(decideBrought(lost, { standing, owner: undefined, common }), verdict, name);
  const ended = (revision: number, at: number) => ({ ...NEW_OWNER, deleted: { revision, at } });
  t.is(decideBrought(lost, { standing: undefined, owner: ended(105, 6_000), common }), "loses", "its owner was deleted since");
  t.is(decideBrought(lost, { standing: undefined, owner: ended(105, 4_000), common }), "wins", "it was made after the deletion");
  t.is(decideBrought(lost, { standing: undefined, owner: ended(105, 5_000), common }), "loses", "at the same time");
  for (const revision of [95, 100])
    t.is(decideBrought(lost, { standing: undefined, owner: ended(revision, 6_000), common }), "wins", "the deletion is common to both");
});

test("P7 B06 of a push, what was brought before its author asked again, and all that its author had made of that entry before it", (t) => {
  const stands = entry(105, 5_000, { sequence: 3, why: "brought", seen: 108 });
  const pushed = [1, 2, 3, 4].map((sequence) => entry(0, 5_000, { sequence }).edit);
  const names = (standing: Standing | undefined) => [...broughtBefore(pushed, () => standing)].map(({ id }) => id.sequence).sort();
  t.deepEqual(names(stands), [1, 2, 3]);
  t.deepEqual(names({ ...stands, edit: { ...stands.edit, why: "seen" } }), [], "it was taken here: that is in the answers");
  t.deepEqual(names(undefined), []);
});
