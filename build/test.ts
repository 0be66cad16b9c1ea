/**
 * `npm test`: compiles the tests, runs them under AVA, and ends with a line "N passed, N failed".
 * Arguments narrow it down: `npm test -- contract/storage` runs the files whose path contains one of them.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";

export async function run(filters: readonly string[]): Promise<number> {
  const files = testFiles(filters);
  if (files.length === 0) {
    console.error(`no test file matches ${filters.join(" ")}`);
    return 2;
  }
  mkdirSync("out-test", { recursive: true });
  const out = mkdtempSync(join("out-test", "run-"));
  try {
    await compile(files, out);
    return await ava(files.map((file) => join(out, `${file.slice(0, -3)}.js`)));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

function testFiles(filters: readonly string[]): string[] {
  const all = readdirSync("test", { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => `test/${file}`)
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
    logLevel: "warning",
  });
}

/** Runs AVA and prints what failed as it comes; AVA's own closing lines are not what machines look for. */
async function ava(files: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, ["--enable-source-maps", "node_modules/ava/entrypoints/cli.mjs", "--tap", ...files], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const count = { passed: 0, failed: 0, skipped: 0 };
  let failing = false;
  for await (const line of createInterface({ input: child.stdout })) {
    const result = /^\s*(not ok|ok) \d+ - (.*)$/.exec(line);
    if (result !== null) {
      const skipped = / # (SKIP|TODO)/.test(line);
      failing = result[1] === "not ok";
      if (skipped) count.skipped += 1;
      else if (failing) count.failed += 1;
      else count.passed += 1;
      if (skipped) console.log(`skipped: ${result[2]?.replace(/ # SKIP.*/, "")}`);
    }
    if (failing || line.startsWith("#")) console.log(line);
  }
  const code = await new Promise<number>((resolve) => child.on("close", (status) => resolve(status ?? 1)));
  if (code !== 0 && count.failed === 0) count.failed += 1;
  console.log(`${count.passed} passed, ${count.failed} failed${count.skipped > 0 ? `, ${count.skipped} skipped` : ""}`);
  return count.failed > 0 ? 1 : 0;
}
