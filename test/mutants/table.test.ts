import { existsSync, readFileSync } from "node:fs";
import test from "ava";
import { applied } from "../../build/mutating/apply.ts";
import { testFiles } from "../../build/testing/test-files.ts";
import { AWAITED, RULES } from "../scenario/rules.ts";
import { MUTANTS } from "./mutants.ts";

test("each mutant finds its place in the product, exactly once", (t) => {
  const lost = MUTANTS.flatMap((mutant) => {
    if (!existsSync(mutant.file)) return [`mutant ${mutant.name}: there is no ${mutant.file}`];
    try {
      return applied(mutant, readFileSync(mutant.file, "utf8")) === "" ? [mutant.name] : [];
    } catch (error) {
      return [(error as Error).message];
    }
  });
  t.deepEqual(lost, [], `\n${lost.join("\n")}\n`);
});

test("a mutant whose place is gone, or there twice, is told by its name", (t) => {
  const mutant = { name: "x", rules: ["P1"], file: "a.ts", find: "a < b", replace: "a > b", why: "", guard: "" };
  t.is(applied(mutant, "if (a < b) c();"), "if (a > b) c();");
  t.throws(() => applied(mutant, "if (b < a) c();"), { message: /mutant x: a\.ts has 0 times/ });
  t.throws(() => applied(mutant, "a < b && a < b"), { message: /2 times/ });
});

test("each rule of the protocol has a mutant that takes it away", (t) => {
  const taken = new Set(MUTANTS.flatMap(({ rules }) => rules));
  const without = RULES.map(({ id }) => id).filter((id) => id.startsWith("P") && !taken.has(id) && !AWAITED.has(id));
  t.deepEqual(without, []);
  const known = new Set(RULES.map(({ id }) => id));
  t.deepEqual(
    [...taken].filter((id) => !known.has(id)),
    [],
  );
});

test("mutants have names of their own, and guards that exist", (t) => {
  t.is(new Set(MUTANTS.map(({ name }) => name)).size, MUTANTS.length);
  t.true(MUTANTS.length >= 30);
  t.deepEqual(
    MUTANTS.filter(({ guard }) => testFiles([`test/${guard}`]).length === 0).map(({ name, guard }) => `${name}: ${guard}`),
    [],
  );
});
