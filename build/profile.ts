/**
 * `npm run profile -- W1`: where a workload of the bench spends processor time and memory, as profiles to open in Chrome's
 * DevTools or VS Code, and as a list.
 */
export { run } from "../test/bench/profile.ts";
