// Loaded into AVA's own process, for all threads that test files run in. Each thread compiles the product anew, and most of them are
// over when their code would begin to pay for having been optimized: with a budget of a megabyte of bytecode before that (132 KB are
// usual) scenarios and tables take a quarter less processor time, and the long ones, seeds and crash points, no more.
import { setFlagsFromString } from "node:v8";
import { isMainThread } from "node:worker_threads";

if (isMainThread) setFlagsFromString("--interrupt-budget=1000000");
