/**
 * `npm test`: compiles the tests, runs them under AVA, and ends with a line "N passed, N failed".
 * Arguments narrow it down: `npm test -- contract/storage` runs the files whose path contains one of them.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import { pageScript } from "./bundling/plugins.ts";

/** AVA gives up on tests after two silent minutes; when AVA itself is silent for longer, it is ended from here. */
const SILENCE_MS = 240_000;

/** `before`: checks that were made already and count in the closing line. */
export async function run(filters: readonly string[], before = { passed: 0, failed: 0 }): Promise<number> {
  const files = testFiles(filters);
  if (files.length === 0) {
    console.error(`no test file matches ${filters.join(" ")}`);
    return 2;
  }
  mkdirSync("out-test", { recursive: true });
  const out = mkdtempSync(join("out-test", "run-"));
  try {
    await compile(files, out);
    return await ava(
      files.map((file) => join(out, `${file.slice(0, -3)}.js`)),
      before,
    );
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

function testFiles(filters: readonly string[]): string[] {
  const all = readdirSync("test", { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => `test/${file.replaceAll("\\", "/")}`)
    .sort();
  return filters.length === 0 ? all : all.filter((file) => filters.some((filter) => file.includes(filter)));
}

async function compile(files: readonly string[], outdir: string): Promise<void> {
  await build({
    entryPoints: [...files],
    outdir,
    outbase: ".",
    bundle: true,
    splitting: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: "inline",
    loader: { ".html": "text", ".css": "text", ".svg": "text" },
    plugins: [pageScript],
    logLevel: "warning",
  });
}

/** Runs AVA and prints what failed as it comes; AVA's own closing lines are not what machines look for. */
async function ava(files: readonly string[], before: { readonly passed: number; readonly failed: number }): Promise<number> {
  const child = spawn(
    process.execPath,
    [
      "--enable-source-maps",
      "--import",
      "./build/testing/name-pending-tests.mjs",
      "node_modules/ava/entrypoints/cli.mjs",
      "--tap",
      ...files,
    ],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const ended = new Promise<number>((resolve) => child.on("close", (status) => resolve(status ?? 1)));
  const count = { ...before };
  const skipped: string[] = [];
  let failing = false;
  for await (const line of linesOf(child)) {
    const result = /^\s*(not ok|ok) \d+ - (.*)$/.exec(line);
    if (result !== null) {
      const left = /^(.*?)(?: # (?:SKIP|TO[D]O).*)$/.exec(result[2] ?? "");
      failing = left === null && result[1] === "not ok";
      if (left !== null) skipped.push(left[1] ?? "");
      else if (failing) count.failed += 1;
      else count.passed += 1;
    }
    if (failing || (line.startsWith("#") && !/^# (tests|pass|fail|skip)\b/.test(line))) console.log(line);
  }
  const code = await ended;
  // A file that could not even be loaded, or a process that hung, has no line of its own.
  if (code !== 0 && count.failed === before.failed) count.failed += 1;
  for (const title of skipped) console.log(`skipped: ${title}`);
  console.log(`${count.passed} passed, ${count.failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ""}`);
  return count.failed > 0 ? 1 : 0;
}

/** The lines of AVA's output. When nothing comes for too long, the process is killed, which ends them. */
async function* linesOf(child: ChildProcess): AsyncGenerator<string> {
  if (child.stdout === null) return;
  const silent = setTimeout(() => {
    console.log(`no test has ended for ${SILENCE_MS / 1000} s: the run is given up`);
    child.kill("SIGKILL");
  }, SILENCE_MS);
  for await (const line of createInterface({ input: child.stdout })) {
    silent.refresh();
    yield line;
  }
  clearTimeout(silent);
}
