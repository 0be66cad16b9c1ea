/**
 * A process of its own that simulates seeds FIRST to LAST and says a line of JSON for each; it ends with the first one that
 * fails. `npm run mutants` compiles it with a mutant in it.
 */
import { fuzz } from "../fleet/fuzz.ts";

const [first = 1, last = 1] = process.argv.slice(2).map(Number);
for (let seed = first; seed <= last; seed += 1) {
  const { fault } = await fuzz({ seed });
  console.log(JSON.stringify({ seed, failure: fault?.slice(0, 200) }));
  if (fault !== undefined) break;
}
// What a mutant has left running is of no interest.
process.exit(0);
