/** `npm run mutants -- --stryker PATH ...`: how much of what Stryker changes in these sources the quick tests notice, file by file. */
import { readdirSync, readFileSync } from "node:fs";
import { relative } from "node:path";
import { testFiles } from "../testing/test-files.ts";
import { type Change, instrumented } from "./instrumented.ts";
import { type Finding as FindingOf, survey } from "./survey.ts";

type Finding = FindingOf<Change>;

/** What is asked where nothing else is said: tests with nothing around them, so that a change takes milliseconds. */
const QUICK = ["unit/", "wire/"];
const ASKED_MS_MAX = 8_000;

/** `paths` are sources, folders of them, and parts of the paths of tests that are asked. Prints what was not noticed, and a line for each file. */
export async function stryker(paths: readonly string[]): Promise<number> {
  const files = paths.filter((path) => path.startsWith("src/")).flatMap(sourcesIn);
  const filters = paths.filter((path) => !path.startsWith("src/"));
  // What is drawn by chance notices another change each time, and takes longest.
  const tests = testFiles((filters.length > 0 ? filters : QUICK).map((filter) => `test/${filter}`)).filter(
    (file) => !file.includes("fuzz"),
  );
  const findings: Finding[] = [];
  const { changes, plugin } = await instrumented(files);
  await survey({ changes, plugin, tests, askedMsMax: ASKED_MS_MAX }, (finding) => {
    findings.push(finding);
    if (finding.fate === "not-noticed" || finding.fate === "not-passed") console.log(told(finding));
  });
  const byFile = files.map((file) => ({ file, rows: findings.filter(({ change }) => relative(".", change.fileName) === file) }));
  for (const { file, rows } of byFile) console.log(scoreOf(file, rows));
  console.log(scoreOf("together", findings));
  return 0;
}

function sourcesIn(path: string): string[] {
  if (path.endsWith(".ts")) return [path];
  const names = readdirSync(path, { recursive: true, encoding: "utf8" }).map(
    (name) => `${path.replace(/\/$/, "")}/${name.replaceAll("\\", "/")}`,
  );
  return names.filter((name) => name.endsWith(".ts")).sort();
}

function told({ change, fate }: Finding): string {
  const { start, end } = change.location;
  const line = readFileSync(change.fileName, "utf8").split("\n")[start.line] ?? "";
  const original = start.line === end.line ? line.slice(start.column, end.column) : `${line.slice(start.column)} ...`;
  const inOneLine = change.replacement.replaceAll(/\s+/g, " ").slice(0, 120);
  const what = `${relative(".", change.fileName)}:${start.line + 1}: ${original} -> ${inOneLine}`;
  return `${fate === "not-passed" ? "no test  " : "unnoticed"} ${what}   | ${line.trim()}`;
}

/** Of what can be asked about. */
function scoreOf(name: string, findings: readonly Finding[]): string {
  const rows = findings.filter(({ fate }) => fate !== "while-loading");
  const count = (wanted: Finding["fate"]) => rows.filter(({ fate }) => fate === wanted).length;
  const percent = rows.length === 0 ? "" : ` (${((100 * count("noticed")) / rows.length).toFixed(1)} %)`;
  const unseen = count("not-passed") === 0 ? "" : `; ${count("not-passed")} no test comes to`;
  return `| \`${name}\` | ${count("noticed")} of ${rows.length}${percent}${unseen} |`;
}
