// Loaded into AVA's own process, for all threads that test files run in, and into processes that simulate seeds. Each thread compiles the product anew, and many are over
// before code that has been optimized has paid for it: with a budget of a quarter of a megabyte of bytecode before that (132 KB are
// usual) short ones take less processor time, and the long ones, scenarios, seeds and crash points, as little as they can. Until then code
// is compiled as it stands and not interpreted, which a budget like this would put off as well: a tenth less. What a fleet makes is
// garbage soon, unless it is collected too early: with a young generation that is large from the beginning they take a tenth less; and
// less again where a thread collects its own, for the other processors have threads of tests to run.
import { setFlagsFromString } from "node:v8";
import { isMainThread } from "node:worker_threads";

const YOUNG_MB = 64;

if (isMainThread) {
  setFlagsFromString("--interrupt-budget=250000");
  setFlagsFromString("--sparkplug");
  setFlagsFromString("--always-sparkplug");
  setFlagsFromString("--no-parallel-scavenge");
  setFlagsFromString(`--min-semi-space-size=${YOUNG_MB}`);
  setFlagsFromString(`--max-semi-space-size=${YOUNG_MB}`);
}
