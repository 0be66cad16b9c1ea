/**
 * A process of its own that simulates seeds FIRST to LAST and says a line of JSON for each; it ends with the first one that
 * fails. `npm run mutants` compiles it with a mutant in it.
 */
import { fuzz } from "../fleet/fuzz.ts";

/** A seed takes a hundredth of it; how busy the computer is with other things makes no difference. */
const SEED_CPU_MS_MAX = 60_000;

const [first = 1, last = 1] = process.argv.slice(2).map(Number);
for (let seed = first; seed <= last; seed += 1) {
  const say = (failure: string | undefined) => console.log(JSON.stringify({ seed, failure: failure?.slice(0, 200) }));
  const began = process.cpuUsage();
  // A mutant may keep a fleet busy for ever.
  const watching = setInterval(() => {
    const { user, system } = process.cpuUsage(began);
    if ((user + system) / 1_000 < SEED_CPU_MS_MAX) return;
    say("it does not come to its end");
    process.exit(0);
  }, 1_000);
  const { fault } = await fuzz({ seed });
  clearInterval(watching);
  say(fault);
  if (fault !== undefined) break;
}
// What a mutant has left running is of no interest.
process.exit(0);
