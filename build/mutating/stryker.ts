/**
 * Stryker changes every expression of the files it is given, one at a time, and looks whether a test notices. It is no
 * package of the project: it is installed under .build/ when it is first asked for, in the versions that
 * stryker/package-lock.json names. The tests are bundled once, with all its changes in them, and run in plain processes.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { testFiles } from "../testing/test-files.ts";
import { bundlePlainTests } from "./plain-tests.ts";

const HOME = join(".build", "stryker");
const BUNDLE = join(".build", "guards.mjs");

/** Decisions with nothing around them: their own tables of examples are asked, and nothing else, so that a change takes a second. */
const PURE: readonly (readonly [path: string, tests: readonly string[]])[] = [
  ["src/roles/server/decide.ts", ["unit/roles/decide"]],
  ["src/roles/server/decide-brought.ts", ["unit/roles/decide-brought"]],
  ["src/roles/server/homecoming.ts", ["unit/roles/homecoming", "unit/roles/decide-brought"]],
  ["src/roles/server/judge-epoch.ts", ["unit/roles/judge-epoch"]],
  ["src/roles/server/journal-time.ts", ["unit/roles/journal-clocks"]],
  ["src/roles/server/machines.ts", ["unit/roles/machines"]],
  ["src/roles/server/newcomers.ts", ["unit/roles/newcomers"]],
  ["src/roles/server/numbers.ts", ["unit/roles/numbers"]],
  ["src/roles/server/room.ts", ["unit/roles/room"]],
  ["src/roles/server/dismissals.ts", ["unit/roles/ruling"]],
  ["src/roles/server/orders.ts", ["unit/roles/ruling"]],
  ["src/roles/server/parts-ahead.ts", ["unit/roles/parts-ahead"]],
  ["src/roles/server/reception.ts", ["unit/roles/serving"]],
  ["src/roles/server/session.ts", ["unit/roles/serving"]],
  ["src/roles/server/sessions.ts", ["unit/roles/serving"]],
  ["src/roles/server/snapshot-parts.ts", ["unit/roles/serving"]],
  ["src/roles/server/succession.ts", ["unit/roles/ruling"]],
  ["src/roles/server/victim.ts", ["unit/roles/victim"]],
  ["src/roles/server/block-sender.ts", ["unit/roles/block-sender"]],
  ["src/roles/server/changes-after.ts", ["unit/roles/changes-after"]],
  ["src/link/gate.ts", ["unit/link"]],
  ["src/roles/client/answers.ts", ["unit/roles/own-edits"]],
  ["src/roles/client/catch-up.ts", ["unit/roles/catching-up"]],
  ["src/roles/client/crossing.ts", ["unit/roles/crossing"]],
  ["src/roles/client/exchange.ts", ["unit/roles/exchange"]],
  ["src/roles/client/hearing.ts", ["unit/roles/hearing"]],
  ["src/roles/client/joiner.ts", ["unit/roles/joiner"]],
  ["src/roles/client/journal-clock.ts", ["unit/roles/journal-clocks"]],
  ["src/roles/client/lost-edit.ts", ["unit/roles/own-edits"]],
  ["src/roles/client/next-push.ts", ["unit/roles/own-edits"]],
  ["src/roles/client/preparations.ts", ["unit/roles/showing"]],
  ["src/roles/client/rebase.ts", ["unit/roles/rebase"]],
  ["src/roles/client/recorder.ts", ["unit/roles/recorder"]],
  ["src/roles/client/recover.ts", ["unit/roles/showing"]],
  ["src/roles/client/shower.ts", ["unit/roles/showing"]],
  ["src/roles/client/switch-over.ts", ["unit/roles/showing"]],
  ["src/roles/client/travel.ts", ["unit/roles/travel"]],
  ["src/link/backoff.ts", ["unit/link/line"]],
  ["src/link/broker.ts", ["unit/link/broker"]],
  ["src/link/machine-session.ts", ["unit/link/line", "link/machine-session"]],
  ["src/link/rate.ts", ["unit/link/line"]],
  ["src/link/reconnecting-link.ts", ["unit/link/line"]],
  ["src/link/scram.ts", ["unit/link/scram"]],
  ["src/link/tries.ts", ["unit/link/line"]],
  ["src/protocol/as-version.ts", ["wire/as-version"]],
  ["src/protocol/block.ts", ["wire/block"]],
  ["src/protocol/guard.ts", ["wire/guard", "wire/map-keys"]],
  ["src/protocol/map-keys.ts", ["wire/map-keys", "wire/guard"]],
  ["src/roles/herald.ts", ["unit/roles/heralding"]],
  ["src/roles/take-over.ts", ["unit/roles/taking-over"]],
  ["src/roles/unseen-losses.ts", ["unit/roles/lost"]],
  ["src/roles/whole-act.ts", ["unit/roles/whole-act", "unit/roles/machine-stores"]],
  ["src/roles/server/brought-record.ts", ["unit/roles/decide-brought"]],
  ["src/roles/server/purger.ts", ["unit/roles/purger"]],
  ["src/roles/server/put-back.ts", ["unit/roles/lost"]],
  ["src/roles/server/run-watch.ts", ["unit/roles/run-watch"]],
  ["src/roles/server/work.ts", ["unit/roles/work"]],
  ["src/roles/client/applier.ts", ["unit/roles/applying"]],
  ["src/roles/client/bringing.ts", ["unit/roles/taking-over"]],
  ["src/roles/client/forwarding.ts", ["unit/roles/forwarding"]],
  ["src/roles/client/heard-edits.ts", ["unit/roles/heard-edits"]],
  ["src/roles/client/history-trim.ts", ["unit/roles/applying"]],
  ["src/roles/client/in-runs.ts", ["unit/roles/in-runs"]],
  ["src/roles/client/inbox.ts", ["unit/roles/inbox"]],
  ["src/roles/client/introduction.ts", ["unit/roles/introduction"]],
  ["src/roles/client/machine-stores.ts", ["unit/roles/machine-stores"]],
  ["src/roles/client/missing-in.ts", ["unit/roles/forwarding"]],
  ["src/roles/client/network-places.ts", ["unit/roles/applying"]],
  ["src/roles/client/of-offer.ts", ["unit/roles/forwarding"]],
  ["src/roles/client/offer-of.ts", ["unit/roles/forwarding"]],
  ["src/roles/client/recording.ts", ["unit/roles/forwarding"]],
  ["src/roles/client/showing-later.ts", ["unit/roles/machine-stores"]],
  ["src/store/lay-changes.ts", ["unit/store/replica"]],
  ["src/store/pending.ts", ["unit/store/pending"]],
  ["src/store/took.ts", ["unit/store/pending"]],
  ["src/store/uncover.ts", ["unit/store/pending", "unit/store/client-copy"]],
  ["src/store/visible.ts", ["unit/store/pending"]],
  ["src/store/answer-marks.ts", ["unit/store/answer-marks", "unit/store/installation"]],
  ["src/store/apply-change.ts", ["unit/store/apply-change", "unit/store/purge"]],
  ["src/store/device-answers.ts", ["unit/store/device-answers"]],
  ["src/store/installation.ts", ["unit/store/installation"]],
  ["src/store/journal.ts", ["unit/store/journal", "unit/store/installation"]],
  ["src/store/not-applied.ts", ["unit/store/client-copy"]],
  ["src/store/open-transaction.ts", ["unit/store/installation", "unit/store/journal"]],
  ["src/store/removed-owners.ts", ["unit/store/removed-owners"]],
  ["src/store/replica.ts", ["unit/store/client-copy", "unit/store/replica", "unit/store/segments"]],
  ["src/store/server-copy.ts", ["unit/store/server-copy"]],
];

