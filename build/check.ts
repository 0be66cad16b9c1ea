/**
 * `npm run check`: types, lint, format, then all tests. Each of the first three counts as one test in the closing line
 * "N passed, N failed". `--no-tests` leaves the tests out, for the minute between two edits.
 */
import { spawnSync } from "node:child_process";
import { run as runTests } from "./test.ts";

const STEPS: readonly (readonly [name: string, script: string, ...args: readonly string[]])[] = [
  ["types", "typescript/bin/tsc", "-p", "."],
  ["types of the desk's page", "typescript/bin/tsc", "-p", "hal/sim/desk/page"],
  ["lint", "oxlint/bin/oxlint", "--deny-warnings"],
  ["format", "@biomejs/biome/bin/biome", "check", "--max-diagnostics=20", "--error-on-warnings"],
];

export async function run(args: readonly string[]): Promise<number> {
  let failed = 0;
  for (const [name, script, ...options] of STEPS) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [`node_modules/${script}`, ...options], { encoding: "utf8" });
    console.log(`${name}: ${status === 0 ? "good" : "failed"}`);
    if (status === 0) continue;
    failed += 1;
    console.log(stdout + stderr);
  }
  const before = { passed: STEPS.length - failed, failed };
  if (!args.includes("--no-tests")) return runTests(args, before);
  console.log(`${before.passed} passed, ${before.failed} failed`);
  return failed === 0 ? 0 : 1;
}
