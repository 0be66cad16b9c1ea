import { execFile } from "node:child_process";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import test from "ava";
import type { Metafile } from "esbuild";
import { bundle } from "../../build/bundle.ts";
import { contentsOf, faultsOf } from "../../build/bundling/contents.ts";
import { type BundleJob, JOBS } from "../../build/bundling/jobs.ts";
import { freshFolder } from "../fresh-folder.ts";
import { installed, RuntimeProcess } from "./runtime-process.ts";

const [MODULE] = JOBS;

/** esbuild's account of a bundle with these files inside. */
function metafile(...inputs: readonly string[]): Metafile {
  const inside = Object.fromEntries(inputs.map((input) => [input, { bytesInOutput: 10 }]));
  return { inputs: {}, outputs: { "dist/module.mjs": { bytes: 10, inputs: inside, imports: [], exports: [] } } };
}

const FILES = new Map([["module.mjs", new Uint8Array(10)]]);

const faults = (job: BundleJob | undefined, ...inputs: readonly string[]): string[] =>
  job === undefined ? ["no job"] : faultsOf(job, metafile(...inputs), contentsOf(job, metafile(...inputs), FILES));

test("a module with our own sources, the interfaces of the HAL and MIT packages is good", (t) => {
  t.deepEqual(faults(MODULE, "src/index.ts", "hal/hal.ts", "node_modules/mqtt/build/index.js"), []);
});

for (const [input, message] of [
  ["node_modules/ntp-time-sync/dist/index.js", /GPL-3\.0/],
  ["node_modules/ntp-packet-parser/dist/index.js", /GPL-3\.0/],
  ["node_modules/classic-level/index.js", /storage comes through the HAL/],
  ["hal/sim/sim-power.ts", /no provider/],
  ["hal/parts/sntp-clock.ts", /no provider/],
  ["hal/runtime/main.ts", /no provider/],
] as const) {
  test(`a module with ${input} inside is not built`, (t) => {
    t.regex(faults(MODULE, "src/index.ts", input).join("; "), message);
  });
}

test("a provider that reaches into the module is not built", (t) => {
  t.deepEqual(faults(JOBS[1], "hal/sim/provider.ts", "src/model/ids.ts"), []);
  t.regex(faults(JOBS[1], "hal/sim/provider.ts", "src/roles/client/client.ts").join(), /only the vocabulary/);
});

test("a module over its size is not built", (t) => {
  const fat: BundleJob = { file: "module.mjs", entry: "", minify: "all", bytesMax: 9, banned: [] };
  t.deepEqual(faults(fat, "src/index.ts"), ["module.mjs is 10 bytes; its budget is 9"]);
});

test("what each start of a bundle in parts reads has a budget of its own", (t) => {
  const imports = (...files: readonly [file: string, kind: "import-statement" | "dynamic-import"][]) =>
    files.map(([file, kind]) => ({ path: `dist/${file}`, kind }));
  const output = { bytes: 10, inputs: {}, exports: [] };
  const parts: Metafile = {
    inputs: {},
    outputs: {
      "dist/module.mjs": {
        ...output,
        imports: imports(["module-chunk-1.mjs", "import-statement"], ["module-panel-2.mjs", "dynamic-import"]),
      },
      "dist/module-chunk-1.mjs": { ...output, imports: [] },
      "dist/module-panel-2.mjs": {
        ...output,
        entryPoint: "src/panel/panel.ts",
        imports: imports(["module-chunk-1.mjs", "import-statement"], ["module-de-3.mjs", "dynamic-import"]),
      },
      "dist/module-de-3.mjs": { ...output, entryPoint: "src/panel/texts/de.ts", imports: [] },
    },
  };
  const sizes = { "module.mjs": 10, "module-chunk-1.mjs": 20, "module-panel-2.mjs": 40, "module-de-3.mjs": 80 };
  const files = new Map(Object.entries(sizes).map(([file, size]) => [file, new Uint8Array(size)]));
  const job: BundleJob = {
    file: "module.mjs",
    entry: "",
    minify: "all",
    bytesMax: 149,
    start: { bytesMax: 29, gzipBytesMax: 1000 },
    optional: /texts/,
    banned: [],
  };
  const contents = contentsOf(job, parts, files);
  t.deepEqual(
    contents.parts.map(({ file, loaded }) => [file, loaded]),
    [
      ["module.mjs", "at start"],
      ["module-chunk-1.mjs", "at start"],
      ["module-panel-2.mjs", "when needed"],
      ["module-de-3.mjs", "where it is there"],
    ],
  );
  t.deepEqual(faultsOf(job, parts, contents), [
    "each start of module.mjs reads 30 bytes; the budget is 29",
    "module.mjs is 150 bytes; its budget is 149",
  ]);
});

