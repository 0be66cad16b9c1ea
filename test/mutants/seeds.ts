/**
 * A process of its own that simulates seeds FIRST to LAST and says a line of JSON for each; it ends with the first one that
 * fails. `npm run mutants` compiles it with a mutant in it.
 */
import { fuzz } from "../fleet/fuzz.ts";

const [first = 1, last = 1] = process.argv.slice(2).map(Number);
for (let seed = first; seed <= last; seed += 1) {
  const { failure } = await fuzz({ seed });
  console.log(JSON.stringify({ seed, failure: failure === undefined ? undefined : whatOf(failure) }));
  if (failure !== undefined) break;
}
// What a mutant has left running is of no interest.
process.exit(0);

/** What was broken: its first line without the virtual time. */
function whatOf(failure: string): string {
  return (failure.split("\n")[0] ?? "").replace(/^at \d+ ms: (Error: )?/, "").slice(0, 200);
}
