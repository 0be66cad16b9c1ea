// Loaded into AVA's own process: its TAP reporter (7.0.0) falls over the plain errors that it makes for tests that hang
// or that end the process, because it looks for a second error inside of them, and so never says which tests they were.
// Here a plain error is its own inner error. Test files run in worker threads, where nothing is changed.
import { isMainThread } from "node:worker_threads";

if (isMainThread) {
  Object.defineProperty(Error.prototype, "originalError", {
    configurable: true,
    get() {
      return this;
    },
  });
}