test("two builds of the same sources are the same, byte by byte", async (t) => {
  const [one, two] = [freshFolder(t), freshFolder(t)];
  await bundle(one);
  await bundle(two);
  const names = (await readdir(one)).sort();
  t.deepEqual((await readdir(two)).sort(), names);
  for (const name of names) t.true((await readFile(join(one, name))).equals(await readFile(join(two, name))), name);
});

test("every part of the module can be loaded, and takes from the entry what they share", async (t) => {
  const folder = freshFolder(t);
  const contents = await bundle(folder, JOBS.slice(0, 1));
  const parts = contents["module.mjs"]?.parts ?? [];
  t.deepEqual(
    parts.filter(({ loaded }) => loaded === "at start").map(({ file }) => file),
    ["module.mjs"],
  );
  for (const source of [
    "open-panel",
    "make-server",
    "serving",
    "address-files",
    "server-backup",
    "websocket-client",
    "websocket-server",
    "de",
    "fr",
    "ja",
  ])
    t.is(parts.filter(({ file }) => new RegExp(`^module-${source}-[A-Z0-9]{8}\\.mjs$`).test(file)).length, 1, source);
  // Each in a process of its own that has the folder and nothing else, so that one that lacks something cannot find it elsewhere.
  const load = `await Promise.all(${JSON.stringify(parts.map(({ file }) => `./${file}`))}.map((part) => import(part)));`;
  await writeFile(join(folder, "load.mjs"), `${load}\nprocess.exit(0);\n`);
  await t.notThrowsAsync(promisify(execFile)(process.execPath, ["load.mjs"], { cwd: folder, env: {} }));
  const [one] = parts.filter(({ file }) => file.startsWith("module-serving"));
  const text = await readFile(join(folder, one?.file ?? ""), "utf8");
  t.regex(text, /from\s*"\.\/module\.mjs"/);
});

test("a build removes what the one before had made, and nothing else", async (t) => {
  const folder = freshFolder(t);
  await bundle(folder);
  await writeFile(join(folder, "mine.txt"), "keep me");
  await bundle(folder, JOBS.slice(0, 1));
  const names = await readdir(folder);
  t.true(names.includes("mine.txt") && names.includes("module.mjs"));
  t.false(names.includes("runtime.mjs"));
});

test("the real module runs in an empty folder on a simulated machine, within what its manifest declares", async (t) => {
  const folder = await installed(t, "module");
  const manifest: { engine: { nodeArguments: string[] } } = JSON.parse(await readFile(join(folder, "device-manifest.json"), "utf8"));
  const runtime = RuntimeProcess.start(t, folder, { nodeArguments: manifest.engine.nodeArguments });
  await runtime.until(/runtime: active/);
  await runtime.until(/runtime: resources within/);
  runtime.child.kill("SIGTERM");
  t.is(await runtime.ended, 0);
  t.deepEqual(runtime.states(), ["installed", "resolved", "starting", "active", "stopping", "resolved"]);
  t.false(runtime.lines.some((line) => line.includes("warning:")));
});
