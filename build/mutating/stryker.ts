/**
 * Stryker changes every expression of the files it is given, one at a time, and looks whether a test notices. It is no
 * package of the project: it is installed under .build/ when it is first asked for, in the versions that
 * stryker/package-lock.json names. The tests are bundled once, with all its changes in them, and run in plain processes.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { testFiles } from "../testing/test-files.ts";
import { bundlePlainTests } from "./plain-tests.ts";

const HOME = join(".build", "stryker");
const BUNDLE = join(".build", "guards.mjs");

/** Which tests are asked about which files: the quickest that know of them, in this order. */
const GUARDS: readonly (readonly [path: string, tests: readonly string[]])[] = [
  ["src/protocol/", ["unit/", "wire/"]],
  ["src/model/", ["unit/", "wire/"]],
  ["src/store/", ["unit/store", "unit/roles", "scenario/changing", "scenario/joining", "scenario/deleting"]],
  ["src/roles/", ["unit/roles", "scenario/changing", "scenario/joining", "scenario/deleting", "scenario/protocol"]],
];

/** Prints Stryker's report for these files or folders; 0 when it ran. */
export function stryker(paths: readonly string[]): number {
  if (!existsSync(join(HOME, "node_modules", "@stryker-mutator", "core")) && !install()) return 1;
  const mutate = paths.map((path) => (path.endsWith(".ts") ? path : `${path.replace(/\/$/, "")}/**/*.ts`));
  const guards = [
    ...new Set(GUARDS.flatMap(([path, tests]) => (paths.some((one) => one.startsWith(path) || path.startsWith(one)) ? tests : []))),
  ];
  const name = paths.join("-").replaceAll(/[^a-z]+/gi, "-");
  const config = {
    testRunner: "command",
    commandRunner: { command: `node ${BUNDLE}` },
    buildCommand: `node build/run.mjs mutants --bundle-guards ${guards.join(",")}`,
    mutate,
    plugins: [],
    // Stryker copies the project and changes the copy; what the tests do not read stays behind.
    ignorePatterns: [".build", ".git", "dist", "out-test", "desk-data", "docs"],
    // It would rewrite paths in it with a TypeScript that it does not know; nothing here reads one.
    tsconfigFile: "none.json",
    tempDirName: join(HOME, "work"),
    incremental: true,
    incrementalFile: join(HOME, `incremental-${name}.json`),
    concurrency: 2,
    timeoutMS: 20_000,
    reporters: ["clear-text"],
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
    allowConsoleColors: false,
  };
  const file = join(HOME, `config-${name}.json`);
  writeFileSync(file, JSON.stringify(config, undefined, 2));
  const { status } = spawnSync(
    process.execPath,
    [join(HOME, "node_modules", "@stryker-mutator", "core", "bin", "stryker.js"), "run", file],
    {
      stdio: "inherit",
    },
  );
  return status ?? 1;
}

function install(): boolean {
  console.log("installing Stryker under .build/ (65 MB, once) ...");
  mkdirSync(HOME, { recursive: true });
  for (const name of ["package.json", "package-lock.json"]) copyFileSync(join("build", "mutating", "stryker", name), join(HOME, name));
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const options = ["ci", "--prefix", HOME, "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
  return spawnSync(npm, options, { stdio: "inherit", shell: process.platform === "win32" }).status === 0;
}

/** Stryker's build step, in its copy of the project: one program that runs these tests. */
export async function bundleGuards(filters: readonly string[]): Promise<void> {
  const files = filters.flatMap((filter) => testFiles([`test/${filter}`]).filter((file) => !file.includes("fuzz")));
  await bundlePlainTests(files, BUNDLE);
}
