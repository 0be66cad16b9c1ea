/**
 * `npm test`: compiles the tests, runs them under AVA, and ends with a line "N passed, N failed".
 * Arguments narrow it down: `npm test -- contract/storage` runs the files whose path contains one of them.
 */
import { ava } from "./testing/ava.ts";
import { compileTests } from "./testing/compile.ts";
import { inTurn } from "./testing/in-turn.ts";
import { inScratchFolder } from "./testing/scratch-folder.ts";
import { testFiles } from "./testing/test-files.ts";
import { inThreads } from "./testing/threads.ts";

/** `before`: checks that were made already and count in the closing line. */
export async function run(filters: readonly string[], before = { passed: 0, failed: 0 }): Promise<number> {
  const files = testFiles(filters);
  if (files.length === 0) {
    console.error(`no test file matches ${filters.join(" ")}`);
    return 2;
  }
  return await inScratchFolder("run", async (out) => {
    const threads = inThreads(files, `${out}/threads`);
    return await report(await compileTests(threads, out, [inTurn]), out, before);
  });
}

/** Prints what failed as it comes; AVA's own closing lines are not what machines look for. */
async function report(
  files: readonly string[],
  folder: string,
  before: { readonly passed: number; readonly failed: number },
): Promise<number> {
  const count = { ...before };
  const skipped: string[] = [];
  let failing = false;
  for await (const said of ava(files, folder)) {
    // A file that could not even be loaded, or a process that hung, has no line of its own.
    if (said.kind === "ended") {
      if (said.code !== 0 && count.failed === before.failed) count.failed += 1;
      continue;
    }
    if (said.kind === "result") {
      failing = said.outcome === "failed";
      if (said.outcome === "skipped") skipped.push(said.title);
      else count[said.outcome] += 1;
    }
    const { line } = said;
    if (failing || (line.startsWith("#") && !/^# (tests|pass|fail|skip)\b/.test(line))) console.log(line);
  }
  for (const title of skipped) console.log(`skipped: ${title}`);
  console.log(`${count.passed} passed, ${count.failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ""}`);
  return count.failed > 0 ? 1 : 0;
}
