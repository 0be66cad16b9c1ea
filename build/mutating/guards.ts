/** The quick guards: unit tests, scenarios and crash points, run against one mutant. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Mutant } from "../../test/mutants/mutant.ts";
import { testFiles } from "../testing/test-files.ts";
import { mutation } from "./apply.ts";
import { bundlePlainTests } from "./plain-tests.ts";
import type { Verdict } from "./verdict.ts";

const GUARDS = ["test/unit/", "test/wire/", "test/scenario/", "test/crash/"] as const;
/** The tests watch themselves (plain-runner.ts); this is for a process that does not come to it any more. */
const SILENCE_MS = 15 * 60_000;

/**
 * Asks the file that is expected to notice first, then all others. `folder` is for the compiled tests. Without a mutant:
 * a test that fails then fails for everything, and says nothing.
 */
export async function askGuards(mutant: Mutant | undefined, folder: string): Promise<Verdict> {
  const all = GUARDS.flatMap((guard) => testFiles([guard]));
  const first = mutant === undefined ? [] : testFiles([`test/${mutant.guard}`]);
  const program = join(folder, "guards.mjs");
  await bundlePlainTests([...first, ...all], program, mutant === undefined ? [] : [mutation(mutant)]);
  const child = spawn(process.execPath, [program], { stdio: ["ignore", "pipe", "ignore"] });
  const ended = new Promise<number>((resolve) => child.on("close", (status) => resolve(status ?? 1)));
  const overdue = setTimeout(() => child.kill("SIGKILL"), SILENCE_MS);
  let tried = 0;
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      overdue.refresh();
      const [, not, title] = /^(not )?ok - (.*)$/.exec(line) ?? [];
      if (title === undefined) continue;
      if (not !== undefined) return { kind: "killed", by: "test", what: title };
      tried += 1;
    }
    if ((await ended) === 0) return { kind: "survived", tried };
    return { kind: "killed", by: "test", what: "the tests did not come to their end" };
  } finally {
    clearTimeout(overdue);
    child.kill("SIGKILL");
  }
}
