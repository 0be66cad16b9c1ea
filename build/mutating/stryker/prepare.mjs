// Runs in Stryker's copy of the project, before anything is installed there: `prepare.mjs PACKAGES GUARDS`. The copy uses the
// packages of the project itself (installing its own takes a minute for each run), and bundles the tests that are asked.
import { spawnSync } from "node:child_process";
import { symlinkSync } from "node:fs";

const [packages, guards] = process.argv.slice(2);
symlinkSync(packages, "node_modules", "junction");
const { status } = spawnSync(process.execPath, ["build/run.mjs", "mutants", "--bundle-guards", guards], { stdio: "inherit" });
process.exitCode = status ?? 1;
