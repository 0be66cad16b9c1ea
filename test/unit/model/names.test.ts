import test from "ava";
import { commonList, entryText, holdingOf, isSameEdit } from "../../../src/model/entry.ts";
import { deviceId, runId } from "../../../src/model/ids.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { comparePrintable, naturalOrder } from "../../../src/model/natural-order.ts";
import { isPartOf, offeredOf, offerName, ownerOfOffer } from "../../../src/model/offered.ts";
import { COMMON, type Owner, ownerParts } from "../../../src/model/owner.ts";
import { isUuid, randomUuid } from "../../../src/model/random.ts";
import { seededDice } from "../../fleet/random.ts";

const EDIT = { device: deviceId("a".repeat(32)), run: runId("1".repeat(16)), sequence: 7 };

test("P6 an edit is named by machine, run and sequence, all three", (t) => {
  t.true(isSameEdit(EDIT, { ...EDIT }));
  t.false(isSameEdit(EDIT, { ...EDIT, device: deviceId("b".repeat(32)) }));
  t.false(isSameEdit(EDIT, { ...EDIT, run: runId("2".repeat(16)) }));
  t.false(isSameEdit(EDIT, { ...EDIT, sequence: 8 }));
});

test("an entry is named so that the next one is named otherwise, on one line", (t) => {
  const name = { owner: "user:alice" as Owner, item: "shortcut", key: "a\nb" };
  t.is(entryText(name), 'user:alice shortcut "a\\nb"');
});

test("names are in the order of people: by numbers as numbers", (t) => {
  t.deepEqual(["printer-10", "printer-9", "annex", "printer-1"].sort(naturalOrder), ["annex", "printer-1", "printer-9", "printer-10"]);
});

test("names of letters, digits and signs need no collator, and come as one has them", (t) => {
  const collator = new Intl.Collator("en", { numeric: true });
  const dice = seededDice("names");
  const typed = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at));
  const named = (signs: readonly string[]): string => Array.from({ length: dice.between(0, 6) }, () => dice.pick(signs)).join("");
  for (const signs of [typed, [..." ab01-A9"], [..."aA0 1b"]])
    for (let round = 0; round < 3_000; round += 1) {
      const [a, b] = [named(signs), named(signs)];
      t.is(Math.sign(comparePrintable(a, b) ?? Number.NaN), Math.sign(collator.compare(a, b)), JSON.stringify([a, b]));
    }
});

test("names with other characters are left to a collator", (t) => {
  for (const name of ["Büro", "受付", "a\tb", "a\u007f", "a".repeat(LIMITS.orderedCharactersMax + 1)]) {
    t.is(comparePrintable(name, "a"), undefined);
    t.is(comparePrintable("a", name), undefined);
  }
  t.deepEqual(["Zug", "Büro 2", "Bus", "Büro 10"].sort(naturalOrder), ["Büro 2", "Büro 10", "Bus", "Zug"]);
});

test("an owner comes apart into what it was made of", (t) => {
  t.deepEqual(ownerParts(COMMON), { kind: "common", domain: "", name: "" });
  t.deepEqual(ownerParts("user:alice" as Owner), { kind: "user", domain: "", name: "alice" });
  t.deepEqual(ownerParts("group:SALES\\1" as Owner), { kind: "group", domain: "SALES", name: "1" });
});

test("a common list is a number of two digits at most; whatever else stands there is the first list", (t) => {
  for (const [value, list] of [
    [{ subdbid: "11" }, "11"],
    [{ subdbid: 7 }, "7"],
    [{ subdbid: "123" }, "1"],
    [{ subdbid: "buttons" }, "1"],
    [{ subdbid: true }, "1"],
    [{}, "1"],
    ["11", "1"],
    [undefined, "1"],
  ] as const)
    t.is(commonList(value), list);
});

test("M13 what is held, and offered, as a whole: a user, a group, the shared buttons, a list; or one item of an owner", (t) => {
  const entry = (owner: string, item: string, subdbid = "3") => ({ owner: owner as Owner, item, key: "k", value: { subdbid } });
  for (const [of, holding] of [
    [entry("user:alice", "shortcut"), "user:alice"],
    [entry("common", "shared-button"), "common/buttons"],
    [entry("common", "common-address"), "common/3"],
    [entry("common", "of-tomorrow"), "common/buttons"],
  ] as const) {
    t.is(holdingOf(of), holding);
    for (const item of [undefined, of.item]) {
      const name = offerName({ holding, item });
      t.deepEqual(offeredOf(name), { holding, item });
      t.is(ownerOfOffer(name), of.owner);
      t.true(isPartOf(name, of));
      t.false(isPartOf(name, entry("user:bob", of.item)));
    }
    t.false(isPartOf(offerName({ holding, item: "timeline" }), of));
  }
});

test("a UUID that is drawn is one of version 4, and of other bytes another one", (t) => {
  const drawn = randomUuid((bytes) => Uint8Array.from({ length: bytes }, (_, index) => 0x11 * (index % 16)));
  t.is(drawn, "00112233-4455-4677-8899-aabbccddeeff");
  t.is(
    randomUuid((bytes) => new Uint8Array(bytes).fill(255)),
    "ffffffff-ffff-4fff-bfff-ffffffffffff",
  );
  t.true(isUuid(drawn));
  t.false(isUuid(`${drawn}0`));
});
