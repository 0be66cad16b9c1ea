/**
 * `npm run bench`: what a join from nothing and an edit cost, in time, bytes and memory, for 100 and 1,000 users.
 * test/bench/README.md says what is measured and how to read it; `--help` lists the options.
 */
export { run } from "../test/bench/bench.ts";
