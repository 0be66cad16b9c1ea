import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { exitText } from "../../hal/sim/desk/machine-process.ts";
import { runtimeCommand } from "../../hal/sim/desk/machine-command.ts";
import { freshFolder } from "../fresh-folder.ts";

test("a machine's process is started as the manifest wants it", (t) => {
  const dist = freshFolder(t);
  const engine = { nodeArguments: ["--max-semi-space-size=1"], environment: { MALLOC_ARENA_MAX: "1" } };
  writeFileSync(join(dist, "device-manifest.json"), JSON.stringify({ engine }));
  const { argv, environment, dataDir } = runtimeCommand(dist)("/data/1", { number: "1" });
  t.deepEqual(argv.slice(0, 2), ["--max-semi-space-size=1", join(dist, "runtime.mjs")]);
  t.deepEqual(argv.slice(-3), ["--start", "--arg", "number=1"]);
  t.deepEqual(environment, { MALLOC_ARENA_MAX: "1" });
  t.is(dataDir, "/data/1");
});

test("a manifest that asks for nothing is served, too", (t) => {
  const dist = freshFolder(t);
  writeFileSync(join(dist, "device-manifest.json"), "{}");
  const { argv, environment } = runtimeCommand(dist)("/data/1", {});
  t.is(argv[0], join(dist, "runtime.mjs"));
  t.deepEqual(environment, {});
});

test("how a process ended is told with what its runtime said of it, and not with the end of a stack", (t) => {
  const stack = ["runtime: active", "runtime: failed: no space left", "    at open (provider.mjs:1:2) {", "  code: 'FULL'", "}"];
  t.is(exitText({ code: 1, signal: null, output: stack }), "code 1: runtime: failed: no space left");
  t.is(exitText({ code: null, signal: "SIGKILL", output: ["node: bad option"] }), "SIGKILL: node: bad option");
  t.is(exitText({ code: 0, signal: null, output: [] }), "code 0: it said nothing");
});
