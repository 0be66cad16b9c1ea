/** What a value of an item may be, and from how many users on a server machine warns. */
import test from "ava";
import { usersWarningOf } from "../../../src/model/config.ts";
import { itemOf } from "../../../src/model/item.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import type { Value } from "../../../src/model/value.ts";

const isTaken = (item: string, value: Value): boolean => itemOf(item)?.fault(value) === undefined;

test("a language is a tag of as many characters as tags have", (t) => {
  for (const tag of ["de", "zh-Hant-TW", "x".repeat(35)]) t.true(isTaken("display-language", tag), tag);
  for (const tag of ["", "x".repeat(36), "de DE", "de_DE", 7, null]) t.false(isTaken("display-language", tag), String(tag));
});

test("a button has a name, a function that there is, and settings that are fields", (t) => {
  const button = { name: "Plan", function: "copy" };
  const most = "x".repeat(LIMITS.buttonNameCharactersMax);
  for (const value of [button, { ...button, settings: {} }, { ...button, name: most }])
    for (const item of ["personal-button", "shared-button", "shortcut"]) t.true(isTaken(item, value));
  const none = [
    { ...button, name: "" },
    { ...button, name: `${most}x` },
    { ...button, function: "fly" },
    { ...button, settings: 7 },
    "Plan",
    null,
  ];
  for (const value of none) t.false(isTaken("personal-button", value), JSON.stringify(value));
});

test("M05 a server machine warns from nine tenths of its users on, and of few from the last whole one", (t) => {
  t.deepEqual(
    [1_000, 15, 1].map((usersMax) => usersWarningOf({ usersMax })),
    [900, 14, 1],
  );
});
