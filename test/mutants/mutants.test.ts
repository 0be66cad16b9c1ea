/** A slice of `npm run mutants` for every test run: the simulation notices what is wrong, and within few seeds. */
import test from "ava";
import { askSeeds } from "../../build/mutating/seeds.ts";
import { inScratchFolder } from "../../build/testing/scratch-folder.ts";
import { must } from "../../src/model/assert.ts";
import type { Mutant } from "./mutant.ts";
import { MUTANTS } from "./mutants.ts";

const SLICE = ["earlier-wins", "told-before-durable", "deleted-entries-stay", "everything-travels", "the-last-client-wins"];
const SEEDS = { first: 1, last: 60 };
const TIMEOUT_MS = 5 * 60_000;

for (const name of SLICE) {
  test.serial(`the simulation notices the mutant ${name}`, async (t) => {
    t.timeout(TIMEOUT_MS);
    const mutant = must(
      MUTANTS.find((one) => one.name === name),
      `there is a mutant ${name}`,
    );
    const verdict = await inScratchFolder("mutant", (folder) => askSeeds(mutant, SEEDS, folder));
    t.is(verdict.kind, "killed");
    t.log(verdict.kind === "killed" ? `${verdict.by}: ${verdict.what}` : "");
  });
}

test.serial("the simulation takes no offence at the product as it is", async (t) => {
  t.timeout(TIMEOUT_MS);
  const same: Mutant = { ...must(MUTANTS[0], "there are mutants"), name: "none" };
  const verdict = await inScratchFolder("mutant", (folder) => askSeeds({ ...same, replace: same.find }, { first: 1, last: 5 }, folder));
  t.deepEqual(verdict, { kind: "survived", tried: 5 });
});
