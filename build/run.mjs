// Runs a task of this folder: `node build/run.mjs test`. Plain JavaScript, because it also runs before anything is
// installed; it installs what package-lock.json names where that is missing, compiles the task and starts it.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync, mkdirSync } from "node:fs";
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);

const [task, ...args] = process.argv.slice(2);
if (task === undefined || !existsSync(join(root, "build", `${task}.ts`))) {
  console.error(`build/run.mjs: no task "${task ?? ""}"; a task is a file build/TASK.ts`);
  process.exit(2);
}

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Node ${process.versions.node} is too old: 20.19 or newer is needed.`);
  process.exit(2);
}

const stamp = join(root, "node_modules", ".installed-from");
const lock = createHash("sha256").update(readFileSync("package-lock.json")).digest("hex");
if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== lock) {
  console.log("installing packages (npm ci) ...");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const done = spawnSync(npm, ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { stdio: ["ignore", "inherit", "inherit"] });
  if (done.status !== 0) {
    console.error("npm ci failed (see above); nothing was started.");
    process.exit(1);
  }
  writeFileSync(stamp, lock);
}

const { build } = await import("esbuild");
const outfile = join(root, ".build", "tasks", `${task}-${process.pid}.mjs`);
mkdirSync(dirname(outfile), { recursive: true });
await build({ entryPoints: [join("build", `${task}.ts`)], outfile, bundle: true, packages: "external", platform: "node", format: "esm", target: "node20", sourcemap: "inline", logLevel: "warning" });
const { run } = await import(pathToFileURL(outfile).href);
const { rmSync } = await import("node:fs");
rmSync(outfile);
process.exitCode = (await run(args)) ?? 0;
