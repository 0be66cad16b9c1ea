/**
 * `npm run rules`: runs the scenarios and prints each rule with those that are named after it and how they ended. `--list`
 * prints them without running anything; other arguments name the rules to look at. Fails for a scenario that fails and
 * for a rule that has none.
 */
import { AWAITED, LATER, type Rule, RULES, rulesOf } from "../test/scenario/rules.ts";
import { ava } from "./testing/ava.ts";
import { compileTests } from "./testing/compile.ts";
import { inTurn } from "./testing/in-turn.ts";
import { inScratchFolder } from "./testing/scratch-folder.ts";
import { testFiles, titlesIn } from "./testing/test-files.ts";
import { tellUsage } from "./usage.ts";

type Outcome = "passed" | "failed" | "skipped" | "not run";

interface Scenario {
  readonly title: string;
  readonly outcome: Outcome;
}

const USAGE = "npm run rules -- [--list] [M12 P5 ...]";
const MARKS: Readonly<Record<Outcome, string>> = { passed: "ok", failed: "FAILED", skipped: "skipped", "not run": "-" };

export async function run(args: readonly string[]): Promise<number> {
  const chosen = args.filter((arg) => arg !== "--list");
  const strange = chosen.find((id) => !RULES.some((rule) => rule.id === id));
  if (strange !== undefined) {
    return tellUsage(args, USAGE, `${strange}: no rule`);
  }
  const rules = chosen.length === 0 ? RULES : RULES.filter(({ id }) => chosen.includes(id));
  const scenarios = args.includes("--list") ? listed() : await results(rules, chosen.length === 0);
  return print(rules, scenarios);
}

const scenarioFiles = (): string[] => testFiles(["test/scenario/"]);

const listed = (): Scenario[] => titlesIn(scenarioFiles()).map(({ text }) => ({ title: text, outcome: "not run" }));

/** Runs the scenario files, or those that have scenarios of the chosen rules. */
async function results(rules: readonly Rule[], all: boolean): Promise<Scenario[]> {
  const isOf = (title: string) => rulesOf(title).some((id) => rules.some((rule) => rule.id === id));
  const files = scenarioFiles().filter((file) => all || titlesIn([file]).some(({ text }) => isOf(text)));
  if (files.length === 0) return [];
  return await inScratchFolder("rules", async (out) => {
    const scenarios: Scenario[] = [];
    for await (const said of ava(await compileTests(files, out, [inTurn]), out)) {
      if (said.kind === "result") scenarios.push({ title: said.title.replace(/^.* › /, ""), outcome: said.outcome });
      else if (said.kind === "ended" && said.code !== 0 && scenarios.every(({ outcome }) => outcome !== "failed"))
        throw new Error("the scenarios did not run to their end; npm test -- scenario says why");
    }
    return scenarios;
  });
}

function print(rules: readonly Rule[], scenarios: readonly Scenario[]): number {
  const bare: string[] = [];
  for (const { id, sentence } of rules) {
    const own = scenarios.filter(({ title }) => rulesOf(title).includes(id));
    console.log(`${id.padEnd(4)} ${sentence}`);
    for (const { title, outcome } of own) console.log(`       ${MARKS[outcome].padEnd(7)} ${title}`);
    if (own.length > 0) continue;
    const why = LATER.has(id) ? "comes later" : AWAITED.has(id) ? "awaited" : "NO SCENARIO";
    console.log(`       ${why}`);
    if (!LATER.has(id)) bare.push(id);
  }
  const failed = scenarios.filter(({ outcome }) => outcome === "failed").length;
  if (scenarios.every(({ outcome }) => outcome === "not run")) {
    console.log(`${rules.length} rules, ${scenarios.length} scenarios; none was run`);
    return bare.length > 0 ? 1 : 0;
  }
  const proven = rules.filter(({ id }) => scenarios.some(({ title, outcome }) => outcome === "passed" && rulesOf(title).includes(id)));
  console.log(
    `${rules.length} rules, ${scenarios.length} scenarios: ${proven.length} rules with scenarios that hold, ${failed} scenarios failed` +
      (bare.length > 0 ? `; without a scenario: ${bare.join(" ")}` : ""),
  );
  return failed > 0 || bare.length > 0 ? 1 : 0;
}
