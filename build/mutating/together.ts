/**
 * All rows of test/mutants in one program, each behind a switch (switches.ts): the tests run once to show which of them pass what,
 * and then each row is switched on and only those tests are asked, the quickest first. So the whole table takes as long as some
 * tests, and not as long as a program for each row; what cannot be switched has one.
 */
import type { Mutant } from "../../test/mutants/mutant.ts";
import { inScratchFolder } from "../testing/scratch-folder.ts";
import { testFiles } from "../testing/test-files.ts";
import { askGuards } from "./guards.ts";
import { survey } from "./survey.ts";
import { switches } from "./switches.ts";
import type { Verdict } from "./verdict.ts";

/** Asked beside the rows' guards. */
const USUAL = ["unit/", "wire/", "scenario/"];
/** A row that few notice is given more time than a change that nobody thought of. */
const ASKED_MS_MAX = 60_000;

/** Each row is told of as soon as it was asked about. */
export async function askTogether(mutants: readonly Mutant[], tell: (mutant: Mutant, verdict: Verdict) => void): Promise<void> {
  const { plugin, switched, apart } = switches(mutants);
  const tests = testFiles([...USUAL, ...mutants.map(({ guard }) => guard)].map((part) => `test/${part}`));
  const alone = [...apart];
  const changes = switched.map((mutant) => ({ id: mutant.name, mutant }));
  await survey({ changes, plugin, tests, askedMsMax: ASKED_MS_MAX }, ({ change: { mutant }, fate, by = "", asked }) => {
    if (fate === "while-loading") alone.push(mutant);
    else tell(mutant, fate === "noticed" ? { kind: "killed", by: "test", what: by } : { kind: "survived", tried: asked });
  });
  for (const mutant of alone) tell(mutant, await inScratchFolder("mutant", (folder) => askGuards(mutant, folder)));
}
