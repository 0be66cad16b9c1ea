// Runs a task of this folder: `node build/run.mjs test`. Plain JavaScript, because it also runs before anything is
// installed; it installs what package-lock.json names where that is missing, compiles the task and starts it.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);

const [task, ...args] = process.argv.slice(2);
if (task === undefined || !/^[a-z-]+$/.test(task) || !existsSync(join("build", `${task}.ts`))) {
  console.error(`build/run.mjs: no task "${task ?? ""}"; a task is a file build/TASK.ts`);
  process.exit(2);
}

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Node ${process.versions.node} is too old: 20.19 or newer is needed.`);
  process.exit(2);
}

if (!isInstalled()) install();
const { run } = await compiled();
try {
  process.exitCode = (await run(args)) ?? 0;
} catch (cause) {
  console.error(cause);
  process.exitCode = 1;
}

/** npm notes what it has installed when it is done; packages for other systems are optional and not among them. */
function isInstalled() {
  const note = join("node_modules", ".package-lock.json");
  if (!existsSync(note)) return false;
  const wanted = JSON.parse(readFileSync("package-lock.json", "utf8")).packages;
  const found = JSON.parse(readFileSync(note, "utf8")).packages;
  return Object.entries(wanted).every(([path, { version, optional }]) => path === "" || optional || found[path]?.version === version);
}

function install() {
  console.log("installing packages (npm ci) ...");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const done = spawnSync(npm, ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    stdio: ["ignore", "inherit", "inherit"],
    shell: process.platform === "win32",
  });
  if (done.status === 0) return;
  console.error("npm ci failed (see above); nothing was started. It needs the network once.");
  process.exit(1);
}

async function compiled() {
  const { build } = await import("esbuild");
  const outfile = join(root, ".build", "tasks", `${task}-${process.pid}.mjs`);
  mkdirSync(dirname(outfile), { recursive: true });
  await build({
    entryPoints: [join("build", `${task}.ts`)],
    outfile,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: "inline",
    loader: { ".html": "text", ".css": "text", ".svg": "text" },
    logLevel: "warning",
  });
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile);
  }
}