/**
 * Which tests are asked about which files: the quickest that know of them, in this order. Of several rows the one that names
 * most of a path counts: what decides with nothing around it is asked of tables of examples alone.
 */
const GUARDS: readonly (readonly [path: string, tests: readonly string[]])[] = [
  ["src/protocol/", ["unit/", "wire/"]],
  ["src/model/", ["unit/", "wire/"]],
  ["src/store/", ["unit/store", "unit/roles", "scenario/changing", "scenario/joining", "scenario/deleting"]],
  ["src/roles/", ["unit/roles", "scenario/changing", "scenario/joining", "scenario/deleting", "scenario/protocol"]],
  ...PURE,
];

function guardsOf(path: string): readonly string[] {
  const rows = GUARDS.filter(([of]) => path.startsWith(of) || of.startsWith(path));
  const longest = Math.max(...rows.map(([of]) => (path.startsWith(of) ? of.length : 0)));
  return rows.flatMap(([of, tests]) => (longest === 0 || of.length === longest ? tests : []));
}

/** Prints Stryker's report for these files or folders; 0 when it ran. */
export function stryker(paths: readonly string[]): number {
  if (!existsSync(join(HOME, "node_modules", "@stryker-mutator", "core")) && !install()) return 1;
  const mutate = paths.map((path) => (path.endsWith(".ts") ? path : `${path.replace(/\/$/, "")}/**/*.ts`));
  const guards = [...new Set(paths.flatMap(guardsOf))];
  const name = createHash("sha256").update(paths.join(" ")).digest("hex").slice(0, 16);
  const config = {
    testRunner: "command",
    commandRunner: { command: `node ${BUNDLE}` },
    buildCommand: `node build/mutating/stryker/prepare.mjs ${resolve("node_modules")} ${guards.join(",")}`,
    symlinkNodeModules: false,
    mutate,
    plugins: [],
    // Stryker copies the project and changes the copy; what the tests do not read stays behind.
    ignorePatterns: [".build", ".git", "dist", "out-test", "desk-data", "docs"],
    // It would rewrite paths in it with a TypeScript that it does not know; nothing here reads one.
    tsconfigFile: "none.json",
    tempDirName: join(HOME, "work"),
    incremental: true,
    incrementalFile: join(HOME, `incremental-${name}.json`),
    concurrency: 1,
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
