// How AVA runs the compiled tests (build/testing/ava.ts).
const { availableParallelism } = require("node:os");
const { resolve } = require("node:path");

const named = new Map(process.argv.map((argument, at) => [resolve(argument), at]));

module.exports = {
  files: ["out-test/**/*.test.js"],
  timeout: "120s",
  nodeArguments: ["--enable-source-maps"],
  workerThreads: true,
  // One more than there are processors: some files wait for sockets, processes and browsers most of the time.
  concurrency: availableParallelism() + 1,
  // In the order in which they are named: the longest first (threads.ts).
  sortTestFiles: (a, b) => (named.get(a) ?? 0) - (named.get(b) ?? 0),
};
