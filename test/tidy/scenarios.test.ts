/** Every rule has a scenario that is named after it: what nobody tries is not promised. */
import test from "ava";
import { testFiles, titlesIn } from "../../build/testing/test-files.ts";
import { AWAITED, LATER, RULES, rulesOf } from "../scenario/rules.ts";

const FILES = testFiles(["test/scenario/"]);
const TITLES = titlesIn(FILES);
const proven = new Set(TITLES.flatMap(({ text }) => rulesOf(text)));

test("every rule has a scenario whose title begins with its number", (t) => {
  const missing = RULES.map(({ id }) => id).filter((id) => !proven.has(id) && !LATER.has(id) && !AWAITED.has(id));
  t.deepEqual(missing, [], "rules without a scenario in test/scenario");
});

test("no rule is awaited that has a scenario", (t) => {
  const here = [...AWAITED].filter((id) => proven.has(id));
  t.deepEqual(here, [], "these have scenarios now: take them out of AWAITED in test/scenario/rules.ts");
});

test("a title names no rule that does not exist", (t) => {
  const known = new Set(RULES.map(({ id }) => id));
  const strange = TITLES.filter(({ text }) => rulesOf(text).some((id) => !known.has(id)));
  t.deepEqual(strange, []);
  t.deepEqual(
    [...AWAITED, ...LATER].filter((id) => !known.has(id)),
    [],
  );
});

test("every scenario file has titles, and each of them can be read", (t) => {
  for (const file of FILES) t.true(titlesIn([file]).length > 0, file);
  t.deepEqual(rulesOf("M18 P27 the scope is changed"), ["M18", "P27"]);
  t.deepEqual(rulesOf("the scope of M18"), []);
});
